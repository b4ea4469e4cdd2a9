//! A worksheet as a sparse grid: what the layout and the parsers see, whatever the file format was.

mod lines;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::{Decimal, dec};

use lines::Lines;

use super::rich::Rich;
use crate::model::CellRef;

/// What a cell holds. Blank cells are not in the grid.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(String),
    /// The shortest decimal that reads back as the file's float.
    Number(Decimal),
    Bool(bool),
    Date(NaiveDate),
    /// An Excel error value such as `#N/A`.
    Error(String),
}

/// How a cell looks, as far as it changes what a person reads in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Look {
    /// The number format shows a percentage.
    pub percent: bool,
    /// How often the number format divides by a thousand before it shows the number (`0.00,,` = 2).
    pub thousands: u8,
    /// Digits behind a point that the number format only draws: it divides by ten for each.
    pub drawn: u8,
    /// What the number format writes around the number; `None` where it writes nothing.
    pub words: Option<Arc<Words>>,
    /// Struck through.
    pub struck: bool,
}

/// What a number format writes before and behind the digits (`"约"0.00"万元"`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    pub before: String,
    pub behind: String,
}

/// One filled cell; row and column count from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    pub row: u32,
    pub column: u32,
    pub value: Value,
    /// `None` where the file format does not tell.
    pub look: Option<Look>,
}

impl Cell {
    /// Whether its number format shows a percentage; `None` where the format cannot be read.
    #[must_use]
    pub fn percent(&self) -> Option<bool> {
        self.look.as_ref().map(|look| look.percent)
    }

    /// What its number format writes around a number that is typed as one.
    #[must_use]
    pub fn words(&self) -> Option<&Words> {
        let words = self.look.as_ref().and_then(|look| look.words.as_deref());
        words.filter(|_| matches!(self.value, Value::Number(_)))
    }

    /// The text of a text cell.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    /// The content as a person would write it, for findings.
    #[must_use]
    pub fn shown(&self) -> String {
        match &self.value {
            Value::Text(text) | Value::Error(text) => text.clone(),
            Value::Number(number) => number.normalize().to_string(),
            Value::Bool(flag) => if *flag { "TRUE" } else { "FALSE" }.to_owned(),
            Value::Date(date) => date.to_string(),
        }
    }
}

/// A merged area, inclusive, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    pub top: u32,
    pub left: u32,
    pub bottom: u32,
    pub right: u32,
}

/// A formula cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Formula {
    /// Without the leading `=`.
    pub text: String,
    /// Whether a computed value was saved with it.
    pub saved: bool,
}

/// Why a worksheet could not be read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// One of the newer error values (`#SPILL!`, `#CALC!` …), which stop the reader.
    ErrorValue,
    Damaged,
}

/// The first of January 1904 as a serial number of the 1900 system.
const DAYS_TO_1904: Decimal = dec!(1462);

/// Days between 1982 and 2064, counted from 1904; other numbers in a date column are no serials (2022, 20220630).
const SERIALS_OF_1904: RangeInclusive<Decimal> = dec!(28538)..=dec!(58538);

/// One worksheet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Grid {
    pub name: String,
    pub visible: bool,
    /// `None` where the format does not tell.
    pub merges: Option<Vec<Merge>>,
    pub broken: Option<Broken>,
    /// Rows a person does not see (a filter, a folded group); empty where the format does not tell.
    pub hidden_rows: BTreeSet<u32>,
    /// Places that hold formulas.
    pub formulas: BTreeMap<(u32, u32), Formula>,
    /// Areas of this sheet that drop-down lists anywhere in the workbook refer to.
    pub listed: Vec<Merge>,
    /// Cells that a merged area covers: nobody sees them.
    pub covered: Vec<Cell>,
    /// Days are counted from 1904, as old Macs did.
    pub days_from_1904: bool,
    rows: Lines<Cell>,
}

impl Grid {
    /// An empty sheet of that name.
    #[must_use]
    pub fn new(name: impl Into<String>, visible: bool) -> Self {
        Self { name: name.into(), visible, ..Self::default() }
    }

    /// Puts a cell in; a later cell at the same place replaces the earlier one.
    pub fn put(&mut self, cell: Cell) {
        let Some(row) = self.rows.line_mut(cell.row) else { return };
        // Nearly always it is the row's last one so far.
        if row.last().is_none_or(|last| last.column < cell.column) {
            return row.push(cell);
        }
        match row.binary_search_by_key(&cell.column, |other| other.column) {
            Ok(at) => row.splice(at..=at, [cell]).for_each(drop),
            Err(at) => row.insert(at, cell),
        }
    }

