//! Datasets: the tables that are handed in, with their columns and declared rules.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::model::{DepartmentCode, Severity, Unit};

/// How a dataset's table is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// One row per project, enterprise, policy.
    Records,
    /// Regions down, quantities across; or regions across.
    Matrix,
    /// One row per named item.
    Form,
}

/// What a value of a dataset accumulates over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Accumulation {
    /// The month's own amount.
    Flow,
    /// Year to date as reported.
    Cumulative,
    /// As of period end.
    Stock,
    /// A list, complete to date, replacing last month's.
    Snapshot,
}

/// How often a dataset is handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frequency {
    Month,
    Quarter,
}

/// How a 合计 row relates to its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TotalRule {
    /// Equal within (number of parts × half a unit of the last decimal).
    Equal,
    /// Province-level and cross-city projects may make the total larger.
    AtLeast,
    /// Not compared.
    Independent,
}

/// The type of a column's cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    Text,
    Integer,
    Decimal,
    Date,
    Choice,
    Flag,
    /// A city, by any of its names.
    Region,
}

/// One column of a dataset.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ColumnSpec {
    pub name: String,
    /// Accepted headings; `上级/下级` for the path of a two-row heading. The first is the canonical one.
    pub labels: Vec<String>,
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// The unit values are kept in.
    pub unit: Option<Unit>,
    /// Places values are rounded to (decimal columns).
    pub decimals: u32,
    pub required: bool,
    pub unique: bool,
    /// Inclusive bounds.
    pub min: Option<Decimal>,
    pub max: Option<Decimal>,
    /// A regular expression for text columns.
    pub pattern: Option<String>,
    pub choices: Vec<String>,
    /// This column holds the same period of last year for that column.
    pub last_year_of: Option<String>,
    /// This column holds the month's own amount for that cumulative column.
    pub month_of: Option<String>,
}

/// A declared rule over a row or the table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rule {
    /// SQL boolean expression that must hold for each row (`scope = "row"`) or once (`scope = "table"`).
    pub expression: String,
    pub per_row: bool,
    pub severity: Severity,
    /// Chinese message; `{column}` is replaced by the row's value.
    pub message: String,
    /// The column whose cell is named and marked.
    pub column: Option<String>,
    /// `out-of-scope` for rules that say who belongs on the list, else `rule-broken`.
    pub out_of_scope: bool,
    /// Rows outside the scope count once they are explained.
    pub explained_counts: bool,
}

/// One table of a form.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Dataset {
    pub code: String,
    pub title: String,
    /// The measure whose file declares it; `None` for the shared ones (tasks, lagging).
    pub measure: Option<u32>,
    pub from: Vec<DepartmentCode>,
    /// Accepted sheet names; the first is the canonical one.
    pub sheets: Vec<String>,
    pub shape: Shape,
    pub accumulation: Accumulation,
    pub frequency: Frequency,
    /// Months the data lags behind the period.
    pub lag: u32,
    /// Due day in the month after the period, before weekends and holidays move it.
    pub due_day: u32,
    pub january_merged: bool,
    pub columns: Vec<ColumnSpec>,
    /// Columns that identify a row.
    pub key: Vec<String>,
    pub total_rule: TotalRule,
    /// For a form: the items expected in the key column.
    pub items: Vec<String>,
    /// For a matrix: regions stand across, items down.
    pub regions_across: bool,
    pub rules: Vec<Rule>,
    /// May a department hand in an empty list (lagging explanations, award lists early in the year)?
    pub may_be_empty: bool,
    /// The list itself is a year's: a plan of the year, not all there is.
    pub list_year: bool,
}

impl Dataset {
    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&ColumnSpec> {
        self.columns.iter().find(|column| column.name == name)
    }
}
