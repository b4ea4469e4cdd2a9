//! Headings as compared: width, spaces, dashes and bracketed units do not matter.

use std::sync::LazyLock;

use regex::Regex;

use crate::ingest::parse::text::comparable;
use crate::model::{Period, Unit};

static BRACKETS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[(\[]([^()\[\]]*)[)\]]").ok());

/// A heading's text for comparing, without the units in its brackets.
#[must_use]
pub fn label(text: &str) -> String {
    let key = comparable(text);
    let key = key.trim_start_matches(['*', '★', '☆']).trim_end_matches(['*', ':']);
    let Some(brackets) = BRACKETS.as_ref().filter(|_| key.contains(['(', '['])) else { return key.to_owned() };
    brackets.replace_all(key, |found: &regex::Captures| if is_unit(&found[1]) { String::new() } else { found[0].to_owned() }).into_owned()
}

fn is_unit(inner: &str) -> bool {
    let inner = inner.strip_prefix("单位:").unwrap_or(inner).trim_start_matches('±');
    !inner.is_empty() && inner.split(['、', ',', '/']).all(|part| Unit::parse(part).is_some())
}

/// The unit in a heading's brackets.
#[must_use]
pub fn bracketed_unit(text: &str) -> Option<Unit> {
    let key = comparable(text);
    let brackets = BRACKETS.as_ref()?;
    brackets.captures_iter(&key).find_map(|found| {
        let inner = found.get(1)?.as_str();
        Unit::parse(inner.strip_prefix("单位:").unwrap_or(inner).trim_start_matches('±'))
    })
}

/// A declared label with the period's month put in, as its path of comparable parts.
#[must_use]
pub fn declared(text: &str, period: Period) -> Vec<String> {
    text.replace("{month}", &period.month().to_string()).split('/').map(label).filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_in_brackets_fall_away_and_other_brackets_stay() {
        assert_eq!(label("累计完成投资\n（万元）"), "累计完成投资");
        assert_eq!(label("同比增长(±%)"), "同比增长");
        assert_eq!(label("智能工厂（数字化车间）"), "智能工厂(数字化车间)");
        assert_eq!(label("* 项 目 名 称"), "项目名称");
        assert_eq!(bracketed_unit("累计（单位：亿元）").map(|unit| unit.name().to_owned()), Some("亿元".to_owned()));
        assert_eq!(bracketed_unit("智能工厂（数字化车间）"), None);
    }

    #[test]
    fn the_month_is_put_into_the_path() {
        let june = Period::new(2022, 6).unwrap();
        assert_eq!(declared("完成投资/1—{month}月累计", june), ["完成投资", "1-6月累计"]);
    }
}
