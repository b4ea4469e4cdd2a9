//! What a number format does to the number a person sees: percent signs, scaling commas, and words around it.
//!
//! Rules of ECMA-376 part 1, 18.8.31; `!` escapes as `\` does in Chinese Excel. Only the section for positive numbers counts.

/// What the format changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    /// It shows a percentage.
    pub percent: bool,
    /// How often it divides by a thousand.
    pub thousands: u8,
    /// Digits behind a point that is only drawn (`0!.00,,` shows hundreds of millions): each divides by ten.
    pub drawn: u8,
    /// What it writes before the digits, and behind or among them: `"约"0.00"万元"`.
    pub before: String,
    pub behind: String,
}

/// What stands for a whole number format, of Excel and of its Chinese edition.
const GENERAL: [&str; 3] = ["G/通用格式", "通用格式", "General"];

/// Reads a format code. Where sections stand under conditions (`[>=1000]`), the one that changes most counts.
#[must_use]
pub fn shown(code: &str) -> Shown {
    let code = GENERAL.iter().fold(code.to_owned(), |code, general| code.replace(general, "0"));
    let mut sections = Sections { chars: code.chars().peekable() };
    let mut shown = Shown::default();
    for first in [true, false, false, false] {
        let Some((section, conditional)) = sections.section() else { break };
        if first || conditional {
            shown.percent |= section.percent;
            let says_more = section.thousands == shown.thousands && !shown.has_words();
            if section.thousands > shown.thousands || says_more {
                shown = Shown { percent: shown.percent, ..section };
            }
        }
        if !conditional {
            break;
        }
    }
    shown
}

impl Shown {
    /// Whether it writes anything beside the digits.
    #[must_use]
    pub fn has_words(&self) -> bool {
        !(self.before.is_empty() && self.behind.is_empty())
    }
}

struct Sections<'a> {
    chars: std::iter::Peekable<std::str::Chars<'a>>,
}

impl Sections<'_> {
    /// Reads up to the next `;`; the second value tells whether it stands under a condition.
    fn section(&mut self) -> Option<(Shown, bool)> {
        self.chars.peek()?;
        let (mut shown, mut conditional) = (Shown::default(), false);
        // Commas since the last digit: they group thousands when a digit follows, else they scale.
        let (mut digits, mut commas, mut point) = (false, 0u8, false);
        while let Some(c) = self.chars.next() {
            match c {
                ';' => break,
                '"' => {
                    let literal: String = self.chars.by_ref().take_while(|c| *c != '"').collect();
                    point |= literal == ".";
                    shown.write(&literal, digits);
                }
                '\\' | '!' => {
                    let literal = self.chars.next().unwrap_or_default();
                    point |= literal == '.';
                    shown.write(literal.encode_utf8(&mut [0; 4]), digits);
                }
                '_' | '*' => drop(self.chars.next()),
                '[' => {
                    conditional |= self.chars.peek().is_some_and(|c| matches!(c, '<' | '>' | '='));
                    let inner: String = self.chars.by_ref().take_while(|c| *c != ']').collect();
                    // [$US$-409]: a sign of currency, and where it is used.
                    let sign = inner.strip_prefix('$').and_then(|inner| inner.split('-').next());
                    shown.write(sign.unwrap_or_default(), digits);
                }
                '%' => shown.percent = true,
                '0' | '#' | '?' => {
                    (digits, commas) = (true, 0);
                    shown.drawn = shown.drawn.saturating_add(u8::from(point));
                }
                ',' if digits => commas = commas.saturating_add(1),
                // Commas right before the point scale as well.
                '.' => {
                    shown.thousands = shown.thousands.saturating_add(std::mem::take(&mut commas));
                    point = false;
                }
                // Letters stand for parts of dates, @ for a text; everything else is written as it is.
                c if !c.is_ascii_alphanumeric() && !matches!(c, ',' | '@' | ' ') => shown.write(c.encode_utf8(&mut [0; 4]), digits),
                _ => {}
            }
        }
        shown.thousands = shown.thousands.saturating_add(commas);
        Some((shown, conditional))
    }
}

impl Shown {
    fn write(&mut self, literal: &str, behind: bool) {
        // A point that is only drawn is no word.
        if literal != "." && literal != "\0" {
            if behind { &mut self.behind } else { &mut self.before }.push_str(literal);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("0.00,", 1)]
    #[case("0!.00,,", 2)]
    #[case("0\\.00,,", 2)]
    #[case("0\".\"00,,", 2)]
    #[case("0!.0,\"亿元\"", 1)]
    #[case("#,##0,", 1)]
    #[case("0,,.00", 2)]
    #[case("[红色]0.0,;0", 1)]
    #[case("[$-804]0,", 1)]
    #[case("[>=100000]0!.0,\"万\";0", 1)]
    #[case("General", 0)]
    #[case("#,##0", 0)]
    #[case("#,##0.00", 0)]
    #[case("_(* #,##0_)", 0)]
    #[case("_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * \"-\"??_ ;_ @_ ", 0)]
    #[case("0.00;-0.00,", 0)]
    #[case("0\\,", 0)]
    #[case("0\",,\"", 0)]
    #[case("0!,", 0)]
    #[case("0_,", 0)]
    #[case("yyyy,m,d", 0)]
    fn commas_behind_the_last_digit_scale(#[case] code: &str, #[case] thousands: u8) {
        assert_eq!(shown(code).thousands, thousands);
    }

    #[rstest]
    #[case("0!.00,,", 2)]
    #[case("0\".\"0,", 1)]
    #[case("0.00,", 0)]
    fn a_point_that_is_only_drawn_divides_too(#[case] code: &str, #[case] drawn: u8) {
        assert_eq!(shown(code).drawn, drawn);
    }

    #[rstest]
    #[case("0.0%", true)]
    #[case("0\"%\"", false)]
    #[case("0\\%", false)]
    #[case("0!%", false)]
    #[case("0;0%", false)]
    #[case("[蓝色]0%;0", true)]
    fn a_percent_sign_counts_unquoted_and_for_positive_numbers(#[case] code: &str, #[case] percent: bool) {
        assert_eq!(shown(code).percent, percent);
    }

    #[rstest]
    #[case("0.00\"万元\"", "", "万元")]
    #[case("0.00\\万", "", "万")]
    #[case("0.00!万!元", "", "万元")]
    #[case("#,##0.00万元", "", "万元")]
    #[case("General\"万元\"", "", "万元")]
    #[case("G/通用格式\"万元\"", "", "万元")]
    #[case("\"约\"0.00_ ", "约", "")]
    #[case("0.0‰", "", "‰")]
    #[case("[$US$-409]#,##0.00", "US$", "")]
    #[case("[$-804]0.00", "", "")]
    #[case("[>=10000]0!.0,\"万\";0", "", "万")]
    #[case("0;\"减\"0", "", "")]
    #[case("0!.00,,", "", "")]
    #[case("_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * \"-\"??_ ;_ @_ ", "", "")]
    #[case("[红色]0.0", "", "")]
    fn words_stand_before_and_behind_the_digits(#[case] code: &str, #[case] before: &str, #[case] behind: &str) {
        let shown = shown(code);
        assert_eq!((shown.before.as_str(), shown.behind.as_str()), (before, behind));
    }

    proptest! {
        #[test]
        fn any_text_is_read(code in ".{0,60}") {
            prop_assert!(shown(&code).drawn <= 60);
        }
    }
}
