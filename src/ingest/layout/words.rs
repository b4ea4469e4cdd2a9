//! What a row's label says about the row: data, a total, an "of which" row, a foot line, a heading between rows.
//!
//! Words alone never decide: [`super::row`] weighs them against what else the row holds.

pub use crate::ingest::content::region::is_own;
use crate::ingest::parse::nfkc::{may_begin, plain};
use crate::ingest::parse::region::{Gazetteer, Place};
use crate::ingest::parse::text::comparable;
use crate::model::TotalKind;
use crate::plan::Shape;

/// What a row's label says about the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowWord {
    /// 合计, 小计, 全省 …
    Total,
    /// 省本级, 跨市: what belongs to no city (tables of regions only).
    Own,
    /// A part that a data row already contains: 其中, 山区26县, 不含宁波, 宁波单列 (tables of regions and forms only).
    OfWhich,
    /// 注, 填报人 …
    Foot,
    /// 以下空白.
    Blank,
    /// 一、…: a heading between rows.
    Group,
    Data,
}

/// Total words; `X小计` and `X汇总` (Excel's 分类汇总) besides.
const TOTALS: [&str; 11] = ["合计", "总计", "共计", "汇总", "总额", "总数", "小计", "全省", "全国", "累计", "总和"];
/// What is carried from page to page in a printed list.
const CARRIED: [&str; 9] = ["承前页", "接前页", "承上页", "接上页", "续前页", "过次页", "转次页", "转下页", "接下页"];
/// How one of these begins.
const CARRIED_BEGIN: [char; 6] = ['(', '承', '接', '续', '过', '转'];
/// What may stand around a total word.
const AROUND: [&str; 7] = ["全省", "全部", "总", "各市", "数", "各地", "本页"];
const OF_WHICH: [&str; 4] = ["其中", "山区26县", "山区二十六县", "市本级"];
const FEET: [&str; 28] = [
    "注:",
    "注1",
    "备注:",
    "说明:",
    "情况说明",
    "填报说明",
    "填报人",
    "填表人",
    "制表人",
    "制表:",
    "经办人",
    "经办:",
    "审核人",
    "审核:",
    "复核人",
    "复核:",
    "单位负责人",
    "分管领导",
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
const BLANKS: [&str; 4] = ["以下空白", "以下无正文", "以下为空", "此行以下空白"];

/// Judges a row by its label; what 其中 or 省本级 means depends on the kind of table.
#[must_use]
pub fn row_word(text: &str, gazetteer: &Gazetteer, shape: Shape) -> RowWord {
    let key = comparable(text);
    let bare = key.trim_start_matches(['(', '#', '*']);
    if BLANKS.iter().any(|word| bare.trim_end_matches([')', '*']) == *word) {
        return RowWord::Blank;
    }
    if FEET.iter().any(|word| key.starts_with(word)) || is_signature(&key) {
        return RowWord::Foot;
    }
    if shape != Shape::Records && OF_WHICH.iter().any(|word| bare.starts_with(word)) {
        return RowWord::OfWhich;
    }
    if shape == Shape::Matrix {
        if key.contains("不含") || key.contains("单列") {
            return RowWord::OfWhich;
        }
        if is_own(bare) {
            return RowWord::Own;
        }
        if is_province(&key, gazetteer) {
            return RowWord::Total;
        }
    }
    if is_total(&key) || is_carried(&key) {
        return RowWord::Total;
    }
    if is_group(&key) && gazetteer.city(&key).is_none() { RowWord::Group } else { RowWord::Data }
}

/// The province's name, perhaps with a total word behind it: 浙江省合计, 浙江省（合计）.
fn is_province(key: &str, gazetteer: &Gazetteer) -> bool {
    let is_it = |name: &str| gazetteer.find(name) == Some(&Place::Province);
    let bare: String = key.chars().filter(|c| !matches!(c, '(' | ')')).collect();
    is_it(key) || TOTALS.iter().filter_map(|word| bare.strip_suffix(word)).any(|name| !name.is_empty() && is_it(name))
}

/// Whether the label is a total word, whatever customary words stand around it.
#[must_use]
pub fn is_total(key: &str) -> bool {
    let bare = key.split(['(', ':']).next().unwrap_or(key);
    if bare.chars().count() > 2 && (bare.ends_with("小计") || bare.ends_with("汇总")) {
        return true;
    }
    let mut word = bare;
    for around in AROUND {
        if !TOTALS.contains(&word) {
            word = word.strip_prefix(around).unwrap_or(word);
        }
        if !TOTALS.contains(&word) {
            word = word.strip_suffix(around).unwrap_or(word);
        }
    }
    TOTALS.contains(&word)
}

/// Whether the label carries a sum over to another page: it adds up neither the table nor a block of it.
#[must_use]
pub fn is_carried(label: &str) -> bool {
    if !may_begin(label, &CARRIED_BEGIN) {
        return false;
    }
    let key = comparable(label);
    CARRIED.iter().any(|word| key.trim_start_matches('(').starts_with(word)) && key.chars().count() <= 10
}

/// What a total row of that label adds up: 小计, `X小计`, `X汇总` a block, everything else the table.
#[must_use]
pub fn total_kind(label: &str) -> TotalKind {
    let key = comparable(label);
    let bare = key.split(['(', ':']).next().unwrap_or(&key);
    let of_block = bare.contains("小计")
        || bare.starts_with("本页")
        || (bare.chars().count() > 2 && bare.ends_with("汇总") && !["全省", "总", "全部"].iter().any(|word| bare.starts_with(word)));
    if of_block { TotalKind::Block } else { TotalKind::Whole }
}

/// `处室负责人：张三`: a short office word, a colon.
fn is_signature(key: &str) -> bool {
    const ENDS: [&str; 12] = ["人", "领导", "审核", "审批", "经办", "签字", "签名", "盖章", "电话", "日期", "时间", "单位"];
    key.split_once(':')
        .is_some_and(|(before, _)| before.chars().count() <= 8 && ENDS.iter().any(|end| before.trim_end_matches(')').ends_with(end)))
}

/// What a cell asks for that wants a signature, or who the office is before it.
const LABELS: [&str; 22] = [
    "填报人",
    "填表人",
    "制表人",
    "制表",
    "填报",
    "经办人",
    "经办",
    "审核人",
    "审核",
    "复核人",
    "复核",
    "审批人",
    "负责人",
    "分管领导",
    "联系人",
    "联系电话",
    "电话",
    "填报日期",
    "填表日期",
    "报送日期",
    "填报单位",
    "报送单位",
];
const OFFICES: [&str; 4] = ["单位", "处室", "科室", "部门"];
/// How one of these begins.
const SIGNATURES_BEGIN: [char; 15] = ['填', '制', '经', '审', '复', '负', '分', '联', '电', '报', '单', '处', '科', '部', '('];

/// A cell that asks for a signature, with the name behind a colon or in the next cell.
#[must_use]
pub fn is_signature_label(text: &str) -> bool {
    // A colon anywhere may part a word from its name; without one the label is all there is.
    if !may_begin(text, &SIGNATURES_BEGIN) && text.chars().all(|c| plain(c).is_some_and(|c| c != ':')) {
        return false;
    }
    let key = comparable(text);
    let label = key.split(':').next().unwrap_or(&key);
    let label = label.split('(').next().unwrap_or(label);
    LABELS.contains(&label)
        || OFFICES.iter().any(|who| label.strip_prefix(who).is_some_and(|rest| LABELS.contains(&rest)))
        || is_signature(&key)
}

fn is_group(key: &str) -> bool {
    let bare = key.trim_start_matches('(');
    let numerals = bare.trim_start_matches(|c: char| "一二三四五六七八九十".contains(c));
    numerals.len() < bare.len() && numerals.starts_with(['、', ')', '.'])
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::ingest::parse::region::tests::cities;

    fn word(text: &str, shape: Shape) -> RowWord {
        let (province, cities) = cities();
        row_word(text, &Gazetteer::new(&province, &cities), shape)
    }

    #[test]
    fn every_word_begins_as_is_told() {
        let begins = |word: &&str, chars: &[char]| word.starts_with(chars);
        assert!(CARRIED.iter().all(|word| begins(word, &CARRIED_BEGIN)));
        assert!(LABELS.iter().chain(&OFFICES).all(|word| begins(word, &SIGNATURES_BEGIN)));
        for text in ["盖 章：", "盖章﹕", " 处 室经办人", "制表（签字）"] {
            assert!(is_signature_label(text), "{text}");
        }
        assert!(!is_signature_label("杭州年产3万件项目"));
    }

    #[rstest]
    #[case("浙江省", RowWord::Total)]
    #[case("其中：义乌市", RowWord::OfWhich)]
    #[case("#山区26县", RowWord::OfWhich)]
    #[case("全省（不含宁波）", RowWord::OfWhich)]
    #[case("宁波单列", RowWord::OfWhich)]
    #[case("省本级", RowWord::Own)]
    #[case("省本级及跨市项目", RowWord::Own)]
    #[case("注：本表为快报数", RowWord::Foot)]
    #[case("填报人：张三", RowWord::Foot)]
    #[case("处室负责人：李四", RowWord::Foot)]
    #[case("以 下 空 白", RowWord::Blank)]
    #[case("（以下空白）", RowWord::Blank)]
    #[case("宁波市", RowWord::Data)]
    #[case("注塑机智能产线项目", RowWord::Data)]
    #[case("一、省级重点", RowWord::Group)]
    #[case("（二）市县", RowWord::Group)]
    fn a_label_tells_the_row_of_a_table_of_regions(#[case] text: &str, #[case] expected: RowWord) {
        assert_eq!(word(text, Shape::Matrix), expected);
    }

    #[rstest]
    fn total_words_are_known_as_a_set(
        #[values(
            "合　　计",
            "合计（11个市）",
            "总计",
            "共计",
            "汇总",
            "总额",
            "总数",
            "小计",
            "全省",
            "全国",
            "累计",
            "总和",
            "全省合计",
            "总合计",
            "合计数",
            "合计：52家",
            "杭州市 汇总",
            "杭州市小计",
            "各市合计",
            "承前页",
            "过次页",
            "过次页合计",
            "本页合计"
        )]
        text: &str,
        #[values(Shape::Matrix, Shape::Records, Shape::Form)] shape: Shape,
    ) {
        assert_eq!(word(text, shape), RowWord::Total);
    }

    #[rstest]
    #[case("其中科技有限公司")]
    #[case("省级创新中心")]
    #[case("省本级")]
    #[case("总数据中心")]
    #[case("山区26县产业园")]
    #[case("注册审核中心")]
    fn in_a_list_these_are_names(#[case] text: &str) {
        assert_eq!(word(text, Shape::Records), RowWord::Data);
    }
}
