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

/// Whether a line above the heading names the dataset by its title or by one of its sheet names.
#[must_use]
pub fn names(grid: &Grid, above: Option<u32>, top: u32, dataset: &Dataset) -> bool {
    let names: Vec<String> = dataset.sheets.iter().chain([&dataset.title]).map(|name| comparable(name)).collect();
    rows(above, top).any(|row| {
        grid.row(row)
            .iter()
            .filter_map(|cell| cell.text())
            .map(comparable)
            .any(|text| names.iter().any(|name| text.contains(name.as_str())))
    })
}

fn rows(above: Option<u32>, top: u32) -> std::ops::Range<u32> {
    let from = above.map_or(0, |row| row + 1).max(top.saturating_sub(CAPTION_ROWS));
    from..top
}
