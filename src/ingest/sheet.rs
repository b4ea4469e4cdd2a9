//! From workbook bytes to grids: the only file that names calamine. Runs in the worker process alone.
//!
//! `.xlsx` and `.xlsb` are streamed cell by cell; `.xls` and `.ods` come as ranges, inside the worker's memory limit.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::str::FromStr;
use std::sync::Arc;

use calamine::{
    Data, DataRef, ExcelDateTime, ExcelDateTimeType, Ods, OdsError, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsb, Xlsx, XlsxError,
};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::model::Refusal;
use crate::settings::Limits;

use super::grid::{Broken, Cell, Grid, Look, Merge, Value, Words};
use super::number_format::shown;
use super::sniff::Format;

type Bytes = Cursor<Vec<u8>>;

enum Source {
    Xlsx,
    Xlsb,
    Xls(Box<Xls<Bytes>>),
    Ods(Box<Ods<Bytes>>),
}

/// An opened workbook with all of its worksheets read.
pub struct Book {
    pub sheets: Vec<Grid>,
    /// Formulas may have been saved with a 0 that nobody computed.
    pub placeholders: bool,
    source: Source,
}

impl Book {
    /// Reads every worksheet of a workbook.
    ///
    /// # Errors
    ///
    /// The refusal the sender is told.
    pub fn read(format: Format, bytes: Vec<u8>, limits: &Limits) -> Result<Self, Refusal> {
        let mut budget = Budget { left: limits.cells_max, far: FAR_CELLS_MAX, limits };
        let bytes = Cursor::new(bytes);
        match format {
            Format::Xlsx => open_xlsx(bytes, &mut budget),
            Format::Xlsb => open_xlsb(bytes, &mut budget),
            Format::Xls => open_xls(bytes, &mut budget),
            Format::Ods => open_ods(bytes, &mut budget),
            Format::Locked => Err(Refusal::Encrypted),
        }
    }

    /// Formulas whose value was never saved, as far as the format tells: `.xls` and `.ods` give the places of formulas alone, and a
    /// blank there is taken for one; the reader of `.xlsb` steps over formulas without a value.
    pub fn without_value(&mut self, grid: &Grid) -> BTreeSet<(u32, u32)> {
        match &mut self.source {
            Source::Xlsx => grid.formulas.iter().filter(|(_, formula)| !formula.saved).map(|(place, _)| *place).collect(),
            Source::Xlsb => BTreeSet::new(),
            Source::Xls(book) => places(book.worksheet_formula(&grid.name).ok()),
            Source::Ods(book) => places(book.worksheet_formula(&grid.name).ok()),
        }
    }

    /// Whether a blank cell with a formula is known to have been saved without its value, and not to have come to nothing.
    #[must_use]
    pub fn tells_saved_values(&self) -> bool {
        matches!(self.source, Source::Xlsx)
    }
}

/// A formula's text moved from one cell to another, as shared formulas are.
#[must_use]
pub fn moved(formula: &str, from: (u32, u32), to: (u32, u32)) -> Option<String> {
    calamine::expand_shared_formula(formula, from, to).ok()
}

fn places(range: Option<calamine::Range<String>>) -> BTreeSet<(u32, u32)> {
    let Some(range) = range else { return BTreeSet::new() };
    let (top, left) = range.start().unwrap_or_default();
    let place = |at: usize, from: u32| u32::try_from(at).unwrap_or(u32::MAX).saturating_add(from);
    range.used_cells().filter(|(.., text)| !text.is_empty()).map(|(row, column, _)| (place(row, top), place(column, left))).collect()
}

/// A blank typed into the last column is no reason to refuse a file; a sheet that is filled so far out is.
const FAR_CELLS_MAX: u32 = 100;

/// What may still be read before the workbook counts as too large.
struct Budget<'a> {
    left: u64,
    /// Cells far to the right that are still taken for strays.
    far: u32,
    limits: &'a Limits,
}

impl Budget<'_> {
    fn spend(&mut self, row: u32, column: u32) -> Result<(), Refusal> {
        if row >= self.limits.sheet_rows_max || self.left == 0 {
            return Err(Refusal::TooManyCells);
        }
        if column >= self.limits.sheet_columns_max {
            self.far = self.far.checked_sub(1).ok_or(Refusal::TooManyCells)?;
        }
        self.left -= 1;
        Ok(())
    }
}

