//! Unit words as people write them: 单位：万元、家、%, 金额单位：人民币万元, （万元，保留两位小数）. Texts are compared forms
//! ([`comparable`](crate::ingest::parse::text::comparable)).

use crate::model::Unit;

/// What a text says of units.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Units {
    pub known: Vec<Unit>,
    /// Words that stand for a unit and are none we know.
    pub unknown: Vec<String>,
}

/// Says what is meant by an amount; adds nothing to a unit of money.
const CURRENCY: [&str; 3] = ["人民币", "rmb", "cny"];
/// Before 单位 these say that units follow.
const KINDS: [&str; 8] = ["金额", "数量", "计量", "货币", "数值", "数据", "投资", "产值"];
/// What ends so is somebody who reports, or a pointer to elsewhere.
const NO_UNITS: [&str; 30] = [
    "厅", "局", "委", "部", "办", "处", "科", "室", "院", "所", "中心", "公司", "集团", "政府", "学校", "大学", "会", "行", "社", "市",
    "省", "县", "区", "章", "签", "表", "栏", "列", "各", "上",
];
/// Behind a unit these begin something else.
const FIELDS: [&str; 6] = ["填", "制", "报", "日期", "时间", "年"];
/// The base units whose foreign or longer relatives (港元, 标准吨) are units nobody here converts.
const RELATIVES: [&str; 3] = ["元", "吨", "瓦"];
const NO_RELATIVES: [&str; 6] = ["单元", "多元", "公元", "纪元", "次元", "状元"];

/// The units of a line above a table, `None` where it names none: it says 单位, is a unit in brackets, or a title that ends with one.
#[must_use]
pub fn of_line(key: &str) -> Option<Units> {
    if !key.contains("单位") {
        let inner = key.strip_suffix(')').and_then(|key| key.rsplit_once('(')).map_or(key, |(_, inner)| inner);
        let units = words(inner);
        return (units.unknown.is_empty() && !units.known.is_empty()).then_some(units);
    }
    let parts: Vec<&str> = key.split("单位").collect();
    let mut units = Units::default();
    for (at, (before, after)) in parts.iter().zip(parts.iter().skip(1)).enumerate() {
        let is_kind = KINDS.iter().any(|kind| before.ends_with(kind));
        let is_start = before.is_empty() || before.ends_with(|c: char| !c.is_alphanumeric());
        let (marked, segment) = segment(after, at + 2 < parts.len());
        let found = words(segment);
        // 填报单位：省经信厅 is no unit; 填报日期：7月8日单位：亿元 is one, though nothing parts them.
        if !found.known.is_empty() || (marked && (is_kind || is_start)) {
            units.known.extend(found.known);
            units.unknown.extend(found.unknown.into_iter().filter(|word| is_kind || !is_somebody(word)));
        }
    }
    (units != Units::default()).then_some(units)
}

/// The units of a heading's brackets, `None` where they hold a note: 含税, 截至6月底, 数字化车间.
#[must_use]
pub fn of_brackets(inner: &str) -> Option<Units> {
    let (marked, inner) = match inner.split_once("单位") {
        Some((before, after)) if before.is_empty() || KINDS.contains(&before) => (true, segment(after, false).1),
        _ => (false, inner),
    };
    let inner = inner.trim_start_matches('±');
    let mut units = words(inner);
    if units.known.is_empty() {
        units.unknown.retain(|word| marked || is_relative(word) || is_scale(word));
        return (!units.unknown.is_empty()).then_some(units);
    }
    // 万元,含税: what stands beside a unit is a note, unless it is one of its relatives.
    units.unknown.retain(|word| is_relative(word));
    Some(units)
}

/// The unit that stands behind a heading's words without brackets (投资额/万元, 投资额：万元), and the words before it.
#[must_use]
pub fn behind(key: &str) -> Option<(&str, Units)> {
    let (words, tail) = key.rsplit_once(['/', ':', ',', '、', '|'])?;
    let is_field = words.is_empty() || words.ends_with("单位") || tail.contains(['(', ')', '[', ']']);
    let units = self::words(tail);
    let is_unit = (units.unknown.is_empty() && !units.known.is_empty()) || is_scale(tail);
    (is_unit && !is_field).then_some((words, units))
}

/// A multiple that stands for a unit by itself: （万）.
#[must_use]
pub fn is_scale(word: &str) -> bool {
    // （百） and （千） are met as numbers of sections.
    word.chars().count() <= 2 && word.ends_with(['万', '亿']) && Unit::prefixes().any(|(prefix, _)| prefix == word)
}

