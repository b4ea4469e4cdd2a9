//! Computes formulas over the workbook's grids, as a spreadsheet program would when it opens the file.
//!
//! A reference to another formula is computed too; where that one cannot be, its saved value counts, unless it is a 0 that may be a
//! placeholder.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::str::FromStr;

use rust_decimal::Decimal;

use super::exact::Exact;
use super::functions::{Criterion, addend, literal, meets};
use super::operand::{Operand, Spot};
use super::parse::{Tree, parse};
use super::reference::Reference;
use super::token::{Token, tokens};
use crate::ingest::grid::{Cell, Grid, Merge, Value};
use crate::ingest::parse::text::trimmed;

/// Computes, and remembers what it computed.
pub struct Evaluator<'a> {
    grids: &'a [Grid],
    /// Zeros may have been saved without computing.
    placeholders: bool,
    /// Other formulas count with their saved values, where they have some.
    as_saved: bool,
    covered: Vec<BTreeMap<(u32, u32), &'a Cell>>,
    known: HashMap<Spot, Option<Exact>>,
    busy: HashSet<Spot>,
    /// Cells that may still be looked at.
    left: u64,
}

/// Formulas that lean on formulas are followed this far.
const DEPTH_MAX: usize = 24;

/// Cells looked at for one workbook.
const CELLS_MAX: u64 = 10_000_000;

impl<'a> Evaluator<'a> {
    /// Over these sheets.
    #[must_use]
    pub fn new(grids: &'a [Grid], placeholders: bool) -> Self {
        let covered = grids.iter().map(|grid| grid.covered.iter().map(|cell| ((cell.row, cell.column), cell)).collect()).collect();
        Self { grids, placeholders, as_saved: false, covered, known: HashMap::new(), busy: HashSet::new(), left: CELLS_MAX }
    }

    /// Over these sheets, by the values that other formulas were saved with.
    #[must_use]
    pub fn as_saved(grids: &'a [Grid]) -> Self {
        Self { as_saved: true, ..Self::new(grids, false) }
    }

    /// What the formula at a place comes to; `None` where there is none that can be computed.
    pub fn formula(&mut self, spot: Spot) -> Option<Exact> {
        if let Some(known) = self.known.get(&spot) {
            return *known;
        }
        let text = &self.grids.get(spot.0)?.formulas.get(&(spot.1, spot.2))?.text;
        let Some(tree) = parse(text) else {
            self.known.insert(spot, None);
            return None;
        };
        if self.busy.len() >= DEPTH_MAX || !self.busy.insert(spot) {
            return None;
        }
        let computed = self.figure(spot.0, &tree);
        self.busy.remove(&spot);
        // What was cut short by others in the making may be known later.
        if computed.is_some() || self.busy.is_empty() {
            self.known.insert(spot, computed);
        }
        computed
    }

    /// A tree's figure on a sheet.
    pub fn figure(&mut self, sheet: usize, tree: &Tree) -> Option<Exact> {
        match tree {
            Tree::Number(number) => Some(Exact::from(*number)),
            Tree::Reference(found) if found.is_cell() => {
                let on = self.sheet_of(found, sheet)?;
                match self.operand((on, found.area.top, found.area.left))? {
                    Operand::Blank => Some(Exact::default()),
                    Operand::Number(number) => Some(number),
                    Operand::Text(_) => None,
                }
            }
            Tree::Text(_) | Tree::Reference(_) => None,
            Tree::Negative(tree) => Some(self.figure(sheet, tree)?.negative()),
            Tree::Percent(tree) => self.figure(sheet, tree)?.over(Decimal::ONE_HUNDRED.into()),
            Tree::Sum(terms) => terms.iter().try_fold(Exact::default(), |sum, (off, term)| {
                let term = self.figure(sheet, term)?;
                sum.plus(if *off { term.negative() } else { term })
            }),
            Tree::Product(factors) => factors.iter().try_fold(Exact::from(Decimal::ONE), |product, (divides, factor)| {
                let factor = self.figure(sheet, factor)?;
                if *divides { product.over(factor) } else { product.times(factor) }
            }),
            Tree::Call(name, arguments) => call(self, sheet, name, arguments),
        }
    }

