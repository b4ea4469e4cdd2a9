//! The account of cells: on every workbook at hand its parts are disjoint and cover every filled cell.

use std::collections::{BTreeMap, BTreeSet};

use wenjin::ingest::Read;
use wenjin::ingest::grid::{Cell, Grid};
use wenjin::model::account::Why;
use wenjin::model::{Column, Observations};

use crate::reader::{Reader, read, root, workbooks};

type Spot = (u32, u32);

/// What is wrong with the account of a file that was read; nothing where every filled cell stands in exactly one part.
pub fn faults(grids: &[Grid], read: &Read) -> Vec<String> {
    let mut faults = Vec::new();
    for grid in grids {
        let named = named(read, &grid.name);
        for cell in grid.cells().filter(|cell| !cell.shown().trim().is_empty()) {
            let parts = named.get(&(cell.row, cell.column)).map(Vec::as_slice).unwrap_or_default();
            if parts.len() != 1 {
                faults.push(format!("{} {}: {parts:?}", grid.name, told(cell)));
            }
        }
    }
    faults
}

fn told(cell: &Cell) -> String {
    format!("{} {}", wenjin::ingest::grid::a1(cell.row, cell.column), cell.shown())
}

/// Every place that the account or a table names on a sheet, with the parts it is named by.
fn named(read: &Read, sheet: &str) -> BTreeMap<Spot, Vec<String>> {
    let mut areas: Vec<(String, String)> = Vec::new();
    for left in read.account.left_out.iter().filter(|left| left.sheet == sheet) {
        areas.push((left.cells.clone(), format!("{:?}", left.why)));
    }
    for unread in read.account.unread.iter().filter(|unread| unread.sheet == sheet) {
        areas.push((unread.cells.clone(), "unread".to_owned()));
    }
    for table in read.account.tables.iter().filter(|table| table.sheet == sheet) {
        // Rows of another year and outside the scope are values all the same.
        let left = table.left_out.iter().filter(|left| !matches!(left.why, Why::AnotherYear | Why::OutOfScope));
        areas.extend(left.map(|left| (left.cells.clone(), format!("{} {:?}", table.dataset, left.why))));
    }
    let mut named: BTreeMap<Spot, Vec<String>> = BTreeMap::new();
    for (cells, part) in areas {
        let (from, to) = cells.split_once(':').unwrap_or((&cells, &cells));
        let (from, to) = (spot(from), spot(to));
        for row in from.0..=to.0 {
            for column in from.1..=to.1 {
                named.entry((row, column)).or_default().push(part.clone());
            }
        }
    }
    for table in &read.observations {
        for place in values(table, sheet, &named) {
            named.entry(place).or_default().push(format!("{} value", table.dataset));
        }
    }
    named
}

/// The places of a table's values on a sheet: one for all rows over which a cell is merged; a blank one only where nothing else names it.
fn values(table: &Observations, sheet: &str, named: &BTreeMap<Spot, Vec<String>>) -> BTreeSet<Spot> {
    let mut places = BTreeSet::new();
    let place = |row: usize, column: &Column| table.cell(row, &column.name).map(|cell| spot(&cell.to_string()));
    // Cities that stand across are the heading.
    let across = |column: &Column| {
        let places: BTreeSet<Spot> = (0..table.rows()).filter_map(|row| place(row, column)).collect();
        let distinct = |part: fn(&Spot) -> u32| places.iter().map(part).collect::<BTreeSet<u32>>().len();
        column.region(0).is_some() && distinct(|spot| spot.0) == 1 && distinct(|spot| spot.1) > 1
    };
    for row in (0..table.rows()).filter(|row| table.sheet_of(*row) == sheet) {
        for column in table.columns.iter().filter(|column| !across(column)) {
            let Some(place) = place(row, column) else { continue };
            if column.text(row).is_some() || !named.contains_key(&place) {
                places.insert(place);
            }
        }
    }
    places
}

/// `J17` as row and column, counted from 0.
pub fn spot(cell: &str) -> Spot {
    let (letters, digits) = cell.split_at(cell.find(|c: char| c.is_ascii_digit()).unwrap_or(cell.len()));
    let column = letters.bytes().fold(0, |column, letter| column * 26 + u32::from(letter - b'A') + 1);
    (digits.parse::<u32>().unwrap_or_else(|_| panic!("`{cell}` is no cell")) - 1, column - 1)
}

#[test]
fn parts_are_disjoint_and_cover_every_workbook_at_hand() {
    let reader = Reader::new();
    let folders = ["inbox", "later", "findings", "messy"].map(|folder| root().join("fixtures").join(folder));
    let submissions = reader.take(&folders.iter().flat_map(|folder| workbooks(folder)).collect::<Vec<_>>());
    let mut wrong = Vec::new();
    let mut held = 0;
    for (submission, reading) in submissions.iter().zip(reader.read(&submissions)) {
        let Some(read) = read(reading) else { continue };
        let Ok(book) = reader.book(submission) else { continue };
        held += 1;
        let faults = faults(&book.sheets, &read);
        if let Some(first) = faults.first() {
            wrong.push(format!("{}: {} cells, the first {first}", submission.file, faults.len()));
        }
    }
    assert!(held > 100, "only {held} workbooks were read");
    assert!(wrong.is_empty(), "{} of {held}:\n{}", wrong.len(), wrong.join("\n"));
}
