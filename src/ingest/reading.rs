//! What reading one submission comes to: typed tables with their findings, or a refusal.

use serde::{Deserialize, Serialize};

use super::account::remembered::StrayRows;
use crate::model::{Account, DepartmentCode, Finding, Observations, Period, Refusal};

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
    /// Where every non-empty cell went.
    pub account: Account,
    /// What the checks need to know of the sheets and the observations do not keep.
    pub facts: Vec<Facts>,
    /// What stands in unread areas that last month's keys may give away.
    pub strays: Vec<StrayRows>,
}

/// What a table's cells looked like, as far as checks against the past lean on it. Never stored: a file that is read again tells it again.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Facts {
    pub dataset: String,
}

/// The outcome for one submission.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    Read(Read),
    Refused(Refusal),
}