    /// What a formula finds at a place; `None` for what it would not compute with (errors, dates, truths), or is not known.
    pub fn operand(&mut self, spot: Spot) -> Option<Operand<'a>> {
        self.left = self.left.checked_sub(1)?;
        let grids = self.grids;
        let grid = grids.get(spot.0)?;
        let cell = grid.cell(spot.1, spot.2).or_else(|| self.covered.get(spot.0)?.get(&(spot.1, spot.2)).copied());
        let formula = grid.formulas.get(&(spot.1, spot.2));
        if formula.is_some_and(|formula| !(self.as_saved && formula.saved)) {
            if let Some(computed) = self.formula(spot) {
                return Some(Operand::Number(computed));
            }
            if self.is_doubtful(spot) {
                return None;
            }
        }
        match cell.map(|cell| &cell.value) {
            // A formula that came to an empty text.
            None if formula.is_some_and(|formula| formula.saved) => Some(Operand::Text("")),
            None if formula.is_some() => None,
            None => Some(Operand::Blank),
            Some(Value::Number(number)) => Some(Operand::Number(Exact::from(*number))),
            Some(Value::Text(text)) => Some(Operand::Text(text)),
            Some(Value::Bool(_) | Value::Date(_) | Value::Error(_)) => None,
        }
    }

    /// Whether a formula's saved 0 may be a placeholder: the workbook may hold such, and something it refers to is not 0.
    pub fn is_doubtful(&mut self, spot: Spot) -> bool {
        let grids = self.grids;
        let Some(grid) = grids.get(spot.0) else { return false };
        let is_zero = grid.cell(spot.1, spot.2).is_some_and(|cell| matches!(&cell.value, Value::Number(number) if number.is_zero()));
        self.placeholders && is_zero && self.leans_on_more_than_zero(spot, &mut BTreeSet::new())
    }

    fn leans_on_more_than_zero(&mut self, spot: Spot, seen: &mut BTreeSet<Spot>) -> bool {
        let grids = self.grids;
        let formula = grids.get(spot.0).and_then(|grid| grid.formulas.get(&(spot.1, spot.2)));
        let Some(formula) = formula.filter(|_| seen.len() < DEPTH_MAX && seen.insert(spot)) else { return false };
        let references = tokens(&formula.text).unwrap_or_default();
        for token in references {
            let Token::Reference(found) = token else { continue };
            let Some(sheet) = self.sheet_of(&found, spot.0) else { continue };
            for (row, column) in self.places(sheet, found.area).unwrap_or_default() {
                let value = grids.get(sheet).and_then(|grid| grid.cell(row, column)).map(|cell| &cell.value);
                match value {
                    Some(Value::Number(number)) if !number.is_zero() => return true,
                    _ if self.leans_on_more_than_zero((sheet, row, column), seen) => return true,
                    _ => {}
                }
            }
        }
        false
    }

    /// Whether the formula at a place refers to one of these.
    #[must_use]
    pub fn refers_to(&self, spot: Spot, others: &BTreeSet<Spot>) -> bool {
        let formula = self.grids.get(spot.0).and_then(|grid| grid.formulas.get(&(spot.1, spot.2)));
        let references = formula.and_then(|formula| tokens(&formula.text)).unwrap_or_default();
        references.iter().any(|token| {
            let Token::Reference(found) = token else { return false };
            let Some(sheet) = self.sheet_of(found, spot.0) else { return false };
            let from = others.range((sheet, found.area.top, 0)..=(sheet, found.area.bottom, u32::MAX));
            from.into_iter().any(|(_, _, column)| (found.area.left..=found.area.right).contains(column))
        })
    }

    /// The sheet a reference names, or the formula's own.
    #[must_use]
    pub fn sheet_of(&self, reference: &Reference, own: usize) -> Option<usize> {
        let Some(name) = &reference.sheet else { return Some(own) };
        self.grids.iter().position(|grid| grid.name.to_lowercase() == name.to_lowercase())
    }

    /// The places of an area that hold something, or a formula without a value; `None` when too many were looked at.
    pub fn places(&mut self, sheet: usize, area: Merge) -> Option<BTreeSet<(u32, u32)>> {
        let grid = self.grids.get(sheet)?;
        let columns = area.left..=area.right;
        let span = (area.top, 0)..=(area.bottom, u32::MAX);
        let filled = grid.within(area).map(|cell| (cell.row, cell.column));
        let formulas = grid.formulas.range(span.clone()).map(|(place, _)| *place);
        let covered = self.covered.get(sheet).into_iter().flat_map(|cells| cells.range(span.clone())).map(|(place, _)| *place);
        let places: BTreeSet<(u32, u32)> = filled.chain(formulas).chain(covered).filter(|(_, column)| columns.contains(column)).collect();
        self.left = self.left.checked_sub(u64::try_from(places.len()).ok()?)?;
        Some(places)
    }

    /// A sheet's grid.
    #[must_use]
    pub fn grid(&self, sheet: usize) -> Option<&'a Grid> {
        self.grids.get(sheet)
    }
}

/// Computes a call on a sheet; `None` for what is not known.
fn call(evaluator: &mut Evaluator, sheet: usize, name: &str, arguments: &[Tree]) -> Option<Exact> {
    match (name, arguments) {
        ("SUM", all) => sum(evaluator, sheet, all),
        ("ROUND", [figure, digits]) => evaluator.figure(sheet, figure)?.rounded(literal(digits)?),
        ("SUMIF", [range, criterion]) => sum_if(evaluator, sheet, range, criterion, range),
        ("SUMIF", [range, criterion, summed]) => sum_if(evaluator, sheet, range, criterion, summed),
        ("SUBTOTAL", [function, areas @ ..]) => subtotal(evaluator, sheet, literal(function)?, areas),
        _ => None,
    }
}

