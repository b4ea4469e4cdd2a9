//! Whether rows of a dataset may stand among cells that nobody read.
//!
//! Told by headings (the key's and half of the required ones), by rows that stand in the columns of a table above, or by values that
//! fit a key's pattern beside a region. A region and an amount alone are an own summary.

use std::collections::BTreeSet;

use regex::Regex;

use crate::ingest::grid::{Cell, Grid, Value};
use crate::ingest::layout::row::Rows;
use crate::ingest::layout::{Block, Found};
use crate::plan::{ColumnSpec, ColumnType, Dataset, Shape};

use super::Read;
use super::area::{Area, rows};
use super::known::{Known, is_key, key_column, key_of, number};
use super::shape::by_shape;
use super::timeless::{forms, timeless};

/// Headings are looked for among so many rows of an area.
const HEADING_ROWS: usize = 12;

/// The dataset (position) whose rows may stand in `area`.
#[must_use]
pub fn like(read: &Read, sheet: usize, grid: &Grid, area: &Area) -> Option<usize> {
    if area.top == area.bottom && !is_under_a_table(read, sheet, area) {
        return None;
    }
    let headed = match by_headings(read, grid, area) {
        Headings::Extract => return None,
        Headings::New(position) => Some(position),
        Headings::Nothing => None,
    };
    headed.or_else(|| by_columns(read, sheet, grid, area)).or_else(|| by_pattern(read, grid, area)).or_else(|| by_shape(read, grid, area))
}

/// What the headings inside an area tell.
enum Headings {
    Nothing,
    /// Rows that were read stand below, and no others.
    Extract,
    /// Rows that were not read, of the dataset at this position.
    New(usize),
}

/// A row that may be a dataset's heading.
struct Headed {
    /// Required columns whose labels are there.
    required: usize,
    position: usize,
    row: u32,
    /// The dataset's columns (positions) with their sheet columns.
    bound: Vec<(usize, u32)>,
}

/// A heading row with the key's label and half of the required ones, and rows below that were not read. Where it fits several datasets
/// alike, rows that were all read as one's are an extract of that one, and others are asked about under the one that knows most of them.
fn by_headings(read: &Read, grid: &Grid, area: &Area) -> Headings {
    let mut fitting: Vec<Headed> = Vec::new();
    for (row, cells) in rows(grid, area).take(HEADING_ROWS) {
        let texts: Vec<(u32, String)> = cells.iter().filter_map(|cell| Some((cell.column, timeless(cell.text()?)))).collect();
        for (position, dataset) in read.datasets.iter().enumerate().filter(|(_, dataset)| !dataset.regions_across) {
            let bound = labels(dataset, &texts);
            let required = bound.iter().filter(|(spec, _)| dataset.columns.get(*spec).is_some_and(|spec| spec.required)).count();
            let more = fitting.iter().all(|other| other.position != position || required > other.required);
            if is_enough(dataset, &bound, required) && more {
                fitting.retain(|other| other.position != position);
                fitting.push(Headed { required, position, row, bound });
            }
        }
    }
    let most = fitting.iter().map(|headed| headed.required).max().unwrap_or_default();
    let best = fitting.iter().filter(|headed| headed.required == most);
    let weighed: Vec<(usize, Weighed)> = best.filter_map(|headed| Some((headed.position, weigh(read, grid, area, headed)?))).collect();
    if weighed.iter().any(|(_, rows)| rows.new == 0 && rows.known > 0) {
        return Headings::Extract;
    }
    let asked = weighed.into_iter().filter(|(_, rows)| rows.new > 0);
    let best = asked.min_by_key(|(position, rows)| (usize::MAX - rows.known, *position));
    best.map_or(Headings::Nothing, |(position, _)| Headings::New(position))
}

/// The rows below a heading that may be a dataset's, those that were read among them.
struct Weighed {
    new: usize,
    known: usize,
}

fn weigh(read: &Read, grid: &Grid, area: &Area, headed: &Headed) -> Option<Weighed> {
    let dataset = read.datasets.get(headed.position)?;
    let known = Known::of(read, headed.position, dataset);
    let key = key_column(dataset);
    let (_, key_at) = headed.bound.iter().find(|(spec, _)| *spec == key)?;
    let is_numeric = |spec: &ColumnSpec| matches!(spec.kind, ColumnType::Integer | ColumnType::Decimal);
    let numeric = headed.bound.iter().filter(|(spec, _)| dataset.columns.get(*spec).is_some_and(is_numeric));
    let numeric: Vec<u32> = numeric.map(|(_, column)| *column).collect();
    let mut weighed = Weighed { new: 0, known: 0 };
    for (row, _) in rows(grid, area).filter(|(row, _)| *row > headed.row) {
        let Some(cell) = grid.cell(row, *key_at).filter(|cell| is_key(read, dataset, key, cell)) else { continue };
        let name = key_of(cell, read.gazetteer);
        let differs = |column: &u32| grid.cell(row, *column).and_then(number).is_some_and(|number| !known.says(&name, number));
        let is_new = !known.holds(&name) || (grid.visible && numeric.iter().any(differs));
        *if is_new { &mut weighed.new } else { &mut weighed.known } += 1;
    }
    Some(weighed)
}