    /// Takes the cells that merged areas cover out of the rows; each area's first cell stays.
    pub fn uncover(&mut self) {
        for merge in self.merges.clone().unwrap_or_default() {
            for (row, cells) in self.rows.within_mut(merge.top..=merge.bottom) {
                let is_under =
                    |cell: &Cell| (merge.left..=merge.right).contains(&cell.column) && (row, cell.column) != (merge.top, merge.left);
                if cells.iter().any(is_under) {
                    let (under, seen) = std::mem::take(cells).into_iter().partition(is_under);
                    *cells = seen;
                    let under: Vec<Cell> = under;
                    self.covered.extend(under);
                }
            }
        }
    }

    /// Takes over how the pieces of texts look: a struck piece strikes the cell, and a raised mark behind a number is no digit of it.
    pub fn enrich(&mut self, rich: &BTreeMap<String, Rich>) {
        if rich.is_empty() {
            return;
        }
        for cell in self.rows.all_mut() {
            let Some(found) = cell.text().and_then(|text| rich.get(text)) else { continue };
            if found.struck {
                cell.look = Some(Look { struck: true, ..cell.look.take().unwrap_or_default() });
            }
            let is_number = cell.text().is_some_and(|text| text.trim().replace(',', "").parse::<Decimal>().is_ok());
            if let Some(shown) = found.raised.as_ref().filter(|_| is_number) {
                cell.value = Value::Text(shown.clone());
            }
        }
    }

    /// The cell at a place.
    #[must_use]
    pub fn cell(&self, row: u32, column: u32) -> Option<&Cell> {
        let row = self.row(row);
        row.get(row.binary_search_by_key(&column, |cell| cell.column).ok()?)
    }

    /// The filled cells of a row, from left to right.
    #[must_use]
    pub fn row(&self, row: u32) -> &[Cell] {
        self.rows.line(row)
    }

    /// The rows with at least one filled cell, from the top.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = (u32, &[Cell])> {
        self.rows.filled()
    }

    /// Every filled cell.
    pub fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.rows.filled().flat_map(|(_, cells)| cells)
    }

    /// The filled cells of an area, row by row.
    pub fn within(&self, area: Merge) -> impl Iterator<Item = &Cell> {
        let rows = self.rows.within(area.top..=area.bottom.max(area.top));
        rows.flat_map(|(_, cells)| cells).filter(move |cell| (area.left..=area.right).contains(&cell.column))
    }

    /// What a cell of a date column holds, days counted from 1900: typed serial numbers follow the workbook's own date system.
    #[must_use]
    pub fn dated<'a>(&self, value: &'a Value) -> Cow<'a, Value> {
        match value {
            Value::Number(number) if self.days_from_1904 && number.is_integer() && SERIALS_OF_1904.contains(number) => {
                Cow::Owned(Value::Number(number + DAYS_TO_1904))
            }
            _ => Cow::Borrowed(value),
        }
    }

    /// The last filled row.
    #[must_use]
    pub fn last_row(&self) -> Option<u32> {
        self.rows.filled().next_back().map(|(row, _)| row)
    }

    /// The top left corner of the merged area over a place.
    #[must_use]
    pub fn anchor(&self, row: u32, column: u32) -> Option<(u32, u32)> {
        let covers = |m: &&Merge| (m.top..=m.bottom).contains(&row) && (m.left..=m.right).contains(&column);
        self.merges.as_deref()?.iter().find(covers).map(|merge| (merge.top, merge.left))
    }
}

/// The A1 reference of a place counted from 0.
#[must_use]
pub fn a1(row: u32, column: u32) -> String {
    CellRef::new(row, column).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_cell_at_the_same_place_wins_and_rows_stay_sorted() {
        let mut grid = Grid::new("表", true);
        for (column, text) in [(3, "d"), (0, "a"), (3, "D")] {
            grid.put(Cell { row: 1, column, value: Value::Text(text.to_owned()), look: None });
        }
        let texts: Vec<_> = grid.row(1).iter().filter_map(Cell::text).collect();
        assert_eq!(texts, ["a", "D"]);
        assert_eq!(a1(16, 9), "J17");
    }

    #[test]
    fn a_serial_of_1904_is_told_in_days_from_1900() {
        let mut grid = Grid::new("表", true);
        let dated = |grid: &Grid, number: Decimal| grid.dated(&Value::Number(number)).into_owned();
        assert_eq!(dated(&grid, dec!(43295)), Value::Number(dec!(43295)));
        grid.days_from_1904 = true;
        assert_eq!(dated(&grid, dec!(43295)), Value::Number(dec!(44757)), "2022-07-15");
        assert_eq!(dated(&grid, dec!(20220715)), Value::Number(dec!(20220715)), "typed, no serial");
    }
}
