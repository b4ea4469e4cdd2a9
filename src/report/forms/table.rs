//! A form's table before it is drawn: columns, rows, and the lines above and below.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::columns::{self, Column};
use crate::model::{Observations, Period, RegionCode, Values};
use crate::plan::{Accumulation, ColumnSpec, Dataset, Plan};
use crate::present::captions;
use crate::present::theme::Element;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    Blank,
    Text(String),
    Number(Decimal),
    Date(NaiveDate),
}

/// A cell: what stands in it, how it looks, and the dataset's column whose rules hold for it.
#[derive(Debug, Clone)]
pub struct Cell<'a> {
    pub field: Field,
    pub element: Element,
    pub spec: Option<&'a ColumnSpec>,
}

impl<'a> Cell<'a> {
    /// What the form prints.
    pub fn fixed(text: impl Into<String>) -> Self {
        Self { field: Field::Text(text.into()), element: Element::Fixed, spec: None }
    }

    /// What is filled in.
    pub fn entry(dataset: &Dataset, spec: &'a ColumnSpec, field: Field) -> Self {
        Self { field, element: columns::element(dataset, spec), spec: Some(spec) }
    }

    /// Last month's figure.
    pub fn past(spec: &ColumnSpec, value: Option<Decimal>) -> Self {
        let field = value.map_or_else(|| Field::Text("—".to_owned()), Field::Number);
        Self { field, element: Element::Past(columns::decimals(spec)), spec: None }
    }

    /// A cell for words.
    pub fn remark() -> Self {
        Self { field: Field::Blank, element: Element::Entry, spec: None }
    }
}

/// A form's table.
#[derive(Debug, Clone)]
pub struct Table<'a> {
    pub dataset: &'a Dataset,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell<'a>>>,
    /// What stands to the left of the first figure is kept in sight.
    pub kept: u16,
    /// Rows may be put in and taken out.
    pub is_list: bool,
    /// The line below the title, beside the department and the due day.
    pub line: Option<String>,
    /// 注：… below the table.
    pub note: Option<String>,
    /// A cell to tick where there is nothing new.
    pub tick: bool,
}

/// `技术改造投资分市情况（2022年1—7月）`, a list's `（截至2022年7月底）`.
pub fn title(dataset: &Dataset, period: Period) -> String {
    let data = period.back(dataset.lag);
    let months = match dataset.accumulation {
        Accumulation::Cumulative => captions::period_label(data),
        Accumulation::Flow => format!("{}年{}", data.year(), captions::month_label(data)),
        Accumulation::Stock | Accumulation::Snapshot => format!("截至{}年{}月底", data.year(), data.month()),
    };
    format!("{}（{months}）", dataset.title)
}

/// The value of a table's cell as it is written; cities by their name.
pub fn field(plan: &Plan, table: &Observations, row: usize, spec: &ColumnSpec) -> Field {
    let Some(column) = table.column(&spec.name) else { return Field::Blank };
    let value = match &column.values {
        Values::Date(days) => days.get(row).copied().flatten().map(Field::Date),
        Values::Region(_) => column.region(row).map(|code| Field::Text(region(plan, code))),
        _ if column.is_number() => column.decimal(row).map(Field::Number),
        _ => column.text(row).map(Field::Text),
    };
    value.unwrap_or(Field::Blank)
}

fn region(plan: &Plan, code: &RegionCode) -> String {
    plan.region(code).map_or_else(|| code.0.clone(), |region| region.name.clone())
}
