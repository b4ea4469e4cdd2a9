//! Months worked out by hand: what the tables must say, to the printed decimal.

use proptest::prelude::*;
use rust_decimal::{Decimal, dec};

use super::{AggregateError, Why, corrections, draw_up};
use crate::model::{Accepted, GreyReason, IndicatorRow, Light, Period, RegionCode, Values};
use crate::plan::{Calculation, Comparison, Indicator, Pace, Target, TargetYear};
use crate::settings::Appearance;

mod meaning;
mod targets;
pub(super) mod world;
mod years;

use world::*;

/// 1—2月 to 1—6月 of 2022, as in the worked example of `docs/figures.md`.
fn year() -> Vec<Accepted> {
    let month = |at, paid: [Decimal; 2]| invest(at, paid.map(Some), [Some(dec!(250.57)), Some(dec!(1247.33))]);
    vec![
        month("2022-02", [dec!(70.00), dec!(372.10)]),
        month("2022-03", [dec!(121.40), dec!(620.70)]),
        month("2022-04", [dec!(168.00), dec!(850.00)]),
        month("2022-05", [dec!(213.48), dec!(1092.62)]),
        month("2022-06", [dec!(262.00), dec!(1342.20)]),
    ]
}

fn text(value: Option<Decimal>) -> String {
    value.map_or_else(|| "—".to_owned(), |value| value.to_string())
}

/// The row of `invest`'s figures in a plan whose first indicator was changed.
fn changed(at: &str, tables: &[Accepted], look: &Appearance, change: impl Fn(&mut Indicator)) -> IndicatorRow {
    let mut plan = plan();
    change(plan.measures.first_mut().unwrap().indicators.first_mut().unwrap());
    let figures = draw_up(&plan, period(at), tables, look).unwrap();
    figures.tables.first().unwrap().rows.first().unwrap().clone()
}

#[test]
fn the_worked_month() {
    let row = row("2022-06", &year(), "invest");
    let got = [
        row.month,
        row.year_to_date,
        row.last_year,
        row.growth_pct,
        row.completion_pct,
        row.pace_pct,
        row.ahead_points,
        row.needed_per_month,
        row.landing,
    ]
    .map(text);
    assert_eq!(got, ["298.10", "1604.20", "1497.90", "7.1", "45.8", "50.0", "-4.2", "315.97", "3328.40"]);
    assert_eq!((row.light, row.periods_in_row, row.coverage.reported), (Light::Yellow, 1, 2));
    let hangzhou = row.regions.first().unwrap();
    let got = [hangzhou.month, hangzhou.year_to_date, hangzhou.last_year, hangzhou.growth_pct, hangzhou.share_pct].map(text);
    assert_eq!(got, ["48.52", "262.00", "250.57", "4.6", "16.3"]);
    assert_eq!((hangzhou.rank, hangzhou.rank_change, hangzhou.light), (Some(2), Some(0), None));
}

#[test]
fn january_and_february_are_one_amount() {
    let february = row("2022-02", &year(), "invest");
    assert_eq!((february.month, text(february.year_to_date)), (None, "442.10".to_owned()));
    let march = row("2022-03", &year(), "invest");
    assert_eq!((text(march.month), march.month_growth_pct), ("300.00".to_owned(), None), "March has no single month before it");
    // April: 1018.00 − 742.10 = 275.90, against 300.00 in March.
    let april = row("2022-04", &year(), "invest");
    assert_eq!([april.month, april.month_growth_pct].map(text), ["275.90", "-8.0"]);
    assert_eq!(april.series.len(), 3, "2022-01 is no data period of its own");
}

#[test]
fn nothing_reported_is_missing_never_nought() {
    for name in ["invest", "output", "share", "total", "sum", "factories"] {
        let row = row("2022-06", &[], name);
        let figures = [row.month, row.year_to_date, row.growth_pct, row.completion_pct, row.needed_per_month, row.landing];
        assert_eq!(figures, [None; 6], "{name}");
        assert_eq!((row.light, row.periods_in_row), (Light::Grey(GreyReason::NotReported), 0), "{name}");
        assert!(row.regions.iter().all(|region| region.year_to_date.is_none() && region.rank.is_none()), "{name}");
    }
}

