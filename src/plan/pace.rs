//! Pace (序时进度): the share of a target that is expected by the end of a data month.
//!
//! All of it is a pure function of the plan and the data month; nothing here knows a value that was reported.

use crate::model::{Fraction, Period};
use crate::plan::{Calculation, Comparison, Indicator, Pace, Target, TargetYear};

/// The years a target runs over, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub first: i32,
    pub last: i32,
}

impl Span {
    /// The span of a target: its year, any year (the data's own), or from where its way begins to the year it is to be reached by.
    #[must_use]
    pub fn of(year: TargetYear, plan_year: i32, data_year: i32) -> Self {
        match year {
            TargetYear::In(year) => Self { first: year, last: year },
            TargetYear::Every => Self { first: data_year, last: data_year },
            TargetYear::By { since, until } => Self { first: since.unwrap_or(plan_year).min(until), last: until },
        }
    }

    /// The months of the span.
    #[must_use]
    pub fn months(self) -> u32 {
        (self.last - self.first).unsigned_abs().saturating_add(1).saturating_mul(12)
    }

    /// The months of the span gone by at the end of `data`; 0 before it, all of them after it.
    #[must_use]
    pub fn elapsed(self, data: Period) -> u32 {
        if data.year() < self.first {
            return 0;
        }
        let years = (data.year() - self.first).unsigned_abs();
        years.saturating_mul(12).saturating_add(data.month()).min(self.months())
    }

    /// The months still to come after `data`.
    #[must_use]
    pub fn remaining(self, data: Period) -> u32 {
        self.months() - self.elapsed(data)
    }

    /// Whether `data` is the last month of the target's year.
    #[must_use]
    pub fn is_last_month(self, data: Period) -> bool {
        data.year() == self.last && data.month() == 12
    }
}

/// The pace an indicator is judged by: none for `hold` and `at_most`, for figures without a level, and for ratios that do not grow.
#[must_use]
pub fn effective(indicator: &Indicator) -> &Pace {
    let Some(target) = indicator.target.as_ref().filter(|target| target.level.is_some()) else { return &Pace::None };
    match target.comparison {
        Comparison::Hold | Comparison::AtMost => &Pace::None,
        _ if target.grows && indicator.pace == Pace::None => &Pace::Linear,
        _ if matches!(indicator.calculation, Calculation::Ratio { .. }) && !target.grows => &Pace::None,
        _ => &indicator.pace,
    }
}

/// The part (0 to 1) of the way that is expected by the end of `data`; `None` where there is no pace.
///
/// `last_year` is the part of last year's whole that stood at the same month; unknown, its course is taken as even.
#[must_use]
pub fn share(pace: &Pace, span: Span, data: Period, last_year: Option<Fraction>) -> Option<Fraction> {
    let elapsed = span.elapsed(data);
    // The courses written down month by month are those of the span's last year.
    let month = elapsed.saturating_sub(span.months() - 12);
    match pace {
        Pace::None => None,
        Pace::Linear => Fraction::new(i128::from(elapsed), i128::from(span.months())),
        Pace::DueDate(due) => Some(if month >= *due { Fraction::ONE } else { Fraction::ZERO }),
        Pace::Checkpoints(points) => {
            let reached = points.iter().take_while(|(from, _)| *from <= month).last();
            reached.map_or(Some(Fraction::ZERO), |(_, pct)| Fraction::from(*pct).checked_div(Fraction::from(100)))
        }
        Pace::LastYear if month == 0 => Some(Fraction::ZERO),
        Pace::LastYear => last_year.or_else(|| Fraction::new(i128::from(month), 12)),
        Pace::Curve(months) => match month.checked_sub(1) {
            None => Some(Fraction::ZERO),
            Some(at) => Fraction::from(*months.get(usize::try_from(at).ok()?)?).checked_div(Fraction::from(100)),
        },
    }
}

/// The level of a target, exact.
#[must_use]
pub fn level(target: &Target) -> Option<Fraction> {
    target.level.and_then(|(num, den)| Fraction::quotient(num, den))
}

