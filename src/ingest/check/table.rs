//! One table under check: the submitted rows, what the plan says of them, and their past; and findings set at the right cell.

use std::cell::RefCell;
use std::rc::Rc;

use rust_decimal::Decimal;

use crate::ingest::check::keys::{self, Keyed, Reported};
use crate::ingest::check::{spelling, wording};
use crate::ingest::reading::Facts;
use crate::model::{CellRef, Finding, FindingCode, Observations, Period, Place, TotalRow, Unit};
use crate::plan::checks::Numbers;
use crate::plan::heading::headings;
use crate::plan::{Accumulation, ColumnSpec, ColumnType, Dataset, Plan};

/// One dataset of one submission, with everything its checks look at.
pub struct Table<'a> {
    pub plan: &'a Plan,
    pub dataset: &'a Dataset,
    pub now: &'a Observations,
    /// What its cells looked like, where the reader told.
    pub facts: Option<&'a Facts>,
    /// The same department's table of its last data period.
    pub previous: Option<&'a Observations>,
    /// Its tables of earlier data months of the same year, oldest first.
    pub year: Vec<&'a Observations>,
    /// The same department's table a year earlier.
    pub year_earlier: Option<&'a Observations>,
    /// The table of the same period that this one would replace.
    pub replaced: Option<&'a Observations>,
    /// Who reported which key of the same dataset for the same period.
    pub reported: Option<&'a Reported>,
    /// The reporting period.
    pub period: Period,
    /// The submission's file name.
    pub file: &'a str,
    /// The rows by key of the tables that were asked for: most checks ask for the same two.
    pub keys: Keys<'a>,
}

/// Tables with their rows by key.
pub type Keys<'a> = RefCell<Vec<(&'a Observations, Rc<Keyed>)>>;

