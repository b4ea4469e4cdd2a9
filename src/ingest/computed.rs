//! What formulas tell of the values beside them: values that differ, and totals that were never saved.

use std::collections::BTreeSet;

use rust_decimal::{Decimal, dec};

use super::formula::evaluate::Evaluator;
use super::formula::exact::Exact;
use super::formula::operand::Spot;
use crate::ingest::grid::{Cell, Grid, Value};
use crate::ingest::layout::{Block, Found};
use crate::ingest::parse::unit::SheetUnits;
use crate::ingest::parse::{Context, is_numeric};
use crate::model::quantity::round;
use crate::model::{CellRef, Finding, FindingCode, Place, Unit};
use crate::plan::heading::headings;
use crate::plan::{ColumnSpec, ColumnType, Dataset, TotalRule};

/// A float keeps 15 digits; sums of many keep fewer.
const RELATIVE: Decimal = dec!(0.000000000001);

/// Puts what a total's formula comes to where no value was saved with it; one that cannot be computed stays blank, and is no total.
pub fn fill_totals(grids: &mut [Grid], datasets: &[&Dataset], found: &[Found], placeholders: bool) {
    if has_no_formulas(grids) {
        return;
    }
    let mut evaluator = Evaluator::new(grids, placeholders);
    let mut filled: Vec<(usize, Cell)> = Vec::new();
    for (dataset, block) in blocks(datasets, found) {
        for (_, (sheet, row, column)) in totals(dataset, block) {
            let Some(grid) = evaluator.grid(sheet) else { continue };
            let unsaved = grid.cell(row, column).is_none() && grid.formulas.get(&(row, column)).is_some_and(|formula| !formula.saved);
            if let Some(exact) = Some((sheet, row, column)).filter(|_| unsaved).and_then(|spot| evaluator.formula(spot)) {
                filled.push((sheet, Cell { row, column, value: Value::Number(exact.value.normalize()), look: None }));
            }
        }
    }
    for (sheet, cell) in filled {
        if let Some(grid) = grids.get_mut(sheet) {
            grid.put(cell);
        }
    }
}

/// The saved values that are not what their formulas come to.
#[must_use]
pub fn findings(grids: &[Grid], datasets: &[&Dataset], found: &[Found], placeholders: bool, context: Context) -> Vec<Finding> {
    if has_no_formulas(grids) {
        return Vec::new();
    }
    let mut evaluator = Evaluator::new(grids, placeholders);
    let mut by_saved = Evaluator::as_saved(grids);
    let mut told: BTreeSet<Spot> = BTreeSet::new();
    let mut findings = Vec::new();
    for (dataset, block) in blocks(datasets, found) {
        let Some(units) = grids.get(block.sheet).map(|grid| SheetUnits::read(grid, dataset, block, context, &mut Vec::new())) else {
            continue;
        };
        for (at, spot) in values(dataset, block).into_iter().chain(totals(dataset, block)) {
            let Some((grid, spec)) = evaluator.grid(spot.0).zip(dataset.columns.get(at)) else { continue };
            let Some(cell) = grid.cell(spot.1, spot.2).filter(|_| grid.formulas.contains_key(&(spot.1, spot.2))) else { continue };
            let tolerance = tolerance(spec, units.of(at), cell);
            let Some(trouble) = trouble(&mut evaluator, spot, cell, tolerance) else { continue };
            // A total that only follows a value told before is not told a second time.
            if evaluator.refers_to(spot, &told) && self::trouble(&mut by_saved, spot, cell, tolerance).is_none() {
                continue;
            }
            told.insert(spot);
            findings.push(finding(grid, dataset, spec, cell, trouble, context));
        }
    }
    findings
}

/// Most workbooks have none.
fn has_no_formulas(grids: &[Grid]) -> bool {
    grids.iter().all(|grid| grid.formulas.is_empty())
}

fn blocks<'a>(datasets: &'a [&'a Dataset], found: &'a [Found]) -> impl Iterator<Item = (&'a Dataset, &'a Block)> {
    let tables = datasets.iter().zip(found).filter_map(|(dataset, found)| match found {
        Found::Table(table) => Some((*dataset, table)),
        _ => None,
    });
    tables.flat_map(|(dataset, table)| table.blocks.iter().map(move |block| (dataset, block)))
}

