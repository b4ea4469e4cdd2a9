//! Which part each cell of a sheet belongs to, told as areas.

use std::collections::BTreeMap;

use crate::ingest::grid::{Cell, Grid, Merge, Value};
use crate::ingest::layout::{Block, Found};
use crate::model::account::Why;

use super::Read;
use super::area::{Area, clustered, stacked};
pub use super::laid_out::Whole;

/// Where a cell went; tables by their dataset's position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Value(usize),
    Left(Why, Option<usize>),
    Unread,
}

/// A sheet's cells, parted.
pub struct Parted {
    pub areas: BTreeMap<Part, Vec<Area>>,
    /// Unread cells, gathered.
    pub strays: Vec<Area>,
}

/// A title line has few cells.
const TITLE_CELLS_MAX: usize = 5;

/// Parts a sheet.
#[must_use]
pub fn parts(read: &Read, sheet: usize, grid: &Grid) -> Parted {
    let whole = read.whole.get(&sheet).map(|whole| whole.0);
    let claims = claims(read, sheet);
    let mut stretches: BTreeMap<Part, Vec<Area>> = BTreeMap::new();
    for (row, cells) in grid.rows() {
        let mut last: Option<Part> = None;
        for cell in cells {
            let part = match whole {
                Some(why) => Part::Left(why, None),
                None => match claims.iter().find_map(|claim| claim.part(grid, cell)) {
                    Some(part) => part,
                    // A list may well be a column of a table, which was read.
                    None if is_listed(grid, cell) => Part::Left(Why::System, None),
                    None => Part::Unread,
                },
            };
            let stretches = stretches.entry(part).or_default();
            match stretches.last_mut() {
                Some(stretch) if last == Some(part) && stretch.top == row => stretch.right = cell.column,
                _ => stretches.push(Area::of_row(row, cell.column, cell.column)),
            }
            last = Some(part);
        }
    }
    let covered: Vec<Area> = grid.covered.iter().map(|cell| Area::of_row(cell.row, cell.column, cell.column)).collect();
    if !covered.is_empty() {
        stretches.entry(Part::Left(Why::Covered, None)).or_default().extend(covered);
    }
    let unread = stretches.remove(&Part::Unread).unwrap_or_default();
    let mut taken: BTreeMap<u32, Vec<Area>> = BTreeMap::new();
    for stretch in stretches.values().flatten() {
        taken.entry(stretch.top).or_default().push(*stretch);
    }
    let is_clear = |area: &Area| {
        let mut within = taken.range(area.top..=area.bottom).flat_map(|(_, stretches)| stretches);
        !within.any(|stretch| stretch.left <= area.right && area.left <= stretch.right)
    };
    let strays = clustered(&unread, is_clear);
    Parted { areas: stretches.into_iter().map(|(part, stretches)| (part, stacked(&stretches))).collect(), strays }
}

/// Lists that drop-downs refer to, with the title right above them.
fn is_listed(grid: &Grid, cell: &Cell) -> bool {
    let inside =
        |area: &Merge| (area.top.saturating_sub(1)..=area.bottom).contains(&cell.row) && (area.left..=area.right).contains(&cell.column);
    grid.listed.iter().any(inside)
}

/// What a block says about the cells around it.
struct Claim<'a> {
    dataset: usize,
    block: &'a Block,
    /// Sheet row → what it is; data rows are `None`.
    rows: BTreeMap<u32, Option<Why>>,
    bound: Vec<u32>,
    extra: Vec<u32>,
    /// The whole block is left out.
    instead: Option<Why>,
}

fn claims<'a>(read: &'a Read, sheet: usize) -> Vec<Claim<'a>> {
    let mut claims = Vec::new();
    for found in read.found {
        let Found::Table(table) = found else { continue };
        let read = table.blocks.iter().map(|block| (block, None));
        let twice = table.duplicates.iter().map(|block| (block, Some(Why::DuplicateSheet)));
        let blocks = read.chain(twice).filter(|(block, _)| block.sheet == sheet);
        claims.extend(blocks.map(|(block, instead)| Claim::new(table.dataset, block, instead)));
    }
    claims
}

