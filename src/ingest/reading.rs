//! What reading one submission comes to: typed tables with their findings, or a refusal.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::model::{Account, CellRef, DepartmentCode, Finding, Observations, Packed, Period, Refusal};

/// A workbook that was read. Its findings may still return it; the checks add theirs.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    pub department: DepartmentCode,
    pub period: Period,
    /// The bare file name.
    pub file: String,
    /// One for each recognised dataset whose headings could be read, in the plan's order.
    pub observations: Vec<Observations>,
    /// The same as column files, as the worker wrote them.
    pub packed: Vec<Packed>,
    /// In the order of the sheets.
    pub findings: Vec<Finding>,
    /// Where every non-empty cell went.
    pub account: Account,
    /// What the checks need to know of the sheets and the observations do not keep.
    pub facts: Vec<Facts>,
    /// What stands in unread areas that last month's keys may give away.
    pub strays: Vec<StrayRows>,
    /// What the department says in 情况说明.
    pub remarks: Vec<Remark>,
    /// What it typed beside the findings of a returned workbook.
    pub said: Vec<Said>,
}

/// What a table's cells looked like, as far as checks against the past lean on it. Never stored: a file that is read again tells it again.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Facts {
    pub dataset: String,
    /// Its columns that a number format shows smaller than they are.
    pub scaled: Vec<Scaled>,
    /// The numbers of its columns in %, total rows among them.
    pub percents: Vec<PercentCell>,
}

/// A column of amounts under a unit that names a multiple, which a number format divides once more before it is seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scaled {
    pub column: String,
    /// The first of its cells.
    pub sheet: String,
    pub cell: CellRef,
    /// The power of ten that it is divided by.
    pub power: u32,
    /// What a person sees there, and what the cell holds.
    pub seen: Decimal,
    pub stored: Decimal,
    /// The unit he sees it under.
    pub unit: String,
}

/// A number in a column in %, as its cell has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PercentCell {
    pub column: String,
    pub sheet: String,
    pub cell: CellRef,
    /// In percent, as it was read; not yet rounded.
    pub value: Decimal,
    pub mark: PercentMark,
}

/// Whether a person sees a percent sign in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PercentMark {
    /// By its number format or in its text.
    Marked,
    Bare,
    /// None in its text; the file format does not tell the number format.
    Unknown,
}

/// The outcome for one submission.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    Read(Read),
    Refused(Refusal),
}

/// The rows of an unread area that name a region, with their other texts, ready for comparing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StrayRows {
    pub sheet: String,
    /// The area, as the account has it.
    pub cells: String,
    pub rows: Vec<Vec<String>>,
}

/// What a remark is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// The row it stands in, counted from 0.
    Row(u32),
    /// The column it stands in, where the cities stand across.
    Column(u32),
    Table,
    /// 本月无新增 is ticked.
    NothingNew,
}

/// A remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    pub dataset: String,
    pub sheet: String,
    pub cell: CellRef,
    pub about: About,
    pub text: String,
}

/// An explanation, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Marks of the findings it stands beside; empty where the hidden column is gone.
    pub names: Vec<u64>,
    /// The sheet it is about, the first cell, the problem in words.
    pub sheet: String,
    pub cell: Option<CellRef>,
    /// It is about others like it, too.
    pub several: bool,
    pub problem: String,
    pub text: String,
    /// Where it is written.
    pub on: String,
    pub at: CellRef,
}
