//! `growth-differs`: the growth a row reports and the growth its own figures make differ by more than half a point (口径不同).
//!
//! Both in one table ([`check`]), or the growth of an indicator in a table of its own beside that of its amounts in the same file
//! ([`across`]). In one table, a growth column is one in
//! % whose heading speaks of 同比, 增速 or 增长; it belongs to the nearest 上年同期 column before it, of the month where it says
//! 当月.

use rust_decimal::{Decimal, dec};

use crate::ingest::check::table::Table;
use crate::ingest::check::wording;
use crate::model::quantity::{Dimension, percent, round};
use crate::model::{Finding, FindingCode};
use crate::plan::{Calculation, ColumnSpec};

const POINTS_MAX: Decimal = dec!(0.5);

/// Compares reported with computed growth, row by row.
pub fn check(table: &Table) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, growth) in table.dataset.columns.iter().enumerate().filter(|(_, spec)| is_growth(spec)) {
        let Some((value, base)) = pair(table, growth, at) else { continue };
        for row in 0..table.now.rows() {
            let (Some(reported), Some(computed)) = (table.value(row, growth), computed(table, row, value, base)) else { continue };
            findings.extend(differing(table, row, growth, (reported, computed), (table.caption(value), table.caption(base))));
        }
    }
    findings
}

/// Compares the published growth in `growth` with what the amounts in another table of the file make, city by city.
pub fn across(growth: &Table, tables: &[Table]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (_, indicator) in growth.plan.indicators() {
        let Calculation::Simple { dataset, value, last_year: Some(base), .. } = &indicator.calculation else { continue };
        let Some((_, column)) = indicator.reported_growth.as_ref().filter(|(of, _)| *of == growth.dataset.code) else { continue };
        let Some(amounts) = tables.iter().find(|table| table.dataset.code == *dataset && *dataset != growth.dataset.code) else { continue };
        // Only amounts that stand in one cell a city can be told by that cell.
        let ([value], [base]) = (value.columns.as_slice(), base.columns.as_slice()) else { continue };
        let specs = (growth.dataset.column(column), amounts.dataset.column(value), amounts.dataset.column(base));
        let (Some(column), Some(value), Some(base)) = specs else { continue };
        for (row, there) in growth.matched(amounts.now) {
            let (Some(reported), Some(computed)) = (growth.value(row, column), computed(amounts, there, value, base)) else { continue };
            findings.extend(differing(growth, row, column, (reported, computed), (amounts.caption(value), amounts.caption(base))));
        }
    }
    findings
}

/// The finding, where the two are more than half a point apart.
fn differing(
    table: &Table,
    row: usize,
    growth: &ColumnSpec,
    (reported, computed): (Decimal, Decimal),
    (value, base): (String, String),
) -> Option<Finding> {
    let gap = reported.checked_sub(computed).map(|gap| gap.abs()).filter(|gap| *gap > POINTS_MAX)?;
    let places = growth.decimals.max(1);
    let message = format!(
        "{}{}，按“{value}”与“{base}”计算为{}%，相差{}个百分点，疑似口径不同，请核对。",
        table.caption(growth),
        wording::amount(growth, reported),
        round(computed, places),
        round(gap, places)
    );
    let finding = table.at_cell(FindingCode::GrowthDiffers, row, growth, message);
    Some(Finding { expected: Some(round(computed, places).to_string()), ..finding })
}

fn is_growth(spec: &ColumnSpec) -> bool {
    let in_percent = spec.unit.as_ref().is_some_and(|unit| unit.dimension() == Dimension::Percent);
    in_percent && ["同比", "增速", "增长"].iter().any(|word| wording::label(spec).contains(word))
}

/// The value column and its base that a growth column is about.
fn pair<'a>(table: &Table<'a>, growth: &ColumnSpec, at: usize) -> Option<(&'a ColumnSpec, &'a ColumnSpec)> {
    let of_month = ["当月", "本月"].iter().any(|word| wording::label(growth).contains(word));
    let dataset = table.dataset;
    let bases = dataset.columns.get(..at)?.iter().rev();
    let pairs = bases.filter_map(|base| Some((dataset.column(base.last_year_of.as_ref()?)?, base)));
    pairs.into_iter().find(|(value, _)| value.month_of.is_some() == of_month)
}

/// Growth in percent, closely enough to judge half a point; `None` for a base that is missing or not positive.
fn computed(table: &Table, row: usize, value: &ColumnSpec, base: &ColumnSpec) -> Option<Decimal> {
    let (value, base) = (table.value(row, value)?, table.value(row, base)?);
    if base <= Decimal::ZERO {
        return None;
    }
    percent(value.checked_sub(base)?, base, 6)
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};
    use crate::plan::ColumnType;

    #[test]
    fn growth_on_another_basis_is_noted() {
        let mut dataset = sample::matrix();
        dataset.columns.push(sample::column("growth", "1—{month}月同比增长（%）", ColumnType::Decimal, Some("%"), 1));
        let rows: [&[&str]; 3] =
            [&["330100", "", "262", "240", "12.5"], &["330200", "", "110", "100", "9.5"], &["330300", "", "120.25", "0", "30.0"]];
        assert_eq!(
            sample::told(&dataset, &sample::table(&dataset, &rows), &Past::default()),
            ["growth-differs E5 1—6月同比增长12.5%，按“1—6月累计”与“上年同期累计”计算为9.2%，相差3.3个百分点，疑似口径不同，请核对。"]
        );
    }
}
