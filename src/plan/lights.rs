//! Light rules (亮灯规则): numbers from `config/lights.toml`, judged here.
//!
//! Points against pace are judged as printed (rounded to 0.1); whether a target is reached is judged on exact values.

use rust_decimal::Decimal;

use crate::model::{Fraction, GreyReason, Light};
use crate::plan::Comparison;

/// The thresholds of `config/lights.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LightRules {
    /// Points ahead of pace from which on a light is green.
    pub pace_green: Decimal,
    /// Points (negative) at or below which it is red.
    pub pace_red: Decimal,
    /// Points short of a growth target from which on it is red.
    pub growth_red_short: Decimal,
    /// Percent of a threshold by which a ratio may fall short and still be yellow.
    pub ratio_yellow_pct: Decimal,
    /// `hold`: change of share in points, at or above which green / yellow.
    pub hold_green: Decimal,
    pub hold_yellow: Decimal,
    /// `at_most`: multiple of the target up to which it is yellow.
    pub at_most_yellow_times: Decimal,
}

/// Whether `value` reaches `level`. `about` reaches from 5 % (for counts at least 1) below on; above is reached. `hold` has no level.
#[must_use]
pub fn reached(value: Fraction, level: Fraction, comparison: Comparison, count: bool) -> bool {
    match comparison {
        Comparison::AtLeast => value >= level,
        Comparison::MoreThan => value > level,
        Comparison::About => {
            let five_percent = Fraction::new(1, 20).and_then(|part| level.checked_mul(part)).unwrap_or(Fraction::ZERO);
            let tolerance = if count { five_percent.max(Fraction::ONE) } else { five_percent };
            level.checked_sub(tolerance).is_some_and(|low| value >= low)
        }
        Comparison::AtMost => value <= level,
        Comparison::Hold => false,
    }
}

impl LightRules {
    /// The light by pace: `points` ahead as printed; in the last month of the target's year only the target itself counts.
    #[must_use]
    pub fn by_pace(&self, points: Decimal, reached: bool, last_month: bool) -> Light {
        if reached {
            Light::Green
        } else if last_month || points <= self.pace_red {
            Light::Red
        } else if points >= self.pace_green {
            Light::Green
        } else {
            Light::Yellow
        }
    }

    /// The light of a growth target, all in percent: yellow when short by less than the limit, red beyond or when negative.
    #[must_use]
    pub fn by_growth(&self, growth: Fraction, target: Fraction, comparison: Comparison) -> Light {
        if reached(growth, target, comparison, false) {
            return Light::Green;
        }
        let ceiling = comparison == Comparison::AtMost;
        let short = if ceiling { growth.checked_sub(target) } else { target.checked_sub(growth) };
        let close = short.is_some_and(|short| short < Fraction::from(self.growth_red_short));
        let negative = !ceiling && growth < Fraction::ZERO;
        if close && !negative { Light::Yellow } else { Light::Red }
    }

    /// The light of a ratio that is to stand at its threshold all year.
    #[must_use]
    pub fn by_threshold(&self, value: Fraction, level: Fraction, comparison: Comparison) -> Light {
        if reached(value, level, comparison, false) {
            return Light::Green;
        }
        let allowed = Fraction::from(self.ratio_yellow_pct).checked_div(Fraction::from(100)).and_then(|part| part.checked_mul(level));
        match (level.checked_sub(value), allowed) {
            (Some(short), Some(allowed)) if short < allowed => Light::Yellow,
            _ => Light::Red,
        }
    }

    /// The light of a share to be held: its change in points against the same period of the year before.
    #[must_use]
    pub fn by_change(&self, points: Fraction) -> Light {
        if points >= Fraction::from(self.hold_green) {
            Light::Green
        } else if points >= Fraction::from(self.hold_yellow) {
            Light::Yellow
        } else {
            Light::Red
        }
    }

    /// The light of a ceiling.
    #[must_use]
    pub fn by_ceiling(&self, value: Fraction, level: Fraction) -> Light {
        if value <= level {
            return Light::Green;
        }
        let edge = Fraction::from(self.at_most_yellow_times).checked_mul(level);
        if edge.is_some_and(|edge| value <= edge) { Light::Yellow } else { Light::Red }
    }
}

