//! The bounds of a column of numbers: the plan's own, and where it gives none a default by the column's unit.
//!
//! The defaults are far beyond every figure a department reports, and near enough that no sum of such figures leaves what a
//! decimal or the engine holds. They are no part of the plan and do not enter its hash.

use rust_decimal::{Decimal, dec};

use super::ColumnSpec;
use crate::model::Unit;
use crate::model::quantity::Dimension;

/// 10 万亿: of 元, 美元, 千瓦, 吨.
const MEASURED: Decimal = dec!(10_000_000_000_000);
/// Of things counted, days, and where there is no unit.
const COUNTED: Decimal = dec!(1_000_000_000);
/// Of percentages and points.
const PERCENT: Decimal = dec!(1_000_000);

/// How large a number in that unit may be, whatever its sign, where the plan says nothing.
#[must_use]
pub fn size_max(unit: Option<&Unit>) -> Decimal {
    let base = match unit.map(Unit::dimension) {
        Some(Dimension::Yuan) => "元",
        Some(Dimension::Dollar) => "美元",
        Some(Dimension::Kilowatt) => "千瓦",
        Some(Dimension::Tonne) => "吨",
        Some(Dimension::Vehicle) => return of_base("辆", COUNTED, unit),
        Some(Dimension::Percent | Dimension::PercentagePoint) => return PERCENT,
        Some(Dimension::Count | Dimension::Person | Dimension::Day) | None => return COUNTED,
    };
    of_base(base, MEASURED, unit)
}

/// So much of the base unit, in `unit`.
fn of_base(base: &str, size: Decimal, unit: Option<&Unit>) -> Decimal {
    unit.and_then(|unit| Unit::parse(base)?.convert(size, unit)).map_or(size, |size| size.normalize())
}

impl ColumnSpec {
    /// The least and the greatest value that may stand in the column; both may.
    #[must_use]
    pub fn bounds(&self) -> (Decimal, Decimal) {
        let max = self.max.unwrap_or_else(|| self.size_max().max(self.min.unwrap_or_default()));
        (self.min.unwrap_or_else(|| -self.size_max()), max)
    }

    /// How large a sum of the column may be, whatever its sign.
    #[must_use]
    pub fn size_max(&self) -> Decimal {
        let declared = [self.min, self.max].into_iter().flatten().map(|bound| bound.abs());
        declared.fold(size_max(self.unit.as_ref()), Decimal::max)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Some("元"), dec!(10000000000000))]
    #[case(Some("万元"), dec!(1000000000))]
    #[case(Some("亿元"), dec!(100000))]
    #[case(Some("亿美元"), dec!(100000))]
    #[case(Some("万千瓦"), dec!(1000000000))]
    #[case(Some("吨"), dec!(10000000000000))]
    #[case(Some("万辆"), dec!(100000))]
    #[case(Some("家"), dec!(1000000000))]
    #[case(Some("天"), dec!(1000000000))]
    #[case(Some("%"), dec!(1000000))]
    #[case(None, dec!(1000000000))]
    fn a_unit_has_its_size(#[case] unit: Option<&str>, #[case] expected: Decimal) {
        assert_eq!(size_max(unit.and_then(Unit::parse).as_ref()), expected);
    }
}
