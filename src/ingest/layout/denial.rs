//! Words by which a sheet, a title or a section says that its rows do not belong to the list, however alike its headings are.

use crate::ingest::grid::Grid;
use crate::ingest::parse::nfkc::may_begin;
use crate::ingest::parse::text::{comparable, year_in};

const WORDS: [&str; 26] = [
    "撤销",
    "退出",
    "调出",
    "储备",
    "未纳入",
    "不纳入",
    "未列入",
    "不列入",
    "不计入",
    "不计算",
    "剔除",
    "终止",
    "取消",
    "作废",
    "注销",
    "示例",
    "草稿",
    "征求意见",
    "请勿填写",
    "往年",
    "上年",
    "去年",
    "拟认定",
    "尚未认定",
    "尚未通过",
    "未通过评审",
];

/// The same said of one row, in a remark or a status: more is needed than over a section, where 上年, 取消 and their like say enough.
const OF_ROWS: [&str; 31] = [
    "不计入",
    "不纳入",
    "不列入",
    "未计入",
    "未纳入",
    "未列入",
    "不予计入",
    "不予纳入",
    "不统计",
    "不计算",
    "不作统计",
    "不予统计",
    "不予认定",
    "未通过",
    "已撤销",
    "撤销认定",
    "已退出",
    "已调出",
    "已注销",
    "已取消",
    "已终止",
    "已作废",
    "剔除",
    "请勿填写",
    "重复填报",
    "请删除",
    "仅供参考",
    "已退库",
    "拟认定",
    "尚未认定",
    "行重复",
];
/// Said alone.
const ALONE: [&str; 12] = ["撤销", "退出", "调出", "注销", "取消", "终止", "作废", "示例", "样例", "储备", "草稿", "重复"];
/// A column that asks whether a row counts.
const WHETHER: [&str; 6] = ["纳入", "计入", "列入", "入统", "有效", "采用"];
/// What may be said beside it.
const GENERAL: [&str; 20] = [
    "统计",
    "范围",
    "名单",
    "清单",
    "考核",
    "指标",
    "任务",
    "目标",
    "总数",
    "合计",
    "计算",
    "完成数",
    "本表",
    "本次",
    "本月",
    "当月",
    "本年",
    "当年",
    "年度",
    "情况",
];
const WHETHER_ALONE: [&str; 8] = ["是否统计", "是否通过", "是否符合", "是否符合条件", "是否上报", "是否报送", "是否认定", "是否计数"];
const NO: [&str; 16] = ["否", "不", "不是", "非", "未", "无", "n", "no", "false", "x", "×", "✗", "✘", "不纳入", "不计入", "不列入"];
/// What a form's filled-in example begins with; 样例 begins names, too.
const EXAMPLES: [&str; 5] = ["示例", "填写示例", "填报示例", "填表示例", "例:"];
const SAMPLES: [&str; 2] = ["样例", "例如"];

/// Whether a remark or a status says that its row does not count.
#[must_use]
pub fn remark_denies(text: &str) -> bool {
    let key = comparable(text);
    let bare = key.trim_matches(|c: char| !c.is_alphanumeric());
    ALONE.contains(&bare) || OF_ROWS.iter().any(|word| key.contains(word))
}

/// What stands in brackets.
pub fn in_brackets(text: &str) -> impl Iterator<Item = &str> {
    text.split(OPENING).skip(1).filter_map(|part| part.split(CLOSING).next())
}

const OPENING: [char; 5] = ['（', '(', '【', '[', '〔'];
const CLOSING: [char; 5] = ['）', ')', '】', ']', '〕'];

/// A name without notes in brackets that its row does not count.
#[must_use]
pub fn without_denial(name: &str) -> String {
    let mut rest = name;
    let mut kept = String::new();
    while let Some((before, from)) = rest.find(OPENING).map(|at| rest.split_at(at)) {
        kept.push_str(before);
        let end = from.char_indices().find(|(_, c)| CLOSING.contains(c)).map_or(from.len(), |(at, c)| at + c.len_utf8());
        let (note, after) = from.split_at(end);
        if !remark_denies(note) {
            kept.push_str(note);
        }
        rest = after;
    }
    kept + rest
}