#[test]
fn an_accepted_list_without_rows_is_nought() {
    let both = [projects("jxt", "2022-06", &[]), projects("fgw", "2022-06", &[])];
    for (name, expected) in [("factories", "0"), ("total", "0.00"), ("sum", "0"), ("share", "—")] {
        assert_eq!(text(row("2022-06", &both, name).year_to_date), expected, "{name}");
    }
    // A region without rows is nought, too, but amounts left blank are not.
    let blank = [projects("jxt", "2022-06", &[(HANGZHOU, "制造业", None)])];
    let total = row("2022-06", &blank, "total");
    assert_eq!(total.year_to_date, None);
    let regions: Vec<String> = total.regions.iter().map(|region| text(region.year_to_date)).collect();
    assert_eq!(regions, ["—", "0.00"]);
}

#[test]
fn part_of_the_reports_is_the_sum_of_what_came_and_says_so() {
    let matrix = row("2022-06", &[invest("2022-06", [Some(dec!(262)), None], [Some(dec!(250.57)), None])], "invest");
    assert_eq!((text(matrix.year_to_date), matrix.coverage.reported, matrix.coverage.expected), ("262.00".to_owned(), 1, 2));
    assert!(matrix.notes.contains(&"1/2市已报".to_owned()));
    assert_eq!(matrix.regions.last().unwrap().year_to_date, None);
    assert_eq!(text(matrix.growth_pct), "4.6", "both levels are of the same city");
    let list = row("2022-06", &[projects("jxt", "2022-06", &[(HANGZHOU, "制造业", None)])], "sum");
    assert_eq!((text(list.year_to_date), list.notes), ("1".to_owned(), vec!["1/2个单位已报".to_owned()]));
    let departments: Vec<String> = list.departments.iter().map(|one| text(one.year_to_date)).collect();
    assert_eq!(departments, ["1", "—"], "who has not reported brings no nought");
}

#[test]
fn an_owner_who_has_not_reported_is_missing_whatever_others_sent() {
    let list = row("2022-06", &[projects("fgw", "2022-06", &[(HANGZHOU, "制造业", None)])], "sum");
    assert_eq!((list.owner.0.as_str(), list.year_to_date, list.completion_pct), ("jxt", None, None));
    assert!(list.regions.iter().all(|region| region.year_to_date.is_none()));
    let departments: Vec<String> = list.departments.iter().map(|one| text(one.year_to_date)).collect();
    assert_eq!(departments, ["—", "1"]);
}

#[test]
fn sums_of_unlike_regions_are_not_compared() {
    let mut tables = year();
    tables.pop();
    tables.push(invest("2022-06", [Some(dec!(262)), None], [Some(dec!(250.57)), Some(dec!(1247.33))]));
    let june = row("2022-06", &tables, "invest");
    assert_eq!((text(june.year_to_date), june.growth_pct, june.month), ("262.00".to_owned(), None, None));
    assert_eq!(text(june.regions.first().unwrap().month), "48.52");
    assert_eq!(june.landing, None, "a part has no year to land in");
    assert!(june.notes.iter().any(|note| note.contains("不计算同比")));
}

#[test]
fn a_flow_adds_up_and_a_missing_month_makes_it_unknown() {
    let months = [output("2022-02", [Some(30_000), Some(20_000)]), output("2022-03", [Some(12_345), Some(20_000)])];
    let march = row("2022-03", &months, "output");
    assert_eq!([march.month, march.year_to_date].map(text), ["3.23", "8.23"], "辆 into 万辆, rounded once");
    // 8.2345 + 8.2345 ÷ 3 × 9 = 32.938
    assert_eq!(text(march.landing), "32.94");
    let gap = [output("2022-02", [Some(30_000), Some(20_000)]), output("2022-04", [Some(1), Some(1)])];
    let april = row("2022-04", &gap, "output");
    assert_eq!((text(april.month), april.year_to_date, april.light), ("0.00".to_owned(), None, Light::Grey(GreyReason::NotJudged)));
    assert!(april.notes.iter().any(|note| note == "缺3月，累计不可得"), "{:?}", april.notes);
    assert_eq!(march.sources.len(), 2, "a figure to date is read from every month's file");
}