/// The worksheets among a workbook's sheets, or the refusal when there are macro sheets only.
fn worksheets(sheets: &[calamine::Sheet]) -> Result<Vec<(String, bool)>, Refusal> {
    let found: Vec<_> = sheets
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
        .collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let macros = sheets.iter().any(|sheet| matches!(sheet.typ, SheetType::MacroSheet | SheetType::Vba));
    Err(if macros { Refusal::MacroSheetOnly } else { Refusal::NotAWorkbook })
}

fn open_xlsx(bytes: Bytes, budget: &mut Budget) -> Result<Book, Refusal> {
    let mut book: Xlsx<_> = Xlsx::new(bytes).map_err(|error: XlsxError| match error {
        XlsxError::Password => Refusal::Encrypted,
        _ => Refusal::Truncated,
    })?;
    let days_from_1904 = book.has_1904_epoch();
    let mut sheets = Vec::new();
    for (name, visible) in worksheets(book.sheets_metadata())? {
        let mut grid = Grid::new(&name, visible);
        grid.days_from_1904 = days_from_1904;
        match book.worksheet_cells_reader(&name) {
            Ok(mut reader) => {
                let looks: Vec<Look> = reader.styles().iter().map(look).collect();
                loop {
                    let (cell, style) = match reader.next_cell_with_style_id() {
                        Ok(Some(found)) => found,
                        Ok(None) => break,
                        Err(error) => {
                            grid.broken = Some(broken(&error));
                            break;
                        }
                    };
                    let look = Some(looks.get(style).cloned().unwrap_or_default());
                    put(&mut grid, budget, cell.get_position(), value_ref(cell.get_value()), look)?;
                }
            }
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => grid.broken = Some(broken(&error)),
        }
        sheets.push(grid);
    }
    Ok(Book { sheets, placeholders: false, source: Source::Xlsx })
}

fn broken(error: &XlsxError) -> Broken {
    if matches!(error, XlsxError::CellError(_)) { Broken::ErrorValue } else { Broken::Damaged }
}

fn open_xlsb(bytes: Bytes, budget: &mut Budget) -> Result<Book, Refusal> {
    let mut book: Xlsb<_> = Xlsb::new(bytes).map_err(|_| Refusal::Truncated)?;
    let mut sheets = Vec::new();
    for (name, visible) in worksheets(book.sheets_metadata())? {
        let mut grid = Grid::new(&name, visible);
        grid.days_from_1904 = book.has_1904_epoch();
        match book.worksheet_cells_reader(&name) {
            Ok(mut reader) => loop {
                match reader.next_cell() {
                    Ok(Some(cell)) => put(&mut grid, budget, cell.get_position(), value_ref(cell.get_value()), None)?,
                    Ok(None) => break,
                    Err(_) => {
                        grid.broken = Some(Broken::Damaged);
                        break;
                    }
                }
            },
            Err(_) => grid.broken = Some(Broken::Damaged),
        }
        sheets.push(grid);
    }
    Ok(Book { sheets, placeholders: false, source: Source::Xlsb })
}

fn open_xls(bytes: Bytes, budget: &mut Budget) -> Result<Book, Refusal> {
    let mut book: Xls<_> = Xls::new(bytes).map_err(|error: XlsError| match error {
        XlsError::Password => Refusal::Encrypted,
        _ => Refusal::Truncated,
    })?;
    let mut sheets = Vec::new();
    for (name, visible) in worksheets(book.sheets_metadata())? {
        let mut grid = Grid::new(&name, visible);
        grid.days_from_1904 = book.has_1904_epoch();
        fill(&mut grid, book.worksheet_range(&name).ok(), budget)?;
        grid.merges = book.merge_cells_by_sheet_name(&name).ok().map(|areas| areas.iter().map(merge).collect());
        sheets.push(grid);
    }
    Ok(Book { sheets, placeholders: false, source: Source::Xls(Box::new(book)) })
}

