//! Observations: the typed columns of one dataset as one submission reported it, with the place of every cell.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::cell::stored;
use super::{CellRef, ContentHash, DepartmentCode, Period, RegionCode};

/// The values of one column, one entry a row. `None` is a blank cell: missing, never zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Values {
    Text(Vec<Option<String>>),
    Integer(Vec<Option<i64>>),
    /// In the column's declared unit: rounded to its declared decimals, exact where converted from another unit.
    Decimal(Vec<Option<Decimal>>),
    Date(Vec<Option<NaiveDate>>),
    Flag(Vec<Option<bool>>),
    Region(Vec<Option<RegionCode>>),
}

/// One column of a dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// The column's name in the pipeline file.
    pub name: String,
    pub values: Values,
}

/// A 合计/全省 row: kept for checks and for reported growth, never added to its parts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TotalRow {
    /// The words of the row's first cell, for instance `合　　计`.
    pub label: String,
    /// The 1-based row in the sheet.
    pub row: u32,
    /// Column name → value.
    pub values: Vec<(String, Option<Decimal>)>,
    /// Where each of `values` stands; empty in tables read before total rows kept their places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<Option<CellRef>>,
    /// What it adds up.
    #[serde(default, skip_serializing_if = "TotalKind::is_whole")]
    pub kind: TotalKind,
    /// Which of the table's parts it stands in.
    #[serde(default, skip_serializing_if = "is_first")]
    pub part: usize,
}

/// What a total row adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TotalKind {
    /// 合计, 全省: the table, or its block.
    #[default]
    Whole,
    /// 小计, 杭州市汇总: some rows.
    Block,
    /// 省本级, 跨市: what belongs to no city.
    Own,
}

impl TotalKind {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
    fn is_whole(&self) -> bool {
        *self == Self::Whole
    }
}

/// Rows that stand on one sheet under one heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub sheet: String,
    /// The first of its rows among those of the table.
    pub from: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_first(part: &usize) -> bool {
    *part == 0
}

/// What one submission says for one dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observations {
    pub dataset: String,
    pub department: DepartmentCode,
    pub period: Period,
    /// The sheet's name as the file has it.
    pub sheet: String,
    /// All of the dataset's declared columns, in declared order, each as long as `rows`.
    pub columns: Vec<Column>,
    /// Every cell's place: `cells[row][column]`, in the order of `columns`; `None` where the sheet lacks the column.
    #[serde(with = "stored")]
    pub cells: Vec<Vec<Option<CellRef>>>,
    pub totals: Vec<TotalRow>,
    /// Where the rows stand, when the table was read from several blocks; empty where all stand on `sheet` under one heading.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

impl Observations {
    /// The number of data rows (totals are not among them).
    #[must_use]
    pub fn rows(&self) -> usize {
        self.cells.len()
    }

    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The total rows of the table as a whole.
    pub fn whole_totals(&self) -> impl Iterator<Item = &TotalRow> {
        self.totals.iter().filter(|total| total.kind == TotalKind::Whole)
    }

    /// The part a row stands in.
    #[must_use]
    pub fn part_of(&self, row: usize) -> usize {
        self.parts.partition_point(|part| part.from <= row).saturating_sub(1)
    }

    /// The sheet a row stands on.
    #[must_use]
    pub fn sheet_of(&self, row: usize) -> &str {
        self.sheet_of_part(self.part_of(row))
    }

    /// The sheet a part stands on.
    #[must_use]
    pub fn sheet_of_part(&self, part: usize) -> &str {
        self.parts.get(part).map_or(self.sheet.as_str(), |part| part.sheet.as_str())
    }

    /// Takes over another block of the same table; its rows stand below those that are there.
    pub fn append(&mut self, other: Self) {
        if self.parts.is_empty() {
            self.parts.push(Part { sheet: self.sheet.clone(), from: 0 });
        }
        self.parts.push(Part { sheet: other.sheet, from: self.cells.len() });
        let part = self.parts.len() - 1;
        for (column, more) in self.columns.iter_mut().zip(other.columns) {
            column.values.append(more.values);
        }
        self.cells.extend(other.cells);
        self.totals.extend(other.totals.into_iter().map(|total| TotalRow { part, ..total }));
    }

    /// The place of a cell, or `None` where the sheet lacks the column.
    #[must_use]
    pub fn cell(&self, row: usize, column: &str) -> Option<CellRef> {
        let at = self.columns.iter().position(|c| c.name == column)?;
        self.cells.get(row)?.get(at).copied().flatten()
    }

