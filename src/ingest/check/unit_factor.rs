//! `unit-factor`: a figure is about ten thousand times, or one ten-thousandth of, last period's: 万元 for 亿元, 辆 for 万辆.
//!
//! "About" is a factor between 2 000 and 50 000: a month's growth of up to fivefold, or a fall to a fifth, still betrays the
//! unit, while nothing real grows two thousandfold from one month to the next.

use rust_decimal::{Decimal, dec};

use crate::ingest::check::table::{Table, number};
use crate::ingest::check::wording::amount;
use crate::model::{Finding, FindingCode, Unit};
use crate::plan::ColumnSpec;

const FACTOR_MIN: Decimal = dec!(2000);
const FACTOR_MAX: Decimal = dec!(50000);

/// Which way a figure is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Off {
    TooLarge,
    TooSmall,
}

/// Whether `now` against `was` looks like another unit.
pub fn suspect(now: Decimal, was: Decimal) -> Option<Off> {
    let (now, was) = (now.abs(), was.abs());
    let between = |large: Decimal, small: Decimal| {
        let (low, high) = (small.checked_mul(FACTOR_MIN)?, small.checked_mul(FACTOR_MAX)?);
        Some(!small.is_zero() && low <= large && large <= high)
    };
    match (between(now, was), between(was, now)) {
        (Some(true), _) => Some(Off::TooLarge),
        (_, Some(true)) => Some(Off::TooSmall),
        _ => None,
    }
}

/// Compares every amount with the previous one; a column that is off throughout is told once.
pub fn check(table: &Table) -> Vec<Finding> {
    let Some(previous) = table.previous else { return Vec::new() };
    let matched = table.matched(previous);
    let mut findings = Vec::new();
    for spec in table.amounts() {
        let pairs = matched.iter().filter_map(|(row, earlier)| Some((*row, table.value(*row, spec)?, number(previous, *earlier, spec)?)));
        let pairs: Vec<(usize, Decimal, Decimal)> = pairs.filter(|(_, now, was)| !now.is_zero() && !was.is_zero()).collect();
        let off: Vec<(usize, Decimal, Decimal, Off)> =
            pairs.iter().filter_map(|(row, now, was)| Some((*row, *now, *was, suspect(*now, *was)?))).collect();
        let throughout = off.len() > 1 && off.len() == pairs.len();
        for (row, now, was, way) in off.iter().take(if throughout { 1 } else { off.len() }) {
            let subject = if throughout { format!("“{}”整列", table.caption(spec)) } else { String::new() };
            let message = format!("{subject}{}", message(table, spec, (*now, *was), *way));
            findings.push(table.at_cell(FindingCode::UnitFactor, *row, spec, message));
        }
    }
    findings
}

fn message(table: &Table, spec: &ColumnSpec, (now, was): (Decimal, Decimal), way: Off) -> String {
    let unit = meant(spec, way).map_or_else(|| "疑似单位有误".to_owned(), |unit| format!("疑似单位为{unit}"));
    let period = table.previous_word();
    let size = match way {
        Off::TooLarge => format!("较{period}增长约1万倍"),
        Off::TooSmall => format!("约为{period}的万分之一"),
    };
    format!("{unit}（{size}），请核对单位：本期{}，{period}{}。", amount(spec, now), amount(spec, was))
}

/// The unit the figure was probably written in: ten thousand times smaller or larger than the column's.
fn meant(spec: &ColumnSpec, way: Off) -> Option<&'static str> {
    let own = spec.unit.as_ref()?;
    let ratio = match way {
        Off::TooLarge => dec!(0.0001),
        Off::TooSmall => dec!(10000),
    };
    Unit::names().find(|name| Unit::parse(name).and_then(|unit| unit.convert(Decimal::ONE, own)) == Some(ratio))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::check::{Past, sample};

    #[test]
    fn a_value_in_万元_among_亿元_is_asked_about() {
        let dataset = sample::matrix();
        let may = [sample::investment_of_may()];
        let rows: [&[&str]; 3] =
            [&["330100", "60", "2620000", "240"], &["330200", "50", "250.50", "230"], &["330300", "40", "0.01", "110"]];
        assert_eq!(
            sample::told(&dataset, &sample::table(&dataset, &rows), &Past { previous: may.iter().collect(), ..Past::default() }),
            [
                "unit-factor C5 疑似单位为万元（较上月增长约1万倍），请核对单位：本期2620000.00亿元，上月202.00亿元。",
                "unit-factor C7 疑似单位有误（约为上月的万分之一），请核对单位：本期0.01亿元，上月80.25亿元。"
            ]
        );
    }

    #[test]
    fn a_whole_column_in_another_unit_is_told_once() {
        let dataset = sample::matrix();
        let may = [sample::investment_of_may()];
        let rows: [&[&str]; 3] =
            [&["330100", "60", "2620000", "240"], &["330200", "50", "2505000", "230"], &["330300", "40", "1202500", "110"]];
        assert_eq!(
            sample::told(&dataset, &sample::table(&dataset, &rows), &Past { previous: may.iter().collect(), ..Past::default() }),
            ["unit-factor C5 “1—6月累计”整列疑似单位为万元（较上月增长约1万倍），请核对单位：本期2620000.00亿元，上月202.00亿元。"]
        );
    }

    #[test]
    fn growth_is_no_unit() {
        assert_eq!(suspect(dec!(1999), dec!(1)), None);
        assert_eq!(suspect(dec!(2000), dec!(1)), Some(Off::TooLarge));
        assert_eq!(suspect(dec!(50001), dec!(1)), None);
        assert_eq!(suspect(dec!(0.001), dec!(9)), Some(Off::TooSmall));
        assert_eq!((suspect(dec!(0), dec!(5)), suspect(dec!(5), dec!(0))), (None, None));
        assert_eq!(suspect(Decimal::MAX, Decimal::MAX), None);
    }
}
