//! The growth that a row's own amounts make, beside the one it reports.
//!
//! A growth column is one in % whose heading speaks of 同比, 增速 or 增长; it belongs to the nearest 上年同期 column before it, of the
//! month where it says 当月. The published growth of an indicator may stand in a table of its own: it belongs to the indicator's amounts.

use rust_decimal::Decimal;

use crate::ingest::check::table::Table;
use crate::ingest::check::wording;
use crate::model::quantity::{Dimension, percent};
use crate::plan::{Calculation, ColumnSpec};

/// What a row's amounts come to.
pub struct Computed {
    /// The row of the table that reports growth.
    pub row: usize,
    /// In percent, closely enough to judge half a point.
    pub growth: Decimal,
    /// The headings of the amounts and of last year's.
    pub value: String,
    pub base: String,
}

/// Computes the growth that stands in the column `growth`, row by row; empty where it is none or no amounts are in the file.
pub fn computed<'a>(table: &Table<'a>, tables: &[Table<'a>], growth: &ColumnSpec) -> Vec<Computed> {
    let mut computed = own(table, growth);
    computed.extend(across(table, tables, growth));
    computed
}

/// By the table's own amounts.
fn own(table: &Table, growth: &ColumnSpec) -> Vec<Computed> {
    let at = table.dataset.columns.iter().position(|spec| spec.name == growth.name);
    let Some((value, base)) = at.filter(|_| is_growth(growth)).and_then(|at| pair(table, growth, at)) else { return Vec::new() };
    (0..table.now.rows()).filter_map(|row| of_row(table, (row, row), value, base)).collect()
}

/// By the amounts in another table of the file, city by city.
fn across<'a>(table: &Table<'a>, tables: &[Table<'a>], growth: &ColumnSpec) -> Vec<Computed> {
    let mut all = Vec::new();
    for (_, indicator) in table.plan.indicators() {
        let Calculation::Simple { dataset, value, last_year: Some(base), .. } = &indicator.calculation else { continue };
        let is_own = |(of, column): &(String, String)| *of == table.dataset.code && *column == growth.name;
        if !indicator.reported_growth.as_ref().is_some_and(is_own) {
            continue;
        }
        let Some(amounts) = tables.iter().find(|other| other.dataset.code == *dataset && *dataset != table.dataset.code) else { continue };
        // Only amounts that stand in one cell a city can be told by that cell.
        let ([value], [base]) = (value.columns.as_slice(), base.columns.as_slice()) else { continue };
        let (Some(value), Some(base)) = (amounts.dataset.column(value), amounts.dataset.column(base)) else { continue };
        all.extend(table.matched(amounts.now).into_iter().filter_map(|rows| of_row(amounts, rows, value, base)));
    }
    all
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

/// `None` for a base that is missing or not positive.
fn of_row(amounts: &Table, (row, there): (usize, usize), value: &ColumnSpec, base: &ColumnSpec) -> Option<Computed> {
    let (now, was) = (amounts.value(there, value)?, amounts.value(there, base).filter(|was| *was > Decimal::ZERO)?);
    let growth = percent(now.checked_sub(was)?, was, 6)?;
    Some(Computed { row, growth, value: amounts.caption(value), base: amounts.caption(base) })
}