#[test]
fn a_quarter_that_lags_is_shown_until_the_next_and_counts_once() {
    let gdp = |at, amount| {
        accepted(
            "gdp",
            "fgw",
            at,
            vec![("item", Values::Text(vec![Some("海洋生产总值".to_owned())])), ("amount", Values::Decimal(vec![Some(amount)]))],
        )
    };
    let year = [gdp("2022-03", dec!(9000)), gdp("2022-06", dec!(2000)), gdp("2022-09", dec!(4000))];
    let may = row("2022-05", &year, "gdp");
    assert_eq!((may.light, may.year_to_date, may.data_period), (Light::Grey(GreyReason::NotDue), None, None), "2021's is not 2022's");
    for at in ["2022-06", "2022-08"] {
        let shown = row(at, &year, "gdp");
        assert_eq!((shown.data_period, text(shown.year_to_date)), (Some(period("2022-03")), "2000.00".to_owned()));
        assert_eq!([shown.completion_pct, shown.pace_pct, shown.ahead_points].map(text), ["20.0", "25.0", "-5.0"], "{at}");
        assert_eq!((shown.light, shown.periods_in_row, shown.previous_light), (Light::Yellow, 1, None), "{at}");
        assert_eq!(shown.notes, ["数据为2022年一季度（1—3月）"]);
    }
    let half = row("2022-10", &year, "gdp");
    assert_eq!((half.light, half.periods_in_row, half.previous_light), (Light::Red, 1, Some(Light::Yellow)));
    // (10000 − 4000) ÷ 6 still needed; 4000 + (4000 − 2000) ÷ 3 × 6 projected.
    assert_eq!([half.needed_per_month, half.landing].map(text), ["1000.00", "8000.00"]);
}

#[test]
fn a_third_is_reached_by_exactly_a_third() {
    let list = |manufacturing: usize, all: usize| {
        let rows: Vec<_> = (0..all).map(|nth| (HANGZHOU, if nth < manufacturing { "制造业" } else { "服务业" }, None)).collect();
        row("2022-06", &[projects("jxt", "2022-06", &rows), projects("fgw", "2022-06", &[])], "share")
    };
    let third = list(5, 15);
    assert_eq!((third.light, text(third.year_to_date), text(third.target)), (Light::Green, "33.3".to_owned(), "33.3".to_owned()));
    assert_eq!(third.completion_pct, None, "a threshold held all year is no way to go");
    assert_eq!(list(333, 1000).light, Light::Yellow, "33.3 in print, and yet short");
    assert_eq!((third.month, third.landing, third.needed_per_month), (None, None, None));
}

#[test]
fn published_growth_comes_from_the_total_row_and_its_absence_is_told() {
    let mut tables = year();
    tables.push(growth("2022-06", Some(dec!(11.2)), [Some(dec!(3.0)), None]));
    let with = row("2022-06", &tables, "invest-reported");
    assert_eq!([with.growth_pct, with.reported_growth_pct, with.computed_growth_pct].map(text), ["11.2", "11.2", "7.1"]);
    assert_eq!(with.notes, ["增速为统计部门口径", "公布增速与按上报数计算的增速相差超过0.5个百分点，口径不同"]);
    let ranks: Vec<_> = with.regions.iter().map(|region| region.rank).collect();
    assert_eq!(ranks, [Some(1), None], "a city without published growth is not ranked by the computed one");
    let without = row("2022-06", &year(), "invest-reported");
    assert_eq!((without.growth_pct, without.light), (None, Light::Yellow));
    assert_eq!(without.notes, ["增速未报送"]);
}

#[test]
fn every_figure_leads_to_its_cells() {
    let row_of = |name| row("2022-06", &year(), name);
    let invest = row_of("invest");
    let source = invest.sources.first().unwrap();
    assert_eq!(
        (source.file.as_str(), source.sheet.as_str(), source.cells.as_str(), source.rows),
        ("jxt_2022-06.xlsx", "invest", "B7:B8", 2)
    );
    let ningbo = invest.regions.last().unwrap().sources.first().unwrap();
    assert_eq!((ningbo.cells.as_str(), ningbo.rows), ("B8", 1));
    let list = [projects("jxt", "2022-06", &[(HANGZHOU, "服务业", None), (HANGZHOU, "制造业", None), ("", "制造业", None)])];
    let factories = row("2022-06", &list, "factories");
    let source = factories.sources.first().unwrap();
    assert_eq!((source.cells.as_str(), source.rows), ("C8:C9", 2), "rows the filter leaves out are not named");
    assert_eq!(factories.regions.first().unwrap().sources.first().unwrap().cells, "C8");
    let none = factories.regions.last().unwrap().sources.first().unwrap();
    assert_eq!((none.cells.as_str(), none.rows), ("B7:B9", 0), "in an accepted list no row means nought: where it was looked for is named");
}

