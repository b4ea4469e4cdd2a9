//! A sheet that can be taken apart: its rows by what they are, each with its cells; and the way back to a workbook.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};
use wenjin::ingest::grid::{Grid, Value};
use wenjin::model::Observations;
use wenjin::plan::Dataset;

use crate::account::spot;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Titles, the unit line.
    Above,
    Heading,
    Data,
    Total,
    /// Notes, signatures, blank rows.
    Other,
}

#[derive(Debug, Clone)]
pub struct Cell {
    pub value: Value,
    pub format: &'static str,
    pub struck: bool,
    /// Written as the sum of the data rows above.
    pub sums: bool,
}

#[derive(Debug, Clone)]
pub struct Row {
    pub kind: Kind,
    pub cells: Vec<Option<Cell>>,
    /// Merged areas that begin here: first column, last column, rows below.
    pub spans: Vec<(usize, usize, u32)>,
    pub hidden: bool,
}

#[derive(Debug, Clone)]
pub struct Sheet {
    pub name: String,
    pub hidden: bool,
    pub rows: Vec<Row>,
    /// The sheet column of each of the dataset's columns.
    pub bound: Vec<Option<usize>>,
    pub hidden_columns: BTreeSet<usize>,
    /// Blank rows and columns before everything.
    pub offset: (u32, usize),
}

pub fn text(text: impl Into<String>) -> Cell {
    Cell { value: Value::Text(text.into()), format: "", struck: false, sums: false }
}

impl Row {
    pub fn new(kind: Kind, cells: Vec<Option<Cell>>) -> Self {
        Self { kind, cells, spans: Vec::new(), hidden: false }
    }

    pub fn text(&self, column: usize) -> Option<&str> {
        if let Some(Value::Text(text)) = self.cells.get(column)?.as_ref().map(|cell| &cell.value) { Some(text) } else { None }
    }

    pub fn put(&mut self, column: usize, cell: Cell) {
        if self.cells.len() <= column {
            self.cells.resize(column + 1, None);
        }
        self.cells[column] = Some(cell);
    }
}

impl Sheet {
    /// Cuts a sheet by where its table was read; `None` where its regions stand across.
    pub fn cut(grid: &Grid, dataset: &Dataset, table: &Observations) -> Option<Self> {
        let places = |row: usize| table.columns.iter().map(move |column| table.cell(row, &column.name).map(|cell| spot(&cell.to_string())));
        let bound: Vec<Option<usize>> = places(0).map(|place| place.map(|(_, column)| usize::try_from(column).unwrap())).collect();
        // A merged key stands higher than its row.
        let data: BTreeSet<u32> = (0..table.rows()).filter_map(|row| places(row).flatten().map(|(row, _)| row).max()).collect();
        if data.len() != table.rows() || dataset.regions_across {
            return None;
        }
        let totals: BTreeSet<u32> = table.totals.iter().map(|total| total.row - 1).collect();
        let body = *data.first()?.min(totals.first().unwrap_or(&u32::MAX));
        let labels: BTreeSet<String> =
            dataset.columns.iter().flat_map(|c| &c.labels).flat_map(|label| label.split('/')).map(bare).collect();
        let is_heading = |row: &u32| grid.row(*row).iter().any(|cell| cell.text().is_some_and(|text| labels.contains(&bare(text))));
        let heading = (0..body).find(is_heading)?;
        let mut rows = Vec::new();
        for at in 0..=grid.last_row()? {
            let kind = match at {
                _ if data.contains(&at) => Kind::Data,
                _ if totals.contains(&at) => Kind::Total,
                _ if at < heading => Kind::Above,
                _ if at < body => Kind::Heading,
                _ => Kind::Other,
            };
            rows.push(cut_row(grid, at, kind));
        }
        Some(Self { name: grid.name.clone(), hidden: !grid.visible, rows, bound, hidden_columns: BTreeSet::new(), offset: (0, 0) })
    }

    pub fn width(&self) -> usize {
        self.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0)
    }

    /// The positions of the rows of a kind.
    pub fn at(&self, kind: Kind) -> Vec<usize> {
        (0..self.rows.len()).filter(|at| self.rows[*at].kind == kind).collect()
    }

    pub fn of(&self, kind: Kind) -> Vec<Row> {
        self.rows.iter().filter(|row| row.kind == kind).cloned().collect()
    }

    /// Whether its heading is one row without merged cells.
    pub fn is_plain(&self) -> bool {
        let heading = self.of(Kind::Heading);
        heading.len() == 1 && heading[0].spans.is_empty()
    }
}

fn bare(label: &str) -> String {
    let label = label.replace("{month}", "6").replace('（', "(").replace('）', ")");
    label.chars().filter(|c| !c.is_whitespace()).collect()
}

