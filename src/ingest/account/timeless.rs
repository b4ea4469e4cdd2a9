//! Headings without years, months and units: what of them can be held against another month's or another year's sheet.

use std::sync::LazyLock;

use regex::Regex;

use crate::ingest::layout::label::label;

static TIMES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?:(?:19|20)\d{2}年?)?(?:\d{1,2}月?[-至到]\d{1,2}月|\d{1,2}月|上半年|下半年|前三季度|[一二三四1-4]季度|全年)份?|(?:19|20)\d{2}年(?:度)?|当月|本月|本年|\{month\}月?|1-\{month\}月").ok()
});

/// A heading's text for comparing, without its times; empty where nothing else is said.
#[must_use]
pub fn timeless(text: &str) -> String {
    let key = label(text);
    TIMES.as_ref().map_or_else(|| key.clone(), |times| times.replace_all(&key, "").into_owned())
}

/// The ways a declared label may stand in one cell: its lower part, or all of it.
#[must_use]
pub fn forms(declared: &str) -> Vec<String> {
    let lower = declared.rsplit('/').next().unwrap_or(declared);
    let whole = declared.replace('/', "");
    let mut forms: Vec<String> = [lower, whole.as_str()].into_iter().map(timeless).filter(|text| !text.is_empty()).collect();
    forms.dedup();
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_years_fall_away() {
        assert_eq!(timeless("2022年1—5月累计完成投资（亿元）"), "累计完成投资");
        assert_eq!(timeless("1—{month}月累计"), "累计");
        assert_eq!(timeless("{month}月"), "");
        assert_eq!(timeless("上半年累计"), "累计");
        assert_eq!(timeless("上年同期累计"), "上年同期累计");
        assert_eq!(forms("完成投资/1—{month}月累计"), ["累计", "完成投资累计"]);
    }
}
