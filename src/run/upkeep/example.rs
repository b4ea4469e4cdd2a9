//! The example of a new workspace: a month's forms, blank and filled in, so that the first command can draw a month up.

use rust_decimal::Decimal;

use crate::model::observation::{Column, TotalRow};
use crate::model::{Observations, Period, RegionCode, TotalKind, Values};
use crate::plan::{ColumnSpec, ColumnType, Dataset, Department, Plan, Shape};
use crate::report::forms::{self, Form, Request};
use crate::run::kit::RunError;
use crate::settings::Settings;

/// A form as it goes out, and the same as it comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    pub blank: Form,
    pub filled: Form,
}

/// The examples of a plan's departments for `period`; figures are made up, the same each time. Only tables of cities are filled in.
///
/// # Errors
/// A workbook cannot be written.
pub fn examples(settings: &Settings, plan: &Plan, period: Period) -> Result<Vec<Example>, RunError> {
    let mut examples = Vec::new();
    for department in plan.reporting_departments() {
        let tables = forms::owed(plan, &department.code, period);
        let given: Vec<Observations> = tables
            .into_iter()
            .filter(|dataset| dataset.shape == Shape::Matrix)
            .map(|dataset| table(plan, dataset, department, period))
            .collect();
        let request = Request { plan, settings, department, period, past: &[], given: &[], behind: &[] };
        let blank = forms::draw(&request)?;
        let filled = forms::draw(&Request { given: &given, ..request })?;
        examples.extend(blank.zip(filled).map(|(blank, filled)| Example { blank, filled }));
    }
    Ok(examples)
}

fn table(plan: &Plan, dataset: &Dataset, department: &Department, period: Period) -> Observations {
    let cities: Vec<RegionCode> = plan.regions.iter().map(|region| region.code.clone()).collect();
    let figures = |spec: &ColumnSpec| -> Vec<Option<Decimal>> { (1u32..).zip(&cities).map(|(at, _)| Some(figure(spec, at))).collect() };
    let columns = dataset.columns.iter().map(|spec| {
        let values = match spec.kind {
            ColumnType::Region => Values::Region(cities.iter().cloned().map(Some).collect()),
            ColumnType::Integer | ColumnType::Decimal => Values::Decimal(figures(spec)),
            _ => Values::Text(vec![None; cities.len()]),
        };
        Column { name: spec.name.clone(), values }
    });
    let sums = dataset.columns.iter().filter(|spec| matches!(spec.kind, ColumnType::Integer | ColumnType::Decimal));
    let sums = sums.map(|spec| (spec.name.clone(), Some(figures(spec).into_iter().flatten().sum())));
    let total = TotalRow { label: String::new(), row: 0, values: sums.collect(), cells: Vec::new(), kind: TotalKind::Whole, part: 0 };
    Observations {
        dataset: dataset.code.clone(),
        department: department.code.clone(),
        period,
        sheet: String::new(),
        columns: columns.collect(),
        cells: vec![Vec::new(); cities.len()],
        totals: vec![total],
        parts: Vec::new(),
    }
}

/// A made-up figure: smaller from city to city, a little less a year ago, a sixth of it in the month.
fn figure(spec: &ColumnSpec, at: u32) -> Decimal {
    let base = Decimal::from(66u32.saturating_sub(at.saturating_mul(4)).max(6));
    let share = match (&spec.last_year_of, &spec.month_of) {
        (Some(_), _) => Decimal::new(94, 2),
        (None, Some(_)) => Decimal::new(17, 2),
        (None, None) => Decimal::ONE,
    };
    let decimals = if spec.kind == ColumnType::Integer { 0 } else { spec.decimals };
    crate::model::quantity::round(base * share, decimals)
}
