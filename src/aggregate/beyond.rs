//! What a table of cities holds beyond them: the rows it is given for what belongs to none of them, and the cells these rest on.

use crate::model::{CellRef, Column, Observations, TotalKind, TotalRow, Values};
use crate::plan::own::{Beyond, own, settle};
use crate::plan::{ColumnSpec, ColumnType, Dataset, Expression, Plan};

/// Whether an expression adds up and nothing else.
pub fn is_sum(expression: &Expression) -> bool {
    let sql = expression.sql.to_ascii_uppercase();
    sql.contains("SUM(") && !["COUNT(", "MIN(", "MAX("].iter().any(|other| sql.contains(other))
}

/// What a table's columns hold beyond their cities.
pub fn beyond<'d>(plan: &Plan, dataset: &'d Dataset, observations: &Observations) -> Vec<(&'d ColumnSpec, Beyond)> {
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
