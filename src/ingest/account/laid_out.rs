//! A workbook as it was laid out: what the account is drawn up from.

use std::collections::BTreeMap;

use crate::ingest::grid::Grid;
use crate::ingest::layout::Found;
use crate::ingest::parse::region::Gazetteer;
use crate::model::account::Why;
use crate::plan::Dataset;

/// A workbook as it was laid out.
pub struct Read<'a> {
    pub grids: &'a [Grid],
    pub datasets: &'a [&'a Dataset],
    pub found: &'a [Found],
    pub gazetteer: &'a Gazetteer,
    /// Sheets that are wholly something else, by their position.
    pub whole: BTreeMap<usize, Whole>,
}

/// What a sheet is as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole(pub Why);
