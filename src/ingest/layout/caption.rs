//! Caption lines above a table: `单位：亿元`, and titles that name the dataset.

use crate::ingest::grid::{Cell, Grid, Value};
use crate::ingest::parse::text::comparable;
use crate::plan::Dataset;

use super::units::{self, Units};

/// Titles stand this close above their heading; so do unit lines, where another table stands above.
const CAPTION_ROWS: u32 = 6;
/// A unit alone in its cell is a caption where no more than this stands beside it.
const CAPTION_CELLS: usize = 2;

/// A unit line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption {
    pub units: Units,
    pub place: (u32, u32),
    /// The sheet it stands on, where that is not the table's own.
    pub sheet: Option<String>,
}

/// The unit lines between `above` and the heading at `top`, the nearest first, those over the table's own columns before others.
#[must_use]
pub fn captions(grid: &Grid, above: Option<u32>, top: u32, span: (u32, u32)) -> Vec<Caption> {
    let mut found = Vec::new();
    // Above the first table nothing else stands that could have a unit line of its own.
    let rows = above.map_or(0..top, |_| rows(above, top));
    for row in rows.rev() {
        let cells = grid.row(row);
        if is_data(cells) {
            break;
        }
        let mut line: Vec<Caption> = cells.iter().filter_map(|cell| caption(cell, cells.len())).collect();
        line.sort_by_key(|caption| !(span.0..=span.1).contains(&caption.place.1));
        found.extend(line);
    }
    found
}

fn caption(cell: &Cell, beside: usize) -> Option<Caption> {
    let key = comparable(cell.text()?);
    let units = units::of_line(&key).filter(|_| key.contains("单位") || beside <= CAPTION_CELLS)?;
    Some(Caption { units, place: (cell.row, cell.column), sheet: None })
}

/// A row with two figures belongs to a table above.
fn is_data(cells: &[Cell]) -> bool {
    cells.iter().filter(|cell| matches!(cell.value, Value::Number(_))).count() > 1
}

/// How a line above a heading names a dataset; the smaller, the surer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Titled {
    /// By its title, so many rows above.
    ByTitle(u32),
    /// By one of its sheet names.
    BySheet(u32),
    No,
}

/// Looks for a line above the heading that names the dataset.
#[must_use]
pub fn titled(grid: &Grid, top: u32, dataset: &Dataset) -> Titled {
    let named = |names: &[&String]| {
        let names: Vec<String> = names.iter().map(|name| comparable(name)).collect();
        let says = |row: &u32| {
            let texts = grid.row(*row).iter().filter_map(|cell| cell.text()).map(comparable);
            texts.into_iter().any(|text| names.iter().any(|name| text.contains(name.as_str())))
        };
        rows(None, top).rev().find(says).map(|row| top - row)
    };
    if let Some(distance) = named(&[&dataset.title]) {
        return Titled::ByTitle(distance);
    }
    named(&dataset.sheets.iter().collect::<Vec<_>>()).map_or(Titled::No, Titled::BySheet)
}

fn rows(above: Option<u32>, top: u32) -> std::ops::Range<u32> {
    let from = above.map_or(0, |row| row + 1).max(top.saturating_sub(CAPTION_ROWS));
    from..top
}