/// Which of the dataset's columns the texts of a row are headings of.
fn labels(dataset: &Dataset, texts: &[(u32, String)]) -> Vec<(usize, u32)> {
    let mut used = BTreeSet::new();
    let mut bound = Vec::new();
    for (spec, column) in dataset.columns.iter().enumerate() {
        let accepted: Vec<String> = column.labels.iter().flat_map(|label| forms(label)).collect();
        let hit = texts.iter().find(|(at, text)| !used.contains(at) && accepted.contains(text));
        if let Some((at, _)) = hit {
            used.insert(*at);
            bound.push((spec, *at));
        }
    }
    bound
}

fn is_enough(dataset: &Dataset, bound: &[(usize, u32)], required: usize) -> bool {
    let all = dataset.columns.iter().filter(|spec| spec.required).count();
    let key = key_column(dataset);
    let has_key = bound.iter().any(|(spec, _)| *spec == key);
    let by_region = dataset.columns.get(key).is_some_and(|spec| spec.kind == ColumnType::Region);
    // 设区市 and an amount alone are an own summary.
    let least = if by_region { 3 } else { 2 };
    has_key && required >= all.div_ceil(2).max(least.min(all.max(2)))
}

fn is_under_a_table(read: &Read, sheet: usize, area: &Area) -> bool {
    blocks(read, sheet).any(|(_, block)| block.heading.bottom < area.top)
}

fn blocks<'a>(read: &'a Read, sheet: usize) -> impl Iterator<Item = (usize, &'a Block)> {
    read.found.iter().filter_map(|found| if let Found::Table(table) = found { Some(table) } else { None }).flat_map(move |table| {
        table.blocks.iter().filter(move |block| block.sheet == sheet && !block.across).map(move |block| (table.dataset, block))
    })
}

/// Rows that stand in the columns of a table above and fill half of its required columns, two at least, with rows that are new.
fn by_columns(read: &Read, sheet: usize, grid: &Grid, area: &Area) -> Option<usize> {
    blocks(read, sheet).filter(|(_, block)| block.heading.bottom < area.top).find_map(|(position, block)| {
        let dataset = read.datasets.get(position)?;
        let known = Known::of(read, position, dataset);
        let lines = Rows::new(grid, dataset, &block.heading, read.gazetteer, block.span);
        let key = key_column(dataset);
        let is_new = |row: u32| {
            let Some(cell) = lines.cell(row, key).filter(|cell| is_key(read, dataset, key, cell)) else { return false };
            let name = key_of(cell, read.gazetteer);
            let numbers = || lines.cells(row).iter().filter_map(number);
            !known.holds(&name) || (grid.visible && numbers().any(|number| !known.says(&name, number)))
        };
        let stands = |(row, _): (u32, Vec<&Cell>)| lines.is_likely(lines.fitting(row)) && is_new(row);
        rows(grid, area).any(stands).then_some(position)
    })
}

/// Shorter codes are met by chance.
const CODE_CHARS_MIN: usize = 6;

/// Two rows or more with a value that fits a key's pattern beside a region.
fn by_pattern(read: &Read, grid: &Grid, area: &Area) -> Option<usize> {
    let lists = || read.datasets.iter().enumerate().filter(|(_, dataset)| dataset.shape == Shape::Records);
    // A code that was read in any list is an extract of that one.
    let known: Vec<Known> = lists().map(|(position, dataset)| Known::of(read, position, dataset)).collect();
    lists().find_map(|(position, dataset)| {
        let key = key_column(dataset);
        let pattern = Regex::new(dataset.columns.get(key)?.pattern.as_deref()?).ok()?;
        let fits = |cell: &Cell| {
            let text = cell.shown();
            // An amount such as 12.5 fits the pattern of an indicator's code.
            let is_code =
                text.chars().count() >= CODE_CHARS_MIN && !matches!(cell.value, Value::Number(number) if number.normalize().scale() > 0);
            is_code && pattern.is_match(text.trim()) && !known.iter().any(|list| list.holds(&key_of(cell, read.gazetteer)))
        };
        let is_row = |(_, cells): &(u32, Vec<&Cell>)| {
            cells.iter().any(|cell| cell.text().is_some_and(|text| read.gazetteer.city(text).is_some()))
                && cells.iter().any(|cell| fits(cell))
        };
        (rows(grid, area).filter(is_row).take(2).count() == 2).then_some(position)
    })
}
