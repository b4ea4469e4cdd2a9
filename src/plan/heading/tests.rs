use rstest::rstest;

use super::*;
use crate::plan::{Accumulation, ColumnType, Frequency, Shape, TotalRule};

fn column(name: &str, labels: &[&str]) -> ColumnSpec {
    ColumnSpec {
        name: name.to_owned(),
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
        kind: ColumnType::Decimal,
        unit: None,
        decimals: 2,
        required: true,
        unique: false,
        min: None,
        max: None,
        pattern: None,
        choices: vec![],
        last_year_of: None,
        month_of: None,
    }
}

fn dataset(columns: Vec<ColumnSpec>) -> Dataset {
    Dataset {
        code: "investment".to_owned(),
        title: String::new(),
        measure: None,
        from: vec![],
        sheets: vec![],
        shape: Shape::Matrix,
        accumulation: Accumulation::Cumulative,
        frequency: Frequency::Month,
        lag: 0,
        due_day: 8,
        january_merged: false,
        columns,
        key: vec![],
        total_rule: TotalRule::Equal,
        items: vec![],
        regions_across: false,
        rules: vec![],
        may_be_empty: false,
        list_year: false,
    }
}

fn of(dataset: &Dataset, name: &str, reporting: &str) -> Headings {
    headings(dataset, dataset.column(name).unwrap(), reporting.parse().unwrap())
}

fn accepts(headings: &Headings, path: &str) -> bool {
    headings.accepted.iter().any(|one| one.join("/") == path)
}

#[rstest]
#[case("1—{month}月累计", "上年同期累计", "2021年1—6月累计", true)]
#[case("1—{month}月累计", "上年同期累计", "2021年上半年累计", true)]
#[case("1—{month}月累计", "去年同期", "2021年同期", true)]
#[case("1—{month}月累计", "上年同期累计", "2020年1—6月累计", false)]
#[case("1—{month}月累计", "上年同期累计", "2021年1—5月累计", false)]
#[case("{month}月产量", "上年同月产量", "2021年6月产量", true)]
#[case("{month}月产量", "上年同月产量", "2021年1—6月产量", false)]
#[case("季度累计", "上年同期累计", "2021年1—6月累计", false)]
#[case("季度累计", "上年同期累计", "去年同期累计", true)]
#[case("1—{month}月累计", "上年同期累计", "去年同期累计", true)]
#[case("1—{month}月累计", "上年同期累计", "上年1—6月累计", true)]
fn last_years_column_may_name_its_months(#[case] label: &str, #[case] own: &str, #[case] heading: &str, #[case] expected: bool) {
    let last_year = ColumnSpec { last_year_of: Some("total".to_owned()), ..column("last_year", &[own]) };
    let dataset = dataset(vec![column("total", &[label]), last_year]);
    assert_eq!(accepts(&of(&dataset, "last_year", "2022-06"), heading), expected);
    assert!(!accepts(&of(&dataset, "total", "2022-06"), heading));
}

#[rstest]
#[case("2022-06", "1—6月累计")]
#[case("2022-06", "1至6月累计")]
#[case("2022-06", "1月到6月累计")]
#[case("2022-06", "2022年1—6月累计")]
#[case("2022-06", "上半年累计")]
#[case("2022-06", "2022年上半年累计")]
#[case("2022-06", "本年1—6月累计")]
#[case("2022-06", "自年初累计")]
#[case("2022-06", "本年累计")]
#[case("2022-03", "一季度累计")]
#[case("2022-09", "前三季度累计")]
#[case("2022-12", "全年累计")]
#[case("2022-01", "1月累计")]
fn the_data_month_is_accepted_in_every_writing(#[case] reporting: &str, #[case] heading: &str) {
    let dataset = dataset(vec![column("total", &["1—{month}月累计"])]);
    assert!(accepts(&of(&dataset, "total", reporting), heading));
}

#[rstest]
#[case("2022-06", "1—5月累计")]
#[case("2022-06", "2021年1—6月累计")]
#[case("2022-06", "6月累计")]
#[case("2022-06", "本年1—5月累计")]
#[case("2022-09", "上半年累计")]
#[case("2022-05", "一季度累计")]
fn another_month_is_not(#[case] reporting: &str, #[case] heading: &str) {
    let dataset = dataset(vec![column("total", &["1—{month}月累计"])]);
    assert!(!accepts(&of(&dataset, "total", reporting), heading));
}

#[test]
fn a_quarter_that_lags_bears_its_own_months() {
    let mut dataset = dataset(vec![column("amount", &["1—{month}月累计", "本年累计"])]);
    dataset.lag = 3;
    let june = of(&dataset, "amount", "2022-06");
    assert_eq!(june.shown, "1—3月累计");
    assert!(accepts(&june, "1—3月累计") && accepts(&june, "一季度累计") && accepts(&june, "本年累计"));
    assert!(!accepts(&june, "1—6月累计"));
    // The fourth quarter is handed in next year, and is last year's.
    let march = of(&dataset, "amount", "2023-03");
    assert!(accepts(&march, "2022年全年累计") && !accepts(&march, "2023年1—12月累计"));
}

#[test]
fn a_merged_january_makes_february_both_months() {
    let mut dataset = dataset(vec![column("month", &["投资/{month}月"]), column("total", &["投资/1—{month}月累计"])]);
    dataset.january_merged = true;
    let month = of(&dataset, "month", "2022-02");
    assert_eq!((month.shown.as_str(), month.full.as_str()), ("1—2月", "投资/1—2月"));
    assert!(accepts(&month, "投资/1—2月") && accepts(&month, "投资/2月"));
    assert_eq!(of(&dataset, "total", "2022-02").shown, "1—2月累计");
    assert_eq!(of(&dataset, "month", "2022-03").shown, "3月");
    // 1—2月 stays the cumulative column's where that bears the label.
    dataset.columns[1].labels.push("投资/1—{month}月".to_owned());
    assert!(!accepts(&of(&dataset, "month", "2022-02"), "投资/1—2月"));
    assert!(accepts(&of(&dataset, "total", "2022-02"), "投资/1—2月"));
}

#[test]
fn a_label_that_names_its_months_is_of_that_month_alone() {
    let dataset = dataset(vec![column("output", &["{month}月产量（辆）", "1—2月产量", "产量"]), column("old", &["1—2月存量"])]);
    assert!(accepts(&of(&dataset, "output", "2022-02"), "1—2月产量"));
    assert!(!accepts(&of(&dataset, "output", "2022-06"), "1—2月产量"));
    assert!(accepts(&of(&dataset, "output", "2022-06"), "产量"));
    assert!(accepts(&of(&dataset, "old", "2022-06"), "1—2月存量"));
}

#[test]
fn messages_bear_no_unit_and_the_upper_heading_only_where_two_read_alike() {
    let mut dataset = dataset(vec![column("total", &["完成投资/1—{month}月累计（亿元）"]), column("name", &["智能工厂（数字化车间）"])]);
    let total = of(&dataset, "total", "2022-06");
    assert_eq!((total.shown.as_str(), total.lower()), ("1—6月累计", "1—6月累计（亿元）"));
    assert_eq!(of(&dataset, "name", "2022-06").shown, "智能工厂（数字化车间）");
    dataset.columns.push(column("equipment", &["其中：设备投资/1—{month}月累计（亿元）"]));
    assert_eq!(of(&dataset, "total", "2022-06").shown, "完成投资1—6月累计");
    assert_eq!(of(&dataset, "equipment", "2022-01").shown, "其中：设备投资1月累计");
}
