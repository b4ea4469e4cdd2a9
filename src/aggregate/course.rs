//! An indicator's course through the year: its exact figures at every data month due by the period.

use super::cover::Cover;
use super::evaluate::Place;
use super::exact::{self, Exact, Level};
use super::growth;
use super::nature::{Build, nature};
use super::own::{self, Basis};
use super::reader::{Reader, year_months};
use crate::model::{DepartmentCode, Fraction, Period};
use crate::plan::pace::Span;
use crate::plan::{Accumulation, Calculation, Dataset, Indicator, Region, Shape};

mod point;
mod share;
mod derived;
mod months;

use months::set_months;
pub use point::{AsReported, Course, Courses, Point, When};
use share::share;

/// Draws up every indicator's course, derived ones last.
pub fn all(reader: &Reader<'_>) -> Courses {
    let mut courses = Courses::new();
    let mut derived = Vec::new();
    for (_, indicator) in reader.plan.indicators() {
        match &indicator.calculation {
            Calculation::Derived { terms } => derived.push((indicator, terms)),
            Calculation::Simple { dataset, .. } | Calculation::Ratio { dataset, .. } => {
                if let Some(dataset) = reader.plan.dataset(dataset) {
                    courses.insert(indicator.code.clone(), simple(reader, indicator, dataset));
                }
            }
        }
    }
    // Derived figures may build on one another; the compiler has refused circles, so every round settles at least one.
    while !derived.is_empty() {
        let before = derived.len();
        derived.retain(|(indicator, terms)| match derived::combined(reader, indicator, terms, &courses) {
            Some(course) => {
                courses.insert(indicator.code.clone(), course);
                false
            }
            None => true,
        });
        if derived.len() == before {
            break;
        }
    }
    courses
}

fn simple(reader: &Reader<'_>, indicator: &Indicator, dataset: &Dataset) -> Course {
    let nature = nature(indicator, dataset);
    let months = shown_months(reader, indicator, dataset);
    let mut points: Vec<Point> = months.iter().map(|data| point(reader, indicator, dataset, nature.build, *data)).collect();
    set_months(reader, indicator, dataset, nature, &mut points);
    Course { nature, points }
}

/// The data months of the year of the latest one due, unless that year lies before the target's.
fn shown_months(reader: &Reader<'_>, indicator: &Indicator, dataset: &Dataset) -> Vec<Period> {
    let Some(latest) = reader.latest_due(dataset) else { return Vec::new() };
    // An earlier file's indicator is that of its own year, the data month's.
    let own = if reader.plan.earlier.indicators.contains(&indicator.code) { latest } else { reader.period };
    let first_year = indicator.target.as_ref().map_or(own.year(), |target| Span::of(target.year, reader.plan.year, own.year()).first);
    if latest.year() < first_year { Vec::new() } else { year_months(dataset, latest) }
}

fn point(reader: &Reader<'_>, indicator: &Indicator, dataset: &Dataset, build: Build, data: Period) -> Point {
    // What others in the list have sent is not the figure of an owner who has sent nothing: none of his rows would read as 0.
    let owner_silent = is_silent(reader, &indicator.owner, dataset, data);
    let figures = |place: Place<'_>| Exact {
        value: exact::level(reader, indicator, data, place, Level::ThisYear),
        last_year: exact::level(reader, indicator, data, place, Level::LastYear),
        reported_growth: exact::reported_growth(reader, indicator, data, place),
        ..Exact::default()
    };
    let regions = if indicator.by_region { reader.plan.regions.as_slice() } else { &[] };
    let departments =
        dataset.from.iter().map(|code| (code.clone(), exact::level(reader, indicator, data, Place::Department(code), Level::ThisYear)));
    let figures = |place: Place<'_>| if owner_silent { Exact::default() } else { figures(place) };
    let mut province = figures(Place::Province);
    let basis = own::basis(reader, indicator, dataset, data, Level::ThisYear);
    let last_basis = own::basis(reader, indicator, dataset, data, Level::LastYear);
    if dataset.shape == Shape::Matrix && province.last_year.is_some() {
        let cities: Vec<Exact> = reader.plan.regions.iter().map(|region| figures(Place::Region(&region.code))).collect();
        let whole = (basis.by_total || cities.iter().all(|one| one.value.is_some()))
            && (last_basis.by_total || cities.iter().all(|one| one.last_year.is_some()));
        province.unlike = !whole && cities.iter().any(|one| one.value.is_some() != one.last_year.is_some());
    }
    let cities = figures(Place::Cities);
    if basis.own != last_basis.own {
        let same = |region: &Region| {
            let city = figures(Place::Region(&region.code));
            city.value.is_some() == city.last_year.is_some()
        };
        let alike = growth::between(cities.value, cities.last_year, exact::is_percent(&indicator.unit));
        province.alike = alike.filter(|_| reader.plan.regions.iter().all(same));
        province.unlike |= province.alike.is_none();
    }
    Point {
        data,
        share: share(reader, indicator, data),
        province,
        regions: regions.iter().map(|region| figures(Place::Region(&region.code))).collect(),
        own: if indicator.by_region { own(dataset, &figures, (basis, last_basis)) } else { None },
        basis,
        months_as_reported: None,
        departments: departments.collect(),
        cover: Cover::of(reader, indicator, dataset, build, data),
    }
}

/// What belongs to no city: in a table of cities what the province has beyond them, in a list the rows that say so.
fn own<'a>(dataset: &Dataset, figures: &dyn Fn(Place<'a>) -> Exact, (basis, last_basis): (Basis, Basis)) -> Option<Exact> {
    let apart = figures(Place::Region(&crate::plan::own::own().code));
    if dataset.shape == Shape::Records {
        return apart.value.filter(|value| value.is_positive()).map(|_| apart);
    }
    basis.own.then_some(())?;
    // Months add up to a flow's year; in months without a part of its own the row has none, and that is nought.
    let (province, cities) = (figures(Place::Province), figures(Place::Cities));
    let rest = |whole: Option<Fraction>, part: Option<Fraction>| whole?.checked_sub(part?);
    let is_sum = apart.value.is_some() || dataset.accumulation == Accumulation::Flow;
    // Beside a blank city, whose part the total holds, only what the rows say themselves belongs to no city.
    let last_year = if last_basis.by_total { apart.last_year } else { rest(province.last_year, cities.last_year) };
    Some(Exact {
        value: if is_sum && !basis.by_total { rest(province.value, cities.value) } else { apart.value },
        last_year: if last_basis.own { last_year } else { None },
        ..Exact::default()
    })
}

/// Whether `owner` is expected in a list or form that several departments fill, and has not reported it.
fn is_silent(reader: &Reader<'_>, owner: &DepartmentCode, dataset: &Dataset, data: Period) -> bool {
    let accepted = reader.reporting(dataset, data).map_or(&[][..], |reporting| reader.accepted(dataset, reporting));
    dataset.shape != Shape::Matrix && dataset.from.contains(owner) && !accepted.iter().any(|one| one.observations.department == *owner)
}
