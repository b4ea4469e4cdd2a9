//! Layout: finds each dataset's table on the sheets of a workbook, all of its blocks. Nothing is parsed here.
//!
//! ```text
//! sheets ─ candidates (headings that may be a dataset's) ─ choose (which belong to whom) ─ blocks (bodies, joined or asked about)
//! ```

mod spot;
pub mod words;
pub mod units;
pub mod label;
pub mod denial;
pub mod section;
pub mod heading;
pub mod caption;
pub mod row;
pub mod body;
mod found;
pub mod across;
pub mod candidates;
pub mod choose;
pub mod blocks;

use std::collections::BTreeSet;

use crate::model::Period;
use crate::plan::Dataset;

use super::grid::Grid;
use super::parse::region::Gazetteer;

pub use candidates::bears_name;
pub use found::{Block, Found, Table};

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
