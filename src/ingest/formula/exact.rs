//! An exact figure, and how far a program that computes with floats may rightly be from it.

use rust_decimal::{Decimal, RoundingStrategy, dec};

/// A computed figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Exact {
    pub value: Decimal,
    /// What ties that a float may round the other way can move it by.
    pub slack: Decimal,
}

/// A float is this near to a tie that is none.
const NEAR: Decimal = dec!(0.000001);

impl From<Decimal> for Exact {
    fn from(value: Decimal) -> Self {
        Self { value, slack: Decimal::ZERO }
    }
}

impl Exact {
    /// The sum; `None` beyond what a decimal holds, as below.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        Some(Self { value: self.value.checked_add(other.value)?, slack: self.slack.checked_add(other.slack)? })
    }

    /// The figure with the other sign.
    #[must_use]
    pub fn negative(self) -> Self {
        Self { value: -self.value, ..self }
    }

    /// The product.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        let slack = self.slack.checked_mul(other.value.abs())?.checked_add(other.slack.checked_mul(self.value.abs())?)?;
        Some(Self { value: self.value.checked_mul(other.value)?, slack })
    }

    /// The quotient; `None` by nought too.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        if other.value.is_zero() || !other.slack.is_zero() {
            return None;
        }
        Some(Self { value: self.value.checked_div(other.value)?, slack: self.slack.checked_div(other.value.abs())? })
    }

    /// ROUND, half away from zero; `digits` may be negative.
    #[must_use]
    pub fn rounded(self, digits: i32) -> Option<Self> {
        if !(-15..=15).contains(&digits) {
            return None;
        }
        let unit = if digits < 0 {
            Decimal::from(10_u64.checked_pow(digits.unsigned_abs())?)
        } else {
            Decimal::try_new(1, digits.unsigned_abs()).ok()?
        };
        let scaled = self.value.checked_div(unit)?;
        let rounded = scaled.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        let to_tie = (scaled.checked_sub(scaled.trunc())?.abs() - dec!(0.5)).abs();
        let slack = if to_tie < NEAR || !self.slack.is_zero() { self.slack.checked_add(unit)? } else { Decimal::ZERO };
        Some(Self { value: rounded.checked_mul(unit)?, slack })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: Decimal) -> Exact {
        Exact::from(value)
    }

    #[test]
    fn rounding_goes_away_from_zero_and_leaves_room_at_a_tie() {
        assert_eq!(of(dec!(2.674)).rounded(2), Some(of(dec!(2.67))));
        assert_eq!(of(dec!(-2.675)).rounded(2), Some(Exact { value: dec!(-2.68), slack: dec!(0.01) }));
        assert_eq!(of(dec!(1234)).rounded(-2), Some(of(dec!(1200))));
        assert_eq!(of(dec!(1)).rounded(99), None);
    }

    #[test]
    fn what_a_decimal_cannot_hold_is_unknown() {
        assert_eq!(of(Decimal::MAX).plus(of(Decimal::MAX)), None);
        assert_eq!(of(Decimal::MAX).times(of(dec!(10))), None);
        assert_eq!(of(dec!(1)).over(of(dec!(0))), None);
        assert_eq!(of(Decimal::MAX).over(of(dec!(0.1))), None);
    }
}
