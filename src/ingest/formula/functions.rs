//! The functions that are computed: SUM, SUMIF, ROUND, SUBTOTAL.

use std::str::FromStr;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::evaluate::{Evaluator, Operand, Spot};
use super::exact::Exact;
use super::parse::Tree;
use super::reference::Reference;
use crate::ingest::parse::text::{half_width, trimmed};

/// Computes a call on a sheet; `None` for what is not known.
pub fn call(evaluator: &mut Evaluator, sheet: usize, name: &str, arguments: &[Tree]) -> Option<Exact> {
    match (name, arguments) {
        ("SUM", all) => sum(evaluator, sheet, all),
        ("ROUND", [figure, digits]) => evaluator.figure(sheet, figure)?.rounded(literal(digits)?),
        ("SUMIF", [range, criterion]) => sum_if(evaluator, sheet, range, criterion, range),
        ("SUMIF", [range, criterion, summed]) => sum_if(evaluator, sheet, range, criterion, summed),
        ("SUBTOTAL", [function, areas @ ..]) => subtotal(evaluator, sheet, literal(function)?, areas),
        _ => None,
    }
}

fn literal(tree: &Tree) -> Option<i32> {
    match tree {
        Tree::Number(number) if number.is_integer() => number.to_i32(),
        Tree::Negative(tree) => literal(tree).map(|number| -number),
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

/// Texts add nothing; one that is a number in all but type is not known: programs differ.
fn addend(operand: Operand) -> Option<Exact> {
    match operand {
        Operand::Number(number) => Some(number),
        Operand::Text(text) if number_of(text).is_some() => None,
        Operand::Blank | Operand::Text(_) => Some(Exact::default()),
    }
}

fn number_of(text: &str) -> Option<Decimal> {
    let half: String = half_width(text).chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
    Decimal::from_str(half.trim_end_matches('%')).ok()
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

/// What a cell must be.
enum Criterion {
    Number(Decimal),
    /// In small letters.
    Text(String),
    Above(Decimal, bool),
    Below(Decimal, bool),
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

/// Whether a cell meets it; in a comparison by size only numbers do.
fn meets(operand: &Operand, criterion: &Criterion) -> Option<bool> {
    let number = match operand {
        Operand::Blank => return Some(false),
        Operand::Number(number) if !number.slack.is_zero() => return None,
        Operand::Number(number) => Some(number.value),
        Operand::Text(_) => None,
    };
    Some(match (criterion, operand) {
        (Criterion::Number(wanted), Operand::Text(text)) => Decimal::from_str(trimmed(text)).is_ok_and(|number| number == *wanted),
        (Criterion::Number(wanted), _) => number == Some(*wanted),
        (Criterion::Text(wanted), Operand::Text(text)) => text.to_lowercase() == *wanted,
        (Criterion::Text(_), _) => false,
        (Criterion::Above(bound, equal), _) => number.is_some_and(|number| number > *bound || (*equal && number == *bound)),
        (Criterion::Below(bound, equal), _) => number.is_some_and(|number| number < *bound || (*equal && number == *bound)),
    })
}
