//! The right to work on a period.

use crate::model::Period;

/// The right to work on a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    pub period: Period,
    pub holder: String,
    pub fence: i64,
}
