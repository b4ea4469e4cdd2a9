//! What is still needed (后续月均需) and where the year will end at the present speed (预计全年, 推算).

use rust_decimal::Decimal;

use super::course::Course;
use super::exact;
use super::nature::Build;
use super::standing::{self, Standing};
use crate::model::Fraction;
use crate::plan::{Comparison, Indicator, Pace, Plan, pace};

/// Needed per remaining month of the target's years: counts rounded up, nought when reached, `None` in the last month.
pub fn needed_per_month(plan: &Plan, indicator: &Indicator, course: &Course, standing: &Standing) -> Option<Decimal> {
    let target = indicator.target.as_ref()?;
    if course.nature.build == Build::State || matches!(target.comparison, Comparison::AtMost | Comparison::Hold) {
        return None;
    }
    let point = course.points.last().filter(|point| !point.is_partial())?;
    let value = point.province.value?;
    let remaining = standing::span(plan, target, point.data).remaining(point.data);
    if remaining == 0 {
        return None;
    }
    if standing.reached {
        return Fraction::ZERO.round(indicator.decimals);
    }
    // A list without a course over the year asks nothing of a single month.
    if *pace::effective(indicator) == Pace::None {
        return None;
    }
    let needed = pace::level(target)?.checked_sub(value)?.checked_div(Fraction::from(remaining))?;
    let needed = if exact::is_count(indicator) { needed.round_up(0) } else { needed.round(indicator.decimals) }?;
    // What is not reached needs something: exactly on a target that is to be passed, or short of it by less than is printed.
    if needed.is_zero() { Decimal::try_new(1, indicator.decimals).ok() } else { Some(needed) }
}

/// The projected year: year to date + speed × months left, at the speed of the last three months
/// (of all months where the figure of three months ago is unknown, or of other regions). None of a year after the target's.
pub fn landing(plan: &Plan, indicator: &Indicator, course: &Course) -> Option<Decimal> {
    if course.nature.build != Build::Amounts {
        return None;
    }
    let point = course.points.last().filter(|point| !point.is_partial())?;
    let is_over = |target| point.data.year() > standing::span(plan, target, point.data).last;
    if indicator.target.as_ref().is_some_and(is_over) {
        return None;
    }
    let value = point.province.value?;
    let back = point.data.back(3);
    let before = course
        .points
        .iter()
        .find(|earlier| earlier.data == back && earlier.cover == point.cover && earlier.basis.own == point.basis.own)
        .and_then(|earlier| earlier.province.value);
    let speed = match before {
        Some(before) => value.checked_sub(before)?.checked_div(Fraction::from(3))?,
        None => value.checked_div(Fraction::from(point.data.month()))?,
    };
    let landing = value.checked_add(speed.checked_mul(Fraction::from(12 - point.data.month()))?)?;
    landing.round(if exact::is_count(indicator) { 0 } else { indicator.decimals })
}