impl<'a> Table<'a> {
    /// The numbers of the checks that hold for it.
    pub fn numbers(&self) -> &'a Numbers {
        self.plan.checks.of(&self.dataset.code)
    }

    /// The month the figures are about.
    pub fn data(&self) -> Period {
        self.period.back(self.dataset.lag)
    }

    /// The previous table with its data month, if that lies in the same year (a cumulative figure starts anew in January).
    pub fn previous_of_year(&self) -> Option<(&'a Observations, Period)> {
        let previous = self.previous?;
        let data = previous.period.back(self.dataset.lag);
        (data < self.data() && data.year() == self.data().year()).then_some((previous, data))
    }

    /// 上月, or 上期 where the last data period is not last month.
    pub fn previous_word(&self) -> &'static str {
        if self.previous.is_some_and(|table| table.period == self.period.previous()) { "上月" } else { "上期" }
    }

    /// Columns of numbers.
    pub fn numeric(&self) -> impl Iterator<Item = &'a ColumnSpec> {
        self.dataset.columns.iter().filter(|spec| matches!(spec.kind, ColumnType::Integer | ColumnType::Decimal))
    }

    /// Columns of numbers that may be added up and compared in size: all but ratios.
    pub fn amounts(&self) -> impl Iterator<Item = &'a ColumnSpec> {
        self.numeric().filter(|spec| !spec.unit.as_ref().is_some_and(Unit::is_ratio))
    }

    /// Amounts that run up over the year: those of a cumulative table, and columns of a list whose heading says 累计.
    pub fn cumulative(&self) -> impl Iterator<Item = &'a ColumnSpec> {
        let whole = self.dataset.accumulation == Accumulation::Cumulative;
        self.amounts()
            .filter(|spec| spec.month_of.is_none() && spec.last_year_of.is_none())
            .filter(move |spec| whole || wording::label(spec).contains("累计"))
    }

    /// The columns that identify a row; a table of regions is identified by its region.
    pub fn key_columns(&self) -> Vec<&'a ColumnSpec> {
        keys::columns(self.dataset)
    }

    /// The column that names the city.
    pub fn region_column(&self) -> Option<&'a ColumnSpec> {
        self.dataset.columns.iter().find(|spec| spec.kind == ColumnType::Region)
    }

    /// A row's key cells joined by `|`; `None` while one is blank.
    pub fn key(&self, table: &Observations, row: usize) -> Option<String> {
        keys::written(&self.key_columns(), table, row)
    }

    /// A row's key in words: the captions of its key columns and their values.
    pub fn key_words(&self, row: usize) -> (String, String) {
        let keys = self.key_columns();
        let captions: Vec<String> = keys.iter().map(|spec| self.caption(spec)).collect();
        let values: Vec<String> = keys.iter().filter_map(|spec| self.printed(row, spec)).collect();
        (captions.join("、"), values.join("、"))
    }

    /// Rows by unified key.
    pub fn keyed(&self, table: &'a Observations) -> Rc<Keyed> {
        if let Some((_, keyed)) = self.keys.borrow().iter().find(|(known, _)| std::ptr::eq(*known, table)) {
            return Rc::clone(keyed);
        }
        let keyed = Rc::new(Keyed::of(self.dataset, table));
        self.keys.borrow_mut().push((table, Rc::clone(&keyed)));
        keyed
    }

    /// The rows that this table and an earlier one share: (row here, row there).
    pub fn matched(&self, earlier: &'a Observations) -> Vec<(usize, usize)> {
        let there = self.keyed(earlier);
        let here = self.keyed(self.now);
        let mut rows: Vec<_> = here.first.iter().filter_map(|(key, row)| Some((*row, *there.first.get(key)?))).collect();
        rows.sort_unstable();
        rows
    }

    /// A number of the submitted table.
    pub fn value(&self, row: usize, spec: &ColumnSpec) -> Option<Decimal> {
        number(self.now, row, spec)
    }

    /// A cell's value in the words of a message: numbers with the column's decimals, regions by their short name.
    pub fn printed(&self, row: usize, spec: &ColumnSpec) -> Option<String> {
        self.printed_of(self.now, row, spec)
    }

    /// The same of an earlier table's cell.
    pub fn printed_of(&self, table: &Observations, row: usize, spec: &ColumnSpec) -> Option<String> {
        let column = table.column(&spec.name)?;
        if let Some(region) = column.region(row) {
            return Some(self.plan.region(region).map_or_else(|| region.0.clone(), |known| known.short_name.clone()));
        }
        column.decimal(row).map(|value| wording::number(spec, value)).or_else(|| column.text(row))
    }

    /// The column's heading in this period.
    pub fn caption(&self, spec: &ColumnSpec) -> String {
        headings(self.dataset, spec, self.period).shown
    }

    /// The 1-based sheet row of a data row; key cells that were filled down still point at the merged cell above.
    pub fn sheet_row(&self, row: usize) -> Option<u32> {
        self.now.cells.get(row)?.iter().flatten().map(|cell| cell.row + 1).max()
    }

    /// A finding at one cell.
    pub fn at_cell(&self, code: FindingCode, row: usize, spec: &ColumnSpec, message: String) -> Finding {
        Finding {
            row_key: self.key(self.now, row),
            column: Some(spec.name.clone()),
            found: self.printed(row, spec),
            ..self.at(code, self.now.part_of(row), self.now.cell(row, &spec.name), message)
        }
    }

    /// A finding about a whole column, set at its first filled cell.
    pub fn at_column(&self, code: FindingCode, spec: &ColumnSpec, message: String) -> Finding {
        let row = (0..self.now.rows()).find(|row| self.printed(*row, spec).is_some()).unwrap_or_default();
        Finding { row_key: None, ..self.at_cell(code, row, spec, message) }
    }

    /// A finding about the whole table, set at its first cell.
    pub fn at_table(&self, code: FindingCode, message: String) -> Finding {
        let first = self.now.cells.first().and_then(|cells| cells.iter().find_map(|cell| *cell));
        self.at(code, 0, first, message)
    }

    /// A finding at a cell of a total row.
    pub fn at_total(&self, code: FindingCode, total: &TotalRow, spec: &ColumnSpec, message: String) -> Finding {
        Finding {
            row_key: Some(spelling::unified(&total.label)),
            column: Some(spec.name.clone()),
            found: total_value(total, spec).map(|value| wording::number(spec, value)),
            ..self.at(code, total.part, self.now.total_cell(total, &spec.name), message)
        }
    }

    /// Where a finding stands among those of its table: sheet row, column, code.
    pub fn position(&self, finding: &Finding) -> (u32, usize, &'static str) {
        let row = finding.place.cell.map_or(0, |cell| cell.row + 1);
        let column = finding.column.as_ref().and_then(|name| self.dataset.columns.iter().position(|spec| spec.name == *name));
        (row, column.map_or(0, |at| at + 1), finding.code.code())
    }

    fn at(&self, code: FindingCode, part: usize, cell: Option<CellRef>, message: String) -> Finding {
        let place = Place { file: self.file.to_owned(), sheet: Some(self.now.sheet_of_part(part).to_owned()), cell };
        Finding { dataset: Some(self.dataset.code.clone()), ..Finding::new(code, place, message) }
    }
}

/// A number of any table of the same dataset.
pub fn number(table: &Observations, row: usize, spec: &ColumnSpec) -> Option<Decimal> {
    table.column(&spec.name)?.decimal(row)
}

/// A total row's number in one column.
pub fn total_value(total: &TotalRow, spec: &ColumnSpec) -> Option<Decimal> {
    total.values.iter().find(|(name, _)| *name == spec.name).and_then(|(_, value)| *value)
}
