//! The account of a submission's cells: every non-empty cell of every sheet is a value, or is left out for a named reason, or is unread.
//!
//! Places are A1 areas, counted per sheet.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Why cells became no value of a table. A closed list; the words are those of `submit --json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// 合计, 小计: recognised, compared, left out.
    Total,
    /// 其中 rows, whose amounts another row contains.
    OfWhich,
    /// Notes and signature lines behind the last row, or between blocks.
    Foot,
    /// Titles, unit lines, heading rows, also repeated ones.
    Heading,
    /// 甲 1 2 3 … under a heading.
    ColumnNumbers,
    /// 以下空白.
    BlankMark,
    /// Rows whose date lies in another year than the target's.
    AnotherYear,
    /// Rows outside the dataset's scope.
    OutOfScope,
    /// A sheet that repeats another one.
    DuplicateSheet,
    /// A table of another department.
    Foreign,
    /// A table of the department's own that is not handed in for that month.
    NotDue,
    /// A hidden sheet beside a filled visible one.
    Hidden,
    /// A cell that a merged area covers.
    Covered,
    /// A heading nobody asked for.
    UnusedColumn,
    /// Lists that drop-downs refer to, our own sheets.
    System,
}

/// Cells that are left out of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// An A1 area such as `A40:D40`.
    pub cells: String,
    pub why: Why,
    /// The indicators that leave the rows out; empty where the rows became no values at all.
    pub indicators: Vec<String>,
}

/// What one dataset's table came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableAccount {
    pub dataset: String,
    /// The sheet of its first row; a table read from several sheets has one entry for each.
    pub sheet: String,
    /// Rows that became values.
    pub rows: usize,
    /// Column → exact sum over those rows in the column's unit; columns in % have none.
    pub sums: BTreeMap<String, Decimal>,
    pub left_out: Vec<LeftOut>,
}

/// Cells of a sheet that belong to no table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetLeftOut {
    pub sheet: String,
    pub cells: String,
    pub why: Why,
}

/// Cells nobody read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    pub sheet: String,
    pub cells: String,
    pub rows: usize,
    /// Whether rows of a dataset may stand there: then the file is asked about, never accepted silently.
    pub data_like: bool,
}

/// The account of a whole submission.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Account {
    pub tables: Vec<TableAccount>,
    pub left_out: Vec<SheetLeftOut>,
    pub unread: Vec<Unread>,
}
