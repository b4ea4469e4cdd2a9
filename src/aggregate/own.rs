//! 省本级及跨市 in the figures: the rows a table of cities is given for what belongs to none of them, and on which basis a
//! province's figure stands (the cities alone, or with it).

use super::exact::Level;
use super::reader::{Reader, year_months};
use crate::model::{CellRef, Column, Observations, Period, TotalKind, TotalRow, Values};
use crate::plan::own::{Beyond, own, settle};
use crate::plan::{Calculation, ColumnSpec, ColumnType, Dataset, Expression, Indicator, Plan};

/// On which basis a province's figure stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Basis {
    /// It holds what belongs to no city.
    pub own: bool,
    /// A blank city's part is in the total row.
    pub by_total: bool,
}

/// Whether an expression adds up and nothing else.
pub fn is_sum(expression: &Expression) -> bool {
    let sql = expression.sql.to_ascii_uppercase();
    sql.contains("SUM(") && !["COUNT(", "MIN(", "MAX("].iter().any(|other| sql.contains(other))
}

/// What a table's columns hold beyond their cities.
fn beyond<'d>(plan: &Plan, dataset: &'d Dataset, observations: &Observations) -> Vec<(&'d ColumnSpec, Beyond)> {
    let of = |spec: &'d ColumnSpec| Some((spec, settle(plan, dataset, observations, spec)?.beyond()?));
    dataset.columns.iter().filter_map(of).filter(|(_, beyond)| *beyond != Beyond::Nothing).collect()
}

/// The rows that make a table of cities whole: one of 省本级及跨市, one of no place (rounding, blank cities); `None` where it is whole.
pub fn added(plan: &Plan, dataset: &Dataset, observations: &Observations) -> Option<Observations> {
    let beyond = beyond(plan, dataset, observations);
    (!beyond.is_empty()).then_some(())?;
    let split = |spec: &ColumnSpec| match beyond.iter().find(|(one, _)| one.name == spec.name).map(|(_, beyond)| *beyond) {
        Some(Beyond::Own(value)) => [Some(value), None],
        Some(Beyond::City { value, own }) => [own, Some(value)],
        Some(Beyond::Rounding(value)) => [None, Some(value)],
        Some(Beyond::Nothing) | None => [None, None],
    };
    let values = |spec: &ColumnSpec| match spec.kind {
        ColumnType::Text | ColumnType::Choice => Values::Text(vec![None, None]),
        ColumnType::Integer | ColumnType::Decimal => Values::Decimal(split(spec).to_vec()),
        ColumnType::Date => Values::Date(vec![None, None]),
        ColumnType::Flag => Values::Flag(vec![None, None]),
        ColumnType::Region => Values::Region(vec![Some(own().code.clone()), None]),
    };
    let columns = dataset.columns.iter().map(|spec| Column { name: spec.name.clone(), values: values(spec) }).collect();
    let cells = vec![vec![None; dataset.columns.len()]; 2];
    Some(Observations { columns, cells, totals: Vec::new(), parts: Vec::new(), ..observations.clone() })
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

/// The cells outside the rows of cities that a sum over `columns` leans on: the total row's, or those of the rows of no city.
pub fn cells(plan: &Plan, dataset: &Dataset, observations: &Observations, columns: &[String]) -> Vec<CellRef> {
    let mut cells = Vec::new();
    for (spec, _) in beyond(plan, dataset, observations).into_iter().filter(|(spec, _)| columns.contains(&spec.name)) {
        let cell = |total| observations.total_cell(total, &spec.name);
        let of = |kind: TotalKind| {
            let there = move |total: &&TotalRow| total.values.iter().any(|(name, value)| *name == spec.name && value.is_some());
            observations.totals.iter().filter(move |total| total.kind == kind).filter(there)
        };
        match of(TotalKind::Whole).next() {
            Some(total) => cells.extend(cell(total)),
            None => cells.extend(of(TotalKind::Own).filter_map(cell)),
        }
    }
    cells
}
