//! Drop-downs and limits of a form's cells. Whoever pastes goes past them: reading checks everything again.

use rust_decimal::prelude::ToPrimitive as _;
use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle, DataValidationRule, Worksheet, XlsxError};

use super::columns::has_past;
use super::request::{Request, of};
use super::table::Table;
use super::{columns, hints};
use crate::plan::form::TICK;
use crate::plan::own::own;
use crate::plan::{ColumnSpec, ColumnType, Dataset, Shape};
use crate::present::numbers;

/// A list that is written into the cell's rule is no longer.
const LIST_CHARS_MAX: usize = 255;

/// Lays the rules over the table's cells, whose first row is `top`: over each column's stretches of one rule.
pub fn lay(page: &mut Worksheet, request: &Request, table: &Table, top: u32) -> Result<(), XlsxError> {
    let spec_at = |row: usize, column: usize| table.rows.get(row)?.get(column)?.spec;
    for (column, at) in (0u16..).zip(0..table.columns.len()) {
        let mut row = 0;
        while row < table.rows.len() {
            let spec = spec_at(row, at);
            let same = |next: &usize| spec_at(*next, at).map(|spec| &spec.name) == spec.map(|spec| &spec.name);
            let length = (row..table.rows.len()).take_while(same).count();
            if let Some(rule) = spec.map(|spec| rule(request, table.dataset, spec)).transpose()? {
                let (first, last) = (top + to_u32(row), top + to_u32(row + length - 1));
                page.add_data_validation(first, column, last, column, &rule)?;
            }
            row += length;
        }
    }
    Ok(())
}

/// The rule of the cell that is ticked where there is nothing new.
pub fn tick() -> Result<DataValidation, XlsxError> {
    DataValidation::new()
        .allow_list_strings(&[TICK])?
        .set_input_title("本月无新增")?
        .set_input_message("清单与上月相同、或没有任何一行时，选“√”；有新增的不选。")
}

fn rule(request: &Request, dataset: &Dataset, spec: &ColumnSpec) -> Result<DataValidation, XlsxError> {
    let rule = match spec.kind {
        ColumnType::Region => listed(&regions(request, dataset))?,
        ColumnType::Flag => listed(&["是".to_owned(), "否".to_owned()])?,
        ColumnType::Choice => listed(&spec.choices)?,
        ColumnType::Integer => {
            let (min, max) = spec.bounds();
            let whole = |bound: rust_decimal::Decimal| bound.to_i32().unwrap_or(if bound.is_sign_negative() { i32::MIN } else { i32::MAX });
            DataValidation::new().allow_whole_number(DataValidationRule::Between(whole(min), whole(max)))
        }
        ColumnType::Decimal => {
            let (min, max) = spec.bounds();
            DataValidation::new().allow_decimal_number(DataValidationRule::Between(numbers::cell(min), numbers::cell(max)))
        }
        ColumnType::Date => {
            let last = request.period.back(dataset.lag).last_day();
            let first = chrono::NaiveDate::from_ymd_opt(1990, 1, 1).unwrap_or(last);
            // 2022年7月 in words is read as well.
            DataValidation::new().allow_date(DataValidationRule::Between(first, last)).set_error_style(DataValidationErrorStyle::Warning)
        }
        ColumnType::Text => DataValidation::new().allow_any_value(),
    };
    let past = columns::comparable(dataset, of(request.past, dataset), request.period);
    let (title, message) = hints::message(request, dataset, spec, past.is_some() && has_past(dataset, spec));
    rule.ignore_blank(true)
        .set_input_title(title)?
        .set_input_message(message)?
        .set_error_title("请核对")?
        .set_error_message(hints::refusal(request, dataset, spec))
}

/// A drop-down; a list that is too long for one is told in the message alone.
fn listed(choices: &[String]) -> Result<DataValidation, XlsxError> {
    let length = choices.iter().map(|choice| choice.chars().count() + 1).sum::<usize>();
    let fits = length <= LIST_CHARS_MAX && !choices.is_empty() && choices.iter().all(|choice| !choice.contains(','));
    if fits { DataValidation::new().allow_list_strings(choices) } else { Ok(DataValidation::new().allow_any_value()) }
}

/// The cities; in a list what belongs to none of them besides.
fn regions(request: &Request, dataset: &Dataset) -> Vec<String> {
    let cities = request.plan.regions.iter().map(|region| region.name.clone());
    cities.chain((dataset.shape == Shape::Records).then(|| own().name.clone())).collect()
}

fn to_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
