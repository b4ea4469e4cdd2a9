//! One spelling out of many: names are compared without regard to width, spaces, and the shape of brackets and dashes.

use crate::ingest::parse::nfkc::nfkc;

/// The spelling under which two keys count as the same: NFKC, no white space, one kind of bracket and dash.
#[must_use]
pub fn unified(text: &str) -> String {
    nfkc(text)
        .filter(|c| !c.is_whitespace() && *c != '\u{200b}' && *c != '\u{feff}')
        .map(|c| match c {
            '[' | '{' | '【' | '〔' | '〖' | '〈' | '《' => '(',
            ']' | '}' | '】' | '〕' | '〗' | '〉' | '》' => ')',
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '─' => '-',
            other => other,
        })
        .collect()
}

/// A firm's key without a note of its former name: 甲公司(原乙公司).
fn without_former_name(key: &str) -> String {
    let note = key
        .find('(')
        .filter(|at| key.get(at + 1..).is_some_and(|rest| ["原", "曾用名", "更名", "现"].iter().any(|word| rest.starts_with(word))));
    let end = note.and_then(|at| key.get(at..)?.find(')').map(|length| (at, at + length + 1)));
    let parts = end.and_then(|(at, end)| Some((key.get(..at)?, key.get(end..)?)));
    parts.map_or_else(|| key.to_owned(), |(before, after)| format!("{before}{after}"))
}

/// The name of a place that a firm's name may begin with, or not.
#[must_use]
pub fn without_place<'a>(firm: &'a str, places: &[String]) -> Option<&'a str> {
    places
        .iter()
        .find_map(|place| firm.strip_prefix(place.as_str()))
        .map(|rest| rest.trim_start_matches(['省', '市']))
        .filter(|rest| !rest.is_empty())
}

/// A name without what the same firm is written with and without: 有限责任公司, 股份有限公司, 有限公司, a note of its former name;
/// letters in lower case.
#[must_use]
pub fn firm(text: &str) -> String {
    let key = without_former_name(&unified(text).to_lowercase());
    ["有限责任", "有限", "股份", "公司"].iter().fold(key, |key, word| if key.contains(word) { key.replace(word, "") } else { key })
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
        for text in ["甲科技（原乙科技有限公司）", "甲科技有限公司（曾用名：乙科技）", "甲科技有限公司"]
        {
            assert_eq!(firm(text), "甲科技", "{text}");
        }
        assert_eq!(firm("甲科技（杭州）有限公司"), "甲科技(杭州)");
    }

    #[test]
    fn a_place_before_a_name_may_be_left_out() {
        let places = ["浙江".to_owned(), "杭州".to_owned()];
        assert_eq!(without_place("浙江省甲科技", &places), Some("甲科技"));
        assert_eq!(without_place("杭州甲科技", &places), Some("甲科技"));
        assert_eq!(without_place("甲科技", &places), None);
        assert_eq!(without_place("杭州", &places), None);
    }
}
