//! Texts outside the cells that may bear a secrecy mark: page headers and footers, text boxes, comments, document properties.

use std::sync::LazyLock;

use regex::Regex;

use super::secrecy::is_mark;

/// Whether a part, named in lower case, is looked through.
#[must_use]
pub fn is_asked(name: &str) -> bool {
    let folders = ["worksheets/", "drawings/", "comments", "threadedcomments/", "docprops/"];
    folders.iter().any(|folder| name.contains(folder)) || matches!(name, "styles.xml" | "meta.xml")
}

/// Whether a part bears a secrecy mark; of a sheet its headers and footers are looked at, the cells are others' to read.
#[must_use]
pub fn is_part_marked(name: &str, bytes: &[u8]) -> bool {
    if !is_asked(name) {
        return false;
    }
    if std::path::Path::new(name).extension().is_some_and(|end| end == "bin") {
        return has_wide_mark(bytes);
    }
    let text = String::from_utf8_lossy(bytes);
    // Headers and footers stand behind the cells.
    let text = if name.contains("worksheets/") {
        text.rfind("headerFooter").and_then(|end| text.get(..end)).and_then(header_part)
    } else {
        Some(text.as_ref())
    };
    text.is_some_and(|text| texts(text).any(|text| is_mark(&text)))
}

fn header_part(sheet: &str) -> Option<&str> {
    sheet.rfind("headerFooter").and_then(|start| sheet.get(start..))
}

static CODE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"&(?:amp;)?(?:"[^"]*"|&quot;.*?&quot;|K[0-9A-Fa-f]{6}|\d+|[A-Za-z])"#).ok());

/// The text between tags; header codes (`&C`, `&"宋体"`, `&12`) part it further.
fn texts(xml: &str) -> impl Iterator<Item = String> {
    xml.split('<').filter_map(|piece| piece.split_once('>').map(|(_, text)| text)).filter(|text| text.contains('密')).flat_map(|text| {
        let parted = CODE.as_ref().map_or_else(|| text.into(), |code| code.replace_all(text, "\n"));
        parted.split(['\n', '\u{3000}', ' ']).map(str::to_owned).chain([parted.replace('\n', "")]).collect::<Vec<_>>()
    })
}

/// In `.xls` and `.xlsb` every Chinese text is UTF-16, wherever it stands.
#[must_use]
pub fn has_wide_mark(bytes: &[u8]) -> bool {
    // 密 stands second in every mark; the level before it is 绝, 机 or 秘.
    let is_mark = |window: &[u8]| {
        matches!(window, [first, second, 0xC6, 0x5B, third, fourth]
            if matches!(u16::from_le_bytes([*first, *second]), 0x7EDD | 0x673A | 0x79D8)
            && matches!(u16::from_le_bytes([*third, *fourth]), 0x2605 | 0x2606))
    };
    bytes.windows(6).any(is_mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_header_is_read_without_its_codes() {
        let marked = |xml: &str| texts(xml).any(|text| is_mark(&text));
        assert!(marked("<oddHeader>&amp;C机密★1年　样例数据</oddHeader>"));
        assert!(marked("<oddHeader>&amp;L&amp;\"宋体,常规\"&amp;12秘密&amp;R第&amp;P页</oddHeader>"));
        assert!(!marked("<oddFooter>&amp;L商业秘密保护工作&amp;R第 &amp;P 页</oddFooter>"));
    }

    #[test]
    fn wide_text_is_found_anywhere() {
        let bytes: Vec<u8> = [0x14, 0x00, 0x09].into_iter().chain("&C绝密★".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert!(has_wide_mark(&bytes));
        assert!(!has_wide_mark("保密".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>().as_slice()));
    }
}
