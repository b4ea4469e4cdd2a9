//! Growth (同比, 环比): quotients of two levels, or the difference in points where the levels are percentages.

use super::exact::{self, Exact};
use crate::model::Fraction;
use crate::plan::{GrowthBasis, Indicator};

/// Growth of `now` over `base` in percent; `None` where the base is missing or not above nought. For percentages the difference.
pub fn between(now: Option<Fraction>, base: Option<Fraction>, percent: bool) -> Option<Fraction> {
    let (now, base) = (now?, base?);
    if percent {
        return now.checked_sub(base);
    }
    if !base.is_positive() {
        return None;
    }
    now.checked_sub(base)?.checked_div(base)?.hundredfold()
}

/// Growth computed from the two levels, where growth makes sense at all.
pub fn computed(indicator: &Indicator, figures: Exact) -> Option<Fraction> {
    indicator.growth?;
    if figures.unlike {
        return None;
    }
    figures.alike.or_else(|| between(figures.value, figures.last_year, exact::is_percent(&indicator.unit)))
}

/// The growth that is printed and judged: by the indicator's basis, never silently by the other.
pub fn by_basis(indicator: &Indicator, figures: Exact) -> Option<Fraction> {
    match indicator.growth? {
        GrowthBasis::Reported => figures.reported_growth,
        GrowthBasis::Computed => computed(indicator, figures),
    }
}

/// The places growth is printed with: one, for a share as many as the share has.
pub fn decimals(indicator: &Indicator) -> u32 {
    if exact::is_percent(&indicator.unit) { indicator.decimals.max(1) } else { 1 }
}

#[cfg(test)]
mod tests {
    use rust_decimal::dec;

    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "levels may be missing")]
    fn amount(value: rust_decimal::Decimal) -> Option<Fraction> {
        Some(Fraction::from(value))
    }

    #[test]
    fn growth_is_rounded_once_from_the_exact_quotient() {
        let growth = between(amount(dec!(1604.20)), amount(dec!(1497.90)), false).unwrap();
        assert_eq!(growth.round(1), Some(dec!(7.1)));
    }

    #[test]
    fn a_missing_or_empty_base_gives_no_growth() {
        for base in [None, amount(dec!(0)), amount(dec!(-1))] {
            assert_eq!(between(amount(dec!(5)), base, false), None);
        }
        assert_eq!(between(None, amount(dec!(5)), false), None);
    }

    #[test]
    fn the_growth_of_a_share_is_a_difference_in_points() {
        assert_eq!(between(amount(dec!(14.1)), amount(dec!(14.3)), true), amount(dec!(-0.2)));
    }
}
