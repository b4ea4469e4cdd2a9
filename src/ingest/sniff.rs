//! What a file is, judged by its content; the extension is never asked.

use crate::model::Refusal;
use crate::settings::Limits;

pub use super::format::Format;
use super::{cfb, package};

const CFB_MAGIC: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// rar and 7z.
const PACKED_MAGICS: [&[u8]; 2] = [b"Rar!\x1A\x07", b"7z\xBC\xAF\x27\x1C"];

/// Tells the format, or why the file is refused before anything opens it.
///
/// # Errors
///
/// The refusal the sender is told.
pub fn sniff(bytes: &[u8], limits: &Limits) -> Result<Format, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if u64::try_from(bytes.len()).is_ok_and(|length| length > limits.file_bytes_max) {
        return Err(Refusal::TooLarge);
    }
    if bytes.starts_with(b"PK") {
        return package::inspect(bytes, limits);
    }
    if bytes.starts_with(CFB_MAGIC) {
        return cfb::inspect(bytes);
    }
    if PACKED_MAGICS.iter().any(|magic| bytes.starts_with(magic)) {
        return Err(Refusal::Packed);
    }
    if is_old_biff(bytes) {
        return Err(Refusal::OldBiff);
    }
    Err(text_refusal(bytes))
}

/// The BOF record of BIFF2–4 (and of a bare BIFF5 stream) stands at the very start of the file.
fn is_old_biff(bytes: &[u8]) -> bool {
    matches!(bytes, [0x09, 0x00, 0x04, 0x00, ..] | [0x09, 0x02 | 0x04, 0x06, 0x00, ..] | [0x09, 0x08, 0x08, 0x00, ..])
}

fn text_refusal(bytes: &[u8]) -> Refusal {
    let Some(head) = text_head(bytes) else { return Refusal::NotAWorkbook };
    let head = head.trim_start_matches('\u{FEFF}').trim_start().to_lowercase();
    if head.contains("urn:schemas-microsoft-com:office:spreadsheet") && head.starts_with('<') && !head.contains("<html")
        || head.contains("<?mso-application")
    {
        return Refusal::Xml2003;
    }
    let html = ["<html", "<!doctype html", "<table", "<head", "<meta", "mime-version:", "<body", "<div"];
    if html.iter().any(|mark| head.starts_with(mark)) || head.contains("<html") || head.contains("<table") {
        return Refusal::HtmlRenamed;
    }
    if ["%pdf", "{\\rtf", "<?xml", "<svg"].iter().any(|mark| head.starts_with(mark)) {
        return Refusal::NotAWorkbook;
    }
    Refusal::TextRenamed
}

/// The first kilobytes as text, or `None` for binary content.
///
/// Bytes above ASCII are let through undecoded (GB 18030 is common): only ASCII marks are looked for.
fn text_head(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..8192).unwrap_or(bytes);
    let wide = match head {
        [0xFF, 0xFE, rest @ ..] => Some((rest, u16::from_le_bytes as fn([u8; 2]) -> u16)),
        [0xFE, 0xFF, rest @ ..] => Some((rest, u16::from_be_bytes as fn([u8; 2]) -> u16)),
        _ => None,
    };
    if let Some((rest, join)) = wide {
        let units = rest.as_chunks::<2>().0.iter().map(|pair| join(*pair));
        return Some(char::decode_utf16(units).map(|c| c.unwrap_or(' ')).collect());
    }
    let binary = head.iter().any(|byte| *byte < 0x20 && !matches!(byte, b'\t' | b'\r' | b'\n' | 0x0C));
    (!binary).then(|| String::from_utf8_lossy(head).into_owned())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(b"", Refusal::Empty)]
    #[case(b"<html><table><tr><td>1</td></tr></table></html>", Refusal::HtmlRenamed)]
    #[case(b"\xEF\xBB\xBF\r\n<!DOCTYPE HTML PUBLIC>", Refusal::HtmlRenamed)]
    #[case(b"MIME-Version: 1.0\r\nContent-Type: multipart/related", Refusal::HtmlRenamed)]
    #[case(b"<?xml version=\"1.0\"?>\r\n<?mso-application progid=\"Excel.Sheet\"?>", Refusal::Xml2003)]
    #[case(b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">", Refusal::Xml2003)]
    #[case(b"\xB5\xD8\xC7\xF8\t1234\r\n\xBA\xBC\xD6\xDD\t5\r\n", Refusal::TextRenamed)]
    #[case(b"\xFF\xFE0W:S\t\x001\x00", Refusal::TextRenamed)]
    #[case(b"\x09\x00\x04\x00\x07\x00\x10\x00", Refusal::OldBiff)]
    #[case(b"\x09\x04\x06\x00\x00\x00\x10\x00", Refusal::OldBiff)]
    #[case(b"Rar!\x1A\x07\x01\x00", Refusal::Packed)]
    #[case(b"7z\xBC\xAF\x27\x1C\x00\x04", Refusal::Packed)]
    #[case(b"%PDF-1.7\n", Refusal::NotAWorkbook)]
    #[case(b"\x89PNG\r\n\x1a\n\0\0", Refusal::NotAWorkbook)]
    #[case(b"PK\x03\x04 and nothing more", Refusal::Truncated)]
    #[case(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and nothing more", Refusal::Truncated)]
    fn names_the_reason(#[case] bytes: &[u8], #[case] refusal: Refusal) {
        assert_eq!(sniff(bytes, &Limits::default()), Err(refusal));
    }

    #[test]
    fn a_large_file_is_not_looked_into() {
        let limits = Limits { file_bytes_max: 3, ..Limits::default() };
        assert_eq!(sniff(b"PK\x03\x04", &limits), Err(Refusal::TooLarge));
    }
}
