//! What a form's columns are called, how wide they are, and which stand beside last month's figures.

use crate::model::{Observations, Period, Unit};
use crate::plan::form::PAST;
use crate::plan::heading::headings;
use crate::plan::{Accumulation, ColumnSpec, ColumnType, Dataset, Shape};
use crate::present::theme::Element;
use crate::present::widths;

/// A column of the sheet: its heading, in one or two rows, and its width in digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The heading over it and its neighbours.
    pub upper: Option<String>,
    pub lower: String,
    pub width: usize,
}

impl Column {
    /// A column with one heading.
    pub fn new(lower: impl Into<String>, width: usize) -> Self {
        Self { upper: None, lower: lower.into(), width }
    }
}

/// Whether values of the column are numbers.
pub fn is_number(spec: &ColumnSpec) -> bool {
    matches!(spec.kind, ColumnType::Integer | ColumnType::Decimal)
}

/// The places a column's numbers are shown with.
pub fn decimals(spec: &ColumnSpec) -> u32 {
    if spec.kind == ColumnType::Integer { 0 } else { spec.decimals }
}

/// The units of a dataset's numbers, each once.
pub fn units(dataset: &Dataset) -> Vec<&Unit> {
    let mut units: Vec<&Unit> = Vec::new();
    for unit in dataset.columns.iter().filter(|spec| is_number(spec)).filter_map(|spec| spec.unit.as_ref()) {
        if !units.contains(&unit) {
            units.push(unit);
        }
    }
    units
}

/// The heading of a dataset's column; a required one bears a star, and its unit where the table has several.
pub fn column(dataset: &Dataset, spec: &ColumnSpec, period: Period, starred: bool) -> Column {
    let full = headings(dataset, spec, period).full;
    let (upper, lower) = match full.rsplit_once('/') {
        Some((upper, lower)) => (Some(upper.replace('/', "")), lower.to_owned()),
        None => (None, full),
    };
    let mut lower = with_unit(dataset, spec, lower);
    let width = width(spec, &lower);
    if widths::display(&lower) + 4 > width {
        lower = lower.replacen('（', "\n（", 1);
    }
    if starred && spec.required {
        lower.push_str(" *");
    }
    Column { upper, lower, width }
}

fn with_unit(dataset: &Dataset, spec: &ColumnSpec, lower: String) -> String {
    match &spec.unit {
        Some(unit) if units(dataset).len() > 1 && !lower.ends_with('）') => format!("{lower}（{}）", unit.name()),
        _ => lower,
    }
}

/// How wide a column is made for its kind, and at least as wide as half its heading.
fn width(spec: &ColumnSpec, heading: &str) -> usize {
    let usual = match spec.kind {
        ColumnType::Integer | ColumnType::Decimal => 14,
        ColumnType::Date => 12,
        ColumnType::Region | ColumnType::Flag => 10,
        ColumnType::Choice => 13,
        ColumnType::Text if spec.pattern.is_some() => 12,
        ColumnType::Text if spec.required => 22,
        ColumnType::Text => 16,
    };
    usual.max(widths::display(heading).div_ceil(2) + 3)
}

/// How a column's cells look.
pub fn element(dataset: &Dataset, spec: &ColumnSpec) -> Element {
    match spec.kind {
        ColumnType::Integer | ColumnType::Decimal => Element::EntryNumber(decimals(spec)),
        ColumnType::Date => Element::EntryDate,
        ColumnType::Choice | ColumnType::Flag | ColumnType::Region => Element::EntryCentre,
        ColumnType::Text if spec.pattern.is_some() || dataset.key.contains(&spec.name) => Element::EntryCode,
        ColumnType::Text => Element::Entry,
    }
}

/// Whether last month's figure stands beside a column: what runs up over the year, and whole tables of figures.
pub fn has_past(dataset: &Dataset, spec: &ColumnSpec) -> bool {
    is_number(spec) && spec.month_of.is_none() && spec.last_year_of.is_none() && (dataset.shape != Shape::Records || runs_up(spec))
}

/// Whether a column of a list runs up over the year, so that it is asked for anew each month.
pub fn runs_up(spec: &ColumnSpec) -> bool {
    is_number(spec) && spec.labels.first().is_some_and(|label| label.contains("累计"))
}

/// Last month's table, where its figures can stand beside this month's: what runs up begins anew in January.
pub fn comparable<'a>(dataset: &Dataset, past: Option<&'a Observations>, period: Period) -> Option<&'a Observations> {
    let year = |period: Period| period.back(dataset.lag).year();
    past.filter(|past| dataset.accumulation == Accumulation::Stock || year(past.period) == year(period))
}

/// What the figure of last month is called: `1—6月累计`, and below it 上月已报.
pub fn past_heading(dataset: &Dataset, spec: &ColumnSpec, past: Period, period: Period) -> String {
    let [month, term] = PAST;
    let word = if past == period.previous() { month } else { term };
    format!("{}\n（{word}）", headings(dataset, spec, past).shown)
}
