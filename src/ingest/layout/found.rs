//! What was found of a dataset: its table with all blocks, or why there is none.

use super::body::Body;
use super::caption::Caption;
use super::heading::Heading;

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