/// The pace in percent of `level`: with a base b, b + (T − b) × share.
#[must_use]
pub fn percent(share: Fraction, level: Fraction, base: Option<Fraction>) -> Option<Fraction> {
    let base = base.unwrap_or(Fraction::ZERO);
    level.checked_sub(base)?.checked_mul(share)?.checked_add(base)?.checked_div(level)?.hundredfold()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use rust_decimal::dec;

    use super::*;

    fn month(year: i32, month: u32) -> Period {
        Period::new(year, month).unwrap()
    }

    const YEAR: Span = Span { first: 2022, last: 2022 };

    #[rstest]
    #[case(Pace::Linear, 6, "50.0")]
    #[case(Pace::Linear, 2, "16.7")]
    #[case(Pace::DueDate(6), 5, "0.0")]
    #[case(Pace::DueDate(6), 6, "100.0")]
    #[case(Pace::Checkpoints(vec![(6, dec!(40)), (12, dec!(100))]), 5, "0.0")]
    #[case(Pace::Checkpoints(vec![(6, dec!(40)), (12, dec!(100))]), 11, "40.0")]
    #[case(Pace::Curve((1..=12).map(|m| dec!(8) * rust_decimal::Decimal::from(m)).collect()), 5, "40.0")]
    fn each_pace_has_its_course(#[case] pace: Pace, #[case] at: u32, #[case] expected: &str) {
        let share = share(&pace, YEAR, month(2022, at), None).unwrap();
        let got = percent(share, Fraction::from(3500), None).unwrap().round(1).unwrap();
        assert_eq!(got.to_string(), expected);
    }

    #[test]
    fn a_target_of_the_next_year_spreads_over_24_months_from_its_base() {
        let span = Span::of(TargetYear::By { since: None, until: 2023 }, 2022, 2022);
        assert_eq!((span.months(), span.elapsed(month(2022, 6)), span.remaining(month(2022, 6))), (24, 6, 18));
        let quarter = share(&Pace::Linear, span, month(2022, 6), None).unwrap();
        // 60 + (100 − 60) × 6/24 = 70 of 100
        assert_eq!(percent(quarter, Fraction::from(100), Some(Fraction::from(60))).unwrap(), Fraction::from(70));
        assert!(span.is_last_month(month(2023, 12)) && !span.is_last_month(month(2022, 12)));
    }

    #[test]
    fn last_years_course_is_exact_and_even_where_it_is_unknown() {
        let third = Fraction::new(1, 3);
        let share = |span, at, last_year| share(&Pace::LastYear, span, at, last_year);
        assert_eq!(share(YEAR, month(2022, 6), third), third);
        assert_eq!(share(YEAR, month(2022, 6), None), Fraction::new(1, 2));
        let two = Span { first: 2022, last: 2023 };
        assert_eq!(share(two, month(2022, 6), third), Some(Fraction::ZERO));
        assert_eq!(share(two, month(2023, 6), third), third);
    }

    #[test]
    fn a_way_begins_where_it_is_said_to() {
        let by = |since| Span::of(TargetYear::By { since, until: 2023 }, 2023, 2023);
        assert_eq!((by(Some(2022)).first, by(None).first), (2022, 2023));
    }

    #[test]
    fn without_pace_there_is_no_share() {
        assert_eq!(share(&Pace::None, YEAR, month(2022, 6), None), None);
    }

    proptest! {
        /// No course ever falls back, and a year always ends at the whole target.
        #[test]
        fn a_linear_pace_rises_to_the_whole(base in 0i64..100, at in 1u32..12) {
            let base = Some(Fraction::new(base.into(), 1).unwrap());
            let pct = |at| percent(share(&Pace::Linear, YEAR, month(2022, at), None).unwrap(), Fraction::from(100), base).unwrap();
            prop_assert!(pct(at) <= pct(at + 1));
            prop_assert_eq!(pct(12), Fraction::from(100));
        }
    }
}
