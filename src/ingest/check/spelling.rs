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
}
