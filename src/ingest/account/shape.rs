//! List rows that go on somewhere else without their heading: told by what their cells hold, in the order of a list that was read.

use crate::ingest::grid::{Cell, Grid};
use crate::ingest::layout::heading::{Bound, Heading};
use crate::ingest::layout::row::Rows;
use crate::ingest::layout::{Block, Found};
use crate::plan::{ColumnType, Dataset, Shape};

use super::Read;
use super::area::{Area, rows};
use super::known::{Known, is_key, key_column, key_of};

/// So many required columns must fit; fewer are met by chance in a summary of the sender's own.
const FITTING_MIN: usize = 3;

/// Two rows or more that fill every required column of a list, in the list's own order, with keys that were not read.
pub fn by_shape(read: &Read, grid: &Grid, area: &Area) -> Option<usize> {
    let lists = read.found.iter().enumerate().filter_map(|(position, found)| match found {
        Found::Table(table) => Some((position, read.datasets.get(position)?, table.blocks.first()?)),
        _ => None,
    });
    let is_hard = |dataset: &Dataset| {
        let told_apart = |kind| !matches!(kind, ColumnType::Text | ColumnType::Region);
        dataset.shape == Shape::Records
            && dataset.columns.iter().any(|spec| spec.required && (told_apart(spec.kind) || spec.pattern.is_some()))
    };
    lists.into_iter().filter(|(_, dataset, block)| is_hard(dataset) && !block.across).find_map(|(position, dataset, block)| {
        let heading = moved(block, area)?;
        let span = (area.left, area.right);
        let lines = Rows::new(grid, dataset, &heading, read.gazetteer, span);
        let required = dataset.columns.iter().filter(|spec| spec.required).count();
        let known = Known::of(read, position, dataset);
        let key = key_column(dataset);
        let is_new = |cell: &&Cell| {
            is_key(read, dataset, key, cell) && read.gazetteer.city(&cell.shown()).is_none() && !known.holds(&key_of(cell, read.gazetteer))
        };
        let goes_on = |row: u32| lines.fitting(row) == required.max(FITTING_MIN) && lines.cell(row, key).is_some_and(|cell| is_new(&cell));
        (rows(grid, area).filter(|(row, _)| goes_on(*row)).take(2).count() == 2).then_some(position)
    })
}

/// The list's heading as if it stood above the area, its first column over the area's first.
fn moved(block: &Block, area: &Area) -> Option<Heading> {
    let heading = &block.heading;
    let columns = heading.bound.iter().flatten().chain(&heading.extra).map(|bound| bound.column);
    let left = columns.min()?;
    let shift = |bound: &Bound| Some(Bound { column: bound.column.checked_sub(left)?.checked_add(area.left)?, ..bound.clone() });
    Some(Heading { bound: heading.bound.iter().map(|bound| bound.as_ref().and_then(shift)).collect(), ..heading.clone() })
}
