//! Rows that are no data: totals, "of which" rows, foot lines; told by their first words.

use crate::ingest::parse::region::{Gazetteer, Place};
use crate::ingest::parse::text::comparable;

/// What a row's label says about the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowWord {
    Total,
    /// A part that a data row already contains: 其中, 山区26县, 不含宁波, 宁波单列, a county.
    Part,
    /// 注, 填报人 …: the table is over.
    Foot,
    /// 一、…: a heading between rows.
    Group,
    /// A lone text below a gap.
    Note,
    Data,
}

const TOTALS: [&str; 10] = ["合计", "总计", "小计", "全省", "全省合计", "全省总计", "全省小计", "总合计", "合计数", "全部合计"];
const PARTS: [&str; 7] = ["其中", "山区26县", "山区二十六县", "不含宁波", "宁波单列", "市本级", "省本级"];
const FEET: [&str; 24] = [
    "注:",
    "注1",
    "注：",
    "备注:",
    "说明:",
    "填报说明",
    "填报人",
    "填表人",
    "制表人",
    "经办人",
    "审核人",
    "审核:",
    "复核人",
    "单位负责人",
    "负责人:",
    "填报单位",
    "报送单位",
    "联系电话",
    "联系人",
    "填报日期",
    "填表日期",
    "数据来源",
    "资料来源",
    "样例数据",
];

/// Judges a row by its label.
#[must_use]
pub fn row_word(text: &str, gazetteer: &Gazetteer, cities_expected: bool) -> RowWord {
    let key = comparable(text);
    let bare = key.trim_start_matches(['(', '#', '*']);
    if FEET.iter().any(|word| key.starts_with(word)) {
        return RowWord::Foot;
    }
    if PARTS.iter().any(|word| bare.starts_with(word)) || (cities_expected && (key.contains("不含") || key.contains("单列"))) {
        return RowWord::Part;
    }
    if is_total(&key) || (cities_expected && gazetteer.find(&key) == Some(&Place::Province)) {
        return RowWord::Total;
    }
    if is_group(&key) && gazetteer.city(&key).is_none() { RowWord::Group } else { RowWord::Data }
}

fn is_total(key: &str) -> bool {
    let bare = key.split('(').next().unwrap_or(key).trim_end_matches(':');
    TOTALS.contains(&bare)
}

fn is_group(key: &str) -> bool {
    let numerals = key.trim_start_matches(|c: char| "一二三四五六七八九十".contains(c));
    numerals.len() < key.len() && numerals.starts_with('、')
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::ingest::parse::region::tests::cities;

    #[rstest]
    #[case("合　　计", RowWord::Total)]
    #[case("合计（11个市）", RowWord::Total)]
    #[case("浙江省", RowWord::Total)]
    #[case("其中：义乌市", RowWord::Part)]
    #[case("#山区26县", RowWord::Part)]
    #[case("全省（不含宁波）", RowWord::Part)]
    #[case("宁波单列", RowWord::Part)]
    #[case("注：本表为快报数", RowWord::Foot)]
    #[case("填报人：张三", RowWord::Foot)]
    #[case("宁波市", RowWord::Data)]
    #[case("注塑机智能产线项目", RowWord::Data)]
    #[case("一、省级重点", RowWord::Group)]
    fn a_label_tells_the_row(#[case] text: &str, #[case] word: RowWord) {
        let (province, cities) = cities();
        assert_eq!(row_word(text, &Gazetteer::new(&province, &cities), true), word);
    }
}