impl Units {
    /// The units that a column in `own` may be in: those that are named, and a bare 万 or 亿 as what it is beside `own`.
    #[must_use]
    pub fn beside(&self, own: &Unit) -> Vec<Unit> {
        let scales = self.unknown.iter().filter(|word| is_scale(word)).filter_map(|word| Unit::beside(word, own));
        self.known.iter().cloned().chain(scales).collect()
    }
}

/// Whether a word ends like a unit but is none we know: 港元, 万标准吨.
fn is_relative(word: &str) -> bool {
    RELATIVES.iter().any(|base| word.ends_with(base))
        && !NO_RELATIVES.iter().any(|other| word.ends_with(other))
        && word.chars().count() <= 6
}

fn is_somebody(word: &str) -> bool {
    NO_UNITS.iter().any(|end| word.ends_with(end)) || word.starts_with(['见', '详', '如', '同']) || word.chars().count() > 8
}

/// What stands behind 单位, and whether a colon or bracket sets it off; `more`: another 单位 follows, whose kind ends it.
fn segment(after: &str, more: bool) -> (bool, &str) {
    let (marked, rest) = match after.strip_prefix([':', '(', '[', '为']) {
        Some(rest) => (true, rest),
        None => (false, after),
    };
    // Up to a bracket that was opened before.
    let mut depth = 0_i32;
    let end = rest.char_indices().find_map(|(at, c)| {
        depth += i32::from(matches!(c, '(' | '[')) - i32::from(matches!(c, ')' | ']'));
        (depth < 0).then_some(at)
    });
    let rest = end.and_then(|end| rest.get(..end)).unwrap_or(rest);
    let rest = if more { KINDS.iter().find_map(|kind| rest.strip_suffix(kind)).unwrap_or(rest) } else { rest };
    (marked, rest.trim_end_matches(|c: char| is_separator(c) || matches!(c, '(' | '[')))
}

fn is_separator(c: char) -> bool {
    matches!(c, '、' | ',' | ';' | '/' | '|' | '。' | '.' | ':' | '和' | '或')
}

/// The unit words of a text.
fn words(text: &str) -> Units {
    let mut units = Units::default();
    let outside = without_notes(text);
    for word in outside.split(is_separator).filter(|word| !word.is_empty()) {
        match read(word) {
            Some(found) => units.known.extend(found),
            None if CURRENCY.contains(&word) => {}
            None => units.unknown.push(word.to_owned()),
        }
    }
    // 人民币(万元), 投资额(万元): the unit is the note. 万元(美元) is neither.
    let noted = notes(text).into_iter().filter_map(read).flatten();
    for unit in noted {
        if units.known.is_empty() {
            units.unknown.clear();
            units.known.push(unit);
        } else if !units.known.contains(&unit) {
            return Units { known: Vec::new(), unknown: vec![text.to_owned()] };
        }
    }
    units
}

/// The units of one word; several stand side by side where blanks parted them.
fn read(word: &str) -> Option<Vec<Unit>> {
    let bare = CURRENCY.iter().fold(word, |word, name| word.strip_prefix(name).unwrap_or(word));
    let bare = CURRENCY.iter().fold(bare, |word, name| word.strip_suffix(name).unwrap_or(word)).trim_start_matches('±');
    let bare = if bare == "个百分点" { "百分点" } else { bare };
    if let Some(unit) = Unit::parse(bare) {
        return Some(vec![unit]);
    }
    let mut rest = bare;
    let mut units = Vec::new();
    while !rest.is_empty() {
        let ends = rest.char_indices().rev().map(|(at, c)| at + c.len_utf8());
        let mut known = ends.filter_map(|end| Some((Unit::parse(rest.get(..end)?)?, end)));
        let Some((unit, end)) = known.next() else {
            let is_field = rest.starts_with(|c: char| c.is_ascii_digit()) || FIELDS.iter().any(|field| rest.starts_with(field));
            return (is_field && !units.is_empty()).then_some(units);
        };
        units.push(unit);
        rest = rest.get(end..).unwrap_or_default();
    }
    (!units.is_empty()).then_some(units)
}

fn without_notes(text: &str) -> String {
    let mut depth = 0_i32;
    text.chars()
        .filter(|c| {
            let opens = matches!(c, '(' | '[');
            let closes = matches!(c, ')' | ']');
            depth += i32::from(opens);
            let outside = depth <= 0;
            depth -= i32::from(closes);
            outside && !closes
        })
        .collect()
}

