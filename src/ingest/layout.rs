//! Layout: finds each dataset's table on the sheets of a workbook, all of its blocks. Nothing is parsed here.
//!
//! ```text
//! sheets ─ candidates (headings that may be a dataset's) ─ choose (which belong to whom) ─ blocks (bodies, joined or asked about)
//! ```

pub mod across;
pub mod blocks;
pub mod body;
pub mod candidates;
pub mod caption;
pub mod choose;
pub mod denial;
pub mod heading;
pub mod label;
pub mod row;
pub mod section;
pub mod units;
pub mod words;

use std::collections::BTreeSet;

use crate::model::Period;
use crate::plan::Dataset;

use super::grid::Grid;
use super::parse::region::Gazetteer;

use body::Body;
use caption::Caption;
use heading::Heading;

pub use candidates::bears_name;

/// One block of a table: a heading and the rows under it.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The position among the sheets given.
    pub sheet: usize,
    pub heading: Heading,
    pub body: Body,
    /// The unit lines above it.
    pub captions: Vec<Caption>,
    /// The rows from its own title lines to its last row, and its sheet columns; inclusive.
    pub rows: (u32, u32),
    pub span: (u32, u32),
    /// Cities stand across.
    pub across: bool,
}

/// A dataset's table, found.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The position among the datasets given.
    pub dataset: usize,
    /// The blocks whose rows make up the table, the main one first; one where the list stands in one piece.
    pub blocks: Vec<Block>,
    /// Visible blocks that repeat what was read, row for row.
    pub duplicates: Vec<Block>,
    /// Visible blocks that fit as well and say something else about the same rows: nobody can tell which counts.
    pub rivals: Vec<Block>,
    /// Visible blocks that repeat some of the rows: an extract, or an older copy.
    pub extracts: Vec<Block>,
    /// Hidden blocks that fit.
    pub hidden: Vec<Block>,
}

impl Table {
    /// Rows of all blocks.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.blocks.iter().map(|block| block.body.rows.len()).sum()
    }
}

/// What became of one dataset.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    Table(Box<Table>),
    /// Its sheet is there (position), its headings are not.
    NoHeading(usize),
    /// Only hidden sheets hold it.
    Hidden(Vec<Block>),
    Missing,
}

impl Found {
    /// The sheets whose rows were read.
    pub fn sheets(&self) -> impl Iterator<Item = usize> {
        let table = if let Self::Table(table) = self { Some(table) } else { None };
        table.into_iter().flat_map(|table| table.blocks.iter().map(|block| block.sheet))
    }
}

/// Finds the tables of `datasets`, in their order; the sheets at `skip` hold none.
#[must_use]
pub fn find(grids: &[Grid], skip: &BTreeSet<usize>, datasets: &[&Dataset], period: Period, gazetteer: &Gazetteer) -> Vec<Found> {
    let candidates = candidates::candidates(grids, skip, datasets, period, gazetteer);
    let choice = choose::choose(&candidates, datasets.len());
    let cut = blocks::Cut { grids, datasets, candidates: &candidates, choice: &choice, gazetteer, period };
    let found = |dataset: usize| {
        let hidden = cut.blocks(choice.hidden.iter().copied().filter(|at| candidates.get(*at).is_some_and(|c| c.dataset == dataset)));
        let hidden: Vec<Block> = hidden.into_iter().filter(|block| !block.body.rows.is_empty()).collect();
        if let Some(main) = choice.main.get(dataset).copied().flatten() {
            let further = choice.further.iter().copied().filter(|at| candidates.get(*at).is_some_and(|c| c.dataset == dataset));
            return Found::Table(Box::new(cut.table(dataset, main, further, hidden)));
        }
        let named = (0..grids.len()).find(|sheet| {
            let bears = |grid: &Grid| grid.visible && datasets.get(dataset).is_some_and(|d| candidates::name_level(grid, d) == 2);
            grids.get(*sheet).is_some_and(bears)
        });
        match named {
            Some(sheet) => Found::NoHeading(sheet),
            None if hidden.is_empty() => Found::Missing,
            None => Found::Hidden(hidden),
        }
    };
    (0..datasets.len()).map(found).collect()
}
