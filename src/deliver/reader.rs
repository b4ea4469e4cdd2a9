//! Who reads a letter.

use crate::model::IndicatorRow;
use crate::plan::Department;

/// Who reads the letter.
#[derive(Debug, Clone, Copy)]
pub enum Reader<'a> {
    Department(&'a Department),
    LeadingGroup,
}

impl Reader<'_> {
    /// Whether the reader is told of an indicator: a department of its own, the leading group of all.
    pub fn answers_for(self, row: &IndicatorRow) -> bool {
        match self {
            Self::Department(department) => row.owner == department.code,
            Self::LeadingGroup => true,
        }
    }
}
