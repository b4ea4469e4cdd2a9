//! NFKC, without the tables of Unicode for the characters that offices type nearly always.

use std::str::Chars;

use unicode_normalization::{Recompositions, UnicodeNormalization as _};

/// The characters of a text in NFKC.
pub enum Nfkc<'a> {
    Plain(Chars<'a>),
    Any(Recompositions<Chars<'a>>),
}

/// The text in NFKC, character by character.
#[must_use]
pub fn nfkc(text: &str) -> Nfkc<'_> {
    if text.chars().all(|c| plain(c).is_some()) { Nfkc::Plain(text.chars()) } else { Nfkc::Any(text.nfkc()) }
}

impl Iterator for Nfkc<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        match self {
            Self::Plain(chars) => chars.next().map(|c| plain(c).unwrap_or(c)),
            Self::Any(chars) => chars.next(),
        }
    }
}

/// What a character is in NFKC, where it is one that joins with no neighbour: Latin letters, digits, signs, their full-width forms,
/// Chinese ideographs and punctuation. `None`: only the tables tell.
#[must_use]
pub fn plain(c: char) -> Option<char> {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c).checked_sub(0xFEE0)?),
        '\u{3000}' => Some(' '),
        '\0'..='\u{7F}' | '\u{4E00}'..='\u{9FFF}' | '—' | '“' | '”' | '、' | '。' | '《' | '》' | '【' | '】' => Some(c),
        _ => None,
    }
}

/// Whether a text in NFKC without white space may begin with one of `begins`, which are plain: told by its first character alone, so
/// that few texts have to be looked at closely.
#[must_use]
pub fn may_begin(text: &str, begins: &[char]) -> bool {
    let first = text.chars().find(|c| !c.is_whitespace() && !matches!(c, '\u{FEFF}' | '\u{200B}'));
    // A character and a mark on it make one that is not plain, or none.
    first.is_some_and(|first| plain(first).is_none_or(|first| begins.contains(&first)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_plain_character_is_what_the_tables_say() {
        for c in (0..=0x0010_FFFF).filter_map(char::from_u32) {
            let Some(plain) = plain(c) else { continue };
            assert_eq!(c.nfkc().collect::<Vec<_>>(), [plain], "{c:?}");
        }
    }

    const BEGINS: [char; 5] = ['-', '/', 'n', '—', '无'];

    proptest! {
        #[test]
        fn what_may_not_begin_so_does_not(text in "[ 　\u{200B}\u{FEFF}]*[-—–~～/／nｎN无无無…\u{300}]*\\PC{0,3}") {
            let spelt: String = nfkc(&text).filter(|c| !c.is_whitespace() && !matches!(c, '\u{FEFF}' | '\u{200B}')).collect();
            prop_assert!(may_begin(&text, &BEGINS) || !spelt.starts_with(BEGINS), "{text:?}");
        }

        /// Combining marks, Hangul and other scripts among plain characters.
        #[test]
        fn a_text_is_what_the_tables_say(text in "([ -~]|[一-十]|[Ａ-ｚ]|[　、。《》【】“”—]|[\u{300}-\u{30F}ㄱ-ㅎ가각①㎡…ﾊﾞ])*|\\PC*") {
            prop_assert_eq!(nfkc(&text).collect::<String>(), text.nfkc().collect::<String>());
        }
    }
}
