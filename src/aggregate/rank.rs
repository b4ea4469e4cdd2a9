//! Ranks: by growth or completion, never by size; ties share a place (1, 2, 2, 4), the missing have none.

use rust_decimal::Decimal;

/// The rank of each value as printed, the largest first.
pub fn ranks(values: &[Option<Decimal>]) -> Vec<Option<u32>> {
    values.iter().map(|value| value.map(|value| 1 + values.iter().flatten().map(|other| u32::from(*other > value)).sum::<u32>())).collect()
}

/// Places gained (+) or lost (−).
pub fn change(before: Option<u32>, now: Option<u32>) -> Option<i32> {
    i32::try_from(i64::from(before?) - i64::from(now?)).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::dec;

    use super::*;

    #[test]
    fn ties_share_a_place_and_the_missing_have_none() {
        let values = [Some(dec!(4.6)), Some(dec!(7.0)), None, Some(dec!(4.60)), Some(dec!(-1))];
        assert_eq!(ranks(&values), [Some(2), Some(1), None, Some(2), Some(4)]);
        assert_eq!(change(Some(7), Some(8)), Some(-1));
        assert_eq!(change(None, Some(8)), None);
    }

    proptest! {
        /// A rank is one more than the number of better ones, whatever stands where.
        #[test]
        fn ranks_start_at_one_and_never_pass_the_count(values in proptest::collection::vec(proptest::option::of(-50i64..50), 0..12)) {
            let values: Vec<_> = values.into_iter().map(|value| value.map(|value| Decimal::new(value, 1))).collect();
            let ranks = ranks(&values);
            let known = ranks.iter().flatten().count();
            prop_assert_eq!(known, values.iter().flatten().count());
            prop_assert!(known == 0 || ranks.contains(&Some(1)));
            prop_assert!(ranks.iter().flatten().all(|rank| usize::try_from(*rank).unwrap() <= known));
        }
    }
}
