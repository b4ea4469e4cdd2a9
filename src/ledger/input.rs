//! Which submission stood for a department's dataset when a version was drawn up.

use serde::{Deserialize, Serialize};

use crate::model::{ContentHash, DepartmentCode, Period};

/// Which submission stood for a department's dataset when a version was drawn up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Input {
    pub period: Period,
    pub department: DepartmentCode,
    pub dataset: String,
    pub file: String,
    pub hash: ContentHash,
}
