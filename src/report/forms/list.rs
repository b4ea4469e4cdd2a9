//! Lists: last month's rows are there, what runs up over the year is blank beside its last figure, and rows can be added.

use super::columns::{self, Column};
use super::request::{Request, of};
use super::table::{Cell, Field, Table, field};
use crate::model::{DepartmentCode, Observations};
use crate::plan::form::{REMARKS, WORDS_ON};
use crate::plan::{ColumnSpec, ColumnType, Dataset, Plan};
use crate::present::theme::Element;
use crate::present::widths;

/// Blank rows below those that are there.
const BLANK_ROWS: usize = 20;
/// Fewer where only words are asked for.
const BLANK_ROWS_OF_WORDS: usize = 6;
/// The dataset of tasks without a figure.
const TASKS: &str = "tasks";
/// The widest a column grows with what stands in it.
const WIDTH_MAX: usize = 40;

/// The table of a list.
pub fn table<'a>(request: &Request<'a>, dataset: &'a Dataset) -> Table<'a> {
    let past = of(request.past, dataset).filter(|past| !dataset.list_year || past.period.year() == request.period.year());
    let beside = columns::comparable(dataset, past, request.period);
    let running: Vec<&ColumnSpec> = dataset.columns.iter().filter(|spec| columns::has_past(dataset, spec) && beside.is_some()).collect();
    let filled = filled(request, dataset, past);
    let known = filled.len();
    let words = dataset.code == WORDS_ON || dataset.code == TASKS;
    let blanks = if words { BLANK_ROWS_OF_WORDS } else { BLANK_ROWS };
    let blank = || dataset.columns.iter().map(|spec| Cell::entry(dataset, spec, Field::Blank)).collect::<Vec<_>>();
    let rows: Vec<Vec<Cell>> = filled.into_iter().chain(std::iter::repeat_with(blank).take(blanks)).collect();
    let columns = headings(request, dataset, &rows, beside.map(|past| (past, running.as_slice())));
    let rows = rows.into_iter().enumerate().map(|(at, cells)| {
        let number = if at < known { Field::Number((at + 1).into()) } else { Field::Blank };
        let mut row = vec![Cell { field: number, element: Element::EntryCentre, spec: None }];
        let before = beside.filter(|_| at < known).and_then(|past| same(request.plan, dataset, past, &cells));
        row.extend(cells);
        row.extend(running.iter().map(|spec| match before {
            Some((past, line)) => Cell::past(spec, past.column(&spec.name).and_then(|column| column.decimal(line))),
            None => Cell { field: Field::Blank, ..Cell::past(spec, None) },
        }));
        row.push(Cell::remark());
        row
    });
    Table {
        dataset,
        rows: rows.collect(),
        columns,
        kept: 2,
        is_list: true,
        line: line(dataset, known, &running, of(request.given, dataset).is_some()),
        note: None,
        tick: dataset.may_be_empty && dataset.code != WORDS_ON,
    }
}

/// The rows that are there already.
fn filled<'a>(request: &Request<'a>, dataset: &'a Dataset, past: Option<&Observations>) -> Vec<Vec<Cell<'a>>> {
    match (of(request.given, dataset), past) {
        (Some(given), _) => rows(request.plan, dataset, given, false),
        (None, _) if dataset.code == WORDS_ON => behind(dataset, request.behind),
        (None, Some(past)) => rows(request.plan, dataset, past, true),
        (None, None) if dataset.code == TASKS => tasks(request.plan, dataset, &request.department.code),
        (None, None) => Vec::new(),
    }
}

/// The columns, as wide as what stands in them; last month's behind the list's own, the words last.
fn headings(request: &Request, dataset: &Dataset, rows: &[Vec<Cell>], past: Option<(&Observations, &[&ColumnSpec])>) -> Vec<Column> {
    let mut columns = vec![Column::new("序号", 6)];
    columns.extend(dataset.columns.iter().map(|spec| columns::column(dataset, spec, request.period, true)));
    for (at, column) in columns.iter_mut().skip(1).enumerate() {
        let shown = rows.iter().filter_map(|row| if let Field::Text(text) = &row.get(at)?.field { Some(text.as_str()) } else { None });
        // Two more than it is printed wide: fonts differ, and one line a row keeps a list short on paper.
        column.width = widths::column(shown, column.width - 2, WIDTH_MAX.max(column.width)) + 2;
    }
    if let Some((past, running)) = past {
        let heading = |spec: &&ColumnSpec| Column::new(columns::past_heading(dataset, spec, past.period, request.period), 18);
        columns.extend(running.iter().map(heading));
    }
    columns.push(Column::new(REMARKS, 22));
    columns
}

