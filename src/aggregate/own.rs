//! 省本级及跨市 in the figures: on which basis a province's figure stands (the cities alone, or with what belongs to none of them).

use super::beyond::{beyond, is_sum};
use super::exact::Level;
use super::reader::{Reader, year_months};
use crate::model::Period;
use crate::plan::own::Beyond;
use crate::plan::{Calculation, Dataset, Expression, Indicator};

/// On which basis a province's figure stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Basis {
    /// It holds what belongs to no city.
    pub own: bool,
    /// A blank city's part is in the total row.
    pub by_total: bool,
}

/// The basis of an indicator's level at `data`: over every month and column it adds up.
pub fn basis(reader: &Reader<'_>, indicator: &Indicator, dataset: &Dataset, data: Period, level: Level) -> Basis {
    let (expressions, to_date) = expressions(indicator, level);
    let months = if to_date { year_months(dataset, data) } else { vec![data] };
    let mut basis = Basis::default();
    for reporting in months.into_iter().filter_map(|month| reader.reporting(dataset, month)) {
        for accepted in reader.accepted(dataset, reporting) {
            for (spec, beyond) in beyond(reader.plan, dataset, &accepted.observations) {
                if expressions.iter().any(|one| is_sum(one) && one.columns.contains(&spec.name)) {
                    basis.own |= beyond.own().is_some();
                    basis.by_total |= matches!(beyond, Beyond::City { .. });
                }
            }
        }
    }
    basis
}

/// Whether a blank city's part is in the total of a column that `expression` adds up at `data`.
pub fn holds_blank_city(reader: &Reader<'_>, dataset: &Dataset, expression: &Expression, data: Period) -> bool {
    let Some(reporting) = reader.reporting(dataset, data).filter(|_| is_sum(expression)) else { return false };
    reader.accepted(dataset, reporting).iter().any(|accepted| {
        let beyond = beyond(reader.plan, dataset, &accepted.observations);
        beyond.iter().any(|(spec, beyond)| matches!(beyond, Beyond::City { .. }) && expression.columns.contains(&spec.name))
    })
}

/// The expressions of a level, and whether months are added up.
fn expressions(indicator: &Indicator, level: Level) -> (Vec<&Expression>, bool) {
    match (&indicator.calculation, level) {
        (Calculation::Simple { value, to_date, .. }, Level::ThisYear) => (vec![value], *to_date),
        (Calculation::Simple { last_year, to_date, .. }, Level::LastYear) => (last_year.iter().collect(), *to_date),
        (Calculation::Ratio { numerator, denominator, .. }, Level::ThisYear) => (vec![numerator, denominator], false),
        (Calculation::Ratio { last_numerator, last_denominator, .. }, Level::LastYear) => {
            (last_numerator.iter().chain(last_denominator).collect(), false)
        }
        (Calculation::Derived { .. }, _) => (Vec::new(), false),
    }
}