fn cut_row(grid: &Grid, at: u32, kind: Kind) -> Row {
    let mut row = Row::new(kind, Vec::new());
    for cell in grid.row(at) {
        let format = if cell.percent() == Some(true) { "0.0%" } else { "" };
        row.put(usize::try_from(cell.column).unwrap(), Cell { value: cell.value.clone(), format, struck: false, sums: false });
    }
    for merge in grid.merges.iter().flatten() {
        let columns = usize::try_from(merge.left).unwrap()..=usize::try_from(merge.right).unwrap();
        if kind != Kind::Data {
            if merge.top == at {
                row.spans.push((*columns.start(), *columns.end(), merge.bottom - merge.top));
            }
        } else if (merge.top + 1..=merge.bottom).contains(&at)
            && let Some(cell) = grid.cell(merge.top, merge.left)
        {
            // Merged keys are written out, row by row.
            row.put(*columns.start(), Cell { value: cell.value.clone(), format: "", struck: false, sums: false });
        }
    }
    row
}

/// Writes the sheets as a workbook.
pub fn write(sheets: &[Sheet]) -> Vec<u8> {
    let mut book = Workbook::new();
    // A workbook opens on a visible sheet.
    if let Some(first) = sheets.iter().position(|sheet| !sheet.hidden) {
        for (at, sheet) in sheets.iter().enumerate() {
            let page = book.add_worksheet().set_name(&sheet.name).unwrap();
            page.set_hidden(sheet.hidden);
            if at == first {
                page.set_active(true);
                page.set_first_tab(true);
            }
            write_sheet(page, sheet);
        }
    }
    book.save_to_buffer().unwrap()
}

fn write_sheet(page: &mut Worksheet, sheet: &Sheet) {
    let column = |at: usize| u16::try_from(at + sheet.offset.1).unwrap();
    let line = |at: usize| u32::try_from(at).unwrap() + sheet.offset.0;
    let data = sheet.at(Kind::Data);
    for hidden in &sheet.hidden_columns {
        page.set_column_hidden(column(*hidden)).unwrap();
    }
    for (at, row) in sheet.rows.iter().enumerate() {
        for (from, to, below) in &row.spans {
            page.merge_range(line(at), column(*from), line(at) + below, column(*to), "", &Format::new()).unwrap();
        }
        if row.hidden {
            page.set_row_hidden(line(at)).unwrap();
        }
        for (to, cell) in row.cells.iter().enumerate().filter_map(|(to, cell)| Some((to, cell.as_ref()?))) {
            let sum = cell.sums.then(|| sum_formula(&data, line, column(to))).flatten();
            write_cell(page, line(at), column(to), cell, sum);
        }
    }
}

/// The sum of the data rows, where nothing stands between them.
fn sum_formula(data: &[usize], line: impl Fn(usize) -> u32, column: u16) -> Option<String> {
    let (first, last) = (*data.first()?, *data.last()?);
    let name = |at: usize| rust_xlsxwriter::utility::row_col_to_cell(line(at), column);
    (last - first + 1 == data.len()).then(|| format!("=SUM({}:{})", name(first), name(last)))
}

fn write_cell(page: &mut Worksheet, row: u32, column: u16, cell: &Cell, sum: Option<String>) {
    let mut format = Format::new().set_num_format(if cell.format.is_empty() { "General" } else { cell.format });
    if cell.struck {
        format = format.set_font_strikethrough();
    }
    match &cell.value {
        Value::Text(text) | Value::Error(text) => page.write_string_with_format(row, column, text, &format).unwrap(),
        Value::Number(number) => match sum {
            Some(sum) => {
                page.write_formula_with_format(row, column, Formula::new(sum).set_result(number.normalize().to_string()), &format).unwrap()
            }
            None => page.write_number_with_format(row, column, number.to_f64().unwrap(), &format).unwrap(),
        },
        Value::Bool(flag) => page.write_boolean(row, column, *flag).unwrap(),
        Value::Date(date) => page.write_datetime_with_format(row, column, date, &format.set_num_format("yyyy-mm-dd")).unwrap(),
    };
}

/// Rows by the text of a column, in order of first appearance.
pub fn by_text(rows: &[Row], column: usize) -> Vec<(String, Vec<Row>)> {
    let mut order: Vec<String> = Vec::new();
    let mut groups: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for row in rows {
        let name = row.text(column).unwrap_or_default().to_owned();
        if !groups.contains_key(&name) {
            order.push(name.clone());
        }
        groups.entry(name).or_default().push(row.clone());
    }
    order.into_iter().map(|name| (name.clone(), groups.remove(&name).unwrap_or_default())).collect()
}
