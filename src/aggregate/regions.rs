//! The regions' part of an indicator: figures, share, rank, and light where the target is split (目标分解).

use rust_decimal::Decimal;

use super::course::{Course, Point};
use super::exact;
use super::reader::Reader;
use super::standing::regional;
use super::{growth, rank};
use crate::model::{Fraction, Light, RegionFigure, SourceRef};
use crate::plan::{self, GrowthBasis, Indicator};
use crate::settings::Appearance;

/// What one region is judged and ranked by, as printed.
#[derive(Clone, Copy, Default)]
struct Measured {
    growth: Option<Decimal>,
    target: Option<Decimal>,
    completion: Option<Decimal>,
    light: Option<Light>,
}

/// Every region's figures, in the plan's order; empty where the indicator shows none.
pub fn regions(
    reader: &Reader<'_>,
    indicator: &Indicator,
    course: &Course,
    sources: Vec<Vec<SourceRef>>,
    appearance: &Appearance,
) -> Vec<RegionFigure> {
    let Some((point, earlier)) = course.points.split_last() else { return Vec::new() };
    let measured = measure(reader, indicator, point);
    let ranked = |point: &Point, measured: &[Measured]| if point.is_partial() { Vec::new() } else { places(indicator, measured) };
    let now = ranked(point, &measured);
    let before = earlier.last().map(|point| ranked(point, &measure(reader, indicator, point))).unwrap_or_default();
    let mut sources = sources.into_iter();
    let mut figures = Vec::with_capacity(point.regions.len());
    for (nth, (region, exact)) in reader.plan.regions.iter().zip(&point.regions).enumerate() {
        let measured = measured.get(nth).copied().unwrap_or_default();
        let printed = |value: Option<Fraction>| value.and_then(|value| value.round(indicator.decimals));
        let rank = now.get(nth).copied().flatten();
        let rank_before = before.get(nth).copied().flatten();
        figures.push(RegionFigure {
            code: region.code.clone(),
            name: region.name.clone(),
            month: printed(exact.month),
            year_to_date: printed(exact.value),
            last_year: printed(exact.last_year),
            growth_pct: measured.growth,
            share_pct: share(course, *exact, point),
            target: measured.target,
            completion_pct: measured.completion,
            rank: rank.filter(|_| appearance.ranks),
            rank_change: rank::change(rank_before, rank).filter(|_| appearance.ranks),
            light: measured.light.filter(|_| appearance.region_lights),
            sources: sources.next().unwrap_or_default(),
        });
    }
    figures
}

/// The row that follows the cities, outside their ranks and targets: what belongs to none of them.
pub fn own(indicator: &Indicator, course: &Course, sources: Vec<SourceRef>) -> Option<RegionFigure> {
    let point = course.points.last()?;
    let figures = point.own?;
    let region = plan::own::own();
    let printed = |value: Option<Fraction>| value.and_then(|value| value.round(indicator.decimals));
    let growth = growth::computed(indicator, figures).filter(|_| indicator.growth == Some(GrowthBasis::Computed));
    Some(RegionFigure {
        code: region.code.clone(),
        name: region.name.clone(),
        month: printed(figures.month),
        year_to_date: printed(figures.value),
        last_year: printed(figures.last_year),
        growth_pct: growth.and_then(|growth| growth.round(growth::decimals(indicator))),
        share_pct: share(course, figures, point),
        target: None,
        completion_pct: None,
        rank: None,
        rank_change: None,
        light: None,
        sources,
    })
}

/// Percent of the province's value, where parts add up to it.
fn share(course: &Course, part: exact::Exact, point: &Point) -> Option<Decimal> {
    let whole = point.province.value.filter(|whole| course.nature.summed && !point.is_partial() && whole.is_positive())?;
    part.value?.checked_div(whole)?.hundredfold()?.round(1)
}

fn measure(reader: &Reader<'_>, indicator: &Indicator, point: &Point) -> Vec<Measured> {
    let one = |(region, figures): (&crate::plan::Region, &exact::Exact)| {
        let growth = growth::by_basis(indicator, *figures).and_then(|growth| growth.round(growth::decimals(indicator)));
        let target = indicator.target.as_ref();
        let Some((target, part)) = target.and_then(|target| Some((target, *target.regions.get(&region.code)?))) else {
            return Measured { growth, ..Measured::default() };
        };
        let standing = regional(reader.plan, indicator, target, part, point.when(), *figures);
        Measured {
            growth,
            target: Some(part),
            completion: standing.completion.and_then(|completion| completion.round(1)),
            light: Some(standing.light),
        }
    };
    reader.plan.regions.iter().zip(&point.regions).map(one).collect()
}

/// Ranks by growth where the indicator has one, else by completion.
fn places(indicator: &Indicator, measured: &[Measured]) -> Vec<Option<u32>> {
    let by = |one: &Measured| if indicator.growth.is_some() { one.growth } else { one.completion };
    rank::ranks(&measured.iter().map(by).collect::<Vec<_>>())
}
