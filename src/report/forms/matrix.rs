//! Tables of cities and of items: the rows are there, the figures are filled in, last month's stand beside them.

use rust_decimal::Decimal;

use super::columns::{self, Column};
use super::request::{Request, of};
use super::table::{Cell, Field, Table, field};
use crate::model::{Observations, TotalKind};
use crate::plan::form::REMARKS;
use crate::plan::own::own;
use crate::plan::{ColumnSpec, ColumnType, Dataset, Plan, Shape, TotalRule};
use crate::present::theme::Element;

/// What a row is: a city or an item, what belongs to no city, the total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'a> {
    Part { code: &'a str, name: &'a str },
    Own,
    Total,
}

impl<'a> Line<'a> {
    /// The rows of a dataset's table, in their order.
    pub fn of(plan: &'a Plan, dataset: &'a Dataset) -> Vec<Self> {
        let mut lines: Vec<Self> = if dataset.shape == Shape::Form {
            dataset.items.iter().map(|item| Self::Part { code: item, name: item }).collect()
        } else {
            plan.regions.iter().map(|region| Self::Part { code: &region.code.0, name: &region.name }).collect()
        };
        let matrix = dataset.shape == Shape::Matrix;
        if matrix && dataset.total_rule == TotalRule::AtLeast {
            lines.push(Self::Own);
        }
        if matrix || dataset.total_rule != TotalRule::Independent {
            lines.push(Self::Total);
        }
        lines
    }

    /// What it is called on the form.
    pub fn name(self, dataset: &Dataset) -> &'a str {
        match self {
            Self::Part { name, .. } => name,
            Self::Own => &own().name,
            Self::Total if dataset.shape == Shape::Matrix => "全省",
            Self::Total => "合计",
        }
    }

    /// The table's figure on that row.
    pub fn number(self, dataset: &Dataset, table: &Observations, spec: &ColumnSpec) -> Option<Decimal> {
        let total = |kind: TotalKind| {
            let mut totals = table.totals.iter().filter(move |total| total.kind == kind);
            totals.find_map(|total| total.values.iter().find(|(name, _)| *name == spec.name)?.1)
        };
        match self {
            Self::Own => total(TotalKind::Own),
            Self::Total => total(TotalKind::Whole),
            Self::Part { .. } => table.column(&spec.name)?.decimal(self.row(dataset, table)?),
        }
    }

    fn row(self, dataset: &Dataset, table: &Observations) -> Option<usize> {
        let Self::Part { code, .. } = self else { return None };
        let key = table.column(&key(dataset)?.name)?;
        (0..table.rows()).find(|row| key.text(*row).as_deref() == Some(code))
    }
}

/// The column that names a row.
pub fn key(dataset: &Dataset) -> Option<&ColumnSpec> {
    let region = dataset.columns.iter().find(|spec| spec.kind == ColumnType::Region);
    region.or_else(|| dataset.columns.iter().find(|spec| dataset.key.contains(&spec.name)))
}

/// What stands below a table whose total may be larger than its parts.
pub fn note(dataset: &Dataset) -> Option<String> {
    match (dataset.shape, dataset.total_rule) {
        (Shape::Matrix, TotalRule::AtLeast) => Some("注：全省不小于各市之和；不属于任何一市的填“省本级及跨市”行，没有的不填。".to_owned()),
        (Shape::Matrix, TotalRule::Independent) => Some("注：全省按统计部门公布的数填报。".to_owned()),
        (Shape::Matrix, TotalRule::Equal) => Some("注：全省等于各市之和。".to_owned()),
        _ => None,
    }
}

/// The table of cities or items.
pub fn table<'a>(request: &Request<'a>, dataset: &'a Dataset) -> Table<'a> {
    let past = columns::comparable(dataset, of(request.past, dataset), request.period);
    let given = of(request.given, dataset);
    let key = key(dataset);
    let entries: Vec<&ColumnSpec> = dataset.columns.iter().filter(|spec| key.is_none_or(|key| key.name != spec.name)).collect();
    let beside: Vec<&ColumnSpec> = entries.iter().copied().filter(|spec| past.is_some() && columns::has_past(dataset, spec)).collect();

    let mut columns: Vec<Column> =
        key.map(|spec| Column { width: 20, ..columns::column(dataset, spec, request.period, false) }).into_iter().collect();
    columns.extend(entries.iter().map(|spec| columns::column(dataset, spec, request.period, true)));
    let past_of = |spec: &&ColumnSpec| past.map(|past| Column::new(columns::past_heading(dataset, spec, past.period, request.period), 16));
    columns.extend(beside.iter().filter_map(past_of));
    columns.push(Column::new(REMARKS, 34));

    let row = |line: Line<'_>| {
        let element = if line == Line::Total { Element::FixedStrong } else { Element::Fixed };
        let mut cells = vec![Cell { element, ..Cell::fixed(line.name(dataset)) }];
        cells.extend(entries.iter().map(|spec| entry(request.plan, dataset, spec, given, line)));
        cells.extend(beside.iter().map(|spec| Cell::past(spec, past.and_then(|past| line.number(dataset, past, spec)))));
        cells.push(Cell::remark());
        cells
    };
    let rows = Line::of(request.plan, dataset).into_iter().map(row).collect();
    Table { dataset, columns, rows, kept: 1, is_list: false, line: None, note: note(dataset), tick: false }
}

/// What is filled in on a row; words stand on the rows of parts alone.
fn entry<'a>(plan: &Plan, dataset: &Dataset, spec: &'a ColumnSpec, given: Option<&Observations>, line: Line<'_>) -> Cell<'a> {
    let value = given.and_then(|given| {
        if columns::is_number(spec) {
            return line.number(dataset, given, spec).map(Field::Number);
        }
        line.row(dataset, given).map(|row| field(plan, given, row, spec))
    });
    if !columns::is_number(spec) && !matches!(line, Line::Part { .. }) {
        return Cell { spec: None, ..Cell::fixed("—") };
    }
    Cell::entry(dataset, spec, value.unwrap_or(Field::Blank))
}
