//! Parts of a package that calamine would stumble over, rewritten before it reads them.
//!
//! Two are known: the short cell records of `.xlsb`, which it steps over, and a `<dimension>` written backwards, on which it panics.

use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::sniff::Format;
use super::xlsb::long_records;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// The package in the form calamine reads; the same bytes where nothing is to be mended.
#[must_use]
pub fn mended(format: Format, bytes: Vec<u8>) -> Vec<u8> {
    let part: fn(&[u8]) -> Option<Vec<u8>> = match format {
        Format::Xlsx => without_backward_dimension,
        Format::Xlsb => long_records,
        Format::Xls | Format::Ods => return bytes,
    };
    rewritten(&bytes, part).unwrap_or(bytes)
}

/// `None` where nothing is to be changed, or the package cannot be read (which the reader will say).
fn rewritten(bytes: &[u8], mend: fn(&[u8]) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut changed = Vec::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).ok()?;
        let name = part.name().ok()?.into_owned();
        if name.contains("worksheets/") && !name.contains("_rels") {
            let mut sheet = Vec::new();
            part.read_to_end(&mut sheet).ok()?;
            changed.extend(mend(&sheet).map(|sheet| (at, name, sheet)));
        }
    }
    if changed.is_empty() { None } else { with_parts(&mut archive, &changed) }
}

fn with_parts(archive: &mut Archive, changed: &[(usize, String, Vec<u8>)]) -> Option<Vec<u8>> {
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        if let Some((_, name, sheet)) = changed.iter().find(|(part, ..)| *part == at) {
            package.start_file(name.as_str(), SimpleFileOptions::default()).ok()?;
            package.write_all(sheet).ok()?;
        } else {
            package.raw_copy_file(archive.by_index_raw(at).ok()?).ok()?;
        }
    }
    Some(package.finish().ok()?.into_inner())
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

    #[test]
    fn what_is_no_package_passes_untouched() {
        assert_eq!(mended(Format::Xlsx, b"PK nonsense".to_vec()), b"PK nonsense");
    }
}
