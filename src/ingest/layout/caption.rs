//! Caption lines above a table: `单位：亿元`, and titles that name the dataset.

use crate::ingest::grid::Grid;
use crate::ingest::parse::text::comparable;
use crate::model::Unit;
use crate::plan::Dataset;

/// Captions stand this close above their heading.
const CAPTION_ROWS: u32 = 6;

/// The units of the `单位：…` captions between `above` and the heading at `top`, with the caption's place.
#[must_use]
pub fn units(grid: &Grid, above: Option<u32>, top: u32) -> Vec<(Unit, (u32, u32))> {
    let mut found = Vec::new();
    for row in rows(above, top) {
        for cell in grid.row(row) {
            let key = cell.text().map(comparable).unwrap_or_default();
            let Some((_, after)) = key.rsplit_once("单位:") else { continue };
            let names = after.trim_end_matches([')', ']']).split(['、', ',', ';', '/']);
            found.extend(names.filter_map(Unit::parse).map(|unit| (unit, (cell.row, cell.column))));
        }
    }
    found
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
