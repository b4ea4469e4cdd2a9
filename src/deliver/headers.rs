//! Texts that stand in mail headers: kept on one line, addresses taken apart, attachment names in both forms.
//!
//! Names and subjects come from files people edit; nothing in them may end a header or add a recipient.

use std::fmt::Write as _;

use email_encoding::headers::rfc2047;
use email_encoding::headers::writer::EmailWriter;

use crate::settings::address::{ends_line, is_direction};

pub use crate::settings::address::Party;

/// The media type of a workbook.
pub const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// `text` on one line: control characters, line and paragraph separators become spaces, direction marks go.
///
/// CR, LF and NUL would end a header; U+2028 and U+2029 end a line in some readers; direction marks disguise names.
#[must_use]
pub fn one_line(text: &str) -> String {
    let visible = text.chars().filter(|c| !is_direction(*c));
    let one: String = visible.map(|c| if ends_line(c) { '\n' } else { c }).collect();
    one.split('\n').map(str::trim).filter(|piece| !piece.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The Content-Type of a workbook with its name as RFC 2047 encoded words of at most 75 characters, split at character borders.
///
/// RFC 2047 forbids encoded words in parameters, yet some Chinese mailboxes and old Outlook read the name from nowhere else;
/// RFC 2231's `filename*` stands on Content-Disposition for all others.
#[must_use]
pub fn workbook_type(file_name: &str) -> String {
    let file_name = one_line(file_name);
    let mut value = format!("{WORKBOOK};\r\n name=\"");
    if file_name.is_ascii() {
        value.extend(file_name.chars().filter(|c| !matches!(c, '"' | '\\')));
    } else {
        let mut writer = EmailWriter::new(&mut value, " name=\"".len(), 0, false);
        // Writing to a String does not fail.
        let _ = rfc2047::encode(&file_name, &mut writer);
    }
    let _ = value.write_char('"');
    value
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("省经信厅\r\nBcc: all@example.cn", "省经信厅 Bcc: all@example.cn")]
    #[case("a\u{2028}b\u{2029}c\0d\u{85}e", "a b c d e")]
    #[case("表\u{202e}xslx.exe", "表xslx.exe")]
    #[case("  省经信厅　", "省经信厅")]
    fn nothing_ends_the_line(#[case] text: &str, #[case] kept: &str) {
        assert_eq!(one_line(text), kept);
    }

    #[rstest]
    #[case("jxt@example.cn\r\nBcc: all@example.cn")]
    #[case("jxt@example.cn, all@example.cn")]
    #[case("经信 <jxt@example.cn>, all@example.cn")]
    #[case("经信 <jxt@example.cn> <all@example.cn\n>")]
    #[case("\"a\r\nRCPT TO:<all@example.cn>\"@example.cn")]
    #[case("jxt@example.cn\u{2028}")]
    #[case("jxt@example.cn\r\nRCPT TO:<all@example.cn>")]
    #[case("jxt\0@example.cn")]
    #[case("jxt")]
    #[case("")]
    fn what_could_add_a_recipient_is_no_address(#[case] text: &str) {
        assert_eq!(Party::parse(text), None, "{text:?}");
    }

    #[test]
    fn a_long_chinese_name_is_split_at_characters_into_short_words() {
        let name = "2022年1—6月_工业稳进提质主要指标进展情况_省发展改革委_第12版（更正）_样例数据.xlsx";
        let value = workbook_type(name);
        let words: Vec<&str> = value.split('"').nth(1).unwrap().split("\r\n ").collect();
        assert!(words.len() > 1);
        let decoded: String = words
            .iter()
            .map(|word| {
                assert!(word.len() <= 75, "{word}");
                // Each word decodes on its own: no character is cut in two.
                let mail = format!("Subject: {word}\r\n\r\n");
                mail_parser::MessageParser::default().parse(mail.as_bytes()).unwrap().subject().unwrap().to_owned()
            })
            .collect();
        assert_eq!(decoded, name);
        assert!(value.split("\r\n").all(|line| line.len() <= 78), "{value}");
    }
}
