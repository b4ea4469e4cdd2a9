//! Sizes against each other: medians, sums and ratios of foreign amounts, `None` instead of an overflow.

use rust_decimal::{Decimal, dec};

/// The middle amount; between the two middle ones of an even number. `None` where there is none.
#[must_use]
pub fn median(mut values: Vec<Decimal>) -> Option<Decimal> {
    values.sort_unstable();
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *values.get(middle.checked_sub(1)?)?;
    lower.checked_add(upper.checked_sub(lower)?.checked_div(dec!(2))?)
}

/// All amounts together.
#[must_use]
pub fn sum(values: impl IntoIterator<Item = Decimal>) -> Option<Decimal> {
    values.into_iter().try_fold(Decimal::ZERO, Decimal::checked_add)
}

/// Whether `large` is more than `times` × `small`; what overflows is not.
#[must_use]
pub fn exceeds(large: Decimal, times: Decimal, small: Decimal) -> bool {
    small.checked_mul(times).is_some_and(|bound| large > bound)
}

/// `part` in percent of `whole` is at least `percent`.
#[must_use]
pub fn is_share(part: Decimal, percent: Decimal, whole: Decimal) -> bool {
    let bound = whole.checked_mul(percent).and_then(|product| product.checked_div(Decimal::ONE_HUNDRED));
    bound.is_some_and(|bound| part >= bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_stands_in_the_middle() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![dec!(5), dec!(1), dec!(9)]), Some(dec!(5)));
        assert_eq!(median(vec![dec!(4), dec!(1)]), Some(dec!(2.5)));
        assert!(median(vec![Decimal::MAX, Decimal::MAX]).is_some());
    }

    #[test]
    fn what_overflows_exceeds_nothing() {
        assert!(exceeds(dec!(7), dec!(6), dec!(1)) && !exceeds(dec!(6), dec!(6), dec!(1)));
        assert!(!exceeds(Decimal::MAX, dec!(6), Decimal::MAX));
        assert!(is_share(dec!(5), dec!(5), dec!(100)) && !is_share(dec!(4.99), dec!(5), dec!(100)));
        assert!(!is_share(dec!(1), dec!(5), Decimal::MAX));
        assert_eq!(sum([Decimal::MAX, Decimal::MAX]), None);
    }
}
