//! Units in an expression: what may stand side by side, and what a product is in.

use rust_decimal::Decimal;

use crate::model::Unit;
use crate::model::quantity::Dimension;

use super::kinds::Number;

/// The number that adding, comparing or choosing between two gives; `Err` says why they do not mix.
pub fn mix(a: &Number, b: &Number) -> Result<Number, String> {
    let integer = a.integer && b.integer;
    let unit = match (&a.unit, &b.unit) {
        (Some(one), Some(other)) => Some(same(one, other)?),
        // A literal takes the unit of its neighbour; a bare count goes with other counts only.
        (Some(unit), None) => Some(beside(unit, b)?),
        (None, Some(unit)) => Some(beside(unit, a)?),
        (None, None) => None,
    };
    Ok(Number { integer, unit, literal: a.literal && b.literal })
}

fn same(one: &Unit, other: &Unit) -> Result<Unit, String> {
    if !one.converts_to(other) {
        return Err(format!("{} and {} do not mix", one.name(), other.name()));
    }
    if one.convert(Decimal::ONE, other) != Some(Decimal::ONE) {
        return Err(format!("{} and {} stand side by side unconverted", one.name(), other.name()));
    }
    Ok(one.clone())
}

fn beside(unit: &Unit, bare: &Number) -> Result<Unit, String> {
    if bare.literal || matches!(unit.dimension(), Dimension::Count | Dimension::Person | Dimension::Vehicle) {
        Ok(unit.clone())
    } else {
        Err(format!("{} and a number without a unit do not mix", unit.name()))
    }
}

/// The product of two numbers: one of them an integer, at most one of them with a unit.
pub fn multiply(a: &Number, b: &Number) -> Result<Number, (String, &'static str)> {
    if !a.integer && !b.integer {
        return Err(("a decimal times a decimal is not exact".to_owned(), "`*` needs an integer on one side"));
    }
    let unit = match (&a.unit, &b.unit) {
        (Some(one), Some(other)) => {
            return Err((format!("{} times {} is no unit we know", one.name(), other.name()), "multiply by a plain integer"));
        }
        (one, other) => one.clone().or_else(|| other.clone()),
    };
    Ok(Number { integer: a.integer && b.integer, unit, literal: a.literal && b.literal })
}
