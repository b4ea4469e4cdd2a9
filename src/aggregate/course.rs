//! An indicator's course through the year: its exact figures at every data month due by the period.

use std::collections::BTreeMap;

use super::evaluate::Place;
use super::exact::{self, Exact, Level};
use super::reader::Reader;
use crate::model::{Coverage, DepartmentCode, Fraction, Period};
use crate::plan::pace::Span;
use crate::plan::{Accumulation, Calculation, Dataset, Frequency, Indicator, Shape};

/// What may be done with an indicator's values, by what they accumulate over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nature {
    /// A month's own amount can be told (not for ratios, stocks, quarters).
    pub monthly: bool,
    /// It grows from nought over the year by amounts (flows and cumulatives): a landing can be projected.
    pub projected: bool,
    /// It builds up over the year (also lists): what is still needed can be told.
    pub builds_up: bool,
    /// Its parts add up to the whole: shares can be told.
    pub summed: bool,
    /// January is reported with February.
    pub merged: bool,
}

impl Nature {
    /// Of a figure nothing is known of.
    pub const NONE: Self = Self { monthly: false, projected: false, builds_up: false, summed: false, merged: false };
}

/// The figures of one data month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    pub data: Period,
    pub province: Exact,
    /// In the plan's order of regions; empty where the indicator shows none.
    pub regions: Vec<Exact>,
    pub departments: Vec<(DepartmentCode, Option<Fraction>)>,
    pub coverage: Coverage,
}

/// The data months of the shown year, ascending; empty while nothing of the target's years is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    pub nature: Nature,
    pub points: Vec<Point>,
}

/// The courses of all indicators by code.
pub type Courses = BTreeMap<String, Course>;

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
        derived.retain(|(indicator, terms)| match combined(reader, indicator, terms, &courses) {
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
    let mut points: Vec<Point> = months.iter().map(|data| point(reader, indicator, dataset, *data)).collect();
    set_months(reader, indicator, dataset, nature, &mut points);
    Course { nature, points }
}

fn nature(indicator: &Indicator, dataset: &Dataset) -> Nature {
    let (ratio, to_date, extreme) = match &indicator.calculation {
        Calculation::Simple { value, to_date, .. } => {
            let sql = value.sql.to_ascii_uppercase();
            (false, *to_date, sql.contains("MIN(") || sql.contains("MAX("))
        }
        Calculation::Ratio { .. } | Calculation::Derived { .. } => (true, false, false),
    };
    let amounts = match dataset.accumulation {
        Accumulation::Flow => to_date,
        Accumulation::Cumulative => true,
        Accumulation::Stock | Accumulation::Snapshot => false,
    };
    let list = dataset.accumulation == Accumulation::Snapshot;
    let adds = !ratio && !extreme;
    Nature {
        monthly: adds && (amounts || list) && dataset.frequency == Frequency::Month,
        projected: adds && amounts,
        builds_up: adds && (amounts || list),
        summed: adds,
        merged: dataset.january_merged,
    }
}

/// The data months of the year of the latest one due, unless that year lies before the target's.
fn shown_months(reader: &Reader<'_>, indicator: &Indicator, dataset: &Dataset) -> Vec<Period> {
    let Some(latest) = reader.latest_due(dataset) else { return Vec::new() };
    let first_year = indicator
        .target
        .as_ref()
        .map_or(reader.period.year(), |target| Span::of(target.year, reader.plan.year, reader.period.year()).first);
    if latest.year() < first_year { Vec::new() } else { reader.year_months(dataset, latest) }
}

fn point(reader: &Reader<'_>, indicator: &Indicator, dataset: &Dataset, data: Period) -> Point {
    let figures = |place: Place<'_>| Exact {
        value: exact::level(reader, indicator, data, place, Level::ThisYear),
        last_year: exact::level(reader, indicator, data, place, Level::LastYear),
        month: None,
        reported_growth: exact::reported_growth(reader, indicator, data, place),
    };
    let regions = if indicator.by_region { reader.plan.regions.as_slice() } else { &[] };
    let departments =
        dataset.from.iter().map(|code| (code.clone(), exact::level(reader, indicator, data, Place::Department(code), Level::ThisYear)));
    Point {
        data,
        province: figures(Place::Province),
        regions: regions.iter().map(|region| figures(Place::Region(&region.code))).collect(),
        departments: departments.collect(),
        coverage: coverage(reader, indicator, dataset, data),
    }
}

