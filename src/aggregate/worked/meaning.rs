//! What the plan means: what belongs to no city, parts of a whole, bases, digits that decide.

use rust_decimal::{Decimal, dec};

use super::world::*;
use super::{text, year};
use crate::aggregate::draw_up;
use crate::model::{Accepted, GreyReason, IndicatorRow, Light, TotalKind, TotalRow};
use crate::plan::{Comparison, Plan, TotalRule};

const NOT_JUDGED: Light = Light::Grey(GreyReason::NotJudged);

/// The plan with a change to it.
fn changed(change: impl Fn(&mut Plan)) -> Plan {
    let mut plan = plan();
    change(&mut plan);
    plan
}

fn at_least(plan: &mut Plan) {
    for dataset in &mut plan.datasets {
        dataset.total_rule = TotalRule::AtLeast;
    }
}

fn row_of(plan: &Plan, tables: &[Accepted], name: &str) -> IndicatorRow {
    let figures = draw_up(plan, period("2022-06"), tables, &appearance()).unwrap();
    figures.tables.into_iter().flat_map(|table| table.rows).find(|row| row.code == name).unwrap()
}

fn total(kind: TotalKind, row: u32, paid: Decimal, before: Option<Decimal>) -> TotalRow {
    let values = vec![("paid".to_owned(), Some(paid)), ("paid_last_year".to_owned(), before)];
    TotalRow { label: "全省".to_owned(), row, values, kind, ..TotalRow::default() }
}

fn with_totals(totals: Vec<TotalRow>) -> Vec<Accepted> {
    let mut tables = year();
    tables.last_mut().unwrap().observations.totals = totals;
    tables
}

fn own(row: &IndicatorRow) -> Option<Vec<String>> {
    let own = row.regions.iter().find(|region| region.code.0 == "own")?;
    Some([own.month, own.year_to_date, own.last_year, own.growth_pct, own.share_pct].map(text).to_vec())
}

#[test]
fn the_total_counts_and_what_no_city_has_is_a_row_of_its_own() {
    let plan = changed(at_least);
    let whole = |apart: Option<Decimal>| {
        let beside = apart.map(|paid| total(TotalKind::Own, 9, paid, Some(dec!(80.00))));
        with_totals(beside.into_iter().chain([total(TotalKind::Whole, 10, dec!(1700.00), Some(dec!(1577.90)))]).collect())
    };
    for apart in [None, Some(dec!(95.80))] {
        let row = row_of(&plan, &whole(apart), "invest");
        // 1700.00 ÷ 1577.90 → 7.7; the cities grew by 7.1.
        assert_eq!([row.year_to_date, row.last_year, row.growth_pct].map(text), ["1700.00", "1577.90", "7.7"]);
        assert_eq!(own(&row).unwrap(), ["—", "95.80", "80.00", "19.8", "5.6"]);
        let places: Vec<_> = row.regions.iter().map(|region| region.code.0.as_str()).collect();
        assert_eq!(places, [HANGZHOU, NINGBO, "own"], "the last row");
        let shares: Decimal = row.regions.iter().filter_map(|region| region.share_pct).sum();
        assert_eq!((shares, row.regions[2].rank, row.regions[2].light, row.coverage.expected), (dec!(100.0), None, None, 2));
        // May's figure has no such part: the difference is no month's amount, and no column reports it.
        assert_eq!(row.month, None);
        assert_eq!(row.sources[0].cells, "B7:B8,B10");
        assert_eq!(row.regions[2].sources[0].cells, "B7:B8,B10");
        assert_eq!(row.regions[0].sources[0].cells, "B7");
    }
}

#[test]
fn growth_is_told_on_one_basis() {
    let plan = changed(at_least);
    let only_now = row_of(&plan, &with_totals(vec![total(TotalKind::Whole, 10, dec!(1700), None)]), "invest");
    assert_eq!([only_now.year_to_date, only_now.last_year, only_now.growth_pct].map(text), ["1700.00", "1497.90", "7.1"]);
    assert!(only_now.notes.iter().any(|note| note.contains("可比口径")), "{:?}", only_now.notes);
    let none = row_of(&plan, &with_totals(vec![total(TotalKind::Whole, 10, dec!(1604.21), None)]), "invest");
    assert_eq!((text(none.year_to_date), own(&none)), ("1604.21".to_owned(), None), "rounding is no part of its own");
    let alone = row_of(&plan, &with_totals(vec![total(TotalKind::Own, 9, dec!(95.80), None)]), "invest");
    assert_eq!((text(alone.year_to_date), own(&alone).unwrap()[1].as_str()), ("1700.00".to_owned(), "95.80"));
}

#[test]
fn a_part_of_the_whole_is_not_judged_unless_it_decides() {
    let mut tables = year();
    tables.pop();
    let of = |paid: Decimal| invest("2022-06", [Some(paid), None], [Some(dec!(250.57)), Some(dec!(1247.33))]);
    tables.push(of(dec!(262)));
    let row = row_of(&plan(), &tables, "invest");
    assert_eq!((text(row.year_to_date), row.coverage.reported, row.light), ("262.00".to_owned(), 1, NOT_JUDGED));
    assert_eq!([row.completion_pct, row.pace_pct, row.ahead_points, row.needed_per_month, row.landing], [None; 5]);
    assert!(row.regions.iter().all(|region| region.rank.is_none() && region.share_pct.is_none()));
    tables.pop();
    tables.push(of(dec!(3600)));
    assert_eq!(row_of(&plan(), &tables, "invest").light, Light::Green, "the part alone reaches the target");
    // The total row holds the blank city's part: it is whole, and no row is formed for it.
    let mut whole = tables.clone();
    whole.last_mut().unwrap().observations.totals = vec![total(TotalKind::Whole, 10, dec!(3700), None)];
    let row = row_of(&changed(at_least), &whole, "invest");
    assert_eq!((text(row.year_to_date), row.coverage.reported, own(&row)), ("3700.00".to_owned(), 2, None));
}

