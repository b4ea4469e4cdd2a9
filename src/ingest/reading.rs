//! What reading one submission comes to: typed tables with their findings, or a refusal.

use crate::model::{DepartmentCode, Finding, Observations, Period, Refusal};

/// A workbook that was read. Its findings may still return it; the checks add theirs.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    pub department: DepartmentCode,
    pub period: Period,
    /// The bare file name.
    pub file: String,
    /// One for each recognised dataset whose headings could be read, in the plan's order.
    pub observations: Vec<Observations>,
    /// In the order of the sheets.
    pub findings: Vec<Finding>,
}

/// The outcome for one submission.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    Read(Read),
    Refused(Refusal),
}
