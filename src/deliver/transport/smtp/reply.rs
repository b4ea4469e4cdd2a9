//! A mail server's reply (RFC 5321 §4.2): the code decides, the words are only shown.

use encoding_rs::GB18030;

use crate::present::visible::is_unseen;

/// No line of a reply is longer, its line end included (RFC 5321 §4.5.3.1.5 allows 512).
pub const LINE_BYTES_MAX: usize = 1000;

/// No reply has more lines.
pub const LINES_MAX: usize = 100;

/// So much of a reply's words is kept.
const WORDS_CHARS_MAX: usize = 500;

/// A complete reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// 200 to 599.
    pub code: u16,
    /// The text of each line, as bytes: servers answer in UTF-8, GBK or anything else.
    pub lines: Vec<Vec<u8>>,
}

/// One line of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub code: u16,
    /// Whether further lines follow (`250-`).
    pub more: bool,
    pub text: Vec<u8>,
}

impl Line {
    /// Reads a line without its line end; `None` where it is none of a reply.
    #[must_use]
    pub fn parse(line: &[u8]) -> Option<Self> {
        let (code, rest) = line.split_at_checked(3)?;
        if !code.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let code: u16 = std::str::from_utf8(code).ok()?.parse().ok().filter(|code| (200..600).contains(code))?;
        match rest.split_first() {
            None => Some(Self { code, more: false, text: Vec::new() }),
            Some((b' ' | b'\t', text)) => Some(Self { code, more: false, text: text.to_vec() }),
            Some((b'-', text)) => Some(Self { code, more: true, text: text.to_vec() }),
            Some(_) => None,
        }
    }
}

impl Reply {
    /// Whether it is 2xx.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.code / 100 == 2
    }

    /// Code and words for people: decoded, without addresses and control characters.
    #[must_use]
    pub fn shown(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(|line| decoded(line)).collect();
        shown(&format!("{} {}", self.code, lines.join(" ")))
    }

    /// Whether an EHLO reply offers an extension; gives its parameters in upper case.
    #[must_use]
    pub fn offers(&self, keyword: &str) -> Option<Vec<String>> {
        let words = |line: &Vec<u8>| decoded(line).to_ascii_uppercase().split([' ', '=', '\t']).map(str::to_owned).collect::<Vec<_>>();
        // The first line names the server.
        let offered: Vec<Vec<String>> =
            self.lines.iter().skip(1).map(words).filter(|words| words.first().is_some_and(|w| w == keyword)).collect();
        (!offered.is_empty()).then(|| offered.into_iter().flat_map(|words| words.into_iter().skip(1)).collect())
    }
}

/// UTF-8 where it is that, else GB18030, which every Chinese server's words are then.
fn decoded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => GB18030.decode(bytes).0.into_owned(),
    }
}

/// Servers repeat addresses in their replies; outcomes are shown and logged, so they leave them out. Nothing in it moves a terminal.
#[must_use]
pub fn shown(text: &str) -> String {
    let plain: String = text.chars().map(|c| if is_unseen(c) { ' ' } else { c }).collect();
    let words = plain.split_whitespace().map(|word| if word.contains('@') { "(address)" } else { word });
    words.collect::<Vec<_>>().join(" ").chars().take(WORDS_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(b"250 OK", Some((250, false, "OK")))]
    #[case(b"250-SIZE 10", Some((250, true, "SIZE 10")))]
    #[case(b"354", Some((354, false, "")))]
    #[case(b"25 OK", None)]
    #[case(b"250OK", None)]
    #[case(b"199 OK", None)]
    #[case(b"600 OK", None)]
    #[case(b"+50 OK", None)]
    #[case(b"", None)]
    fn a_line_is_a_code_and_words(#[case] line: &[u8], #[case] expected: Option<(u16, bool, &str)>) {
        let read = Line::parse(line).map(|line| (line.code, line.more, String::from_utf8(line.text).unwrap()));
        assert_eq!(read, expected.map(|(code, more, text)| (code, more, text.to_owned())));
    }

    #[test]
    fn words_are_decoded_and_leave_out_addresses_and_what_moves_a_terminal() {
        let (gbk, _, _) = encoding_rs::GBK.encode("用户不存在 <jxt@example.cn>");
        let reply = Reply { code: 550, lines: vec![gbk.into_owned(), "\u{1b}[2J再\u{202e}见".as_bytes().to_vec()] };
        assert_eq!(reply.shown(), "550 用户不存在 (address) [2J再 见");
        assert_eq!(Reply { code: 250, lines: vec![vec![b'x'; 5000]] }.shown().len(), WORDS_CHARS_MAX);
    }

    #[test]
    fn an_extension_is_offered_behind_the_first_line_in_any_case() {
        let lines = ["mx AUTH", "auth=LOGIN", "AUTH PLAIN XOAUTH2", "8BITMIME"];
        let reply = Reply { code: 250, lines: lines.iter().map(|line| line.as_bytes().to_vec()).collect() };
        assert_eq!(reply.offers("AUTH").unwrap(), ["LOGIN", "PLAIN", "XOAUTH2"]);
        assert_eq!((reply.offers("8BITMIME"), reply.offers("STARTTLS")), (Some(vec![]), None));
    }

    proptest! {
        #[test]
        fn no_bytes_stop_the_reading(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let line = Line::parse(&bytes);
            prop_assert!(line.as_ref().is_none_or(|line| (200..600).contains(&line.code)));
            let reply = Reply { code: 250, lines: vec![bytes] };
            prop_assert!(!reply.shown().chars().any(|c| c.is_control() || c == '@'));
        }
    }
}
