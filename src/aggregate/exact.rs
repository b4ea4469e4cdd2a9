//! What an indicator's calculation says at one place and data month: exact fractions in the indicator's unit.

use rust_decimal::Decimal;

use super::evaluate::Place;
use super::reader::{Reader, year_months};
use crate::model::quantity::Dimension;
use crate::model::{Fraction, Period, Unit};
use crate::plan::{Calculation, Dataset, Expression, Indicator, Shape};

/// The exact figures of one place at one data month; `None` is missing, never nought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Exact {
    /// Year to date, or the value at period end.
    pub value: Option<Fraction>,
    pub last_year: Option<Fraction>,
    /// The month's own amount.
    pub month: Option<Fraction>,
    /// Published growth in percent.
    pub reported_growth: Option<Fraction>,
    /// The two levels are not of the same regions, so no growth can be computed from them.
    pub unlike: bool,
    /// Growth over the cities alone, in percent, where only one of the two levels holds what belongs to no city.
    pub alike: Option<Fraction>,
}

/// Which of the two levels is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    ThisYear,
    LastYear,
}

/// The level of `indicator` (not a derived one) at the end of `data`.
pub fn level(reader: &Reader<'_>, indicator: &Indicator, data: Period, place: Place<'_>, which: Level) -> Option<Fraction> {
    match &indicator.calculation {
        Calculation::Simple { dataset, value, last_year, to_date, .. } => {
            let dataset = reader.plan.dataset(dataset)?;
            let expression = if which == Level::ThisYear { value } else { last_year.as_ref()? };
            if !*to_date {
                return amount(reader, dataset, expression, Some(&indicator.unit), data, place);
            }
            // A month that is missing makes the year to date unknown, not smaller.
            year_months(dataset, data).into_iter().try_fold(Fraction::ZERO, |sum, month| {
                sum.checked_add(amount(reader, dataset, expression, Some(&indicator.unit), month, place)?)
            })
        }
        Calculation::Ratio { dataset, numerator, denominator, last_numerator, last_denominator } => {
            let dataset = reader.plan.dataset(dataset)?;
            let (num, den) = match which {
                Level::ThisYear => (numerator, denominator),
                Level::LastYear => (last_numerator.as_ref()?, last_denominator.as_ref()?),
            };
            ratio(reader, dataset, indicator, (num, den), data, place)
        }
        Calculation::Derived { .. } => None,
    }
}

/// The ratio of two sums: 0/0 is no figure.
fn ratio(
    reader: &Reader<'_>,
    dataset: &Dataset,
    indicator: &Indicator,
    (num, den): (&Expression, &Expression),
    data: Period,
    place: Place<'_>,
) -> Option<Fraction> {
    let percent = is_percent(&indicator.unit);
    let top_unit = if percent { den.unit.as_ref() } else { Some(&indicator.unit) };
    let top = amount(reader, dataset, num, top_unit, data, place)?;
    let bottom = amount(reader, dataset, den, None, data, place)?;
    let quotient = top.checked_div(bottom)?;
    if percent { quotient.hundredfold() } else { Some(quotient) }
}

/// One expression's value for a data month, in `unit` where both have one.
pub fn amount(
    reader: &Reader<'_>,
    dataset: &Dataset,
    expression: &Expression,
    unit: Option<&Unit>,
    data: Period,
    place: Place<'_>,
) -> Option<Fraction> {
    let value = reader.value(dataset, expression, reader.reporting(dataset, data)?, place)?;
    converted(value, expression.unit.as_ref(), unit).map(Fraction::from)
}

fn converted(value: Decimal, from: Option<&Unit>, to: Option<&Unit>) -> Option<Decimal> {
    match (from, to) {
        // Unlike kinds meet only where the plan divides one by the other; the compiler refuses them elsewhere.
        (Some(from), Some(to)) if from.converts_to(to) => from.convert(value, to),
        _ => Some(value),
    }
}

/// The growth that statistics publish for a place, in percent: the province's from the total row, a region's from its own.
pub fn reported_growth(reader: &Reader<'_>, indicator: &Indicator, data: Period, place: Place<'_>) -> Option<Fraction> {
    let (dataset, column) = indicator.reported_growth.as_ref()?;
    let dataset = reader.plan.dataset(dataset)?;
    let accepted = reader.accepted(dataset, reader.reporting(dataset, data)?);
    let found = accepted.iter().find_map(|one| {
        let observations = &one.observations;
        let growth = observations.column(column)?;
        match place {
            Place::Province => {
                let total = || observations.whole_totals().find_map(|total| total.values.iter().find(|(name, _)| name == column)?.1);
                // A form has no total row: its only item is the province's.
                let only = || (dataset.shape == Shape::Form && observations.rows() == 1).then(|| growth.decimal(0)).flatten();
                total().or_else(only)
            }
            Place::Region(code) => {
                let regions = observations.columns.iter().find(|column| matches!(column.values, crate::model::Values::Region(_)))?;
                (0..observations.rows()).find(|row| regions.region(*row) == Some(code)).and_then(|row| growth.decimal(row))
            }
            Place::Department(_) | Place::Cities => None,
        }
    });
    found.map(Fraction::from)
}

/// Whether values of `unit` are percentages: their growth is a difference in points.
pub fn is_percent(unit: &Unit) -> bool {
    unit.dimension() == Dimension::Percent
}

/// Whether a part's value can only grow when the rest is added: sums and counts, not ratios, smallest or largest values, differences.
pub fn adds_up(indicator: &Indicator) -> bool {
    match &indicator.calculation {
        Calculation::Simple { value, .. } => {
            let sql = value.sql.to_ascii_uppercase();
            !sql.contains("MIN(") && !sql.contains("MAX(") && !is_percent(&indicator.unit)
        }
        Calculation::Ratio { .. } => false,
        Calculation::Derived { terms } => terms.iter().all(|(_, sign)| *sign > 0),
    }
}

/// Whether the indicator counts whole things (家 个 项 台 辆 天), printed without decimals.
pub fn is_count(indicator: &Indicator) -> bool {
    indicator.decimals == 0
        && matches!(indicator.unit.dimension(), Dimension::Count | Dimension::Person | Dimension::Vehicle | Dimension::Day)
}
