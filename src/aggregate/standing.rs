//! How a figure stands against its target: completion, pace, points ahead, light.

use rust_decimal::Decimal;

use super::course::{Course, Point, When};
use super::exact::{self, Exact};
use super::growth;
use crate::model::{Fraction, GreyReason, Light, Period};
use crate::plan::pace::{self, Span};
use crate::plan::{Calculation, Comparison, Indicator, Pace, Plan, Target, lights};

/// A figure held against its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Percent of the target's level, exact.
    pub completion: Option<Fraction>,
    /// Percent of the level expected by now, exact.
    pub pace: Option<Fraction>,
    /// As printed: the exact difference rounded to 0.1.
    pub ahead: Option<Decimal>,
    pub reached: bool,
    pub light: Light,
}

const NOT_REPORTED: Light = Light::Grey(GreyReason::NotReported);
const NOT_JUDGED: Light = Light::Grey(GreyReason::NotJudged);

/// The province's standing at a data month.
pub fn standing(plan: &Plan, indicator: &Indicator, point: &Point) -> Standing {
    let mut standing = of_whole(plan, indicator, point);
    // The month is there and an earlier one is not: what was reported is not unreported.
    if point.province.value.is_none() && point.province.month.is_some() {
        standing.light = NOT_JUDGED;
    }
    if point.is_partial() { partial(standing, indicator, point.province.value) } else { standing }
}

fn of_whole(plan: &Plan, indicator: &Indicator, point: &Point) -> Standing {
    let Some(target) = &indicator.target else {
        let light = if point.province.value.is_some() { NOT_JUDGED } else { NOT_REPORTED };
        return Standing { completion: None, pace: None, ahead: None, reached: false, light };
    };
    let mut standing = level_standing(plan, indicator, target, point.when(), point.province);
    let span = span(plan, target, point.data);
    if point.data.year() > span.last {
        standing.light = if point.province.value.is_some() { NOT_JUDGED } else { NOT_REPORTED };
        return standing;
    }
    if let Some(wanted) = target.growth {
        let growth = growth::by_basis(indicator, point.province);
        let light = growth.map_or(NOT_REPORTED, |growth| plan.lights.by_growth(growth, Fraction::from(wanted), target.growth_comparison));
        // The worse of the two; a part that is missing leaves the other's light.
        standing.light = if target.level.is_some() { standing.light.worse(light) } else { light };
    }
    if indicator.never_red && standing.light == Light::Red {
        standing.light = Light::Yellow;
    }
    standing
}

/// The province's standing by its target's level alone.
pub fn level_standing(plan: &Plan, indicator: &Indicator, target: &Target, at: When, figures: Exact) -> Standing {
    against_level(plan, indicator, target, pace::level(target), target_base(target), at, figures)
}

/// A region's standing against its part of the target (目标分解), by the level alone.
pub fn regional(plan: &Plan, indicator: &Indicator, target: &Target, part: Decimal, at: When, figures: Exact) -> Standing {
    let mut standing = against_level(plan, indicator, target, Some(Fraction::from(part)), None, at, figures);
    if indicator.never_red && standing.light == Light::Red {
        standing.light = Light::Yellow;
    }
    standing
}

fn target_base(target: &Target) -> Option<Fraction> {
    target.base.map(Fraction::from)
}

/// The years of a target.
pub fn span(plan: &Plan, target: &Target, data: Period) -> Span {
    Span::of(target.year, plan.year, data.year())
}