#[test]
fn a_count_short_of_about_twenty_needs_whole_projects() {
    let rows = [(HANGZHOU, "制造业", None); 11];
    let row = row("2022-06", &[projects("jxt", "2022-06", &rows), projects("fgw", "2022-06", &[])], "factories");
    // 55.0 against 50.0: ahead; 9 ÷ 6 rounded up.
    assert_eq!((row.light, text(row.ahead_points), text(row.needed_per_month)), (Light::Green, "5.0".to_owned(), "2".to_owned()));
}

#[test]
fn tasks_and_explanations_are_read_as_written() {
    let words = |values: &[&str]| Values::Text(values.iter().map(|value| (!value.is_empty()).then(|| (*value).to_owned())).collect());
    let tasks = accepted(
        "tasks",
        "jxt",
        "2022-06",
        vec![("task", words(&["1-1", "9-9"])), ("status", words(&["推进中", "已完成"])), ("progress", words(&["", "略"]))],
    );
    let lagging = accepted(
        "lagging",
        "jxt",
        "2022-06",
        vec![
            ("indicator", words(&["output", "invest", "unknown"])),
            ("reason", words(&["芯片短缺", "项目开工晚", "略"])),
            ("next_steps", words(&["", "加快", ""])),
            ("expected", words(&["9月", "8月", ""])),
        ],
    );
    let figures = figures("2022-06", &[tasks, lagging]);
    let task = figures.tasks.first().unwrap();
    assert_eq!((task.status.as_deref(), task.progress.as_deref(), task.due.as_deref()), (Some("推进中"), None, None));
    let order: Vec<&str> = figures.lagging.iter().map(|one| one.indicator.as_str()).collect();
    assert_eq!(order, ["invest", "output"]);
}

#[test]
fn a_later_version_says_what_it_corrects() {
    let old = figures("2022-06", &year()).tables;
    let mut tables = year();
    tables.pop();
    tables.push(invest("2022-06", [Some(dec!(162.00)), Some(dec!(1342.20))], [Some(dec!(250.57)), Some(dec!(1247.33))]));
    let new = figures("2022-06", &tables).tables;
    let cause = |row: &IndicatorRow| Why { cause: format!("{}重报", row.owner), redefined: false };
    let all = corrections(&plan(), &old, &new, &cause);
    let find =
        |region: bool, item: &str| all.iter().find(|one| one.indicator == "invest" && one.region.is_some() == region && one.item == item);
    let total = find(false, "累计").unwrap();
    assert_eq!((text(total.old), text(total.new), total.cause.as_str()), ("1604.20".to_owned(), "1504.20".to_owned(), "jxt重报"));
    assert_eq!((total.old_light, total.new_light), (Light::Yellow, Light::Red), "growth fell to 0.4");
    assert_eq!(total.departments, [code("fgw"), code("jxt")], "in 机构序列, without the department that is not concerned");
    assert_eq!(text(find(true, "累计").unwrap().new), "162.00");
    assert!(find(false, "上年同期").is_none());
    assert!(corrections(&plan(), &old, &old, &cause).is_empty());
}

#[test]
fn a_later_version_says_which_earlier_month_it_corrects() {
    let old = figures("2022-06", &year()).tables;
    let mut tables = year();
    *tables.get_mut(1).unwrap() = invest("2022-03", [Some(dec!(111.40)), Some(dec!(620.70))], [Some(dec!(250.57)), Some(dec!(1247.33))]);
    let new = figures("2022-06", &tables).tables;
    let all = corrections(&plan(), &old, &new, &|_| Why { cause: String::new(), redefined: false });
    let invest = all.iter().filter(|one| one.indicator == "invest");
    let told: Vec<_> = invest.map(|one| (one.item.as_str(), one.earlier.map(Period::month), text(one.old), text(one.new))).collect();
    let text = str::to_owned;
    // The last three months lead to the year's end from March on.
    assert_eq!(told, [("预计全年", None, text("3328.40"), text("3348.40")), ("完成进度", Some(3), text("21.2"), text("20.9"))]);
}