fn open_ods(bytes: Bytes, budget: &mut Budget) -> Result<Book, Refusal> {
    let mut book: Ods<_> = Ods::new(bytes).map_err(|error: OdsError| match error {
        OdsError::Password => Refusal::Encrypted,
        OdsError::CellLimitExceeded { .. } => Refusal::TooManyCells,
        _ => Refusal::Truncated,
    })?;
    let mut sheets = Vec::new();
    for (name, visible) in worksheets(book.sheets_metadata())? {
        let mut grid = Grid::new(&name, visible);
        fill(&mut grid, book.worksheet_range(&name).ok(), budget)?;
        sheets.push(grid);
    }
    Ok(Book { sheets, placeholders: false, source: Source::Ods(Box::new(book)) })
}

fn fill(grid: &mut Grid, range: Option<calamine::Range<Data>>, budget: &mut Budget) -> Result<(), Refusal> {
    let Some(range) = range else {
        grid.broken = Some(Broken::Damaged);
        return Ok(());
    };
    let (top, left) = range.start().unwrap_or_default();
    for (row, column, data) in range.used_cells() {
        let row = u32::try_from(row).unwrap_or(u32::MAX).saturating_add(top);
        let column = u32::try_from(column).unwrap_or(u32::MAX).saturating_add(left);
        put(grid, budget, (row, column), value(data), None)?;
    }
    Ok(())
}

fn put(grid: &mut Grid, budget: &mut Budget, (row, column): (u32, u32), value: Option<Value>, look: Option<Look>) -> Result<(), Refusal> {
    let Some(value) = value else { return Ok(()) };
    budget.spend(row, column)?;
    grid.put(Cell { row, column, value, look });
    Ok(())
}

fn value_ref(data: &DataRef) -> Option<Value> {
    match data {
        DataRef::SharedString(text) => self::text(text),
        other => value(&Data::from(other.clone())),
    }
}

fn value(data: &Data) -> Option<Value> {
    match data {
        Data::Int(number) => Some(Value::Number(Decimal::from(*number))),
        Data::Float(number) => Some(self::number(*number)),
        Data::String(text) => self::text(text),
        Data::Bool(flag) => Some(Value::Bool(*flag)),
        Data::DateTime(at) if at.is_datetime() => at.as_datetime().map(|at| Value::Date(at.date())),
        Data::DateTime(duration) => Some(self::number(duration.as_f64())),
        Data::DateTimeIso(iso) => {
            let midnight = iso.get(..10).and_then(|day| NaiveDate::from_str(day).ok());
            midnight.map(Value::Date).or_else(|| self::text(iso))
        }
        Data::DurationIso(iso) => self::text(iso),
        Data::Error(error) => Some(Value::Error(error.to_string())),
        Data::Empty => None,
    }
}

fn text(text: &str) -> Option<Value> {
    (!text.trim().is_empty()).then(|| Value::Text(text.to_owned()))
}

/// `NaN` and infinities arrive as floats from damaged files; they are errors here, never figures.
fn number(float: f64) -> Value {
    let shortest = float.to_string();
    Decimal::from_str(&shortest).map_or(Value::Error(shortest), |number| Value::Number(number.normalize()))
}

fn look(style: &calamine::Style) -> Look {
    let struck = style.font.as_ref().is_some_and(calamine::Font::has_strikethrough);
    let shown = style.number_format.as_ref().map(|format| shown(&format.format_code)).unwrap_or_default();
    let (percent, thousands, drawn) = (shown.percent, shown.thousands, shown.drawn);
    let words = shown.has_words().then(|| Arc::new(Words { before: shown.before, behind: shown.behind }));
    Look { percent, thousands, drawn, words, struck }
}

fn merge(area: &calamine::Dimensions) -> Merge {
    Merge { top: area.start.0, left: area.start.1, bottom: area.end.0, right: area.end.1 }
}

/// The day an Excel serial number stands for (a date typed into a cell without a date format).
#[must_use]
pub fn serial_day(serial: Decimal) -> Option<NaiveDate> {
    let serial = serial.to_f64()?;
    ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, false).as_datetime().map(|at| at.date())
}

#[cfg(test)]
mod tests;
