//! A zip package held against the limits before anything opens it as a workbook.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::model::Refusal;
use crate::settings::Limits;

use super::format::Format;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Tells the format of a zip package, or why it is refused.
///
/// # Errors
///
/// The refusal the sender is told.
pub fn inspect(bytes: &[u8], limits: &Limits) -> Result<Format, Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Truncated)?;
    if archive.len() > limits.zip_entries_max || archive.has_duplicate_names() {
        return Err(Refusal::HostileArchive);
    }
    if is_packed(&mut archive) {
        return Err(Refusal::Packed);
    }
    let names = check_entries(&mut archive, bytes.len(), limits)?;
    let format = format(&mut archive, &names)?;
    for (at, name) in names.iter().enumerate() {
        if is_xml(name) {
            check_head(&mut archive, at, name)?;
        }
    }
    Ok(format)
}

/// Whether files were packed rather than one workbook saved: told by the entries' names as bytes, which may be in GBK.
fn is_packed(archive: &mut Archive) -> bool {
    let names = (0..archive.len()).filter_map(|at| archive.by_index_raw(at).ok().map(|entry| entry.name_raw().to_ascii_lowercase()));
    let names: Vec<Vec<u8>> = names.collect();
    let is_workbook = |name: &Vec<u8>| WORKBOOK_PARTS.iter().any(|part| name.ends_with(part.as_bytes()));
    let is_file = |name: &Vec<u8>| PACKED_ENDS.iter().any(|end| name.ends_with(end.as_bytes()));
    !names.iter().any(is_workbook) && names.iter().any(is_file)
}

