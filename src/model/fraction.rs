//! Exact fractions: quotients that stay unrounded until they are printed.
//!
//! Sums, ratios and shares are carried as whole numbers over whole numbers, so that one third reached by one of three is reached,
//! and every printed figure is rounded once. An overflow is `None`, never a wrong figure.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::quantity;

/// A reduced fraction with a positive denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fraction {
    num: i128,
    den: i128,
}

impl Fraction {
    /// Nought.
    pub const ZERO: Self = Self { num: 0, den: 1 };
    /// One.
    pub const ONE: Self = Self { num: 1, den: 1 };

    /// `num / den`; `None` when `den` is zero or on overflow.
    #[must_use]
    pub fn new(num: i128, den: i128) -> Option<Self> {
        if den == 0 {
            return None;
        }
        let divisor = i128::try_from(common_divisor(num.unsigned_abs(), den.unsigned_abs())).ok()?;
        let (num, den) = (num.checked_div(divisor)?, den.checked_div(divisor)?);
        if den < 0 { Some(Self { num: num.checked_neg()?, den: den.checked_neg()? }) } else { Some(Self { num, den }) }
    }

    /// The quotient of two decimals; `None` when `den` is zero or on overflow.
    #[must_use]
    pub fn quotient(num: Decimal, den: Decimal) -> Option<Self> {
        Self::from(num).checked_div(Self::from(den))
    }

    /// Whether it is nought.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.num == 0
    }

    /// Whether it is above nought.
    #[must_use]
    pub fn is_positive(self) -> bool {
        self.num > 0
    }

    /// The sum.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let divisor = i128::try_from(common_divisor(self.den.unsigned_abs(), other.den.unsigned_abs())).ok()?;
        let (left, right) = (other.den / divisor, self.den / divisor);
        let num = self.num.checked_mul(left)?.checked_add(other.num.checked_mul(right)?)?;
        Self::new(num, self.den.checked_mul(left)?)
    }

    /// The difference.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(Self { num: other.num.checked_neg()?, den: other.den })
    }

    /// The product.
    #[must_use]
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let (first, second) = (Self::new(self.num, other.den)?, Self::new(other.num, self.den)?);
        Some(Self { num: first.num.checked_mul(second.num)?, den: first.den.checked_mul(second.den)? })
    }

    /// The quotient; `None` when `other` is nought.
    #[must_use]
    pub fn checked_div(self, other: Self) -> Option<Self> {
        self.checked_mul(Self::new(other.den, other.num)?)
    }

    /// A hundred times it, for percent.
    #[must_use]
    pub fn hundredfold(self) -> Option<Self> {
        self.checked_mul(Self { num: 100, den: 1 })
    }

    /// Rounded half away from zero (四舍五入) to `decimals` places, in one step.
    #[must_use]
    pub fn round(self, decimals: u32) -> Option<Decimal> {
        let (whole, rest) = self.scaled(decimals)?;
        // |2·rest| ≥ den without the doubling that could overflow.
        let away = rest.unsigned_abs() >= self.den.unsigned_abs() - rest.unsigned_abs();
        printed(if away { whole.checked_add(self.num.signum())? } else { whole }, decimals)
    }

    /// Rounded up to `decimals` places.
    #[must_use]
    pub fn round_up(self, decimals: u32) -> Option<Decimal> {
        let (whole, rest) = self.scaled(decimals)?;
        printed(if rest > 0 { whole.checked_add(1)? } else { whole }, decimals)
    }

    /// The whole units of the last decimal and what is left over, in `den`ths.
    fn scaled(self, decimals: u32) -> Option<(i128, i128)> {
        let num = self.num.checked_mul(10_i128.checked_pow(decimals)?)?;
        Some((num.checked_div(self.den)?, num.checked_rem(self.den)?))
    }
}

fn printed(units: i128, decimals: u32) -> Option<Decimal> {
    Some(quantity::round(Decimal::try_from_i128_with_scale(units, decimals).ok()?, decimals))
}

fn common_divisor(left: u128, right: u128) -> u128 {
    let (mut left, mut right) = (left, right);
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left.max(1)
}