/// How many have reported for `data`: cells by expected region for a matrix, departments for form and records.
fn coverage(reader: &Reader<'_>, indicator: &Indicator, dataset: &Dataset, data: Period) -> Coverage {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    if dataset.shape == Shape::Matrix {
        let filled = |place: Place<'_>| match &indicator.calculation {
            Calculation::Simple { value, .. } => exact::amount(reader, dataset, value, None, data, place).is_some(),
            Calculation::Ratio { numerator, denominator, .. } => {
                [numerator, denominator].iter().all(|part| exact::amount(reader, dataset, part, None, data, place).is_some())
            }
            Calculation::Derived { .. } => false,
        };
        let reported = reader.plan.regions.iter().filter(|region| filled(Place::Region(&region.code))).count();
        return Coverage { reported: count(reported), expected: count(reader.plan.regions.len()) };
    }
    let accepted = reader.reporting(dataset, data).map_or(&[][..], |reporting| reader.accepted(dataset, reporting));
    let reported = dataset.from.iter().filter(|code| accepted.iter().any(|one| one.observations.department == **code)).count();
    Coverage { reported: count(reported), expected: count(dataset.from.len()) }
}

/// Fills in the months' own amounts: of a flow as reported, else the difference of two cumulatives.
fn set_months(reader: &Reader<'_>, indicator: &Indicator, dataset: &Dataset, nature: Nature, points: &mut [Point]) {
    if !nature.monthly {
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
        let own = |place: Place<'_>, now: Exact, then: Option<Exact>| -> Option<Fraction> {
            match &indicator.calculation {
                Calculation::Simple { value, to_date: true, .. } => {
                    exact::amount(reader, dataset, value, Some(&indicator.unit), point.data, place)
                }
                _ if point.data.month() == 1 => now.value,
                _ => now.value?.sub(then?.value?),
            }
        };
        let province = own(Place::Province, point.province, previous.map(|previous| previous.province));
        let regions: Vec<_> = reader
            .plan
            .regions
            .iter()
            .zip(&point.regions)
            .enumerate()
            .map(|(nth, (region, now))| own(Place::Region(&region.code), *now, previous.and_then(|one| one.regions.get(nth).copied())))
            .collect();
        point.province.month = province;
        for (figures, month) in point.regions.iter_mut().zip(regions) {
            figures.month = month;
        }
    }
}

/// The signed sum of other courses, over the data months all of them have; `None` while one of them is not drawn up yet.
fn combined(reader: &Reader<'_>, indicator: &Indicator, terms: &[(String, i8)], courses: &Courses) -> Option<Course> {
    let parts = terms.iter().map(|(code, sign)| courses.get(code).map(|course| (course, *sign))).collect::<Option<Vec<_>>>()?;
    let (first, _) = parts.first()?;
    let all = |has: fn(&Nature) -> bool| parts.iter().all(|(course, _)| has(&course.nature));
    let nature = Nature {
        monthly: all(|nature| nature.monthly),
        projected: all(|nature| nature.projected),
        builds_up: all(|nature| nature.builds_up),
        summed: all(|nature| nature.summed),
        merged: parts.iter().any(|(course, _)| course.nature.merged),
    };
    let mut points = Vec::new();
    for data in first.points.iter().map(|point| point.data) {
        let Some(of_month) = parts
            .iter()
            .map(|(course, sign)| course.points.iter().find(|point| point.data == data).map(|point| (point, *sign)))
            .collect::<Option<Vec<_>>>()
        else {
            continue;
        };
        let regions = if indicator.by_region { reader.plan.regions.len() } else { 0 };
        points.push(Point {
            data,
            province: summed(of_month.iter().map(|(point, sign)| (Some(point.province), *sign))),
            regions: (0..regions)
                .map(|nth| summed(of_month.iter().map(|(point, sign)| (point.regions.get(nth).copied(), *sign))))
                .collect(),
            departments: departments(&of_month),
            coverage: of_month.iter().map(|(point, _)| point.coverage).min_by_key(|one| (one.reported.min(one.expected), one.expected))?,
        });
    }
    Some(Course { nature, points })
}

fn summed(parts: impl Iterator<Item = (Option<Exact>, i8)> + Clone) -> Exact {
    let sum = |pick: fn(Exact) -> Option<Fraction>| {
        parts.clone().try_fold(Fraction::ZERO, |sum, (part, sign)| signed_sum(sum, pick(part?)?, sign))
    };
    Exact { value: sum(|one| one.value), last_year: sum(|one| one.last_year), month: sum(|one| one.month), reported_growth: None }
}

fn signed_sum(sum: Fraction, part: Fraction, sign: i8) -> Option<Fraction> {
    if sign < 0 { sum.sub(part) } else { sum.add(part) }
}

/// What each department brings to a derived figure: the terms it reports.
fn departments(parts: &[(&Point, i8)]) -> Vec<(DepartmentCode, Option<Fraction>)> {
    let mut codes: Vec<&DepartmentCode> = Vec::new();
    for (code, _) in parts.iter().flat_map(|(point, _)| &point.departments) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    let brought = |code: &DepartmentCode| {
        parts.iter().try_fold(Fraction::ZERO, |sum, (point, sign)| match point.departments.iter().find(|(one, _)| one == code) {
            Some((_, part)) => signed_sum(sum, (*part)?, *sign),
            None => Some(sum),
        })
    };
    codes.into_iter().map(|code| (code.clone(), brought(code))).collect()
}
