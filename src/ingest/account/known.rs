//! What was read of a dataset, by key: to tell rows that nobody read from rows that only repeat what was read.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use rust_decimal::Decimal;

use crate::ingest::grid::{Cell, Grid, Value};
use crate::ingest::layout::{Block, Found};
use crate::ingest::parse::region::{Gazetteer, Place};
use crate::ingest::parse::text::comparable;
use crate::plan::{ColumnType, Dataset};

use super::Read;

/// The rows of a dataset that were read: key → the numbers on the row.
#[derive(Debug, Default)]
pub struct Known(BTreeMap<String, BTreeSet<Decimal>>);

impl Known {
    /// Gathers them from all blocks of the dataset at `position`.
    #[must_use]
    pub fn of(read: &Read, position: usize, dataset: &Dataset) -> Self {
        let Some(Found::Table(table)) = read.found.get(position) else { return Self::default() };
        let key = key_column(dataset);
        let mut rows: BTreeMap<String, BTreeSet<Decimal>> = BTreeMap::new();
        for block in &table.blocks {
            let Some(grid) = read.grids.get(block.sheet) else { continue };
            add(block, grid, key, read.gazetteer, &mut rows);
        }
        Self(rows)
    }

    /// Whether a row of that key was read.
    #[must_use]
    pub fn holds(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Whether a number stands on the row of that key.
    #[must_use]
    pub fn says(&self, key: &str, number: Decimal) -> bool {
        self.0.get(key).is_some_and(|numbers| numbers.contains(&number.normalize()))
    }
}

fn add(block: &Block, grid: &Grid, key: usize, gazetteer: &Gazetteer, rows: &mut BTreeMap<String, BTreeSet<Decimal>>) {
    for spots in &block.body.rows {
        let cells = || spots.iter().flatten().filter_map(|(row, column)| grid.cell(*row, *column));
        let Some(name) = spots.get(key).copied().flatten().and_then(|(row, column)| grid.cell(row, column)) else { continue };
        rows.entry(key_of(name, gazetteer)).or_default().extend(cells().filter_map(number));
    }
}

/// The column by which a dataset's rows are told apart first.
#[must_use]
pub fn key_column(dataset: &Dataset) -> usize {
    let declared = dataset.key.first().and_then(|name| dataset.columns.iter().position(|spec| spec.name == *name));
    declared.or_else(|| dataset.columns.iter().position(|spec| spec.kind == ColumnType::Region)).unwrap_or_default()
}

/// A key cell for comparing; cities by their code.
#[must_use]
pub fn key_of(cell: &Cell, gazetteer: &Gazetteer) -> String {
    let text = comparable(&cell.shown());
    match gazetteer.find(&text) {
        Some(Place::City(code)) => code.0.clone(),
        _ => text,
    }
}

/// A cell's number, typed or in digits.
#[must_use]
pub fn number(cell: &Cell) -> Option<Decimal> {
    match &cell.value {
        Value::Number(number) => Some(number.normalize()),
        Value::Text(text) => comparable(text).replace(',', "").parse::<Decimal>().ok().map(|number| number.normalize()),
        _ => None,
    }
}

/// Whether a cell may be a row's key.
pub fn is_key(read: &Read, dataset: &Dataset, key: usize, cell: &Cell) -> bool {
    let Some(spec) = dataset.columns.get(key) else { return false };
    let text = comparable(&cell.shown());
    match (&spec.pattern, spec.kind) {
        (Some(pattern), _) => Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(cell.shown().trim())),
        (None, ColumnType::Region) => read.gazetteer.city(&text).is_some(),
        _ if !dataset.items.is_empty() => dataset.items.iter().any(|item| comparable(item) == text),
        _ => !text.is_empty() && !crate::ingest::layout::words::is_total(&text),
    }
}
