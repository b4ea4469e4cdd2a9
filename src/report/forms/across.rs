//! Tables with the cities across and the quantities down.

use super::columns::{self, Column};
use super::matrix::{Line, key, note};
use super::request::{Request, of};
use super::table::{Cell, Field, Table};
use crate::plan::form::REMARKS;
use crate::plan::{ColumnSpec, Dataset};

/// The table, its quantities first, last month's below each, the words last.
pub fn table<'a>(request: &Request<'a>, dataset: &'a Dataset) -> Table<'a> {
    let past = columns::comparable(dataset, of(request.past, dataset), request.period);
    let given = of(request.given, dataset);
    let key = key(dataset);
    let lines = Line::of(request.plan, dataset);
    let corner = key.map_or_else(String::new, |spec| columns::column(dataset, spec, request.period, false).lower);
    let mut columns = vec![Column::new(corner, 30)];
    columns.extend(lines.iter().map(|line| Column::new(line.name(dataset), 10)));

    let quantities = dataset.columns.iter().filter(|spec| key.is_none_or(|key| key.name != spec.name));
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let quantities: Vec<&ColumnSpec> = quantities.collect();
    for spec in &quantities {
        let heading = columns::column(dataset, spec, request.period, true).lower.replace('\n', "");
        let mut row = vec![Cell::fixed(heading)];
        row.extend(lines.iter().map(|line| {
            let value = given.and_then(|given| line.number(dataset, given, spec));
            Cell::entry(dataset, spec, value.map_or(Field::Blank, Field::Number))
        }));
        rows.push(row);
    }
    for (spec, past) in quantities.iter().filter_map(|spec| Some((spec, past?))) {
        let mut row = vec![Cell::fixed(columns::past_heading(dataset, spec, past.period, request.period).replace('\n', ""))];
        row.extend(lines.iter().map(|line| Cell::past(spec, line.number(dataset, past, spec))));
        rows.push(row);
    }
    let mut words = vec![Cell::fixed(REMARKS)];
    words.extend(lines.iter().map(|_| Cell::remark()));
    rows.push(words);
    Table { dataset, columns, rows, kept: 1, is_list: false, line: None, note: note(dataset), tick: false }
}
