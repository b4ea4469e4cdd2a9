//! Exact quantities: decimals, units that convert themselves, and rounding half away from zero (四舍五入).

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// What a unit measures. Quantities of different dimensions never mix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Dimension {
    Yuan,
    Dollar,
    Kilowatt,
    Tonne,
    Vehicle,
    Count,
    Day,
    Percent,
    PercentagePoint,
}

/// A unit as written in forms and plans, for instance `亿元`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Unit {
    name: String,
    dimension: Dimension,
    /// Power of ten against the dimension's base unit (万元 = 4).
    exponent: u32,
}

const UNITS: &[(&str, Dimension, u32)] = &[
    ("元", Dimension::Yuan, 0),
    ("千元", Dimension::Yuan, 3),
    ("万元", Dimension::Yuan, 4),
    ("亿元", Dimension::Yuan, 8),
    ("美元", Dimension::Dollar, 0),
    ("万美元", Dimension::Dollar, 4),
    ("亿美元", Dimension::Dollar, 8),
    ("千瓦", Dimension::Kilowatt, 0),
    ("兆瓦", Dimension::Kilowatt, 3),
    ("万千瓦", Dimension::Kilowatt, 4),
    ("吨", Dimension::Tonne, 0),
    ("万吨", Dimension::Tonne, 4),
    ("辆", Dimension::Vehicle, 0),
    ("万辆", Dimension::Vehicle, 4),
    ("家", Dimension::Count, 0),
    ("个", Dimension::Count, 0),
    ("项", Dimension::Count, 0),
    ("户", Dimension::Count, 0),
    ("件", Dimension::Count, 0),
    ("台", Dimension::Count, 0),
    ("次", Dimension::Count, 0),
    ("天", Dimension::Day, 0),
    ("工作日", Dimension::Day, 0),
    ("%", Dimension::Percent, 0),
    ("％", Dimension::Percent, 0),
    ("百分点", Dimension::PercentagePoint, 0),
];

impl Unit {
    /// Reads a unit's name; `None` when it is not one we know.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        UNITS.iter().find(|(known, ..)| *known == name.trim()).map(|(known, dimension, exponent)| Self {
            name: if *known == "％" { "%".to_owned() } else { (*known).to_owned() },
            dimension: *dimension,
            exponent: *exponent,
        })
    }

    /// The names [`Unit::parse`] knows, for hints.
    pub fn names() -> impl Iterator<Item = &'static str> {
        UNITS.iter().map(|(name, ..)| *name)
    }

    /// The name as printed.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it measures.
    #[must_use]
    pub fn dimension(&self) -> Dimension {
        self.dimension
    }

    /// Whether a value in this unit can be expressed in `other`.
    #[must_use]
    pub fn converts_to(&self, other: &Self) -> bool {
        self.dimension == other.dimension
    }

    /// Expresses `value`, given in this unit, in `to`; exact, `None` for unlike kinds or on overflow.
    #[must_use]
    pub fn convert(&self, value: Decimal, to: &Self) -> Option<Decimal> {
        if !self.converts_to(to) {
            return None;
        }
        if self.exponent >= to.exponent {
            return value.checked_mul(Decimal::from(10_u64.checked_pow(self.exponent - to.exponent)?));
        }
        let shift = to.exponent - self.exponent;
        let mut moved = value.normalize();
        // Moving the point is exact as long as the scale fits the 28 places of `Decimal`.
        moved.set_scale(moved.scale().checked_add(shift)?).ok()?;
        Some(moved)
    }
}

impl TryFrom<String> for Unit {
    type Error = String;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::parse(&name).ok_or_else(|| format!("unknown unit `{name}`"))
    }
}

impl From<Unit> for String {
    fn from(unit: Unit) -> Self {
        unit.name
    }
}

/// Rounds half away from zero to `decimals` places and keeps exactly that many in print (`1` → `1.00`).
#[must_use]
pub fn round(value: Decimal, decimals: u32) -> Decimal {
    let mut rounded = value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(decimals);
    // A rounded zero carries no sign in print.
    if rounded.is_zero() {
        rounded.set_sign_positive(true);
    }
    rounded
}

/// Divides and rounds in one step, half away from zero, without a rounding in between; `None` when `den` is zero or on overflow.
#[must_use]
pub fn divide(num: Decimal, den: Decimal, decimals: u32) -> Option<Decimal> {
    if den.is_zero() {
        return None;
    }
    let quotient = round(num.checked_div(den)?, decimals);
    // `checked_div` itself rounds at 28 places; judge the candidate and its neighbours against the exact product.
    let step = Decimal::new(1, decimals);
    let half = Decimal::new(5, decimals + 1);
    let den_abs = den.abs();
    let target = if den.is_sign_negative() { -num } else { num };
    for candidate in [quotient - step, quotient, quotient + step] {
        let distance = target.checked_sub(candidate.checked_mul(den_abs)?)?;
        let bound = half.checked_mul(den_abs)?;
        let (low, high) =
            if target.is_sign_negative() { (-bound < distance, distance <= bound) } else { (-bound <= distance, distance < bound) };
        // Away from zero: for positive targets the lower border belongs to the candidate, for negative ones the upper.
        if low && high {
            return Some(round(candidate, decimals));
        }
    }
    Some(quotient)
}

/// `num / den × 100`, rounded once; `None` when `den` is zero or on overflow.
#[must_use]
pub fn percent(num: Decimal, den: Decimal, decimals: u32) -> Option<Decimal> {
    divide(num.checked_mul(Decimal::ONE_HUNDRED)?, den, decimals)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::dec;

    use super::*;

    #[test]
    fn rounds_half_away_from_zero() {
        assert_eq!(round(dec!(2.345), 2).to_string(), "2.35");
        assert_eq!(round(dec!(-2.345), 2).to_string(), "-2.35");
        assert_eq!(round(dec!(-0.04), 1).to_string(), "0.0");
        assert_eq!(round(dec!(7), 2).to_string(), "7.00");
    }

    #[test]
    fn units_convert_exactly_and_unlike_kinds_do_not() {
        let (wan, yi) = (Unit::parse("万元").unwrap(), Unit::parse("亿元").unwrap());
        assert_eq!(wan.convert(dec!(12345.67), &yi), Some(dec!(1.234567)));
        assert_eq!(yi.convert(dec!(1.5), &wan), Some(dec!(15000)));
        assert_eq!(wan.convert(dec!(1), &Unit::parse("家").unwrap()), None);
    }

    #[test]
    fn a_quotient_on_the_border_rounds_away_from_zero() {
        assert_eq!(divide(dec!(1), dec!(8), 2), Some(dec!(0.13)));
        assert_eq!(divide(dec!(-1), dec!(8), 2), Some(dec!(-0.13)));
        assert_eq!(divide(dec!(1), dec!(-8), 2), Some(dec!(-0.13)));
        assert_eq!(percent(dec!(1), dec!(3), 1), Some(dec!(33.3)));
        assert_eq!(divide(dec!(1), dec!(0), 1), None);
    }

    proptest! {
        /// The printed quotient is never further than half a unit of the last place from the exact one.
        #[test]
        fn a_quotient_is_the_nearest_decimal(num in -1_000_000_000i64..1_000_000_000, den in 1i64..1_000_000) {
            let (num, den) = (Decimal::from(num), Decimal::from(den));
            let got = divide(num, den, 1).unwrap();
            let gap = (num - got * den).abs() * Decimal::from(20);
            prop_assert!(gap <= den, "{num}/{den} = {got}");
        }
    }
}
