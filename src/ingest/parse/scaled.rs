//! Columns whose number format divides what the cells hold, so that a person sees other numbers than are read.

use rust_decimal::Decimal;

use super::format_words::{MULTIPLES, tell_scaling};
use super::unit::SheetUnits;
use super::{Context, is_numeric};
use crate::ingest::grid::{Cell, Grid, Value};
use crate::ingest::layout::Block;
use crate::ingest::reading::Scaled;
use crate::model::quantity::round;
use crate::model::{CellRef, Unit};
use crate::plan::{ColumnSpec, Dataset};

/// The columns of a block that stand under a unit naming a multiple and have a number with a scaling format.
#[must_use]
pub fn scaled(grid: &Grid, dataset: &Dataset, block: &Block, context: Context) -> Vec<Scaled> {
    // Hardly any sheet has such a format.
    if !grid.cells().any(|cell| cell.look.as_ref().is_some_and(|look| look.thousands > 0)) {
        return Vec::new();
    }
    let units = SheetUnits::read(grid, dataset, block, context, &mut Vec::new());
    let columns = dataset.columns.iter().enumerate().filter(|(_, spec)| is_numeric(spec.kind));
    columns.filter_map(|(at, spec)| of_column(grid, spec, at, block, units.of(at))).collect()
}

fn of_column(grid: &Grid, spec: &ColumnSpec, at: usize, block: &Block, sheet: Option<&Unit>) -> Option<Scaled> {
    let unit = sheet.or(spec.unit.as_ref())?;
    let heading = block.heading.bound.get(at)?.as_ref()?;
    let names_multiple = |text: &str| text.contains(MULTIPLES);
    let in_brackets = heading.text.rsplit_once(['（', '(']).is_some_and(|(_, inner)| names_multiple(inner));
    if !(names_multiple(unit.name()) || in_brackets) {
        return None;
    }
    let spots = block.body.rows.iter().filter_map(|row| row.get(at).copied().flatten());
    spots.filter_map(|(row, column)| grid.cell(row, column)).find_map(|cell| of_cell(grid, spec, unit, cell))
}

fn of_cell(grid: &Grid, spec: &ColumnSpec, unit: &Unit, cell: &Cell) -> Option<Scaled> {
    let look = cell.look.as_ref().filter(|look| look.thousands > 0)?;
    let Value::Number(stored) = &cell.value else { return None };
    let power = u32::from(look.thousands).checked_mul(3)?.checked_add(u32::from(look.drawn))?;
    if tell_scaling(cell, power, unit) {
        return None;
    }
    let divided = stored.checked_div(Decimal::from(10_u64.checked_pow(power)?))?;
    let seen = round(divided, u32::from(look.drawn).max(spec.decimals));
    (!stored.is_zero()).then(|| Scaled {
        column: spec.name.clone(),
        sheet: grid.name.clone(),
        cell: CellRef::new(cell.row, cell.column),
        power,
        seen,
        stored: stored.normalize(),
        unit: unit.name().to_owned(),
    })
}
