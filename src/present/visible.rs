//! Foreign text made harmless for terminals and logs: what moves the cursor or turns the order of letters is shown as its code.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character is no sign to be seen but moves a terminal, ends a line, or turns the order of what follows.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// One line of text, unseen characters as codes: `\u001b`. Such a code also stands in JSON for what it names.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    coded(text, is_unseen)
}

/// The same for text of several lines: line ends and tabs stay.
#[must_use]
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    coded(text, |c| is_unseen(c) && c != '\n' && c != '\t')
}

fn coded(text: &str, is_coded: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_coded) {
        return Cow::Borrowed(text);
    }
    let mut coded = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_coded(c) {
            let _ = write!(coded, "\\u{:04x}", u32::from(c));
        } else {
            coded.push(c);
        }
    }
    Cow::Owned(coded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_a_terminal_or_turns_letters_is_shown_as_its_code() {
        assert_eq!(visible("省经信厅_2022-06.xlsx"), "省经信厅_2022-06.xlsx");
        assert_eq!(visible("表\u{1b}[2J\u{202e}xslx.exe\r\n\u{9b}"), "表\\u001b[2J\\u202exslx.exe\\u000d\\u000a\\u009b");
        assert_eq!(visible_lines("一\n二\t\u{7}"), "一\n二\t\\u0007");
    }

    #[test]
    fn a_document_says_the_same_with_codes() {
        let document = serde_json::json!({ "file": "表\u{202e}\u{9b}\u{7f}.xlsx" });
        let shown = visible_lines(&serde_json::to_string_pretty(&document).unwrap()).into_owned();
        assert!(!shown.contains(|c: char| is_unseen(c) && c != '\n'));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), document);
    }
}