/// The light of a list's size, which has no pace: green when reached, red when the year is over, not judged in between.
#[must_use]
pub fn by_size(reached: bool, last_month: bool) -> Light {
    match (reached, last_month) {
        (true, _) => Light::Green,
        (false, true) => Light::Red,
        (false, false) => Light::Grey(GreyReason::NotJudged),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use rust_decimal::dec;

    use super::*;

    fn rules() -> LightRules {
        LightRules {
            pace_green: dec!(0.0),
            pace_red: dec!(-10.0),
            growth_red_short: dec!(5),
            ratio_yellow_pct: dec!(10),
            hold_green: dec!(-0.10),
            hold_yellow: dec!(-0.30),
            at_most_yellow_times: dec!(1.5),
        }
    }

    #[rstest]
    #[case(dec!(0.0), Light::Green)]
    #[case(dec!(-0.1), Light::Yellow)]
    #[case(dec!(-9.9), Light::Yellow)]
    #[case(dec!(-10.0), Light::Red)]
    fn the_borders_of_pace_are_exact(#[case] points: Decimal, #[case] light: Light) {
        assert_eq!(rules().by_pace(points, false, false), light);
        assert_eq!(rules().by_pace(points, true, false), Light::Green, "reached is green however far behind");
        assert_eq!(rules().by_pace(points, false, true), Light::Red, "unreached at the year's end is red");
    }

    #[rstest]
    #[case("10", Light::Green)]
    #[case("9.99", Light::Yellow)]
    #[case("5.01", Light::Yellow)]
    #[case("5", Light::Red)]
    #[case("-0.01", Light::Red)]
    fn growth_is_red_when_five_points_short(#[case] growth: Decimal, #[case] light: Light) {
        assert_eq!(rules().by_growth(Fraction::from(growth), Fraction::from(10), Comparison::AtLeast), light);
    }

    #[test]
    fn negative_growth_is_red_even_close_to_a_small_target() {
        let light = |growth: Decimal| rules().by_growth(growth.into(), Fraction::from(2), Comparison::AtLeast);
        assert_eq!((light(dec!(0)), light(dec!(-1))), (Light::Yellow, Light::Red));
    }

    #[test]
    fn a_third_is_reached_by_one_of_three_and_yellow_ends_below_nine_tenths_of_it() {
        let third = Fraction::quotient(dec!(100), dec!(3)).unwrap();
        let light = |num: i128, den: i128| rules().by_threshold(Fraction::new(100 * num, den).unwrap(), third, Comparison::AtLeast);
        assert_eq!(light(1, 3), Light::Green);
        assert_eq!(light(333_333_333, 1_000_000_000), Light::Yellow);
        assert_eq!(light(301, 1000), Light::Yellow);
        assert_eq!(light(3, 10), Light::Red, "short by exactly a tenth");
    }

    #[rstest]
    #[case("-0.10", Light::Green)]
    #[case("-0.101", Light::Yellow)]
    #[case("-0.30", Light::Yellow)]
    #[case("-0.301", Light::Red)]
    fn a_share_is_held_within_a_tenth_of_a_point(#[case] change: Decimal, #[case] light: Light) {
        assert_eq!(rules().by_change(change.into()), light);
    }

    #[rstest]
    #[case("1", Light::Green)]
    #[case("1.5", Light::Yellow)]
    #[case("1.51", Light::Red)]
    fn a_ceiling_is_yellow_up_to_half_as_much_again(#[case] value: Decimal, #[case] light: Light) {
        assert_eq!(rules().by_ceiling(value.into(), Fraction::ONE), light);
        assert_eq!(rules().by_ceiling(Fraction::ONE, Fraction::ZERO), Light::Red, "nothing is half as much again as nought");
    }

    #[rstest]
    #[case(Comparison::AtLeast, 500, true, true)]
    #[case(Comparison::MoreThan, 500, true, false)]
    #[case(Comparison::MoreThan, 501, true, true)]
    #[case(Comparison::About, 475, true, true)]
    #[case(Comparison::About, 474, true, false)]
    #[case(Comparison::About, 900, true, true)]
    #[case(Comparison::AtMost, 500, true, true)]
    fn each_word_has_its_border(#[case] comparison: Comparison, #[case] value: u32, #[case] count: bool, #[case] expected: bool) {
        assert_eq!(reached(Fraction::from(value), Fraction::from(500), comparison, count), expected);
    }

    #[test]
    fn about_ten_of_a_count_leaves_one_out() {
        let nine = |count| reached(Fraction::from(9), Fraction::from(10), Comparison::About, count);
        assert!(nine(true) && !nine(false));
    }

    proptest! {
        /// A better value never gets a worse light.
        #[test]
        fn lights_are_monotonic(low in -300i64..300, more in 0i64..300) {
            let rank = |light: Light| match light { Light::Green => 2, Light::Yellow => 1, _ => 0 };
            let (low, high) = (Decimal::new(low, 1), Decimal::new(low + more, 1));
            let rules = rules();
            prop_assert!(rank(rules.by_pace(low, false, false)) <= rank(rules.by_pace(high, false, false)));
            let growth = |value: Decimal| rank(rules.by_growth(value.into(), Fraction::from(10), Comparison::AtLeast));
            prop_assert!(growth(low) <= growth(high));
            prop_assert!(rank(rules.by_change(low.into())) <= rank(rules.by_change(high.into())));
        }
    }
}