    /// The place of a total row's cell, or `None` where it is not known.
    ///
    /// A total read before such places were kept stands below the cells it adds up, unless it stands in a row of data: then the
    /// cities stand across, and its column is not known.
    #[must_use]
    pub fn total_cell(&self, total: &TotalRow, column: &str) -> Option<CellRef> {
        if !total.cells.is_empty() {
            let at = total.values.iter().position(|(name, _)| name == column)?;
            return total.cells.get(at).copied().flatten();
        }
        let row = total.row.checked_sub(1)?;
        if self.cells.iter().flatten().flatten().any(|cell| cell.row == row) {
            return None;
        }
        let above = (0..self.rows()).find_map(|row| self.cell(row, column))?;
        Some(CellRef::new(row, above.column))
    }
}

impl Values {
    /// The number of rows, blank cells among them.
    #[must_use]
    pub fn rows(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Integer(values) => values.len(),
            Self::Decimal(values) => values.len(),
            Self::Date(values) => values.len(),
            Self::Flag(values) => values.len(),
            Self::Region(values) => values.len(),
        }
    }

    /// Adds the values of another block of the same column.
    fn append(&mut self, more: Self) {
        match (self, more) {
            (Self::Text(values), Self::Text(more)) => values.extend(more),
            (Self::Integer(values), Self::Integer(more)) => values.extend(more),
            (Self::Decimal(values), Self::Decimal(more)) => values.extend(more),
            (Self::Date(values), Self::Date(more)) => values.extend(more),
            (Self::Flag(values), Self::Flag(more)) => values.extend(more),
            (Self::Region(values), Self::Region(more)) => values.extend(more),
            // Blocks of one dataset are read by the same declared types.
            (_, _) => {}
        }
    }
}

impl Column {
    /// Whether it holds numbers.
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(self.values, Values::Integer(_) | Values::Decimal(_))
    }

    /// The value of a numeric column as a decimal.
    #[must_use]
    pub fn decimal(&self, row: usize) -> Option<Decimal> {
        match &self.values {
            Values::Decimal(values) => values.get(row).copied().flatten(),
            Values::Integer(values) => values.get(row).copied().flatten().map(Decimal::from),
            _ => None,
        }
    }

    /// The value as text, as it would be printed; `None` when missing.
    #[must_use]
    pub fn text(&self, row: usize) -> Option<String> {
        match &self.values {
            Values::Text(values) => values.get(row).cloned().flatten(),
            Values::Integer(values) => values.get(row).copied().flatten().map(|v| v.to_string()),
            Values::Decimal(values) => values.get(row).copied().flatten().map(|v| v.to_string()),
            Values::Date(values) => values.get(row).copied().flatten().map(|v| v.to_string()),
            Values::Flag(values) => values.get(row).copied().flatten().map(|v| if v { "是" } else { "否" }.to_owned()),
            Values::Region(values) => values.get(row).cloned().flatten().map(|v| v.0),
        }
    }

    /// The region of a region column.
    #[must_use]
    pub fn region(&self, row: usize) -> Option<&RegionCode> {
        if let Values::Region(values) = &self.values { values.get(row).and_then(Option::as_ref) } else { None }
    }
}

/// Observations that count: from the accepted file that stands for (department, dataset, period).
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    pub observations: Observations,
    pub file: String,
    pub hash: ContentHash,
    pub received_at: chrono::DateTime<chrono::FixedOffset>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table as it was stored before places were numbers and totals kept theirs.
    const OLD: &str = r#"{"dataset":"investment","department":"jxt","period":"2022-06","sheet":"投资",
        "columns":[{"name":"region","values":{"region":["330100","330200"]}},{"name":"paid","values":{"decimal":["1.00",null]}}],
        "cells":[["A5","C5"],["A6",""]],"totals":[{"label":"合计","row":7,"values":[["paid","1.00"]]}]}"#;

    #[test]
    fn what_an_older_program_stored_reads_on_and_is_written_alike() {
        let table: Observations = serde_json::from_str(OLD).unwrap();
        assert_eq!((table.cell(0, "paid"), table.cell(1, "paid")), (Some(CellRef::new(4, 2)), None));
        assert_eq!(table.total_cell(&table.totals[0], "paid"), Some(CellRef::new(6, 2)), "below the cells it adds up");
        let written: serde_json::Value = serde_json::to_value(&table).unwrap();
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(OLD).unwrap());
    }

    #[test]
    fn a_total_stands_where_it_was_read_and_nowhere_else() {
        let mut table: Observations = serde_json::from_str(OLD).unwrap();
        let mut total = table.totals.remove(0);
        total.row = 5;
        assert_eq!(table.total_cell(&total, "paid"), None, "in a row of data: the cities stand across");
        total.cells = vec![Some(CellRef::new(4, 9))];
        assert_eq!(table.total_cell(&total, "paid"), Some(CellRef::new(4, 9)));
        assert_eq!(table.total_cell(&total, "region"), None);
        let again: TotalRow = serde_json::from_str(&serde_json::to_string(&total).unwrap()).unwrap();
        assert_eq!(again, total);
    }
}