impl From<Decimal> for Fraction {
    fn from(value: Decimal) -> Self {
        let value = value.normalize();
        // At most 96 bits over at most 10^28: both fit, and so does the reduced pair.
        Self::new(value.mantissa(), 10_i128.pow(value.scale())).unwrap_or(Self::ZERO)
    }
}

impl From<u32> for Fraction {
    fn from(value: u32) -> Self {
        Self { num: i128::from(value), den: 1 }
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    /// Compares without multiplying (whole parts first, then the reciprocals of the rests), so that nothing overflows.
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut left, mut right) = (*self, *other);
        let mut reversed = false;
        loop {
            let whole = left.num.div_euclid(left.den).cmp(&right.num.div_euclid(right.den));
            let (left_rest, right_rest) = (left.num.rem_euclid(left.den), right.num.rem_euclid(right.den));
            let order = match (whole, left_rest, right_rest) {
                (Ordering::Equal, 0, 0) => Ordering::Equal,
                (Ordering::Equal, 0, _) => Ordering::Less,
                (Ordering::Equal, _, 0) => Ordering::Greater,
                (Ordering::Equal, ..) => {
                    (left, right) = (Self { num: left.den, den: left_rest }, Self { num: right.den, den: right_rest });
                    reversed = !reversed;
                    continue;
                }
                (order, ..) => order,
            };
            return if reversed { order.reverse() } else { order };
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::dec;

    use super::*;

    #[test]
    fn one_of_three_is_one_third() {
        let share = Fraction::quotient(dec!(1), dec!(3)).unwrap().hundredfold().unwrap();
        assert_eq!(share, Fraction::quotient(dec!(100), dec!(3)).unwrap());
        assert_eq!(share.round(1), Some(dec!(33.3)));
        assert!(share > Fraction::from(dec!(33.333333333333)));
    }

    #[test]
    fn rounds_half_away_from_zero_and_up() {
        for (num, den, round, up) in
            [(1, 8, "0.13", "0.13"), (-1, 8, "-0.13", "-0.12"), (1, 3, "0.33", "0.34"), (-1, 300, "0.00", "0.00"), (2, 1, "2.00", "2.00")]
        {
            let fraction = Fraction::new(num, den).unwrap();
            assert_eq!(fraction.round(2).unwrap().to_string(), round, "{num}/{den}");
            assert_eq!(fraction.round_up(2).unwrap().to_string(), up, "{num}/{den}");
        }
    }

    #[test]
    fn nothing_divides_by_nought_and_an_overflow_is_no_figure() {
        assert_eq!(Fraction::quotient(dec!(1), dec!(0)), None);
        let large = Fraction::new(i128::MAX, 1).unwrap();
        assert_eq!(large.checked_add(large), None);
        assert_eq!(large.cmp(&Fraction::new(i128::MAX, 2).unwrap()), Ordering::Greater);
    }

    proptest! {
        #[test]
        fn comparing_agrees_with_cross_multiplication(a in -99_999i64..99_999, b in 1i64..99_999, c in -99_999i64..99_999, d in 1i64..99_999) {
            let (left, right) = (Fraction::new(a.into(), b.into()).unwrap(), Fraction::new(c.into(), d.into()).unwrap());
            prop_assert_eq!(left.cmp(&right), (i128::from(a) * i128::from(d)).cmp(&(i128::from(c) * i128::from(b))));
        }

        #[test]
        fn adding_and_taking_away_again_changes_nothing(a in -99_999i64..99_999, b in 1i64..99_999, c in -99_999i64..99_999, d in 1i64..99_999) {
            let (left, right) = (Fraction::new(a.into(), b.into()).unwrap(), Fraction::new(c.into(), d.into()).unwrap());
            prop_assert_eq!(left.checked_add(right).unwrap().checked_sub(right).unwrap(), left);
        }

        #[test]
        fn a_decimal_keeps_its_value(units in -999_999_999_999i64..999_999_999_999, scale in 0u32..10) {
            let value = Decimal::new(units, scale);
            prop_assert_eq!(Fraction::from(value).round(10), Some(quantity::round(value, 10)));
        }
    }
}