/// The cells that become numbers: column, spot.
fn values(dataset: &Dataset, block: &Block) -> Vec<(usize, Spot)> {
    let numeric = |at: usize| dataset.columns.get(at).is_some_and(|spec| is_numeric(spec.kind));
    let rows = block.body.rows.iter().flat_map(|row| row.iter().enumerate());
    rows.filter(|(at, _)| numeric(*at)).filter_map(|(at, spot)| spot.map(|(row, column)| (at, (block.sheet, row, column)))).collect()
}

/// The cells of totals that are held against their parts.
fn totals(dataset: &Dataset, block: &Block) -> Vec<(usize, Spot)> {
    if dataset.total_rule == TotalRule::Independent {
        return Vec::new();
    }
    let summed = |at: usize| dataset.columns.get(at).is_some_and(|spec| is_numeric(spec.kind) && !is_ratio(spec));
    let totals = block.body.totals.iter().flat_map(|total| total.spots.iter().enumerate());
    totals.filter(|(at, _)| summed(*at)).filter_map(|(at, spot)| spot.map(|(row, column)| (at, (block.sheet, row, column)))).collect()
}

fn is_ratio(spec: &ColumnSpec) -> bool {
    spec.unit.as_ref().is_some_and(Unit::is_ratio)
}

/// What is wrong with a saved value.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Trouble {
    Differs(Decimal),
    /// A 0 by a formula that we cannot compute, though it leans on more than 0.
    Doubtful,
}

fn trouble(evaluator: &mut Evaluator, spot: Spot, cell: &Cell, tolerance: Option<Decimal>) -> Option<Trouble> {
    let Value::Number(saved) = &cell.value else { return None };
    match evaluator.formula(spot) {
        Some(Exact { value, slack }) => {
            let room = value.abs().max(saved.abs()).checked_mul(RELATIVE)?.max(tolerance?).checked_add(slack)?;
            (value.checked_sub(*saved)?.abs() > room).then_some(Trouble::Differs(value))
        }
        None => evaluator.is_doubtful(spot).then_some(Trouble::Doubtful),
    }
}

/// Half a unit of the column's last decimal, in the unit of the sheet and as the cell holds it.
fn tolerance(spec: &ColumnSpec, sheet: Option<&Unit>, cell: &Cell) -> Option<Decimal> {
    let decimals = if spec.kind == ColumnType::Integer { 0 } else { spec.decimals };
    let half = Decimal::try_new(5, decimals.checked_add(1)?).ok()?;
    let half = match (spec.unit.as_ref(), sheet) {
        (Some(column), Some(sheet)) => column.convert(half, sheet)?,
        _ => half,
    };
    if cell.percent() == Some(true) && is_ratio(spec) { half.checked_div(Decimal::ONE_HUNDRED) } else { Some(half) }
}

fn finding(grid: &Grid, dataset: &Dataset, spec: &ColumnSpec, cell: &Cell, trouble: Trouble, context: Context) -> Finding {
    let label = headings(dataset, spec, context.period).lower().to_owned();
    let saved = cell.shown();
    let remedy = "请在Excel或WPS中打开、重新计算（F9）并保存，或粘贴为数值后重新报送；如保存的数无误，请说明。";
    let (message, expected) = match trouble {
        Trouble::Differs(computed) => {
            let computed = round(computed, computed.normalize().scale().min(spec.decimals.saturating_add(2))).normalize().to_string();
            (format!("“{label}”保存的数为{saved}，按其公式应为{computed}：{remedy}"), Some(computed))
        }
        Trouble::Doubtful => (format!("“{label}”的公式保存的数为0，而所引用的单元格不为0，疑似未经计算：{remedy}"), None),
    };
    let place = Place { file: context.file.to_owned(), sheet: Some(grid.name.clone()), cell: Some(CellRef::new(cell.row, cell.column)) };
    Finding {
        dataset: Some(dataset.code.clone()),
        column: Some(spec.name.clone()),
        found: Some(saved),
        expected,
        ..Finding::new(FindingCode::FormulaDiffers, place, message)
    }
}