fn against_level(
    plan: &Plan,
    indicator: &Indicator,
    target: &Target,
    level: Option<Fraction>,
    base: Option<Fraction>,
    When { data, share: last_year }: When,
    figures: Exact,
) -> Standing {
    let span = span(plan, target, data);
    let within = data.year() <= span.last;
    let measured = !matches!(target.comparison, Comparison::Hold | Comparison::AtMost);
    // A share of a threshold held all year is no progress towards it.
    let ratio = matches!(indicator.calculation, Calculation::Ratio { .. }) || exact::is_percent(&indicator.unit);
    let threshold = ratio && *pace::effective(indicator) == Pace::None;
    let completion = figures
        .value
        .zip(level)
        .filter(|_| measured && within && !threshold)
        .and_then(|(value, level)| value.checked_div(level)?.hundredfold());
    let share = pace::share(pace::effective(indicator), span, data, last_year).filter(|_| within);
    let pace = share.zip(level).and_then(|(share, level)| pace::percent(share, level, base));
    // With a base the way from it to the target is what pace divides.
    let ahead = match (base, share, figures.value.zip(level)) {
        (Some(base), Some(share), Some((value, level))) if measured && within => way(value, level, base, share),
        _ => completion.zip(pace).and_then(|(completion, pace)| completion.checked_sub(pace)?.round(1)),
    };
    let count = exact::is_count(indicator);
    let reached = figures.value.zip(level).is_some_and(|(value, level)| lights::reached(value, level, target.comparison, count));
    let light = match figures.value {
        None => NOT_REPORTED,
        Some(value) => by_level(plan, indicator, target, level, value, figures.last_year, ahead, reached, span.is_last_month(data)),
    };
    Standing { completion, pace, ahead, reached, light }
}

/// Points ahead on the way from the base to the level: (v − b) ÷ (T − b) − share.
fn way(value: Fraction, level: Fraction, base: Fraction, share: Fraction) -> Option<Decimal> {
    value.checked_sub(base)?.checked_div(level.checked_sub(base)?)?.checked_sub(share)?.hundredfold()?.round(1)
}

/// What remains of a standing while only a part of the expected has reported: what the part decides by itself.
fn partial(standing: Standing, indicator: &Indicator, value: Option<Fraction>) -> Standing {
    let Some(target) = &indicator.target else { return standing };
    let level = pace::level(target);
    let reached = standing.reached && exact::adds_up(indicator) && target.comparison != Comparison::AtMost;
    let broken = target.comparison == Comparison::AtMost && value.zip(level).is_some_and(|(value, level)| value > level);
    let light = if value.is_none() || reached || broken { standing.light } else { NOT_JUDGED };
    Standing { completion: None, pace: None, ahead: None, reached, light }
}

#[expect(clippy::too_many_arguments, reason = "the facts one light is judged by; a struct for a single call would only hide them")]
fn by_level(
    plan: &Plan,
    indicator: &Indicator,
    target: &Target,
    level: Option<Fraction>,
    value: Fraction,
    last_year: Option<Fraction>,
    ahead: Option<Decimal>,
    reached: bool,
    last_month: bool,
) -> Light {
    let rules = &plan.lights;
    if target.comparison == Comparison::Hold {
        return last_year.and_then(|before| value.checked_sub(before)).map_or(NOT_JUDGED, |change| rules.by_change(change));
    }
    let Some(level) = level else { return NOT_JUDGED };
    if target.comparison == Comparison::AtMost {
        return rules.by_ceiling(value, level);
    }
    if *pace::effective(indicator) != Pace::None {
        return ahead.map_or(NOT_JUDGED, |points| rules.by_pace(points, reached, last_month));
    }
    if matches!(indicator.calculation, Calculation::Ratio { .. }) || exact::is_percent(&indicator.unit) {
        return rules.by_threshold(value, level, target.comparison);
    }
    lights::by_size(reached, last_month)
}

/// The light of every data month of a course.
pub fn lights_of(plan: &Plan, indicator: &Indicator, course: &Course) -> Vec<Light> {
    course.points.iter().map(|point| standing(plan, indicator, point).light).collect()
}

/// The data periods in a row with the last one's light; a grey month in between does not count and does not break the row.
pub fn in_row(lights: &[Light]) -> u32 {
    let Some(present) = lights.last().filter(|light| light.is_judged()) else { return 0 };
    let row = lights.iter().rev().filter(|light| light.is_judged()).take_while(|light| *light == present).count();
    u32::try_from(row).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grey_month_does_not_break_the_row() {
        use Light::{Green, Red, Yellow};
        assert_eq!(in_row(&[Green, Yellow, NOT_REPORTED, Yellow]), 2);
        assert_eq!(in_row(&[Red, Red, Red]), 3);
        assert_eq!(in_row(&[Red, Green, NOT_REPORTED]), 0);
        assert_eq!(in_row(&[]), 0);
    }
}
