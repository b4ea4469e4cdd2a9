//! The definition of what is to be done: the checked plan.
//!
//! `compile` turns `config/*.toml` and `pipelines/*.toml` into a [`Plan`] or into all their problems at once.
//! Whatever holds a `Plan` may rely on it: every code it names exists, every expression reads columns that are there.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::model::{DepartmentCode, RegionCode, Severity, Unit};

pub mod bounds;
pub mod calendar;
pub mod checks;
pub mod compile;
pub mod counted;
mod due;
pub mod filter;
pub mod form;
pub mod frame;
pub mod heading;
pub mod lights;
pub mod own;
pub mod pace;
pub mod roll;
pub mod slots;
mod target;

pub use calendar::Calendar;
pub use checks::Checks;
pub use counted::CountsIn;
pub use due::Earlier;
pub use lights::LightRules;
pub use target::{Comparison, Pace, Target, TargetYear};

/// The compiled plan.
#[derive(Debug, Clone)]
pub struct Plan {
    /// 浙江省推动工业经济稳进提质行动方案.
    pub name: String,
    /// 工业稳进提质, used in subjects and file names.
    pub short_name: String,
    /// The year its files begin in; `[plan] year` for files without validity.
    pub year: i32,
    pub province: Region,
    /// In the province's fixed order.
    pub regions: Vec<Region>,
    /// In 机构序列.
    pub departments: Vec<Department>,
    pub actions: Vec<Action>,
    /// By number.
    pub measures: Vec<Measure>,
    /// Of all measures and the shared ones, in file order.
    pub datasets: Vec<Dataset>,
    pub lights: LightRules,
    pub calendar: Calendar,
    /// What the checks ask about; decides no figure.
    pub checks: Checks,
    /// What earlier files mean for it.
    pub earlier: Earlier,
    /// BLAKE3 over everything the plan was compiled from, in canonical form.
    pub hash: String,
}

/// A department of `config/departments.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Department {
    pub code: DepartmentCode,
    /// 规范简称: 省经信厅.
    pub name: String,
    /// 浙江省经济和信息化厅.
    pub full_name: String,
    /// Other spellings met in file names and cells.
    pub aliases: Vec<String>,
    /// Form of address: 你厅.
    pub address: String,
    /// E-mail addresses its mails go to.
    pub to: Vec<String>,
    pub cc: Vec<String>,
    /// The liaison officer's name.
    pub contact: String,
    /// `false` for entries like 省级有关单位 that hand in nothing and get no mail.
    pub reports: bool,
}

/// A region of `config/regions.toml`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Region {
    pub code: RegionCode,
    /// 杭州市.
    pub name: String,
    /// 杭州.
    pub short_name: String,
    pub aliases: Vec<String>,
    /// Names of its counties, to recognise 其中 rows and a county where a city belongs.
    pub counties: Vec<String>,
}

/// One of the plan's actions (行动).
#[derive(Debug, Clone)]
pub struct Action {
    pub number: u32,
    pub title: String,
    /// For charts: 畅链强链保安.
    pub short_title: String,
}

/// One of the plan's numbered sections (举措).
#[derive(Debug, Clone)]
pub struct Measure {
    pub number: u32,
    pub title: String,
    /// For tabs: 企业技术改造.
    pub short_title: String,
    pub action: u32,
    /// In the plan's order.
    pub departments: Vec<DepartmentCode>,
    /// The first-listed department unless the file says otherwise.
    pub consolidated_by: Vec<DepartmentCode>,
    pub indicators: Vec<Indicator>,
    pub tasks: Vec<Task>,
    pub notes: Vec<String>,
}

/// A task without a figure.
#[derive(Debug, Clone)]
pub struct Task {
    pub code: String,
    pub title: String,
    pub departments: Vec<DepartmentCode>,
    /// Who reports on it.
    pub owner: DepartmentCode,
    pub notes: Vec<String>,
}

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

/// A compiled aggregate: SQL that Polars and any other SQL engine read alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    /// As written in the pipeline file, with the `where` folded in.
    pub source: String,
    /// Decimal literals rewritten to typed decimals.
    pub sql: String,
    /// The dataset's columns it reads, sorted; the date that tells a row's year (`counts_in`) is not among them.
    pub columns: Vec<String>,
    /// The unit of its value; `None` for a bare count.
    pub unit: Option<Unit>,
}

/// How an indicator gets its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Calculation {
    /// One aggregate; `to_date` sums a flow over the year; `month` is the same over the columns that report the month alone.
    Simple { dataset: String, value: Expression, last_year: Option<Expression>, month: Option<Expression>, to_date: bool },
    /// Ratio of two aggregates, never a mean of ratios; printed × 100 where the unit is %.
    Ratio {
        dataset: String,
        numerator: Expression,
        denominator: Expression,
        last_numerator: Option<Expression>,
        last_denominator: Option<Expression>,
    },
    /// Signed sum of other indicators: (code, +1 or −1).
    Derived { terms: Vec<(String, i8)> },
}

/// Which growth is printed and judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrowthBasis {
    Reported,
    Computed,
}

/// One figure of the plan.
#[derive(Debug, Clone)]
pub struct Indicator {
    pub code: String,
    pub title: String,
    pub owner: DepartmentCode,
    /// 部门调度, 统计部门, 海关 …
    pub source: String,
    pub unit: Unit,
    pub decimals: u32,
    pub calculation: Calculation,
    /// `None` where growth makes no sense.
    pub growth: Option<GrowthBasis>,
    /// (dataset, column) that carries the published growth; the province's stands in the total row.
    pub reported_growth: Option<(String, String)>,
    /// `None` for tracking figures.
    pub target: Option<Target>,
    pub pace: Pace,
    /// Only rows of the target's year count.
    pub counts_in: Option<CountsIn>,
    /// Rows of any year count, and why.
    pub any_year: Option<String>,
    pub restricted: bool,
    /// Never below yellow (targets read out of a programme name).
    pub never_red: bool,
    /// Regions are shown for it.
    pub by_region: bool,
    pub notes: Vec<String>,
}

impl Plan {
    /// The measure of that number.
    #[must_use]
    pub fn measure(&self, number: u32) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.number == number)
    }

    /// The dataset of that code.
    #[must_use]
    pub fn dataset(&self, code: &str) -> Option<&Dataset> {
        self.datasets.iter().find(|dataset| dataset.code == code)
    }

    /// The department of that code.
    #[must_use]
    pub fn department(&self, code: &DepartmentCode) -> Option<&Department> {
        self.departments.iter().find(|department| department.code == *code)
    }

    /// The department's printed name, or its code where it has none.
    #[must_use]
    pub fn department_name<'a>(&'a self, code: &'a DepartmentCode) -> &'a str {
        self.department(code).map_or(code.0.as_str(), |department| department.name.as_str())
    }

    /// The region of that code; the province has one too, and what belongs to no city.
    #[must_use]
    pub fn region(&self, code: &RegionCode) -> Option<&Region> {
        [&self.province, own::own()].into_iter().chain(&self.regions).find(|region| region.code == *code)
    }

    /// All indicators, in the plan's order.
    pub fn indicators(&self) -> impl Iterator<Item = (&Measure, &Indicator)> {
        self.measures.iter().flat_map(|measure| measure.indicators.iter().map(move |indicator| (measure, indicator)))
    }

    /// The departments that hand in workbooks, in 机构序列.
    pub fn reporting_departments(&self) -> impl Iterator<Item = &Department> {
        self.departments.iter().filter(|department| department.reports)
    }
}

impl Dataset {
    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&ColumnSpec> {
        self.columns.iter().find(|column| column.name == name)
    }
}
