//! One spelling out of many: names are compared without regard to width, spaces, and the shape of brackets and dashes.

use unicode_normalization::UnicodeNormalization;

/// The spelling under which two keys count as the same: NFKC, no white space, one kind of bracket and dash.
#[must_use]
pub fn unified(text: &str) -> String {
    text.nfkc()
        .filter(|c| !c.is_whitespace() && *c != '\u{200b}' && *c != '\u{feff}')
        .map(|c| match c {
            '[' | '{' | '【' | '〔' | '〖' | '〈' | '《' => '(',
            ']' | '}' | '】' | '〕' | '〗' | '〉' | '》' => ')',
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '─' => '-',
            other => other,
        })
        .collect()
}

/// A name without what the same firm is written with and without: 有限责任公司, 股份有限公司, 有限公司; letters in lower case.
#[must_use]
pub fn firm(text: &str) -> String {
    let key = unified(text).to_lowercase();
    ["有限责任", "有限", "股份", "公司"].iter().fold(key, |key, word| key.replace(word, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_brackets_spaces_and_dashes_do_not_matter() {
        for text in ["甲公司（杭州）", "甲公司(杭州)", "甲公司〔杭州〕", " 甲公司　(杭 州)"] {
            assert_eq!(unified(text), "甲公司(杭州)", "{text}");
        }
        assert_eq!(unified("ＡＢ—１"), unified("AB-1"));
        assert_ne!(unified("甲公司(杭州)"), unified("甲公司(宁波)"));
    }

    #[test]
    fn a_firm_is_known_without_its_legal_form() {
        for text in ["甲ABC科技有限责任公司", "甲ABC科技股份有限公司", "甲ａｂｃ科技 有限公司", "甲abc科技"]
        {
            assert_eq!(firm(text), "甲abc科技", "{text}");
        }
        assert_ne!(firm("甲科技有限公司"), firm("甲新科技有限公司"));
    }
}
