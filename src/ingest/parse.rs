//! Parse: cells to typed columns, with every conversion told. Rules are not judged here.

mod context;
mod format_words;
pub mod percent;
pub mod unit;
mod unit_column;
pub mod scaled;
pub mod column;

use rust_decimal::Decimal;

use crate::model::observation::TotalRow;
use crate::model::{CellRef, Finding, FindingCode, Observations, Unit};
use crate::plan::{ColumnSpec, Dataset};

use super::grid::{Cell, Grid};
use super::layout::Block;
use super::layout::body::Spot;
use super::reading::{Facts, PercentCell};

use coercion::Kinds;
use column::{Reader, kept, parse_column};
use number::{Units, is_converted, is_percent, number};
use percent::percent_cell;
use unit::SheetUnits;

pub use super::content::{choice, coercion, date, nfkc, number, region, text};
pub use context::{Context, is_numeric};

/// Reads a block's cells as its columns' types. Cells that cannot be read are missing and have a finding.
pub fn parse(grid: &Grid, dataset: &Dataset, table: &Block, context: Context) -> (Observations, Facts, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut facts = Facts { dataset: dataset.code.clone(), ..Facts::default() };
    let mut columns = Vec::new();
    let units = SheetUnits::read(grid, dataset, table, context, &mut findings);
    findings.extend(unit_column::findings(grid, dataset, table, &units, context));
    for (at, spec) in dataset.columns.iter().enumerate() {
        let reader = Reader { grid, dataset, spec, at, unit: units.of(at), context };
        let (column, percents) = parse_column(&reader, &table.body, &mut findings);
        columns.push(column);
        facts.percents.extend(percents);
        facts.percents.extend(table.body.totals.iter().filter_map(|total| percent_of_total(&reader, total.spots.get(at).copied()?)));
    }
    let cells = table.body.rows.iter().map(|row| row.iter().map(|spot| spot.map(CellRef::from)).collect()).collect();
    let totals = table.body.totals.iter().map(|total| {
        let numeric = dataset.columns.iter().enumerate().zip(&total.spots).filter(|((_, spec), _)| is_numeric(spec.kind));
        let (values, cells) = numeric
            .map(|((at, spec), spot)| ((spec.name.clone(), total_value(grid, spec, units.of(at), *spot)), spot.map(CellRef::from)))
            .unzip();
        TotalRow { label: total.label.clone(), kind: total.kind, row: total.row + 1, values, cells, part: 0 }
    });
    let observations = Observations {
        dataset: dataset.code.clone(),
        department: context.department.clone(),
        period: context.period,
        sheet: grid.name.clone(),
        columns,
        cells,
        totals: totals.collect(),
        parts: Vec::new(),
    };
    findings.extend(cut_at_row_limit(grid, dataset, table, context));
    (observations, facts, findings)
}

fn total_value(grid: &Grid, spec: &ColumnSpec, sheet: Option<&Unit>, spot: Spot) -> Option<Decimal> {
    let (cell, value, converted) = unrounded(grid, spec, sheet, spot)?;
    Some(kept(value, &cell.value, spec, converted))
}

/// A cell's number in the column's unit, and whether it was converted.
fn unrounded<'a>(grid: &'a Grid, spec: &ColumnSpec, sheet: Option<&Unit>, spot: Spot) -> Option<(&'a Cell, Decimal, bool)> {
    let cell = spot.and_then(|(row, column)| grid.cell(row, column))?;
    let units = Units { column: spec.unit.as_ref(), sheet };
    let mut kinds = Kinds::default();
    let value = number(&cell.value, cell.percent(), units, &mut kinds).ok().flatten()?;
    Some((cell, value, is_converted(&cell.value, units, &kinds)))
}

fn percent_of_total(reader: &Reader, spot: Spot) -> Option<PercentCell> {
    let numeric = is_numeric(reader.spec.kind) && is_percent(reader.spec.unit.as_ref());
    let (cell, value, _) = unrounded(reader.grid, reader.spec, reader.unit, spot).filter(|_| numeric)?;
    Some(percent_cell(reader.grid, &reader.spec.name, cell, value))
}

/// A sheet that ends exactly at a format's last row may have been cut.
fn cut_at_row_limit(grid: &Grid, dataset: &Dataset, table: &Block, context: Context) -> Option<Finding> {
    let last = table.body.last_row;
    if !matches!(last, 65_535 | 1_048_575) || table.heading.bottom == last {
        return None;
    }
    let message = format!("工作表正好止于第{}行（文件格式的最大行数），可能有行被截去，请核对行数", last + 1);
    let mut finding = Finding::new(FindingCode::CutAtRowLimit, context.place(grid, Some((last, 0))), message);
    finding.dataset = Some(dataset.code.clone());
    Some(finding)
}