#[test]
fn an_expression_that_is_not_exact_stops_the_run() {
    let with = |sql: &str| {
        let mut plan = plan();
        let indicator = plan.measures.first_mut().unwrap().indicators.first_mut().unwrap();
        if let Calculation::Simple { value, .. } = &mut indicator.calculation {
            *value = expression(sql, &["paid"], "亿元");
        }
        draw_up(&plan, period("2022-06"), &year(), &appearance())
    };
    assert!(matches!(with("AVG(paid)"), Err(AggregateError::Inexact { .. })));
    assert!(matches!(with("SUM(nothing)"), Err(AggregateError::Frame { .. })));
}

#[test]
fn of_two_files_for_one_table_the_later_counts_once() {
    let mut tables = year();
    let mut again = invest("2022-06", [Some(dec!(1)), Some(dec!(2))], [None, None]);
    again.received_at += chrono::Duration::days(1);
    tables.insert(0, again);
    assert_eq!(text(row("2022-06", &tables, "invest").year_to_date), "3.00");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// The order in which files were accepted shows nowhere.
    #[test]
    fn the_order_of_the_files_means_nothing(order in Just((0..9_usize).collect::<Vec<_>>()).prop_shuffle()) {
        let mut tables = year();
        tables.push(output("2022-02", [Some(5), Some(6)]));
        tables.push(growth("2022-06", Some(dec!(8.1)), [Some(dec!(3.0)), Some(dec!(3.0))]));
        tables.push(projects("jxt", "2022-06", &[(HANGZHOU, "制造业", Some(dec!(0.1))), (NINGBO, "服务业", Some(dec!(0.2)))]));
        tables.push(projects("fgw", "2022-06", &[(NINGBO, "制造业", Some(dec!(12000)))]));
        let shuffled: Vec<Accepted> = order.iter().map(|at| tables.get(*at).unwrap().clone()).collect();
        prop_assert_eq!(figures("2022-06", &shuffled), figures("2022-06", &tables));
    }
}

#[test]
fn every_form_of_expression_the_plan_uses_is_exact_by_city() {
    let rows = [
        (HANGZHOU, "制造业", Some(dec!(100.01))),
        (HANGZHOU, "制造业", Some(dec!(99.99))),
        ("", "服务业", Some(dec!(0.10))),
        (NINGBO, "服务业", None),
    ];
    let tables = [projects("jxt", "2022-06", &rows), projects("fgw", "2022-06", &[])];
    let both = |sql: &str, columns: &[&str]| {
        let value = expression(sql, columns, "");
        let row = changed("2022-06", &tables, &appearance(), |indicator| {
            indicator.target = None;
            indicator.calculation =
                Calculation::Simple { dataset: "projects".to_owned(), value: value.clone(), last_year: None, month: None, to_date: false };
        });
        std::iter::once(row.year_to_date).chain(row.regions.iter().map(|region| region.year_to_date)).map(text).collect::<Vec<_>>()
    };
    assert_eq!(both("COUNT(DISTINCT sector)", &["sector"]), ["2.00", "1.00", "1.00"]);
    assert_eq!(both("COUNT(*) FILTER (WHERE total >= 100 AND sector = '制造业')", &["sector", "total"]), ["1.00", "1.00", "0.00"]);
    assert_eq!(both("SUM(total) FILTER (WHERE sector <> '服务业')", &["sector", "total"]), ["200.00", "200.00", "0.00"]);
    assert_eq!(both("SUM(total) FILTER (WHERE sector = '服务业')", &["sector", "total"]), ["0.10", "0.00", "—"]);
    assert_eq!(both("SUM(CASE WHEN sector = '制造业' THEN total END)", &["sector", "total"]), ["200.00", "200.00", "—"]);
    assert_eq!(both("MIN(total)", &["total"]), ["0.10", "99.99", "—"]);
    assert_eq!(both("SUM(total) - COUNT(*) * 2", &["total"]), ["192.10", "196.00", "—"]);
}
