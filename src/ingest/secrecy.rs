//! Secrecy marks (密级): a file that bears one is not read any further.

use std::sync::LazyLock;

use regex::Regex;

use super::parse::text::comparable;

/// 绝密★, 机密★10年, 秘密；a cell that says nothing but the level; never 商业秘密保护 or 涉企.
static MARK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern =
        r"(?:绝密|机密|秘密)[★☆*]|^[\[(【《]?(?:密级)?[::]?(?:绝密|机密|秘密)(?:级|件|文件)?(?:[(]?(?:长期|\d+年|\d+个月)[)]?)?[\])】》]?$";
    Regex::new(pattern).ok()
});
/// In a file or sheet name the level stands apart from its neighbours.
static NAME: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:绝密|机密|秘密)[★☆*]|(?:^|[\[(【_\-. ])(?:绝密|机密|秘密)(?:级|件|文件)?(?:[\])】_\-. ]|$)").ok());

/// Whether a cell's text is a secrecy mark.
#[must_use]
pub fn is_mark(text: &str) -> bool {
    text.contains('密')
        && MARK.as_ref().is_some_and(|mark| text.lines().any(|line| mark.is_match(&comparable(line))) || mark.is_match(&comparable(text)))
}

/// Whether a file or sheet name bears a secrecy mark.
#[must_use]
pub fn is_marked_name(name: &str) -> bool {
    NAME.as_ref().is_some_and(|mark| mark.is_match(&comparable(name)))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("机密★")]
    #[case("绝密★长期")]
    #[case("秘密★10年")]
    #[case("密级：秘密")]
    #[case(" 机 密 ")]
    #[case("秘密\n2022年6月")]
    #[case("【秘密】")]
    fn stops_at_a_mark(#[case] text: &str) {
        assert!(is_mark(text), "{text}");
    }

    #[rstest]
    #[case("商业秘密保护")]
    #[case("保守国家秘密")]
    #[case("涉企政策")]
    #[case("精密机械")]
    #[case("机密性要求")]
    fn lets_ordinary_words_pass(#[case] text: &str) {
        assert!(!is_mark(text), "{text}");
        assert!(!is_marked_name(text), "{text}");
    }

    #[test]
    fn names_are_judged_with_their_separators() {
        assert!(is_marked_name("（机密）技改项目表.xlsx"));
        assert!(is_marked_name("秘密★技改.xls"));
        assert!(is_marked_name("2022年6月_秘密.xlsx"));
        assert!(!is_marked_name("商业秘密保护示范点_2022-06.xlsx"));
    }
}
