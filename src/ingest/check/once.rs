//! Among the findings of one table: what only follows from another is not told again.

use std::collections::HashSet;

use super::table::Table;
use crate::model::{Finding, FindingCode, Severity};
use crate::plan::TotalRule;

/// What only follows from another finding is left out: a figure in another unit also jumps, falls, is out of proportion and spoils
/// its row's month; last month's table again has a month that does not fit; fractions that may be percentages make another growth;
/// a month in its cumulative's place makes both fall and jump; a total that differs from its cities is what 省本级及跨市 appears from.
pub fn told_once(table: &Table, findings: &mut Vec<Finding>) {
    use FindingCode::{
        AllZero, CumulativeDecreased, GrowthDiffers, LastYearSwapped, MonthCumulativeSwapped, MonthDiffers, MonthJumps, OutOfProportion,
        OutOfRange, PercentUnclear, ProvinceOwn, SameAsLastMonth, ScaledFormat, TotalMismatch, UnitFactor,
    };
    let causes: Vec<(FindingCode, Option<String>, Option<String>)> = findings
        .iter()
        .filter(|one| {
            matches!(
                one.code,
                AllZero
                    | CumulativeDecreased
                    | LastYearSwapped
                    | MonthCumulativeSwapped
                    | MonthJumps
                    | OutOfRange
                    | PercentUnclear
                    | SameAsLastMonth
                    | ScaledFormat
                    | TotalMismatch
                    | UnitFactor
            )
        })
        .map(|one| (one.code, one.column.clone(), one.row_key.clone()))
        .collect();
    let cumulative = |month: &Option<String>| month.as_deref().and_then(|name| table.dataset.column(name)?.month_of.clone());
    let swapped = |column: &Option<String>| {
        causes.iter().any(|(code, month, _)| *code == MonthCumulativeSwapped && (month == column || cumulative(month) == *column))
    };
    let follows = |one: &Finding| match one.code {
        CumulativeDecreased | MonthJumps | UnitFactor | OutOfProportion if swapped(&one.column) => true,
        UnitFactor => causes.iter().any(|(code, column, _)| *code == ScaledFormat && *column == one.column),
        CumulativeDecreased | MonthJumps | OutOfProportion => causes.iter().any(|(code, column, row)| {
            let is_same = *column == one.column && (row.is_none() || *row == one.row_key);
            is_same
                && (matches!(code, LastYearSwapped | ScaledFormat | UnitFactor) || (*code == OutOfRange && one.code != CumulativeDecreased))
        }),
        ProvinceOwn if table.dataset.total_rule == TotalRule::Equal => causes.iter().any(|(code, ..)| *code == TotalMismatch),
        MonthDiffers => causes.iter().any(|(code, _, row)| *code != PercentUnclear && (row.is_none() || *row == one.row_key)),
        GrowthDiffers => {
            causes.iter().any(|(code, column, _)| *code == LastYearSwapped || (*code == PercentUnclear && *column == one.column))
        }
        _ => false,
    };
    findings.retain(|one| !follows(one));
    unit_beyond_bounds(findings);
}

/// A whole column in a unit that takes it beyond its bounds must be mended: it says so itself, and no cell says it again. A single
/// cell beyond its bounds is told as that alone.
fn unit_beyond_bounds(findings: &mut Vec<Finding>) {
    let is_above = |one: &Finding| one.code == FindingCode::OutOfRange && one.expected.as_ref().is_some_and(|e| e.starts_with("不应大于"));
    let above: Vec<Finding> = findings.iter().filter(|one| is_above(one)).cloned().collect();
    let is_unit = |one: &Finding| one.code == FindingCode::UnitFactor;
    findings.retain(|one| !is_unit(one) || !above.iter().any(|cell| cell.column == one.column && cell.row_key == one.row_key));
    let mut columns = HashSet::new();
    for unit in findings.iter_mut().filter(|one| is_unit(one) && one.row_key.is_none()) {
        if above.iter().any(|cell| cell.column == unit.column) {
            unit.severity = Severity::Error;
            unit.message = unit.message.replace("；如属实请说明原因。", "。");
            columns.insert(unit.column.clone());
        }
    }
    findings.retain(|one| !is_above(one) || !columns.contains(&one.column));
}
