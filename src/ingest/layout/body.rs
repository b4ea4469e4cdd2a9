//! The rows under a heading: which are data, which are totals, and what became of every other row.

use crate::ingest::grid::{Cell, Grid};
use crate::ingest::parse::region::{Gazetteer, Place};
use crate::ingest::parse::text::comparable;
use crate::model::TotalKind;
use crate::model::account::Why;
use crate::plan::{ColumnType, Dataset, Shape};

use super::denial::denies;
use super::heading::Heading;
use super::row::{Before, RowKind, Rows};
pub use super::spot::Spot;
use super::words::{is_carried, total_kind};

/// A 合计 row as it stands on the sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Total {
    pub label: String,
    pub kind: TotalKind,
    pub row: u32,
    /// One for each of the dataset's columns.
    pub spots: Vec<Spot>,
}

/// Where the values of a table stand.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Body {
    /// For each data row, one place for each of the dataset's columns.
    pub rows: Vec<Vec<Spot>>,
    /// Data rows and columns that take over the cell above (merged key cells).
    pub filled: Vec<(usize, usize)>,
    pub totals: Vec<Total>,
    /// Sheet rows that are no data, and why.
    pub left_out: Vec<(u32, Why)>,
    /// Where cities stand across: sheet columns that are no city's, and why.
    pub left_out_columns: Vec<(u32, Why)>,
    pub last_row: u32,
}

/// Where a body may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// The first row that belongs to something else.
    pub end: u32,
    /// Sheet columns, inclusive.
    pub span: (u32, u32),
}

/// Reads the rows below `heading` that lie within `extent`; `year` is the data month's.
#[must_use]
pub fn body(grid: &Grid, dataset: &Dataset, heading: &Heading, extent: Extent, year: i32, gazetteer: &Gazetteer) -> Body {
    let rows = Rows::new(grid, dataset, heading, gazetteer, extent.span);
    let mut body = Body { last_row: heading.bottom, ..Body::default() };
    let mut previous = heading.bottom;
    let mut before = Before { gap: false, heading: true };
    // Once something that is no row of the table has begun, what follows is not read on: it is left for the account.
    let mut over = false;
    // Nor is what stands under a section line that denies it (二、退出项目), nor under one of its lone names (退出企业).
    let (mut denied, mut denied_within) = (false, false);
    for (row, _) in grid.rows().filter(|(row, _)| (heading.bottom + 1..extent.end).contains(row)) {
        if rows.cells(row).is_empty() {
            continue;
        }
        before.gap |= row > previous + 1;
        let kind = rows.kind(row, before);
        match kind {
            RowKind::Data if over || denied || denied_within => continue,
            // Behind a gap a city or an item that was read already is no row of this table: it is left for the account.
            RowKind::Data if before.gap && rows.repeats_a_row(row, &body.rows) => {}
            // The form names what words are wanted on; a row without any says nothing.
            RowKind::Data if rows.is_unsaid(row) => body.left_out.push((row, Why::System)),
            RowKind::Data => {
                let spots = fill_down(&rows, row, body.rows.last(), &mut body.filled, body.rows.len());
                body.rows.push(spots);
                body.last_row = row;
            }
            RowKind::Total if is_carried(&label_of(&rows, row)) => {}
            RowKind::Total | RowKind::Own if !over => {
                let label = label_of(&rows, row);
                let kind = if kind == RowKind::Own { TotalKind::Own } else { total_kind(&label) };
                body.totals.push(Total { label, kind, row, spots: spots(&rows, row) });
            }
            RowKind::Unread => over |= begins_another_table(rows.cells(row)),
            _ => {}
        }
        if let ([cell], RowKind::Heading | RowKind::Foot) = (rows.cells(row), kind) {
            let text = cell.text().unwrap_or_default();
            let is_section = kind == RowKind::Heading || comparable(text).starts_with("以下");
            if is_section {
                (denied, denied_within) = (denies(text, year), false);
            }
        }
        // A city among projects that left does not lift what was said over all of them, nor over its own siblings.
        if let ([cell], RowKind::Section) = (rows.cells(row), kind) {
            let text = cell.text().unwrap_or_default();
            denied_within = denies(text, year) || (denied_within && gazetteer.find(&comparable(text)).is_some());
        }
        body.left_out.extend(why(kind).map(|why| (row, why)));
        before = Before {
            gap: matches!(kind, RowKind::Foot | RowKind::BlankMark | RowKind::Unread) || (before.gap && kind == RowKind::Outside),
            heading: matches!(kind, RowKind::Heading),
        };
        previous = row;
    }
    drop_counties(&rows, &mut body);
    body
}