fn rows<'a>(plan: &Plan, dataset: &'a Dataset, table: &Observations, anew: bool) -> Vec<Vec<Cell<'a>>> {
    let row = |row: usize| {
        let cells = dataset.columns.iter().map(|spec| {
            let blank = anew && columns::runs_up(spec);
            Cell::entry(dataset, spec, if blank { Field::Blank } else { field(plan, table, row, spec) })
        });
        cells.collect()
    };
    (0..table.rows()).map(row).collect()
}

/// The row of last month's table with the same key.
fn same<'a>(plan: &Plan, dataset: &Dataset, past: &'a Observations, cells: &[Cell]) -> Option<(&'a Observations, usize)> {
    let keys: Vec<usize> =
        (0..dataset.columns.len()).filter(|at| dataset.columns.get(*at).is_some_and(|spec| dataset.key.contains(&spec.name))).collect();
    let is_same = |row: &usize| {
        keys.iter().all(|at| {
            let spec = dataset.columns.get(*at);
            spec.is_some_and(|spec| cells.get(*at).is_some_and(|cell| cell.field == field(plan, past, *row, spec)))
        })
    };
    (0..past.rows()).find(is_same).filter(|_| !keys.is_empty()).map(|row| (past, row))
}

/// Last month's yellow and red indicators: code and title are there, the words are wanted.
fn behind<'a>(dataset: &'a Dataset, behind: &[(String, String)]) -> Vec<Vec<Cell<'a>>> {
    named(dataset, behind.iter().map(|(code, title)| (code.as_str(), title.as_str())))
}

/// The tasks a department reports on.
fn tasks<'a>(plan: &Plan, dataset: &'a Dataset, department: &DepartmentCode) -> Vec<Vec<Cell<'a>>> {
    let own = plan.measures.iter().flat_map(|measure| &measure.tasks).filter(|task| task.owner == *department);
    named(dataset, own.map(|task| (task.code.as_str(), task.title.as_str())))
}

fn named<'a, 'n>(dataset: &'a Dataset, rows: impl Iterator<Item = (&'n str, &'n str)>) -> Vec<Vec<Cell<'a>>> {
    let row = |(code, title): (&str, &str)| {
        let cells = dataset.columns.iter().map(|spec| {
            let text = match spec.name.as_str() {
                name if dataset.key.iter().any(|key| key == name) => Some(code),
                "title" => Some(title),
                _ => None,
            };
            Cell::entry(dataset, spec, text.map_or(Field::Blank, |text| Field::Text(text.to_owned())))
        });
        cells.collect()
    };
    rows.map(row).collect()
}

/// What the line below the title says of the rows that are there.
fn line(dataset: &Dataset, known: usize, running: &[&ColumnSpec], given: bool) -> Option<String> {
    if dataset.code == WORDS_ON {
        let all = format!("已列上月黄灯、红灯指标{known}项，请逐项说明；已达到序时进度的可不填");
        return Some(if known > 0 { all } else { "上月没有黄灯、红灯指标；本月滞后的请填报".to_owned() });
    }
    if known == 0 || given {
        return None;
    }
    let has_stage = dataset.columns.iter().any(|spec| matches!(spec.kind, ColumnType::Choice | ColumnType::Flag));
    Some(match (running.is_empty(), has_stage) {
        (false, _) => format!("已带上月{known}行，请填报累计、核对其余各栏，新增的接在后面"),
        (true, true) => format!("已带上月{known}行，请更新，新增的接在后面"),
        (true, false) => format!("已带上月{known}行，请核对，新增的接在后面"),
    })
}
