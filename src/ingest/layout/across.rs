//! Tables with the cities across and the quantities down.

use crate::ingest::grid::{Cell, Grid};
use crate::ingest::parse::region::{Gazetteer, Place};
use crate::ingest::parse::text::comparable;
use crate::model::TotalKind;
use crate::model::account::Why;
use crate::plan::{ColumnType, Dataset, Shape, form};

use super::body::{Body, Spot, Total};
use super::heading::{Bound, Heading};
use super::label::{Path, bracketed_units, label};
use super::units::of_line;
use super::words::{RowWord, row_word, total_kind};

/// A table found with the cities across.
#[derive(Debug, Clone, PartialEq)]
pub struct Across {
    /// `bound` holds the label cell of each quantity's row.
    pub heading: Heading,
    pub body: Body,
}

/// Finds the row of cities with the most of the dataset's quantities below it.
#[must_use]
pub fn find(grid: &Grid, dataset: &Dataset, labels: &[Vec<Path>], gazetteer: &Gazetteer) -> Vec<Across> {
    let rows: Vec<u32> = grid.rows().filter(|(_, cells)| cities(cells, gazetteer) >= 3).map(|(row, _)| row).collect();
    let mut found = Vec::new();
    for (at, &top) in rows.iter().enumerate() {
        let end = rows.get(at + 1).copied().unwrap_or(u32::MAX);
        found.extend(read(grid, dataset, labels, gazetteer, (top, end)));
    }
    found.sort_by_key(|across: &Across| (usize::MAX - across.heading.required, usize::MAX - across.heading.matched, across.heading.top));
    found
}

fn cities(cells: &[Cell], gazetteer: &Gazetteer) -> usize {
    cells.iter().filter_map(Cell::text).filter(|text| gazetteer.city(text).is_some()).count()
}

fn read(grid: &Grid, dataset: &Dataset, labels: &[Vec<Path>], gazetteer: &Gazetteer, (top, end): (u32, u32)) -> Option<Across> {
    let region = dataset.columns.iter().position(|column| column.kind == ColumnType::Region)?;
    let heads: Vec<&Cell> = grid.row(top).iter().filter(|cell| cell.text().is_some()).collect();
    let first_city = heads.iter().find(|cell| cell.text().is_some_and(|text| gazetteer.find(text).is_some()))?.column;
    let mut heading = Heading { top, bottom: top, bound: vec![None; dataset.columns.len()], ..Heading::default() };
    let mut last_row = top;
    let mut left_out = Vec::new();
    for (row, cells) in grid.rows().filter(|(row, _)| (top + 1..end).contains(row)) {
        let Some(text) = cells.iter().filter(|cell| cell.column < first_city).find_map(Cell::text) else { continue };
        if let Some(why) = aside(text, gazetteer) {
            left_out.push((row, why));
            continue;
        }
        if bind(&mut heading, grid, dataset, labels, row, first_city) {
            last_row = row;
        }
    }
    let corner = heads.first().filter(|cell| cell.column < first_city);
    let (row, column) = corner.map_or((top, first_city), |cell| (cell.row, cell.column));
    heading.bound[region] =
        Some(Bound { row, column, text: corner.map(|cell| cell.shown()).unwrap_or_default(), units: None, by_upper: false });
    heading.matched = heading.bound.iter().flatten().count();
    heading.required = dataset.columns.iter().zip(&heading.bound).filter(|(column, bound)| column.required && bound.is_some()).count();
    if heading.matched < 2 {
        return None;
    }
    heading.bottom = last_row;
    let mut body = Body { left_out, last_row, ..Body::default() };
    for cell in heads {
        let text = cell.text().unwrap_or_default();
        let spots: Vec<Spot> = heading
            .bound
            .iter()
            .enumerate()
            .map(
                |(spec, bound)| {
                    if spec == region { Some((top, cell.column)) } else { bound.as_ref().map(|bound| (bound.row, cell.column)) }
                },
            )
            .collect();
        match gazetteer.find(text) {
            Some(Place::City(_)) => body.rows.push(spots),
            _ if cell.column < first_city => {}
            _ => match row_word(text, gazetteer, Shape::Matrix) {
                word @ (RowWord::Total | RowWord::Own) => {
                    let kind = if word == RowWord::Own { TotalKind::Own } else { total_kind(text) };
                    body.totals.push(Total { label: text.to_owned(), kind, row: top, spots });
                    body.left_out_columns.push((cell.column, Why::Total));
                }
                RowWord::OfWhich => body.left_out_columns.push((cell.column, Why::OfWhich)),
                _ => {}
            },
        }
    }
    Some(Across { heading, body })
}

/// Why a row below the cities is no quantity: a foot, or last month's figures, which the form shows below this month's.
fn aside(text: &str, gazetteer: &Gazetteer) -> Option<Why> {
    let is_foot = matches!(row_word(text, gazetteer, Shape::Records), RowWord::Foot | RowWord::Blank);
    if is_foot { Some(Why::Foot) } else { form::is_past(text).then_some(Why::UnusedColumn) }
}

/// Binds a quantity to its row; whether the row's label names one.
fn bind(heading: &mut Heading, grid: &Grid, dataset: &Dataset, labels: &[Vec<Path>], row: u32, first_city: u32) -> bool {
    let cells: Vec<&Cell> = grid.row(row).iter().filter(|cell| cell.column < first_city).collect();
    let own: Vec<String> = cells.iter().filter_map(|cell| cell.text()).map(label).filter(|text| !text.is_empty()).collect();
    // A unit column between label and cities: 计量单位.
    let unit_cell =
        cells.iter().filter_map(|cell| cell.text()).map(comparable).filter(|key| !key.contains("单位")).find_map(|key| of_line(&key));
    for (spec, (column, labels)) in dataset.columns.iter().zip(labels).enumerate() {
        let free = heading.bound.get(spec).is_some_and(Option::is_none);
        if !free || column.kind == ColumnType::Region {
            continue;
        }
        let fits = |path: &Path| path.last().is_some_and(|last| own.contains(last)) || own.concat() == path.concat();
        let is_lowest = |text: &str| labels.iter().any(|path| path.last() == Some(&label(text)));
        if labels.iter().any(fits)
            && let Some(cell) = cells.iter().find(|cell| cell.text().is_some_and(is_lowest))
        {
            let text = cell.shown();
            let units = bracketed_units(&text).or_else(|| unit_cell.clone());
            heading.bound[spec] = Some(Bound { row, column: cell.column, text, units, by_upper: false });
            return true;
        }
    }
    false
}