const WORKBOOK_PARTS: [&str; 3] = ["workbook.xml", "workbook.bin", "mimetype"];
const PACKED_ENDS: [&str; 9] = [".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".et", ".zip", ".rar", ".7z"];

/// Ratios are judged past this size: a sheet of blanks, or styles grown by copying, shrink a hundredfold and harm nobody.
pub const RATIO_FREE_BYTES: u64 = 8 << 20;

/// Parts that are read; pictures, drawings, themes, printer settings are judged by count, size and total alone.
const READ_PARTS: [&str; 9] =
    ["worksheets/", "workbook.xml", "workbook.bin", "sharedstrings.", "styles.", "content.xml", "meta.xml", "docprops/", "comments"];

fn is_read(name: &str) -> bool {
    let lower = name.to_lowercase();
    READ_PARTS.iter().any(|part| lower.contains(part))
}

fn check_entries(archive: &mut Archive, file_bytes: usize, limits: &Limits) -> Result<Vec<String>, Refusal> {
    let mut names = Vec::new();
    let mut total: u64 = 0;
    for at in 0..archive.len() {
        let entry = archive.by_index_raw(at).map_err(|_| Refusal::Truncated)?;
        if entry.encrypted() {
            return Err(Refusal::Encrypted);
        }
        let name = entry.name().map_err(|_| Refusal::HostileArchive)?.replace('\\', "/");
        if name.starts_with('/') || name.contains('\0') || name.split('/').any(|part| part == ".." || part.ends_with(':')) {
            return Err(Refusal::HostileArchive);
        }
        total = total.saturating_add(entry.size());
        let ratio = entry.size() / entry.compressed_size().max(1);
        if entry.size() > RATIO_FREE_BYTES && ratio > limits.inflate_ratio_max && is_read(&name) {
            return Err(Refusal::HostileArchive);
        }
        names.push(name);
    }
    let mut lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    lower.sort_unstable();
    if total > limits.inflated_bytes_max || lower.windows(2).any(|pair| pair.first() == pair.last()) {
        return Err(Refusal::HostileArchive);
    }
    match archive.has_overlapping_entries() {
        Ok(false) if file_bytes > 0 => Ok(names),
        Ok(_) => Err(Refusal::HostileArchive),
        Err(_) => Err(Refusal::Truncated),
    }
}

/// Names of parts are the same in any case (ECMA-376-2 §6.2.2.3).
fn format(archive: &mut Archive, names: &[String]) -> Result<Format, Refusal> {
    let names: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    let has = |part: &str| names.iter().any(|name| name == part || name.ends_with(&format!("/{part}")));
    if has("workbook.xml") || has("workbook.bin") {
        let folder = |folder: &str| names.iter().any(|name| name.contains(folder));
        if folder("/macrosheets/") && !folder("/worksheets/") {
            return Err(Refusal::MacroSheetOnly);
        }
        return Ok(if has("workbook.bin") { Format::Xlsb } else { Format::Xlsx });
    }
    let mimetype = names.iter().position(|name| name == "mimetype");
    if let Some(at) = mimetype
        && head(archive, at)?.starts_with(b"application/vnd.oasis.opendocument.spreadsheet")
    {
        let manifest = names.iter().position(|name| name == "meta-inf/manifest.xml");
        let encrypted = manifest.is_some_and(|at| head(archive, at).is_ok_and(|text| contains(&text, b"encryption-data")));
        return if encrypted { Err(Refusal::Encrypted) } else { Ok(Format::Ods) };
    }
    Err(Refusal::NotAWorkbook)
}

fn is_xml(name: &str) -> bool {
    let lower = name.to_lowercase();
    [".xml", ".rels", ".vml"].iter().any(|end| lower.ends_with(end))
}

/// A document type can stand only before the root element, so the head of a part is enough.
const HEAD_BYTES: u64 = 64 << 10;

fn head(archive: &mut Archive, at: usize) -> Result<Vec<u8>, Refusal> {
    let entry = archive.by_index(at).map_err(|_| Refusal::HostileArchive)?;
    let mut head = Vec::new();
    entry.take(HEAD_BYTES).read_to_end(&mut head).map_err(|_| Refusal::Truncated)?;
    // UTF-16 parts read the same once the zero bytes are gone.
    head.retain(|byte| *byte != 0);
    Ok(head)
}

fn check_head(archive: &mut Archive, at: usize, name: &str) -> Result<(), Refusal> {
    let size = archive.by_index_raw(at).map_or(0, |entry| entry.size());
    let text = head(archive, at)?.to_ascii_lowercase();
    if contains(&text, b"<!doctype") {
        return Err(Refusal::Doctype);
    }
    let root = text.windows(2).any(|pair| matches!(pair, [b'<', b'a'..=b'z']));
    if !root && size >= HEAD_BYTES {
        return Err(Refusal::HostileArchive);
    }
    if name.to_lowercase().ends_with("sharedstrings.xml") {
        check_shared_strings(&String::from_utf8_lossy(&text), size)?;
    }
    Ok(())
}

/// The shortest item, `<si/>`, has five bytes; a count beyond that only makes the reader reserve memory.
fn check_shared_strings(text: &str, size: u64) -> Result<(), Refusal> {
    let Some((_, after)) = text.split_once("uniquecount=") else { return Ok(()) };
    let digits: String = after.chars().skip(1).take_while(char::is_ascii_digit).collect();
    let count: u64 = digits.parse().unwrap_or(u64::MAX);
    if count > size / 5 + 1 { Err(Refusal::HostileArchive) } else { Ok(()) }
}

fn contains(text: &[u8], mark: &[u8]) -> bool {
    text.windows(mark.len()).any(|window| window.first() == mark.first() && window == mark)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use rstest::rstest;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    const BOOK: (&str, &[u8]) = ("xl/workbook.xml", b"<workbook/>");

    #[test]
    fn the_parts_tell_the_format() {
        let limits = Limits::default();
        assert_eq!(inspect(&package(&[BOOK]), &limits), Ok(Format::Xlsx));
        assert_eq!(inspect(&package(&[("xl/workbook.bin", b"")]), &limits), Ok(Format::Xlsb));
        let ods = package(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<a/>")]);
        assert_eq!(inspect(&ods, &limits), Ok(Format::Ods));
        assert_eq!(inspect(&package(&[("XL/WORKBOOK.XML", b"<workbook/>")]), &limits), Ok(Format::Xlsx), "in any case");
        let macros = package(&[("XL/Workbook.xml", b"<workbook/>"), ("XL/MacroSheets/Sheet1.xml", b"<a/>")]);
        assert_eq!(inspect(&macros, &limits), Err(Refusal::MacroSheetOnly));
        assert_eq!(inspect(&package(&[("word/document.xml", b"<a/>")]), &limits), Err(Refusal::NotAWorkbook));
    }

    #[test]
    fn a_zip_of_files_is_no_workbook() {
        assert_eq!(inspect(&package(&[("省经信厅_2022-06.xlsx", b"PK")]), &Limits::default()), Err(Refusal::Packed));
        assert_eq!(inspect(&package(&[("下级.rar", b"")]), &Limits::default()), Err(Refusal::Packed));
        // A workbook with another one embedded is one workbook.
        assert_eq!(inspect(&package(&[BOOK, ("xl/embeddings/a.xlsx", b"PK")]), &Limits::default()), Ok(Format::Xlsx));
    }

    #[rstest]
    #[case::macro_sheet(&[BOOK, ("xl/macrosheets/sheet1.xml", b"<a/>")], Refusal::MacroSheetOnly)]
    #[case::climbs_out(&[BOOK, ("../evil", b"")], Refusal::HostileArchive)]
    #[case::absolute(&[BOOK, ("/etc/passwd", b"")], Refusal::HostileArchive)]
    #[case::same_name_in_other_case(&[BOOK, ("XL/Workbook.xml", b"<a/>")], Refusal::HostileArchive)]
    #[case::doctype(&[BOOK, ("xl/a.xml", b"<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"b\">]><x/>")], Refusal::Doctype)]
    #[case::doctype_in_utf_16(&[BOOK, ("xl/a.xml", b"<\0!\0D\0O\0C\0T\0Y\0P\0E\0 \0x\0>\0")], Refusal::Doctype)]
    #[case::strings_bomb(&[BOOK, ("xl/sharedStrings.xml", b"<sst count=\"1\" uniqueCount=\"4294967295\"><si/></sst>")], Refusal::HostileArchive)]
    fn refuses(#[case] parts: &[(&str, &[u8])], #[case] refusal: Refusal) {
        assert_eq!(inspect(&package(parts), &Limits::default()), Err(refusal));
    }

    #[test]
    fn a_ratio_beyond_the_limit_and_too_many_entries_are_hostile() {
        let blanks = vec![b' '; 9 << 20];
        let with = |name: &str, size: usize| inspect(&package(&[BOOK, (name, &blanks[..size])]), &Limits::default());
        assert_eq!(with("xl/worksheets/sheet1.bin", 9 << 20), Err(Refusal::HostileArchive));
        assert_eq!(with("xl/worksheets/sheet1.bin", 7 << 20), Ok(Format::Xlsx), "small enough to harm nobody");
        assert_eq!(with("xl/media/image1.emf", 9 << 20), Ok(Format::Xlsx), "never read");
        let small = Limits { inflated_bytes_max: 8 << 20, ..Limits::default() };
        assert_eq!(inspect(&package(&[BOOK, ("xl/media/image1.emf", &blanks)]), &small), Err(Refusal::HostileArchive), "but counted");
        let few = Limits { zip_entries_max: 1, ..Limits::default() };
        assert_eq!(inspect(&package(&[BOOK, ("xl/a.bin", b"")]), &few), Err(Refusal::HostileArchive));
    }

    #[test]
    fn half_a_package_is_truncated() {
        let whole = package(&[BOOK, ("xl/a.bin", &[7; 300])]);
        assert_eq!(inspect(&whole[..whole.len() / 2], &Limits::default()), Err(Refusal::Truncated));
    }
}
