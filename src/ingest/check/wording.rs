//! Words for findings: an amount as its cell prints it, a bound as the plan writes it.

use rust_decimal::Decimal;

use crate::model::Unit;
use crate::model::quantity::round;
use crate::plan::{ColumnSpec, ColumnType};

/// The number alone, with the column's decimals: `1604.20`.
#[must_use]
pub fn number(spec: &ColumnSpec, value: Decimal) -> String {
    let decimals = if spec.kind == ColumnType::Integer { 0 } else { spec.decimals };
    round(value, decimals).to_string()
}

/// The number with its unit: `1604.20亿元`.
#[must_use]
pub fn amount(spec: &ColumnSpec, value: Decimal) -> String {
    let unit = spec.unit.as_ref().map_or("", Unit::name);
    format!("{}{unit}", number(spec, value))
}

/// A bound as the plan writes it, with the column's unit: `0亿元`.
#[must_use]
pub fn bound(spec: &ColumnSpec, value: Decimal) -> String {
    format!("{}{}", value.normalize(), spec.unit.as_ref().map_or("", Unit::name))
}

/// The canonical heading, or the column's name where the plan gives none.
#[must_use]
pub fn label(spec: &ColumnSpec) -> &str {
    spec.labels.first().map_or(spec.name.as_str(), String::as_str)
}

#[cfg(test)]
mod tests {
    use rust_decimal::dec;

    use super::*;
    use crate::ingest::check::sample;

    #[test]
    fn amounts_bear_the_columns_decimals_and_unit() {
        let dataset = sample::matrix();
        let total = dataset.column("paid_total").unwrap();
        assert_eq!(amount(total, dec!(1604.2)), "1604.20亿元");
        assert_eq!(bound(total, dec!(0.00)), "0亿元");
    }
}