/// What stands in brackets.
fn notes(text: &str) -> Vec<&str> {
    text.split(['(', '[']).skip(1).filter_map(|part| part.split([')', ']']).next()).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::ingest::parse::text::comparable;

    fn told(units: Option<Units>) -> String {
        let Some(units) = units else { return "-".to_owned() };
        let known = units.known.iter().map(|unit| unit.name().to_owned());
        known.chain(units.unknown.iter().map(|word| format!("?{word}"))).collect::<Vec<_>>().join(" ")
    }

    #[rstest]
    #[case("单位：万元", "万元")]
    #[case("（单位：百万元）", "百万元")]
    #[case("单位：人民币万元", "万元")]
    #[case("金额单位：人民币万元", "万元")]
    #[case("计量单位：千万元", "千万元")]
    #[case("数量单位：个", "个")]
    #[case("单位：万元人民币", "万元")]
    #[case("单位：RMB 万元", "万元")]
    #[case("单位：人民币（万元）", "万元")]
    #[case("（万元）", "万元")]
    #[case("万元", "万元")]
    #[case("单位（万元）", "万元")]
    #[case("单位 万元", "万元")]
    #[case("单 位：亿 元", "亿元")]
    #[case("单位:万元、家、%", "万元 家 %")]
    #[case("单位：万元，家；％", "万元 家 %")]
    #[case("单位：万元/万美元", "万元 万美元")]
    #[case("单位：亿元　万千瓦", "亿元 万千瓦")]
    #[case("单位：万元（保留两位小数）", "万元")]
    #[case("金额单位：万元，数量单位：家", "万元 家")]
    #[case("填报单位：省经信厅　单位：亿元", "亿元")]
    #[case("填报日期：2022年7月8日　单位：亿元", "亿元")]
    #[case("单位：亿元　填报日期：2022年7月8日", "亿元")]
    #[case("技术改造投资情况（单位：亿元）", "亿元")]
    #[case("技术改造投资情况（万元）", "万元")]
    #[case("单位：万港元", "?万港元")]
    #[case("单位：万元（美元）", "?万元(美元)")]
    #[case("单位：亿元、亩", "亿元 ?亩")]
    #[case("单位：佰万元", "?佰万元")]
    #[case("填报单位：省经信厅", "-")]
    #[case("单位：省经信厅", "-")]
    #[case("单位：（盖章）", "-")]
    #[case("单位：见各栏", "-")]
    #[case("单位名称：某某公司", "-")]
    #[case("报送单位：省能源局　联系人：张三", "-")]
    #[case("2022年1—6月技术改造投资情况", "-")]
    #[case("首台（套）装备情况（1—6月）", "-")]
    fn lines_name_units(#[case] line: &str, #[case] expected: &str) {
        assert_eq!(told(of_line(&comparable(line))), expected);
    }

    #[rstest]
    #[case("万元", "万元")]
    #[case("单位：亿元", "亿元")]
    #[case("±%", "%")]
    #[case("人民币百万元", "百万元")]
    #[case("万元，保留两位小数", "万元")]
    #[case("家、个", "家 个")]
    #[case("万港元", "?万港元")]
    #[case("单位：亩", "?亩")]
    #[case("/万元", "万元")]
    #[case("万", "?万")]
    #[case("亿", "?亿")]
    #[case("百", "-")]
    #[case("十", "-")]
    #[case("含税", "-")]
    #[case("截至6月底", "-")]
    #[case("户籍", "-")]
    #[case("1—6月", "-")]
    #[case("数字化车间", "-")]
    #[case("国家", "-")]
    #[case("个别", "-")]
    #[case("新开工单元", "-")]
    #[case("含3家", "-")]
    fn brackets_hold_units_or_notes(#[case] inner: &str, #[case] expected: &str) {
        assert_eq!(told(of_brackets(&comparable(inner))), expected);
    }

    #[rstest]
    #[case("投资额/万元", Some("投资额"))]
    #[case("投资额：万元", Some("投资额"))]
    #[case("投资额，亿", Some("投资额"))]
    #[case("投资额/同比", None)]
    #[case("单位：万元", None)]
    #[case("企业名称", None)]
    fn a_unit_may_stand_behind_a_stroke(#[case] heading: &str, #[case] expected: Option<&str>) {
        let key = comparable(heading);
        assert_eq!(behind(&key).map(|(words, _)| words), expected);
    }

    #[test]
    fn a_bare_multiple_is_a_unit_of_the_columns_kind() {
        let units = of_brackets("万").unwrap();
        for (own, expected) in [("亿元", "万元"), ("万美元", "万美元"), ("万千瓦", "万千瓦"), ("家", "万家")] {
            assert_eq!(units.beside(&Unit::parse(own).unwrap()), [Unit::parse(expected).unwrap()]);
        }
    }
}
