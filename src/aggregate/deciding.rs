//! Where a printed figure would contradict its light: the figure once more, to the digit that decides.

use rust_decimal::Decimal;

use super::course::Point;
use super::exact::Exact;
use super::standing::{level_standing, standing};
use super::{exact, growth};
use crate::model::{Fraction, Light};
use crate::plan::{Comparison, Indicator, Pace, Plan, Target, lights, pace};
use crate::present::sentences::UNROUNDED;

/// No figure is printed with more places.
const PLACES_MAX: u32 = 12;

/// What is said of figures whose printed digits do not decide, and of a 左右 that counts as reached.
pub fn notes(plan: &Plan, indicator: &Indicator, point: &Point) -> Vec<String> {
    let Some(target) = &indicator.target else { return Vec::new() };
    let judged = standing(plan, indicator, point);
    if !judged.light.is_judged() {
        return Vec::new();
    }
    let mut notes = Vec::new();
    notes.extend(of_growth(plan, indicator, target, point));
    notes.extend(of_level(plan, indicator, target, point));
    notes.extend(of_change(plan, indicator, target, point));
    if let Some(completion) = judged.completion.filter(|_| !judged.reached) {
        let whole = Fraction::from(100);
        if let Some(text) = digits(completion, 1, |printed| printed < whole) {
            notes.push(format!("{UNROUNDED}，完成目标的{text}%"));
        }
    }
    let below = point.province.value.zip(pace::level(target)).is_some_and(|(value, level)| value < level);
    if target.comparison == Comparison::About && judged.reached && below {
        notes.push("在“左右”的范围内，视为完成".to_owned());
    }
    notes
}

/// The exact value with the fewest places, more than `printed`, that satisfy `decides`; `None` where `printed` places do.
fn digits(value: Fraction, printed: u32, decides: impl Fn(Fraction) -> bool) -> Option<Decimal> {
    let first = (printed..=PLACES_MAX).find_map(|places| {
        let rounded = value.round(places)?;
        decides(Fraction::from(rounded)).then_some((places, rounded))
    });
    first.filter(|(places, _)| *places > printed).map(|(_, rounded)| rounded)
}

fn of_growth(plan: &Plan, indicator: &Indicator, target: &Target, point: &Point) -> Option<String> {
    let (wanted, growth) = (Fraction::from(target.growth?), growth::by_basis(indicator, point.province)?);
    let light = |growth: Fraction| plan.lights.by_growth(growth, wanted, target.growth_comparison);
    let places = growth::decimals(indicator);
    digits(growth, places, |printed| light(printed) == light(growth)).map(|text| format!("{UNROUNDED}，同比为{text}%"))
}

fn of_level(plan: &Plan, indicator: &Indicator, target: &Target, point: &Point) -> Option<String> {
    let value = point.province.value?;
    // By pace the printed points judge, and only what is reached is judged by the value.
    let by_pace = *pace::effective(indicator) != Pace::None;
    let light = |value: Fraction| -> (bool, Option<Light>) {
        let figures = Exact { value: Some(value), ..point.province };
        let standing = level_standing(plan, indicator, target, point.when(), figures);
        (standing.reached, Some(standing.light).filter(|_| !by_pace))
    };
    if exact::is_count(indicator) && value.round(0).map(Fraction::from) == Some(value) {
        return None;
    }
    // A level that is no decimal is printed rounded as well: what is short of it must not look like it.
    let short = pace::level(target).filter(|level| !lights::reached(value, *level, target.comparison, exact::is_count(indicator)));
    let printed_level =
        short.and_then(|level| level.round(indicator.decimals)).map(Fraction::from).filter(|printed| Some(*printed) != short);
    let decides = |printed: Fraction| light(printed) == light(value) && printed_level != Some(printed);
    let unit = indicator.unit.name();
    let of_target =
        || digits(short?, indicator.decimals, |printed| printed != value).map(|text| format!("{UNROUNDED}，目标为{text}{unit}"));
    let of_value = digits(value, indicator.decimals, decides).map(|text| format!("{UNROUNDED}，为{text}{unit}"));
    of_value.or_else(|| of_target().filter(|_| printed_level == Some(value)))
}

/// What must hold is judged by its change, which is printed as growth.
fn of_change(plan: &Plan, indicator: &Indicator, target: &Target, point: &Point) -> Option<String> {
    if target.comparison != Comparison::Hold {
        return None;
    }
    let change = point.province.value?.checked_sub(point.province.last_year?)?;
    let light = |change: Fraction| plan.lights.by_change(change);
    let unit = if exact::is_percent(&indicator.unit) { "个百分点" } else { indicator.unit.name() };
    digits(change, growth::decimals(indicator), |printed| light(printed) == light(change))
        .map(|text| format!("{UNROUNDED}，比上年同期{text}{unit}"))
}
