//! What is to be marked and listed: values alone, as they are handed to the worker.

use serde::{Deserialize, Serialize};

use crate::model::{CellRef, Severity};

/// The name of our sheet.
pub const SHEET: &str = "数据审核意见";
/// Who our comments are by.
pub const AUTHOR: &str = "wenjin";
/// How the words of our comments begin, and how their last line does.
pub const BEGINS: [&str; 2] = ["须修改：", "请说明："];
pub const LAST: &str = "怎样改：";

/// So many cells of a sheet are marked.
pub const SPOTS_MAX: usize = 1_000;

/// A cell to be marked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    pub sheet: String,
    pub cell: CellRef,
    /// 须修改 or 请说明.
    pub severity: Severity,
    /// What the comment says.
    pub text: String,
}

/// A row of our sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub severity: Severity,
    /// The sheet it is about; empty for the whole file.
    pub sheet: String,
    /// The cell the link leads to.
    pub cell: Option<CellRef>,
    /// `C7`, `C7等12处`, `—`.
    pub cells: String,
    pub problem: String,
    pub found: String,
    pub expected: String,
    pub remedy: String,
    /// What names the finding, or each of a group: see [`names`](super::said).
    pub names: String,
}

/// Our sheet in words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// `省经信厅　2022年6月调度表　须修改5处、请说明1处`.
    pub summary: String,
    /// What is to be done, and by when.
    pub guide: String,
    /// The same where the list is a workbook of its own.
    pub guide_alone: String,
    pub rows: Vec<Row>,
    /// 提示, each as one line.
    pub notes: Vec<String>,
    /// The office, whom to ask.
    pub foot: String,
}

/// What the worker is asked to do with a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    pub spots: Vec<Spot>,
    pub list: List,
}
