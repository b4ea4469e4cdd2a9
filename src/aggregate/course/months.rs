//! The months' own amounts: of a flow as reported, else the difference of two cumulatives on one basis, else what the reports say.

use super::point::{AsReported, Point};
use crate::aggregate::evaluate::Place;
use crate::aggregate::exact::{self, Exact};
use crate::aggregate::nature::Nature;
use crate::aggregate::own;
use crate::aggregate::reader::Reader;
use crate::model::{Fraction, Period};
use crate::plan::{self, Calculation, Dataset, Expression, Indicator, Region, Shape};

/// Fills in the months' own amounts.
pub fn set_months(reader: &Reader<'_>, indicator: &Indicator, dataset: &Dataset, nature: Nature, points: &mut [Point]) {
    if !nature.monthly() {
        return;
    }
    for at in 0..points.len() {
        let (before, rest) = points.split_at_mut(at);
        let Some(point) = rest.first_mut() else { continue };
        // February carries 1—2月 as one amount: no month's own.
        if nature.merged && point.data.month() == 2 {
            continue;
        }
        let previous = before.last().filter(|previous| previous.data == point.data.previous());
        set(&Month { reader, indicator, dataset, data: point.data }, point, previous);
    }
}

/// One indicator's data month.
struct Month<'r, 'a> {
    reader: &'r Reader<'a>,
    indicator: &'r Indicator,
    dataset: &'r Dataset,
    data: Period,
}

impl Month<'_, '_> {
    /// A place's own amount, and whether it is what the reports' month column says.
    fn amount(&self, place: Place<'_>, now: Exact, then: Option<Exact>, comparable: bool) -> (Option<Fraction>, bool) {
        if let Calculation::Simple { value, to_date: true, .. } = &self.indicator.calculation {
            return (self.read(value, place), false);
        }
        if self.data.month() == 1 {
            return (now.value, false);
        }
        let difference = || now.value?.checked_sub(then?.value?);
        match difference().filter(|_| comparable) {
            Some(amount) => (Some(amount), false),
            None => (self.reported(place), true),
        }
    }

    /// What the month column says; of the province only where all say it that are in its year to date.
    fn reported(&self, place: Place<'_>) -> Option<Fraction> {
        let Calculation::Simple { value, month: Some(month), .. } = &self.indicator.calculation else { return None };
        let says = |expression: &Expression, region: &Region| self.read(expression, Place::Region(&region.code)).is_some();
        let alike = |region: &Region| says(month, region) || !says(value, region);
        let whole = || own::holds_blank_city(self.reader, self.dataset, month, self.data);
        let cities = place == Place::Province && self.dataset.shape == Shape::Matrix;
        if !cities || self.reader.plan.regions.iter().all(alike) || whole() { self.read(month, place) } else { None }
    }

    fn read(&self, expression: &Expression, place: Place<'_>) -> Option<Fraction> {
        exact::amount(self.reader, self.dataset, expression, Some(&self.indicator.unit), self.data, place)
    }
}

fn set(month: &Month<'_, '_>, point: &mut Point, previous: Option<&Point>) {
    // The sum of eleven less the sum of ten is no month's amount, and the whole less the cities' none either.
    let same_cover = previous.is_none_or(|previous| previous.cover == point.cover);
    // A month that nobody reported had no basis.
    let same_basis = previous.is_none_or(|previous| previous.province.value.is_none() || previous.basis.own == point.basis.own);
    let cities_comparable = same_cover || !point.cover.is_by_department();
    let (whole, reported) =
        month.amount(Place::Province, point.province, previous.map(|previous| previous.province), same_cover && same_basis);
    if reported && whole.is_none() && !same_basis && point.province.value.is_some() {
        point.months_as_reported = Some(AsReported::Unknown);
    }
    if reported && whole.is_some() {
        let before = previous.is_none_or(|previous| !previous.cover.is_full());
        point.months_as_reported = match (same_basis, before) {
            (false, _) => Some(AsReported::Basis),
            (true, true) => Some(AsReported::Gap),
            // That some are missing now is noted by itself.
            (true, false) => None,
        };
    }
    // Of a list that some departments have not sent no month is told; of cities the sum of those that came is.
    point.province.month = whole.filter(|_| !reported || point.cover.is_full() || !point.cover.is_by_department());
    for (nth, (region, figures)) in month.reader.plan.regions.iter().zip(&mut point.regions).enumerate() {
        let then = previous.and_then(|previous| previous.regions.get(nth).copied());
        figures.month = month.amount(Place::Region(&region.code), *figures, then, cities_comparable).0;
    }
    if let Some(own) = &mut point.own {
        // A list without a row of its own has nought there.
        let none =
            previous.filter(|_| month.dataset.shape == Shape::Records).map(|_| Exact { value: Some(Fraction::ZERO), ..Exact::default() });
        let then = previous.and_then(|previous| previous.own).or(none);
        own.month = month.amount(Place::Region(&plan::own::own().code), *own, then, cities_comparable).0;
    }
}
