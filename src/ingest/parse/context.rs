//! What the parsers need to know beside the cells, and which types are numbers.

use std::collections::BTreeSet;

use super::region::Gazetteer;
use crate::ingest::grid::Grid;
use crate::model::{CellRef, DepartmentCode, Period, Place};
use crate::plan::ColumnType;

/// What the parsers need to know beside the cells.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    pub file: &'a str,
    pub department: &'a DepartmentCode,
    pub period: Period,
    pub gazetteer: &'a Gazetteer,
    /// The columns that an indicator or a rule reads.
    pub counted: &'a BTreeSet<(String, String)>,
}

impl Context<'_> {
    /// A place in the file in hand.
    #[must_use]
    pub fn place(&self, grid: &Grid, at: Option<(u32, u32)>) -> Place {
        Place { file: self.file.to_owned(), sheet: Some(grid.name.clone()), cell: at.map(CellRef::from) }
    }
}

/// Whether values of this type are added up.
#[must_use]
pub fn is_numeric(kind: ColumnType) -> bool {
    matches!(kind, ColumnType::Integer | ColumnType::Decimal)
}