impl<'a> Claim<'a> {
    fn new(dataset: usize, block: &'a Block, instead: Option<Why>) -> Self {
        let own_row = |spots: &Vec<Option<(u32, u32)>>| spots.iter().flatten().map(|(row, _)| *row).max();
        let data = block.body.rows.iter().filter_map(own_row).map(|row| (row, None));
        let rows = if block.across { BTreeMap::new() } else { data.collect() };
        let rows = rows.into_iter().chain(block.body.left_out.iter().map(|(row, why)| (*row, Some(*why)))).collect();
        let heading = &block.heading;
        let bound = heading.bound.iter().flatten().chain(heading.ambiguous.iter().flat_map(|(_, hits)| hits));
        let bound = bound.map(|bound| bound.column).collect();
        Self { dataset, block, rows, bound, extra: heading.extra.iter().map(|extra| extra.column).collect(), instead }
    }

    fn part(&self, grid: &Grid, cell: &Cell) -> Option<Part> {
        let within =
            (self.block.rows.0..=self.block.rows.1).contains(&cell.row) && (self.block.span.0..=self.block.span.1).contains(&cell.column);
        if !within {
            return None;
        }
        let part = if self.block.across { self.part_across(grid, cell) } else { self.part_down(grid, cell) }?;
        Some(match (part, self.instead) {
            (Part::Value(_) | Part::Left(..), Some(why)) => Part::Left(why, None),
            (part, _) => part,
        })
    }

    fn part_down(&self, grid: &Grid, cell: &Cell) -> Option<Part> {
        let heading = &self.block.heading;
        let left = |why| Some(Part::Left(why, Some(self.dataset)));
        if cell.row < heading.top {
            return if is_title(grid.row(cell.row)) { left(Why::Heading) } else { None };
        }
        if cell.row <= heading.bottom {
            return left(Why::Heading);
        }
        match self.rows.get(&cell.row) {
            Some(Some(why)) => left(*why),
            _ if self.extra.contains(&cell.column) => left(Why::UnusedColumn),
            Some(None) if self.bound.contains(&cell.column) => Some(Part::Value(self.dataset)),
            _ => None,
        }
    }

    fn part_across(&self, grid: &Grid, cell: &Cell) -> Option<Part> {
        let heading = &self.block.heading;
        let left = |why| Some(Part::Left(why, Some(self.dataset)));
        if cell.row < heading.top {
            return if is_title(grid.row(cell.row)) { left(Why::Heading) } else { None };
        }
        if let Some((_, why)) = self.block.body.left_out.iter().find(|(row, _)| *row == cell.row) {
            return left(*why);
        }
        if cell.row > heading.bottom {
            return None;
        }
        let city = self.block.body.rows.iter().flatten().flatten().any(|(_, column)| *column == cell.column);
        let quantity = heading.bound.iter().flatten().any(|bound| bound.row == cell.row);
        let first = self.block.body.rows.iter().flatten().flatten().map(|(_, column)| *column).min().unwrap_or(u32::MAX);
        let other = self.block.body.left_out_columns.iter().find(|(column, _)| *column == cell.column);
        match (other, city, quantity) {
            _ if cell.row == heading.top => left(Why::Heading),
            (_, _, false) => left(Why::UnusedColumn),
            (Some((_, why)), _, true) => left(*why),
            (None, true, true) => Some(Part::Value(self.dataset)),
            (None, false, true) if cell.column < first => left(Why::Heading),
            (None, false, true) => None,
        }
    }
}

/// Few cells, texts and dates alone: a title, a unit line, 填报日期.
fn is_title(cells: &[Cell]) -> bool {
    cells.len() <= TITLE_CELLS_MAX && cells.iter().all(|cell| matches!(cell.value, Value::Text(_) | Value::Date(_)))
}
