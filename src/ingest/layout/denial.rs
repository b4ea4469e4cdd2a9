//! Words by which a sheet, a title or a section says that its rows do not belong to the list, however alike its headings are.

use crate::ingest::grid::Grid;
use crate::ingest::parse::text::{comparable, year_in};

const WORDS: [&str; 22] = [
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
];

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
    #[case("企业技术中心（续）", false)]
    #[case("杭州市", false)]
    #[case("企业技术中心 (2)", false)]
    fn words_and_other_years_deny(#[case] text: &str, #[case] expected: bool) {
        assert_eq!(denies(text, 2022), expected);
    }
}