fn why(kind: RowKind) -> Option<Why> {
    match kind {
        RowKind::Total | RowKind::Own => Some(Why::Total),
        RowKind::OfWhich => Some(Why::OfWhich),
        RowKind::Foot => Some(Why::Foot),
        RowKind::BlankMark => Some(Why::BlankMark),
        RowKind::Heading | RowKind::Section => Some(Why::Heading),
        RowKind::ColumnNumbers => Some(Why::ColumnNumbers),
        RowKind::Data | RowKind::Outside | RowKind::Unread => None,
    }
}

/// A row of texts behind a gap that fits nothing: the heading of a table of the sender's own.
fn begins_another_table(cells: &[Cell]) -> bool {
    cells.len() >= 2 && cells.iter().all(|cell| cell.text().is_some())
}

/// The words that name a total row: the first text that is no running number.
fn label_of(rows: &Rows, row: u32) -> String {
    rows.cells(row).iter().find_map(Cell::text).unwrap_or_default().to_owned()
}

fn spots(rows: &Rows, row: u32) -> Vec<Spot> {
    rows.heading.bound.iter().map(|bound| bound.as_ref().map(|bound| (row, bound.column))).collect()
}

/// Cells under a merged one take over what a person sees there; amounts never do: one amount for two rows is no amount of either.
/// Where merges cannot be seen, omitted key cells alone take over the cell above.
fn fill_down(rows: &Rows, row: u32, above: Option<&Vec<Spot>>, filled: &mut Vec<(usize, usize)>, at: usize) -> Vec<Spot> {
    let grid = rows.grid;
    let mut spots = spots(rows, row);
    for (spec, spot) in spots.iter_mut().enumerate() {
        let Some((row, column)) = *spot else { continue };
        let identifies = rows.is_key(spec) || rows.is_region(spec);
        let is_amount =
            rows.dataset.columns.get(spec).is_none_or(|column| matches!(column.kind, ColumnType::Integer | ColumnType::Decimal));
        if grid.cell(row, column).is_some() || is_amount || !(identifies || grid.merges.is_some()) {
            continue;
        }
        let source = if grid.merges.is_some() {
            grid.anchor(row, column).filter(|place| *place != (row, column) && place.0 > rows.heading.bottom)
        } else {
            above.and_then(|above| above.get(spec).copied().flatten())
        };
        if let Some(source) = source.filter(|(row, column)| grid.cell(*row, *column).is_some()) {
            *spot = Some(source);
            filled.push((at, spec));
        }
    }
    spots
}

/// In a table of cities a county below its city is an "of which" row; a county without its city is left for a finding.
fn drop_counties(rows: &Rows, body: &mut Body) {
    let region = rows.dataset.columns.iter().position(|column| column.kind == ColumnType::Region);
    let (Shape::Matrix, Some(region)) = (rows.dataset.shape, region) else { return };
    let place = |spots: &[Spot]| {
        let (row, column) = spots.get(region).copied().flatten()?;
        Some((row, rows.gazetteer.find(rows.grid.cell(row, column)?.text()?)?))
    };
    let places: Vec<Option<(u32, &Place)>> = body.rows.iter().map(|row| place(row)).collect();
    let cities: Vec<_> = places.iter().flatten().filter_map(|(_, p)| if let Place::City(code) = p { Some(code) } else { None }).collect();
    let county = |place: &Option<(u32, &Place)>| match place {
        Some((row, Place::County(city))) if cities.contains(&city) => Some(*row),
        _ => None,
    };
    let dropped: Vec<Option<u32>> = places.iter().map(county).collect();
    let mut kept = dropped.iter();
    body.rows.retain(|_| kept.next().is_none_or(Option::is_none));
    body.left_out.extend(dropped.iter().flatten().map(|row| (*row, Why::OfWhich)));
    // Filled-down keys do not occur among cities and counties; their row numbers would have moved.
    if dropped.iter().any(Option::is_some) {
        body.filled.clear();
    }
}
