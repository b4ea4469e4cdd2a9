//! Parts of a package that calamine would stumble over, rewritten before it reads them.
//!
//! Three are known: the short cell records of `.xlsb`, which it steps over, a `<dimension>` written backwards, on which it panics, and
//! names of parts in another case, which it does not find outside `.xlsx`.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::sniff::Format;
use super::xlsb::long_records;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Whether a part is a worksheet.
#[must_use]
pub fn is_sheet(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.contains("worksheets/") && !lower.contains("_rels")
}

/// Parts that calamine asks for by their very names, though names are the same in any case.
const ASKED_FOR: [&str; 5] = ["xl/_rels/workbook.bin.rels", "mimetype", "content.xml", "meta.xml", "META-INF/manifest.xml"];

fn asked_for(name: &str) -> Option<&'static str> {
    ASKED_FOR.into_iter().find(|asked| asked.eq_ignore_ascii_case(name) && *asked != name)
}

/// The sheets and names of a package that are rewritten.
#[derive(Debug, Default)]
pub struct Mended {
    /// Position, name, content.
    sheets: Vec<(usize, String, Vec<u8>)>,
    /// Position, name as calamine asks for it.
    names: Vec<(usize, &'static str)>,
}

impl Mended {
    /// Looks a part's name over.
    pub fn look_at_name(&mut self, format: Format, at: usize, name: &str) {
        let asked = asked_for(name).filter(|_| format != Format::Xlsx);
        self.names.extend(asked.map(|asked| (at, asked)));
    }

    /// Looks a part over; what is handed back is its content in the form calamine reads.
    pub fn look(&mut self, format: Format, at: usize, name: &str, part: Vec<u8>) -> Vec<u8> {
        let mended = match format {
            Format::Xlsx if is_sheet(name) => without_backward_dimension(&part),
            Format::Xlsb if is_sheet(name) => long_records(&part),
            _ => None,
        };
        let Some(sheet) = mended else { return part };
        self.sheets.push((at, name.to_owned(), sheet.clone()));
        sheet
    }

    /// The package with the rewritten sheets and names; `None` where none was, or it cannot be written (which the reader will say).
    pub fn package(&self, archive: &mut Archive) -> Option<Vec<u8>> {
        if self.sheets.is_empty() && self.names.is_empty() {
            return None;
        }
        let mut package = ZipWriter::new(Cursor::new(Vec::new()));
        for at in 0..archive.len() {
            if let Some((_, name, sheet)) = self.sheets.iter().find(|(part, ..)| *part == at) {
                package.start_file(name.as_str(), SimpleFileOptions::default()).ok()?;
                package.write_all(sheet).ok()?;
            } else if let Some((_, name)) = self.names.iter().find(|(part, _)| *part == at) {
                package.raw_copy_file_rename(archive.by_index_raw(at).ok()?, *name).ok()?;
            } else {
                package.raw_copy_file(archive.by_index_raw(at).ok()?).ok()?;
            }
        }
        Some(package.finish().ok()?.into_inner())
    }
}

/// The element stands near the top of the sheet.
const HEAD_BYTES: usize = 8 << 10;

/// The dimension only says how much room to reserve; the cells tell it themselves.
fn without_backward_dimension(sheet: &[u8]) -> Option<Vec<u8>> {
    let head = sheet.get(..HEAD_BYTES).unwrap_or(sheet);
    let start = find(head, b"dimension ")?;
    let start = head.get(..start)?.iter().rposition(|byte| *byte == b'<')?;
    let end = start + find(head.get(start..)?, b">")? + 1;
    let element = str::from_utf8(head.get(start..end)?).ok()?;
    let (first, last) = element.split(['"', '\'']).nth(1)?.split_once(':')?;
    let ((first_column, first_row), (last_column, last_row)) = (corner(first)?, corner(last)?);
    if first_column <= last_column && first_row <= last_row || !element.ends_with("/>") {
        return None;
    }
    Some([sheet.get(..start)?, sheet.get(end..)?].concat())
}

/// Column letters order by length, then by letter; rows by number.
fn corner(reference: &str) -> Option<((usize, &str), u32)> {
    let digits = reference.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = reference.split_at(digits);
    Some(((letters.len(), letters), row.parse().ok()?))
}

fn find(text: &[u8], mark: &[u8]) -> Option<usize> {
    text.windows(mark.len()).position(|window| window == mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dimension_written_backwards_is_taken_out() {
        let sheet = |dimension: &str| format!("<worksheet>{dimension}<sheetData/></worksheet>").into_bytes();
        let backward = sheet("<dimension ref=\"D17:A1\"/>");
        assert_eq!(without_backward_dimension(&backward), Some(sheet("")));
        assert_eq!(without_backward_dimension(&sheet("<dimension ref=\"A1:AA2\"/>")), None);
        assert_eq!(without_backward_dimension(&sheet("<x:dimension ref=\"B9:A10\"/>")), Some(sheet("")));
        assert_eq!(without_backward_dimension(&sheet("")), None);
    }
}
