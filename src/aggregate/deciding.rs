//! Where a printed figure would contradict its light: the figure once more, to the digit that decides.

use rust_decimal::Decimal;

use super::course::Point;
use super::exact::Exact;
use super::standing::{level_standing, standing};
use super::{exact, growth};
use crate::model::{Fraction, Light};
use crate::plan::{Comparison, Indicator, Pace, Plan, Target, pace};
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
    digits(value, indicator.decimals, |printed| light(printed) == light(value))
        .map(|text| format!("{UNROUNDED}，为{text}{}", indicator.unit.name()))
}
