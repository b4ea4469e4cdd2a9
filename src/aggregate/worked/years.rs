//! Over New Year: last year's course as pace, figures of a year after the target's, indicators of an earlier file.

use rust_decimal::{Decimal, dec};

use super::text;
use super::world::*;
use crate::aggregate::draw_up;
use crate::model::{Accepted, GreyReason, IndicatorRow, Light};
use crate::plan::{Indicator, Pace, Plan, TargetYear};

fn changed(change: impl Fn(&mut Plan, &mut dyn FnMut(&str, &dyn Fn(&mut Indicator)))) -> Plan {
    let mut plan = plan();
    let mut indicators = std::mem::take(&mut plan.measures[0].indicators);
    change(&mut plan, &mut |code, change| indicators.iter_mut().filter(|one| one.code == code).for_each(change));
    plan.measures[0].indicators = indicators;
    plan
}

fn row_at(plan: &Plan, at: &str, tables: &[Accepted], name: &str) -> IndicatorRow {
    let figures = draw_up(plan, period(at), tables, &appearance()).unwrap();
    figures.tables.into_iter().flat_map(|table| table.rows).find(|row| row.code == name).unwrap()
}

fn amount(at: &str, paid: [Option<Decimal>; 2]) -> Accepted {
    invest(at, paid, [Some(dec!(250.57)), Some(dec!(1247.33))])
}

fn followed() -> Plan {
    changed(|_, indicator| {
        indicator("invest", &|one| {
            one.pace = Pace::LastYear;
            one.target.as_mut().unwrap().growth = None;
        });
    })
}

fn with_last_year(june: [Option<Decimal>; 2]) -> Vec<Accepted> {
    let mut tables = super::year();
    tables.extend([amount("2021-06", june), amount("2021-12", [Some(dec!(1000)), Some(dec!(2000))])]);
    tables
}

#[test]
fn pace_follows_last_years_own_course_exactly() {
    // (400 + 600) ÷ 3000 = one third: 33.3; 1604.20 ÷ 3500 − 1/3 = 12.5009… points.
    let row = row_at(&followed(), "2022-06", &with_last_year([Some(dec!(400)), Some(dec!(600))]), "invest");
    assert_eq!([row.completion_pct, row.pace_pct, row.ahead_points].map(text), ["45.8", "33.3", "12.5"]);
    assert_eq!(row.light, Light::Green);
    assert!(row.notes.iter().any(|note| note == "序时进度按上年各月进度计算"), "{:?}", row.notes);
    let paces: Vec<_> = row.series.iter().map(|point| text(point.pace_pct)).collect();
    assert_eq!(paces, ["16.7", "25.0", "33.3", "41.7", "33.3"], "months without last year's go evenly");
}

#[test]
fn a_month_that_last_year_lacks_goes_evenly_and_says_so() {
    // Missing altogether, of one city alone, and more than the whole year.
    let lacks = [super::year(), with_last_year([Some(dec!(400)), None]), with_last_year([Some(dec!(4000)), Some(dec!(600))])];
    for tables in lacks {
        let row = row_at(&followed(), "2022-06", &tables, "invest");
        assert_eq!([row.pace_pct, row.ahead_points].map(text), ["50.0", "-4.2"]);
        assert!(row.notes.iter().any(|note| note == "上年各月数据不全，序时进度按各月均衡计算"), "{:?}", row.notes);
    }
}

#[test]
fn a_year_after_the_targets_is_shown_and_neither_judged_nor_projected() {
    let tables = [amount("2023-02", [Some(dec!(80)), Some(dec!(400))]), amount("2023-03", [Some(dec!(140)), Some(dec!(660))])];
    let row = row_at(&plan(), "2023-03", &tables, "invest");
    assert_eq!([row.month, row.year_to_date, row.landing, row.completion_pct].map(text), ["320.00", "800.00", "—", "—"]);
    assert_eq!(row.light, Light::Grey(GreyReason::NotJudged));
}

fn gdp(at: &str, amount: Decimal) -> Accepted {
    let item = crate::model::Values::Text(vec![Some("海洋生产总值".to_owned())]);
    accepted("gdp", "fgw", at, vec![("item", item), ("amount", crate::model::Values::Decimal(vec![Some(amount)]))])
}

#[test]
fn an_earlier_files_indicator_is_of_its_data_months_year() {
    let year = [gdp("2022-06", dec!(2000)), gdp("2022-09", dec!(4000)), gdp("2022-12", dec!(7000)), gdp("2023-03", dec!(10500))];
    for (target_year, shown) in [(TargetYear::In(2022), "10500.00"), (TargetYear::Every, "10500.00")] {
        let plan = changed(|plan, indicator| {
            plan.year = 2023;
            plan.earlier.indicators.insert("gdp".to_owned());
            indicator("gdp", &|one| one.target.as_mut().unwrap().year = target_year);
        });
        let row = row_at(&plan, "2023-03", &year, "gdp");
        assert_eq!((text(row.year_to_date), row.light, row.target_year), (shown.to_owned(), Light::Green, Some(2022)));
    }
}
