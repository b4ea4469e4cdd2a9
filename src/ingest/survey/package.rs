//! One walk over the parts of a zip package.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::sheet_part::SheetPart;
use super::workbook_part::{Properties, Relations, Workbook};
use super::{Survey, strings_part};
use crate::ingest::sniff::Format;
use crate::ingest::{margins, mend};

/// Looks every part through; a package that cannot be read is left to its reader, which says so.
pub fn look_through(format: Format, bytes: Vec<u8>) -> Survey {
    let mut survey = Survey::default();
    let mut mended = mend::Mended::default();
    if let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes.as_slice())) {
        for at in 0..archive.len() {
            if let Some(name) = archive.by_index_raw(at).ok().and_then(|part| part.name().ok().map(std::borrow::Cow::into_owned)) {
                mended.look_at_name(format, at, &name);
            }
            let Some((name, part)) = part(&mut archive, at, format) else { continue };
            let part = mended.look(format, at, &name, part);
            look(&mut survey, format, &name.to_lowercase(), &part);
        }
        if let Some(bytes) = mended.package(&mut archive) {
            return Survey { bytes, ..survey };
        }
    }
    Survey { bytes, ..survey }
}

/// A part's name and content, where anything is asked of it.
fn part(archive: &mut ZipArchive<Cursor<&[u8]>>, at: usize, format: Format) -> Option<(String, Vec<u8>)> {
    let mut part = archive.by_index(at).ok()?;
    let name = part.name().ok()?.replace('\\', "/");
    let lower = name.to_lowercase();
    let about_workbook = format == Format::Xlsx
        && (lower.ends_with("workbook.xml") || lower.ends_with("workbook.xml.rels") || lower.ends_with("sharedstrings.xml"));
    if !(about_workbook || margins::is_asked(&lower)) {
        return None;
    }
    let mut bytes = Vec::new();
    part.read_to_end(&mut bytes).ok()?;
    Some((name, bytes))
}

fn look(survey: &mut Survey, format: Format, name: &str, part: &[u8]) {
    survey.marked = survey.marked || margins::is_part_marked(name, part);
    if format != Format::Xlsx {
        return;
    }
    let text = || String::from_utf8_lossy(part);
    if name.ends_with("workbook.xml") {
        survey.folder = name.rsplit_once('/').map(|(folder, _)| format!("{folder}/")).unwrap_or_default();
        survey.workbook = Workbook::read(&text());
    } else if name.ends_with("workbook.xml.rels") {
        survey.relations = Relations::read(&text());
    } else if name.ends_with("docprops/app.xml") {
        survey.properties = Some(Properties::read(&text()));
    } else if name.ends_with("sharedstrings.xml") {
        survey.rich.extend(strings_part::read(part));
    } else if mend::is_sheet(name) {
        survey.rich.extend(strings_part::read(part));
        survey.parts.insert(name.to_owned(), SheetPart::read(part));
    }
}
