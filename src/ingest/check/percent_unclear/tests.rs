use rstest::rstest;

use crate::ingest::check::{Past, check as check_all, sample};
use crate::ingest::reading::{Facts, PercentCell, PercentMark};
use crate::model::{Finding, FindingCode, Observations, Severity};
use crate::plan::{ColumnType, Dataset};

use PercentMark::{Bare, Marked, Unknown};

/// Growth by city, alone or behind the amounts it is computed from.
fn growth(beside_amounts: bool) -> Dataset {
    let mut dataset = sample::matrix();
    dataset.columns.push(sample::column("growth", "1—{month}月同比增长（%）", ColumnType::Decimal, Some("%"), 1));
    if !beside_amounts {
        dataset.columns.drain(1..4);
    }
    dataset
}

const CITIES: [&str; 3] = ["330100", "330200", "330300"];

fn table(dataset: &Dataset, amounts: &[[&str; 3]], values: &[(&str, PercentMark)]) -> (Observations, Facts) {
    let rows: Vec<Vec<&str>> = values
        .iter()
        .enumerate()
        .map(|(at, (value, _))| [vec![CITIES[at]], amounts.get(at).map(|row| row.to_vec()).unwrap_or_default(), vec![*value]].concat())
        .collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    let table = sample::table(dataset, &rows);
    let percents = values.iter().enumerate().map(|(row, (value, mark))| PercentCell {
        column: "growth".to_owned(),
        sheet: table.sheet.clone(),
        cell: table.cell(row, "growth").unwrap(),
        value: value.parse().unwrap(),
        mark: *mark,
    });
    let facts = Facts { dataset: table.dataset.clone(), percents: percents.collect(), ..Facts::default() };
    (table, facts)
}

fn findings(dataset: &Dataset, (now, facts): (Observations, Facts), past: &Past) -> Vec<Finding> {
    let plan = sample::plan(dataset);
    check_all(&plan, sample::june(), "表.xlsx", (&[now], &[facts]), past)
}

fn asked(values: &[(&str, PercentMark)], may: &[&str]) -> Vec<String> {
    let dataset = growth(false);
    let known: Vec<(&str, PercentMark)> = may.iter().map(|value| (*value, Bare)).collect();
    let (mut may, _) = table(&dataset, &[], &known);
    may.period = sample::june().previous();
    let previous = if may.rows() == 0 { vec![] } else { vec![&may] };
    let found = findings(&dataset, table(&dataset, &[], values), &Past { previous, ..Past::default() });
    let own = found.into_iter().filter(|one| one.code != FindingCode::MissingRegion);
    own.map(|one| format!("{} {}", one.code.code(), one.found.unwrap())).collect()
}

#[test]
fn a_column_of_fractions_is_asked_about_at_each_cell_with_both_meanings() {
    let dataset = growth(false);
    let told = findings(&dataset, table(&dataset, &[], &[("0.125", Bare), ("0", Bare), ("-0.03", Bare)]), &Past::default());
    let places: Vec<_> = told.iter().map(|one| (one.code, one.severity, one.place.cell.unwrap().to_string())).collect();
    let explain = |cell: &str| (FindingCode::PercentUnclear, Severity::Explain, cell.to_owned());
    assert_eq!(places, [explain("B5"), explain("B7")], "nought is nought either way");
    let expected = "“1—6月同比增长”栏的数都不带百分号，表内0.125是12.5%还是0.125%？现按0.125%读取；如为12.5%，请改为12.5，或将本栏全部设为百分比格式；如确为0.125%，请说明情况。";
    assert_eq!(told[0].message, expected);
    assert_eq!((told[0].found.as_deref(), told[0].expected.as_deref()), (Some("0.125"), Some("12.5")));
}

#[test]
fn where_a_format_cannot_be_seen_it_is_no_remedy() {
    let dataset = growth(false);
    let told = findings(&dataset, table(&dataset, &[], &[("0.125", Unknown), ("0.1", Unknown), ("0.03", Unknown)]), &Past::default());
    assert!(told[0].message.contains("请改为12.5（不带百分号）；") && !told[0].message.contains("格式"), "{}", told[0].message);
}

