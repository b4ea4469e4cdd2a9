//! Splice and undo: every part of every workbook comes back as it was.

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

mod generated;

use super::parts::Parts;
use super::wanted::{List, Row, Spot, Wanted};
use super::workbook::Workbook;
use super::{marked, off, put};
use crate::model::{CellRef, Severity};

fn spot(sheet: &str, cell: CellRef, severity: Severity) -> Spot {
    Spot {
        sheet: sheet.to_owned(), cell, severity, text: format!("须修改：{cell}未填\n表中是：（空）\n怎样改：请补填<&>")
    }
}

fn row(spot: &Spot) -> Row {
    Row {
        severity: spot.severity,
        sheet: spot.sheet.clone(),
        cell: Some(spot.cell),
        cells: spot.cell.to_string(),
        problem: "“累计”未填".into(),
        found: "=1+1".into(),
        expected: "数字".into(),
        remedy: "请补填".into(),
        names: "00000000000000ff".into(),
    }
}

fn wanted(spots: Vec<Spot>) -> Wanted {
    let rows = spots.iter().map(row).collect();
    let list = List { summary: "省经信厅".into(), guide: "请改".into(), rows, notes: vec!["甲".into(); 9], ..List::default() };
    Wanted { spots, list }
}

fn names(bytes: &[u8]) -> Vec<String> {
    let mut parts = Parts::open(bytes).unwrap();
    Workbook::open(&mut parts).unwrap().sheets.into_iter().map(|sheet| sheet.name).collect()
}

fn content(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let part = |at: usize| {
        let mut part = archive.by_index(at).unwrap();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        (part.name().unwrap().into_owned(), content)
    };
    (0..zip::ZipArchive::new(Cursor::new(bytes)).unwrap().len()).map(part).collect()
}

fn workbooks(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(workbooks(&path));
        } else if path.extension().is_some_and(|end| end == "xlsx" || end == "xlsm") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Marks cells all over a workbook and takes the marks off; `false` where it cannot be marked.
fn comes_back(bytes: &[u8], cells: &[(usize, u32, u32, bool)]) -> bool {
    let Ok(mut parts) = Parts::open(bytes) else { return false };
    let Ok(workbook) = Workbook::open(&mut parts) else { return false };
    let sheets = &workbook.sheets;
    let of = |(sheet, row, column, error): &(usize, u32, u32, bool)| {
        let severity = if *error { Severity::Error } else { Severity::Explain };
        spot(&sheets[sheet % sheets.len()].name, CellRef::new(*row, *column), severity)
    };
    let wanted = wanted(cells.iter().map(of).collect());
    let Ok(now) = put(bytes, &wanted, false) else { return false };
    assert_eq!(names(&now)[1..], names(bytes)[..]);
    let back = off(&now).unwrap().expect("it bears our marks");
    assert!(content(&back) == content(bytes), "a part is not what it was");
    // Marked twice, only the second marks are there.
    let again = marked(&now, &wanted).unwrap();
    assert!(content(&again) == content(&now), "marked again it is not the same");
    true
}

const CELLS: [(usize, u32, u32, bool); 8] = [
    (0, 0, 0, true),
    (0, 6, 2, false),
    (0, 6, 40, true),
    (0, 700, 3, true),
    (1, 4, 1, false),
    (2, 9, 9, true),
    (2, 9, 3, true),
    (3, 3000, 0, false),
];

#[test]
fn every_workbook_of_the_fixtures_comes_back_as_it_was() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    come_back(&folder, 150);
}

/// The same for a folder that is named: `WENJIN_WORKBOOKS=folder cargo test a_named_folder`.
#[test]
fn every_workbook_of_a_named_folder_comes_back_as_it_was() {
    if let Some(folder) = std::env::var_os("WENJIN_WORKBOOKS") {
        come_back(Path::new(&folder), 0);
    }
}

fn come_back(folder: &Path, least: usize) {
    let (mut marked, mut left) = (0, Vec::new());
    for path in workbooks(folder) {
        if comes_back(&std::fs::read(&path).unwrap(), &CELLS) {
            marked += 1;
        } else {
            left.push(path);
        }
    }
    println!("{marked} workbooks marked and taken back, {} left: {left:?}", left.len());
    assert!(marked >= least, "{marked} marked");
}
