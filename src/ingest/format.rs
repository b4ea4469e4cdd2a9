//! The workbook formats that can be read.

use serde::{Deserialize, Serialize};

/// A workbook format that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Xlsx,
    Xlsb,
    Xls,
    Ods,
    /// An encrypted package: whether Excel's own default password opens it is tried in the worker.
    Locked,
}