#[rstest]
#[case::all_marked(&[("0.5", Marked), ("0.8", Marked), ("0.9", Marked)], &[], &[])]
#[case::one_forgotten(&[("12.5", Marked), ("0.08", Bare), ("9", Marked)], &[], &["percent-unclear 0.08"])]
#[case::not_within_one(&[("12.5", Marked), ("8.1", Bare), ("0", Bare)], &[], &[])]
#[case::usual(&[("12.5", Bare), ("0.8", Bare), ("9", Bare)], &[], &[])]
#[case::all_nought(&[("0", Bare), ("0", Bare), ("0", Bare)], &[], &[])]
#[case::one_over_a_hundred_percent(&[("0.125", Unknown), ("0.08", Unknown), ("1.208", Unknown)], &["12", "9", "60"], &["percent-unclear 0.125", "percent-unclear 0.08", "percent-unclear 1.208"])]
#[case::small_as_last_month(&[("0.5", Bare), ("0.8", Bare), ("0.9", Bare)], &["0.4", "0.9", "1.1"], &[])]
#[case::two_values_that_fit(&[("0.5", Bare), ("0.3", Bare)], &[], &[])]
#[case::two_values_that_do_not(&[("0.125", Bare), ("0.3", Bare)], &["12", "29"], &["percent-unclear 0.125", "percent-unclear 0.3"])]
#[case::two_values_of_a_small_thing(&[("0.04", Bare), ("0.03", Bare)], &["4", "3"], &[])]
fn the_rule(#[case] values: &[(&str, PercentMark)], #[case] may: &[&str], #[case] expected: &[&str]) {
    assert_eq!(asked(values, may), expected);
}

#[test]
fn what_the_amounts_make_tells_fractions_and_is_not_told_again() {
    let dataset = growth(true);
    let amounts = [["60", "270", "240"], ["50", "241.5", "230"], ["40", "242", "110"]];
    let now = || table(&dataset, &amounts, &[("0.125", Bare), ("0.05", Bare), ("1.2", Bare)]);
    let codes: Vec<&str> = findings(&dataset, now(), &Past::default()).iter().map(|one| one.code.code()).collect();
    assert_eq!(codes, ["percent-unclear"; 3]);
    let right = table(&dataset, &amounts, &[("12.5", Bare), ("5", Bare), ("120", Bare)]);
    assert!(findings(&dataset, right, &Past::default()).is_empty());
}

#[test]
fn a_total_row_s_figure_is_asked_about_too() {
    let dataset = growth(false);
    let (mut now, mut facts) = table(&dataset, &[], &[("12.5", Marked), ("8", Marked), ("9", Marked)]);
    now.totals.push(sample::total("全省", 8, &[("growth", "0.1")]));
    let cell = now.total_cell(&now.totals[0], "growth").unwrap();
    let value = "0.101".parse().unwrap();
    facts.percents.push(PercentCell { column: "growth".to_owned(), sheet: now.sheet.clone(), cell, value, mark: Bare });
    let told = findings(&dataset, (now, facts), &Past::default());
    assert_eq!(told.iter().map(|one| (one.code, one.found.as_deref())).collect::<Vec<_>>(), [(FindingCode::PercentUnclear, Some("0.101"))]);
}

#[test]
fn indices_of_which_last_year_is_100_are_asked_about_once() {
    let dataset = growth(true);
    let amounts = [["", "262", "240"], ["", "110", "100"], ["", "120", "125"]];
    let now = table(&dataset, &amounts, &[("109.2", Bare), ("110", Bare), ("96", Bare)]);
    let told = findings(&dataset, now, &Past::default());
    let told: Vec<_> = told.iter().map(|one| (one.code, one.place.cell.unwrap().to_string(), one.message.as_str())).collect();
    let message = "“1—6月同比增长”整栏疑似为以上年同期为100的指数，表内109.2是增长9.2%还是109.2%？现按109.2%读取；如为指数，请整栏减去100后填报（本格为9.2）；如确为109.2%，请说明情况。";
    assert_eq!(told, [(FindingCode::PercentUnclear, "E5".to_owned(), message)]);
    assert_eq!(
        asked(&[("108.9", Bare), ("103", Bare), ("99", Bare)], &["8.5", "2.9", "1.2"]),
        ["percent-unclear 108.9"],
        "against last month"
    );
    assert_eq!(asked(&[("108.9", Bare), ("103", Bare), ("99", Bare)], &["98.5", "102.9", "101.2"]), [""; 0], "as every month");
}
