//! Observations: the typed columns of one dataset as one submission reported it, with the place of every cell.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{ContentHash, DepartmentCode, Period, RegionCode};

/// The values of one column, one entry a row. `None` is a blank cell: missing, never zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Values {
    Text(Vec<Option<String>>),
    Integer(Vec<Option<i64>>),
    /// In the column's declared unit, rounded to its declared decimals.
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TotalRow {
    /// The words of the row's first cell, for instance `合　　计`.
    pub label: String,
    /// The 1-based row in the sheet.
    pub row: u32,
    /// Column name → value.
    pub values: Vec<(String, Option<Decimal>)>,
    /// Which of the table's parts it stands in.
    #[serde(default, skip_serializing_if = "is_first")]
    pub part: usize,
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
    /// Every cell's A1 reference: `cells[row][column]`, in the order of `columns`; empty text where the sheet lacks the column.
    pub cells: Vec<Vec<String>>,
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

    /// The A1 reference of a cell, or `None` where the sheet lacks the column.
    #[must_use]
    pub fn cell(&self, row: usize, column: &str) -> Option<&str> {
        let at = self.columns.iter().position(|c| c.name == column)?;
        self.cells.get(row)?.get(at).map(String::as_str).filter(|cell| !cell.is_empty())
    }
}

impl Values {
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