#[test]
fn what_no_city_has_is_told_apart_from_a_blank_citys_part() {
    let mut tables = year();
    tables.pop();
    let mut june = invest("2022-06", [Some(dec!(262)), None], [Some(dec!(250.57)), None]);
    june.observations.totals =
        vec![total(TotalKind::Own, 9, dec!(95.80), Some(dec!(80))), total(TotalKind::Whole, 10, dec!(1700), Some(dec!(1577.90)))];
    tables.push(june);
    let row = row_of(&changed(at_least), &tables, "invest");
    assert_eq!([row.year_to_date, row.last_year, row.growth_pct].map(text), ["1700.00", "1577.90", "7.7"]);
    assert_eq!(own(&row).unwrap(), ["—", "95.80", "80.00", "19.8", "5.6"], "without the blank city's 1342.20");
    // May is the cities' alone: their difference is no month.
    assert_eq!((row.month, row.coverage.reported), (None, 2));
    assert!(row.notes.iter().any(|note| note == "本期口径变化（省本级及跨市），当月数不可得"), "{:?}", row.notes);
}

#[test]
fn a_base_scales_the_pace() {
    let plan = changed(|plan| {
        for indicator in plan.measures.iter_mut().flat_map(|measure| &mut measure.indicators).filter(|one| one.code == "invest") {
            let target = indicator.target.as_mut().unwrap();
            (target.level, target.growth, target.base) = (Some((dec!(2000), Decimal::ONE)), None, Some(dec!(1500)));
        }
    });
    let row = row_of(&plan, &year(), "invest");
    // (1604.20 − 1500) ÷ 500 − 6/12 = −29.16 points; 1604.20 ÷ 2000 and (1500 + 250) ÷ 2000 stay.
    assert_eq!([row.completion_pct, row.pace_pct, row.ahead_points].map(text), ["80.2", "87.5", "-29.2"]);
    assert!(row.notes.iter().any(|note| note.contains("按基期至目标的路程计算")));
}

#[test]
fn a_figure_that_contradicts_its_light_is_given_to_the_digit_that_decides() {
    // 1647.541 ÷ 1497.90 grew by 9.9900…: printed 10.0, and yellow.
    let mut tables = year();
    tables.pop();
    tables.push(invest("2022-06", [Some(dec!(300.21)), Some(dec!(1347.33))], [Some(dec!(250.57)), Some(dec!(1247.33))]));
    let row = row_of(&plan(), &tables, "invest");
    assert_eq!(text(row.growth_pct), "10.0");
    assert!(row.notes.iter().any(|note| note == "按未舍入的数，同比为9.99%"), "{:?}", row.notes);
    assert!(!row_of(&plan(), &year(), "invest").notes.iter().any(|note| note.contains("未舍入")));
}

#[test]
fn a_level_that_is_no_decimal_and_a_share_that_must_hold_are_told_to_the_digit_that_decides() {
    let noted = |level: (Decimal, Decimal), comparison: Comparison, paid: Decimal, decimals: u32| {
        let plan = changed(|plan| {
            for indicator in plan.measures.iter_mut().flat_map(|measure| &mut measure.indicators).filter(|one| one.code == "invest") {
                let target = indicator.target.as_mut().unwrap();
                (target.level, target.growth, target.comparison) = (Some(level), None, comparison);
                indicator.decimals = decimals;
            }
        });
        let mut tables = year();
        tables.pop();
        tables.push(invest("2022-06", [Some(paid), Some(dec!(1000))], [Some(dec!(250.57)), Some(dec!(1247.33))]));
        row_of(&plan, &tables, "invest").notes
    };
    let third = (dec!(10000), dec!(3));
    assert!(noted(third, Comparison::AtLeast, dec!(2333.33), 2).contains(&"按未舍入的数，目标为3333.333亿元".to_owned()));
    assert!(noted(third, Comparison::AtLeast, dec!(2333.27), 1).contains(&"按未舍入的数，为3333.27亿元".to_owned()));
    assert!(!noted(third, Comparison::AtLeast, dec!(2333.34), 2).iter().any(|note| note.contains("未舍入的数，为")));
    // 0.14 below last year is yellow, and would be printed −0.1.
    assert!(
        noted((Decimal::ONE, Decimal::ONE), Comparison::Hold, dec!(497.76), 2).contains(&"按未舍入的数，比上年同期-0.14亿元".to_owned())
    );
}

#[test]
fn what_is_to_be_passed_still_needs_something_on_the_target() {
    let plan = changed(|plan| {
        for indicator in plan.measures.iter_mut().flat_map(|measure| &mut measure.indicators).filter(|one| one.code == "invest") {
            let target = indicator.target.as_mut().unwrap();
            (target.level, target.comparison) = (Some((dec!(1604.20), Decimal::ONE)), Comparison::MoreThan);
        }
    });
    assert_eq!(text(row_of(&plan, &year(), "invest").needed_per_month), "0.01");
}
