//! One indicator's row: every figure rounded once, as it is printed.

use rust_decimal::Decimal;

use super::course::{Course, Courses, Point};
use super::cover::Cover;
use super::lineage::{self, Trail};
use super::nature::Nature;
use super::reader::Reader;
use super::standing::{self, Standing, standing};
use super::{AggregateError, exact, growth, landing, notes, regions};
use crate::model::{DepartmentFigure, Fraction, GreyReason, IndicatorRow, Light, SeriesPoint};
use crate::plan::{Indicator, Measure};
use crate::settings::Appearance;

/// Draws up the row of `indicator` from its course.
pub fn row(
    reader: &Reader<'_>,
    measure: &Measure,
    indicator: &Indicator,
    courses: &Courses,
    appearance: &Appearance,
) -> Result<IndicatorRow, AggregateError> {
    let empty = Course { nature: Nature::NONE, points: Vec::new() };
    let course = courses.get(&indicator.code).unwrap_or(&empty);
    let mut row = blank(reader, measure, indicator);
    row.notes = notes::notes(reader, indicator, course.points.last(), course.nature);
    let Some((point, earlier)) = course.points.split_last() else { return Ok(row) };
    row.notes.extend(notes::left_out(reader, indicator, point.data)?);
    let standing = standing(reader.plan, indicator, point);
    let lights = standing::lights_of(reader.plan, indicator, course);
    let trail = lineage::trail(reader, indicator, point)?;
    row.data_period = Some(point.data);
    row.target_year = indicator.target.as_ref().map(|target| standing::span(reader.plan, target, point.data).last);
    set_amounts(&mut row, indicator, course, point, earlier);
    set_standing(&mut row, &standing);
    row.periods_in_row = standing::in_row(&lights);
    row.previous_light = previous_light(reader, course, earlier, &lights);
    row.needed_per_month = landing::needed_per_month(reader.plan, indicator, course, &standing);
    row.landing = landing::landing(reader.plan, indicator, course);
    row.coverage = point.cover.coverage();
    row.series = course.points.iter().map(|point| series_point(reader, indicator, point)).collect();
    let Trail { province, regions, own, departments } = trail;
    row.departments = point
        .departments
        .iter()
        .zip(departments)
        .map(|((code, value), sources)| DepartmentFigure {
            department: code.clone(),
            year_to_date: print(*value, indicator.decimals),
            sources,
        })
        .collect();
    row.sources = province;
    row.regions = regions::regions(reader, indicator, course, regions, appearance);
    row.regions.extend(regions::own(indicator, course, own));
    Ok(row)
}

/// The light last month's report gave; `None` where there was none.
fn previous_light(reader: &Reader<'_>, course: &Course, earlier: &[Point], lights: &[Light]) -> Option<Light> {
    let last = reader.period.previous();
    let was_drawn = last.year() == reader.period.year() && reader.has_any(last);
    let Some(at) = earlier.len().checked_sub(1) else {
        // What falls due for the first time was printed as not due.
        return was_drawn.then_some(Light::Grey(GreyReason::NotDue));
    };
    // A month that was not drawn up printed nothing: the last one before it that had figures did.
    let reported = |at: &usize| course.points.get(*at).is_some_and(|point| point.cover.coverage().reported > 0);
    let at = if was_drawn { Some(at) } else { (0..=at).rev().find(reported) };
    at.and_then(|at| lights.get(at)).copied()
}

fn print(value: Option<Fraction>, decimals: u32) -> Option<Decimal> {
    value.and_then(|value| value.round(decimals))
}

/// The row before any figure is known: what the plan says.
fn blank(reader: &Reader<'_>, measure: &Measure, indicator: &Indicator) -> IndicatorRow {
    let target = indicator.target.as_ref();
    IndicatorRow {
        code: indicator.code.clone(),
        title: indicator.title.clone(),
        measure: measure.number,
        owner: indicator.owner.clone(),
        unit: indicator.unit.name().to_owned(),
        decimals: indicator.decimals,
        data_period: None,
        month: None,
        month_growth_pct: None,
        year_to_date: None,
        last_year: None,
        growth_pct: None,
        reported_growth_pct: None,
        computed_growth_pct: None,
        target: target.and_then(|target| printed_level(target.level?, indicator.decimals)),
        comparison: target.map(|target| target.comparison.code().to_owned()),
        wording: target.and_then(|target| target.wording.clone()),
        target_year: target.map(|target| standing::span(reader.plan, target, reader.period).last),
        year_source: target.map(|target| if target.year_from_plan { "plan" } else { "inferred" }.to_owned()),
        growth_target_pct: target.and_then(|target| target.growth),
        target_text: target.map(|target| target.text.clone()).unwrap_or_default(),
        completion_pct: None,
        pace_pct: None,
        ahead_points: None,
        light: Light::Grey(GreyReason::NotDue),
        periods_in_row: 0,
        previous_light: None,
        needed_per_month: None,
        landing: None,
        coverage: Cover::none(reader, indicator).coverage(),
        restricted: indicator.restricted,
        tracking: target.is_none(),
        notes: Vec::new(),
        series: Vec::new(),
        regions: Vec::new(),
        departments: Vec::new(),
        sources: Vec::new(),
    }
}

/// A whole or decimal level as the plan writes it; a true fraction rounded like the values.
fn printed_level((num, den): (Decimal, Decimal), decimals: u32) -> Option<Decimal> {
    if den == Decimal::ONE { Some(num) } else { Fraction::quotient(num, den)?.round(decimals) }
}

fn set_amounts(row: &mut IndicatorRow, indicator: &Indicator, course: &Course, point: &Point, earlier: &[Point]) {
    let figures = point.province;
    let growth_places = growth::decimals(indicator);
    row.month = print(figures.month, indicator.decimals);
    row.year_to_date = print(figures.value, indicator.decimals);
    row.last_year = print(figures.last_year, indicator.decimals);
    row.growth_pct = print(growth::by_basis(indicator, figures), growth_places);
    row.reported_growth_pct = print(figures.reported_growth, 1);
    row.computed_growth_pct = print(growth::computed(indicator, figures), growth_places);
    let previous = earlier.last().filter(|previous| {
        previous.data == point.data.previous() && previous.cover == point.cover && previous.basis.own == point.basis.own
    });
    if indicator.growth.is_some() && course.nature.monthly() {
        let before = previous.and_then(|previous| previous.province.month);
        row.month_growth_pct = print(growth::between(figures.month, before, exact::is_percent(&indicator.unit)), growth_places);
    }
}

fn set_standing(row: &mut IndicatorRow, standing: &Standing) {
    row.completion_pct = print(standing.completion, 1);
    row.pace_pct = print(standing.pace, 1);
    row.ahead_points = standing.ahead;
    row.light = standing.light;
}

fn series_point(reader: &Reader<'_>, indicator: &Indicator, point: &Point) -> SeriesPoint {
    let standing = standing(reader.plan, indicator, point);
    SeriesPoint {
        period: point.data,
        year_to_date: print(point.province.value, indicator.decimals),
        month: print(point.province.month, indicator.decimals),
        completion_pct: print(standing.completion, 1),
        pace_pct: print(standing.pace, 1),
    }
}