fn sum(evaluator: &mut Evaluator, sheet: usize, arguments: &[Tree]) -> Option<Exact> {
    let mut total = Exact::default();
    for argument in arguments {
        let part = match argument {
            Tree::Reference(found) => area(evaluator, sheet, found, |_, _| true)?,
            other => evaluator.figure(sheet, other)?,
        };
        total = total.plus(part)?;
    }
    Some(total)
}

/// The sum of an area's cells that are `wanted`.
fn area(evaluator: &mut Evaluator, own: usize, reference: &Reference, wanted: impl Fn(&Evaluator, Spot) -> bool) -> Option<Exact> {
    let sheet = evaluator.sheet_of(reference, own)?;
    let mut total = Exact::default();
    for (row, column) in evaluator.places(sheet, reference.area)? {
        let spot = (sheet, row, column);
        if wanted(evaluator, spot) {
            total = total.plus(addend(evaluator.operand(spot)?)?)?;
        }
    }
    Some(total)
}

/// SUBTOTAL leaves out other subtotals, and 109 hidden rows. Of hidden rows nobody can tell whether a filter hides them, which 9 minds.
fn subtotal(evaluator: &mut Evaluator, sheet: usize, function: i32, areas: &[Tree]) -> Option<Exact> {
    let mut total = Exact::default();
    for tree in areas {
        let Tree::Reference(found) = tree else { return None };
        let on = evaluator.sheet_of(found, sheet)?;
        let hidden = &evaluator.grid(on)?.hidden_rows;
        let leave = match function {
            9 if hidden.range(found.area.top..=found.area.bottom).next().is_none() => None,
            109 => Some(hidden),
            _ => return None,
        };
        let wanted = |evaluator: &Evaluator, (sheet, row, column): Spot| {
            let formula = evaluator.grid(sheet).and_then(|grid| grid.formulas.get(&(row, column)));
            let nested = formula.is_some_and(|formula| formula.text.to_uppercase().contains("SUBTOTAL("));
            !nested && leave.is_none_or(|hidden| !hidden.contains(&row))
        };
        total = total.plus(area(evaluator, sheet, found, wanted)?)?;
    }
    Some(total)
}

fn sum_if(evaluator: &mut Evaluator, own: usize, range: &Tree, criterion: &Tree, summed: &Tree) -> Option<Exact> {
    let (Tree::Reference(range), Tree::Reference(summed)) = (range, summed) else { return None };
    let criterion = self::criterion(evaluator, own, criterion)?;
    let (sheet, other) = (evaluator.sheet_of(range, own)?, evaluator.sheet_of(summed, own)?);
    let mut total = Exact::default();
    for (row, column) in evaluator.places(sheet, range.area)? {
        if meets(&evaluator.operand((sheet, row, column))?, &criterion)? {
            let row = row.checked_sub(range.area.top)?.checked_add(summed.area.top)?;
            let column = column.checked_sub(range.area.left)?.checked_add(summed.area.left)?;
            total = total.plus(addend(evaluator.operand((other, row, column))?)?)?;
        }
    }
    Some(total)
}

fn criterion(evaluator: &mut Evaluator, own: usize, tree: &Tree) -> Option<Criterion> {
    let text = match tree {
        Tree::Text(text) => text.as_str(),
        Tree::Reference(found) if found.is_cell() => {
            let sheet = evaluator.sheet_of(found, own)?;
            match evaluator.operand((sheet, found.area.top, found.area.left))? {
                Operand::Text(text) => text,
                Operand::Number(number) if number.slack.is_zero() => return Some(Criterion::Number(number.value)),
                Operand::Number(_) | Operand::Blank => return None,
            }
        }
        other => return evaluator.figure(own, other).filter(|number| number.slack.is_zero()).map(|number| Criterion::Number(number.value)),
    };
    let bound = |rest: &str| Decimal::from_str(rest.trim()).ok();
    // Of two signs that begin alike the longer one stands first.
    if let Some(rest) = text.strip_prefix(">=") {
        return Some(Criterion::Above(bound(rest)?, true));
    }
    if let Some(rest) = text.strip_prefix("<=") {
        return Some(Criterion::Below(bound(rest)?, true));
    }
    match text.chars().next()? {
        '>' => Some(Criterion::Above(bound(text.get(1..)?)?, false)),
        '<' => Some(Criterion::Below(bound(text.get(1..)?)?, false)),
        // Wildcards, and whatever blank cells meet.
        _ if text.contains(['*', '?', '~']) || text == "=" => None,
        first => {
            let text = if first == '=' { text.get(1..)? } else { text };
            Some(Decimal::from_str(trimmed(text)).map_or_else(|_| Criterion::Text(text.to_lowercase()), Criterion::Number))
        }
    }
}

#[cfg(test)]
mod tests;
