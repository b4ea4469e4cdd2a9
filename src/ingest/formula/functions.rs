//! What functions make of their arguments: digits written out, what a cell adds, and what SUMIF asks of it.

use std::str::FromStr;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::exact::Exact;
use super::operand::Operand;
use super::parse::Tree;
use crate::ingest::parse::text::{half_width, trimmed};

pub fn literal(tree: &Tree) -> Option<i32> {
    match tree {
        Tree::Number(number) if number.is_integer() => number.to_i32(),
        Tree::Negative(tree) => literal(tree).map(|number| -number),
        _ => None,
    }
}

/// Texts add nothing; one that is a number in all but type is not known: programs differ.
pub fn addend(operand: Operand) -> Option<Exact> {
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

/// What a cell must be.
pub enum Criterion {
    Number(Decimal),
    /// In small letters.
    Text(String),
    Above(Decimal, bool),
    Below(Decimal, bool),
}

/// Whether a cell meets it; in a comparison by size only numbers do.
pub fn meets(operand: &Operand, criterion: &Criterion) -> Option<bool> {
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