/// Whether a heading asks if a row counts: 是否纳入, 是否计入本月统计; not 是否列入省重点, which asks something else.
#[must_use]
pub fn asks_whether(heading: &str) -> bool {
    let key = comparable(heading.rsplit('/').next().unwrap_or(heading));
    if WHETHER_ALONE.contains(&key.as_str()) {
        return true;
    }
    let rest = GENERAL.iter().fold(key.replace("是否", "").replace("与否", ""), |rest, word| rest.replace(word, ""));
    WHETHER.contains(&rest.as_str())
}

/// Whether a cell answers no.
#[must_use]
pub fn is_no(text: &str) -> bool {
    let key = comparable(text);
    NO.contains(&key.as_str())
}

/// Whether a name is a form's example: `示例：杭州某某公司`, `（填写示例）…`.
#[must_use]
pub fn is_example(text: &str) -> bool {
    const BEGINS: [char; 10] = ['示', '填', '例', '样', '(', '[', '【', '<', '“', '*'];
    if !may_begin(text, &BEGINS) {
        return false;
    }
    let key = comparable(text);
    let bare = key.trim_start_matches(['(', '[', '【', '〔', '<', '“', '*']);
    let set_off = |rest: &str| rest.is_empty() || rest.starts_with([':', ')', ']', '】', '〕', '>', '”', '-', ',', '、']);
    EXAMPLES.iter().any(|word| bare.starts_with(word)) || SAMPLES.iter().any(|word| bare.strip_prefix(word).is_some_and(set_off))
}

/// Title lines stand this close above their heading.
const ROWS_ABOVE: u32 = 6;

/// Whether a text denies that what it stands over is the list of `year`.
#[must_use]
pub fn denies(text: &str, year: i32) -> bool {
    let key = comparable(text);
    let of_another_year = year_in(&key).is_some_and(|named| named != year && key.contains('年') && !key.contains(&year.to_string()));
    of_another_year || WORDS.iter().any(|word| key.contains(word))
}

/// Whether a sheet's name, or a line of one text right above a heading, denies it.
#[must_use]
pub fn is_denied(grid: &Grid, top: u32, year: i32) -> bool {
    let lines = (top.saturating_sub(ROWS_ABOVE)..top).map(|row| grid.row(row));
    let mut lone = lines.filter_map(|cells| if let [cell] = cells { cell.text() } else { None });
    denies(&grid.name, year) || lone.any(|text| denies(text, year))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("退出项目", true)]
    #[case("撤销名单", true)]
    #[case("二、储备项目（不在清单内）", true)]
    #[case("2021年", true)]
    #[case("2021年度省重大外资项目推进计划", true)]
    #[case("2022年6月（2021年结转）", false)]
    #[case("三、拟认定企业（公示中）", true)]
    #[case("以下6家尚未通过评审", true)]
    #[case("尚未开工项目", false)]
    #[case("企业技术中心（续）", false)]
    #[case("杭州市", false)]
    #[case("企业技术中心 (2)", false)]
    fn words_and_other_years_deny(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(denies(text, 2022), expected);
    }

    #[rstest]
    #[case("不计入", true)]
    #[case("复核未通过，不纳入统计", true)]
    #[case("已撤销", true)]
    #[case("（撤销）", true)]
    #[case("示例", true)]
    #[case("已退库", true)]
    #[case("与第5行重复", true)]
    #[case("上年储备，2022年认定", false)]
    #[case("原名杭州某某有限公司", false)]
    #[case("新认定", false)]
    #[case("取消限批后开工", false)]
    #[case("纳入省重点", false)]
    fn a_remark_denies_its_row(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(remark_denies(text), expected);
    }

    #[rstest]
    #[case("是否纳入", true)]
    #[case("是否计入统计", true)]
    #[case("纳入与否", true)]
    #[case("是否通过", true)]
    #[case("是否纳入本月统计范围", true)]
    #[case("是否列入省重点", false)]
    #[case("是否上市", false)]
    #[case("是否通过环评", false)]
    #[case("纳税额", false)]
    fn a_heading_asks_whether_a_row_counts(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(asks_whether(text), expected);
    }

    #[rstest]
    #[case("示例：杭州某某有限公司", true)]
    #[case("（示例）杭州某某有限公司", true)]
    #[case("【填写示例】杭州某某有限公司", true)]
    #[case("样例：杭州某某有限公司", true)]
    #[case("样例能源集团有限公司", false)]
    #[case("例会制度", false)]
    fn an_example_is_no_row(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(is_example(text), expected);
    }
}
