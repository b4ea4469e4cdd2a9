//! Headings as compared: width, spaces, dashes and bracketed units do not matter.

use std::sync::LazyLock;

use regex::Regex;

use crate::ingest::parse::nfkc::plain;
use crate::ingest::parse::text::comparable;
use crate::model::quantity::Dimension;
use crate::model::{Period, Unit};
use crate::plan::Dataset;
use crate::plan::heading::headings;

use super::units::{self, Units};

static BRACKETS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[(\[]([^()\[\]]*)[)\]]").ok());

/// A heading's text for comparing, without the units in its brackets or behind it.
#[must_use]
pub fn label(text: &str) -> String {
    let text = apart(text).map_or(text, |(words, _)| words);
    let key = comparable(text);
    let key = key.trim_start_matches(['*', '★', '☆']).trim_end_matches(['*', ':']);
    let key = units::behind(key).map_or(key, |(words, _)| words);
    let Some(brackets) = BRACKETS.as_ref().filter(|_| key.contains(['(', '['])) else { return key.to_owned() };
    brackets
        .replace_all(
            key,
            |found: &regex::Captures| if units::of_brackets(&found[1]).is_some() { String::new() } else { found[0].to_owned() },
        )
        .into_owned()
}

/// Whether `text` may have `label` for its [`label`]: it has the same characters in the same order, among others. Told without reading
/// the text as a heading: every row of a list is asked.
#[must_use]
pub fn may_be(text: &str, label: &str) -> bool {
    let mut wanted = label.chars();
    let mut next = wanted.next();
    for c in text.chars() {
        if next.is_none() {
            break;
        }
        // Of other characters only reading the text tells what they come to.
        let Some(c) = plain(c) else { return true };
        let c = if c == '~' { '-' } else { c.to_ascii_lowercase() };
        if Some(c) == next || (c == '—' && next == Some('-')) {
            next = wanted.next();
        }
    }
    next.is_none()
}

/// The units in a heading's brackets or behind it.
#[must_use]
pub fn bracketed_units(text: &str) -> Option<Units> {
    let key = comparable(text);
    let brackets = BRACKETS.as_ref()?;
    let bracketed = brackets.captures_iter(&key).find_map(|found| units::of_brackets(found.get(1)?.as_str()));
    let behind = || units::behind(&key).map(|(_, units)| units);
    bracketed.or_else(behind).or_else(|| apart(text).map(|(_, unit)| Units { known: vec![unit], unknown: Vec::new() }))
}

/// A heading's words and the unit that a blank or a line break parts from them: `投资额⏎万元`. Counted things are no such units:
/// 受益 人次 is a heading with a blank in it.
fn apart(text: &str) -> Option<(&str, Unit)> {
    let (words, unit) = text.trim().rsplit_once(char::is_whitespace)?;
    let unit = Unit::parse(&comparable(unit))?;
    let is_word = words.chars().any(char::is_alphanumeric) && !comparable(words).ends_with("单位");
    let counts = matches!(unit.dimension(), Dimension::Count | Dimension::Person | Dimension::Day | Dimension::Vehicle);
    // 单 元 is a word written wide.
    (is_word && !counts && (!unit.is_base() || unit.dimension() == Dimension::Percent)).then_some((words, unit))
}

/// A heading's path of comparable parts.
pub type Path = Vec<String>;

/// For each of a dataset's columns the heading paths it is found under in `period`, ready for comparing. Made once a dataset and file.
#[must_use]
pub fn declared(dataset: &Dataset, period: Period) -> Vec<Vec<Path>> {
    let paths = |column| {
        let mut paths: Vec<Path> = Vec::new();
        for path in headings(dataset, column, period).accepted {
            let path: Path = path.iter().map(|part| label(part)).filter(|part| !part.is_empty()).collect();
            // Two writings may compare alike, and a label of nothing but a unit fits no heading.
            if !path.is_empty() && !paths.contains(&path) {
                paths.push(path);
            }
        }
        paths
    };
    dataset.columns.iter().map(paths).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ingest::check::sample;

    #[test]
    fn units_in_brackets_fall_away_and_other_brackets_stay() {
        assert_eq!(label("累计完成投资\n（万元）"), "累计完成投资");
        assert_eq!(label("同比增长(±%)"), "同比增长");
        assert_eq!(label("智能工厂（数字化车间）"), "智能工厂(数字化车间)");
        assert_eq!(label("* 项 目 名 称"), "项目名称");
        for text in ["投资额（万）", "投资额（/万元）", "投资额/万元", "投资额：万元", "投资额\n万元", "投资额 亿元", "投资额/亿"]
        {
            assert_eq!(label(text), "投资额", "{text}");
            assert!(bracketed_units(text).is_some(), "{text}");
        }
        assert_eq!(label("受益 人次"), "受益人次");
        assert_eq!(bracketed_units("累计（单位：亿元）").unwrap().known, [Unit::parse("亿元").unwrap()]);
        assert_eq!(bracketed_units("智能工厂（数字化车间）"), None);
    }

    proptest! {
        #[test]
        fn what_may_not_be_a_heading_is_none(text in "([*★]?[ 　]?(累计|投资额|[aA～~—-]|[㎡…é1]){0,6}[（(/：\n ]?(万元|单位：亿元|%)?[）)]?|\\PC{0,8})") {
            prop_assert!(may_be(&text, &label(&text)), "{:?} {:?}", text, label(&text));
        }
    }

    #[test]
    fn another_word_is_not_read_as_a_heading() {
        assert!(!may_be("2022-3300001-000001", "项目代码"));
        assert!(!may_be("杭州年产3万件项目（1期）", "项目名称"));
        assert!(may_be("* 项 目 名 称（个）", "项目名称"));
    }

    #[test]
    fn the_month_is_put_into_the_path() {
        let dataset = sample::matrix();
        let total = dataset.columns.iter().position(|column| column.name == "paid_total").unwrap();
        let paths = &declared(&dataset, sample::june())[total];
        assert_eq!(paths[0], ["完成投资", "1-6月累计"]);
        assert!(paths.contains(&vec!["完成投资".to_owned(), "2022年1至6月累计".to_owned()]));
    }
}
