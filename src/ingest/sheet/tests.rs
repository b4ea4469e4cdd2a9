//! Shipped workbooks, as grids, whatever the names of their parts look like.

use std::io::{Cursor, Write as _};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::*;
use crate::ingest::sniff::sniff;
use crate::ingest::survey::survey;

/// The first shipped workbook with that ending.
fn shipped(end: &str) -> Vec<u8> {
    fn find(folder: &Path, end: &str) -> Option<std::path::PathBuf> {
        let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        entries.into_iter().find_map(|path| {
            if path.is_dir() { find(&path, end) } else { path.to_str().is_some_and(|name| name.ends_with(end)).then_some(path) }
        })
    }
    let inbox = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/inbox");
    std::fs::read(find(&inbox, end).unwrap_or_else(|| panic!("no {end} in {}", inbox.display()))).unwrap()
}

fn with_names(package: &[u8], change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(package)).unwrap();
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut part = from.by_index(at).unwrap();
        to.start_file(change(&part.name().unwrap()), SimpleFileOptions::default()).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut bytes).unwrap();
        to.write_all(&bytes).unwrap();
    }
    to.finish().unwrap().into_inner()
}

fn grids(bytes: Vec<u8>) -> Vec<Grid> {
    let limits = Limits::default();
    let format = sniff(&bytes, &limits).unwrap();
    Book::open(format, survey(format, bytes), &limits).unwrap().sheets
}

#[test]
fn parts_are_found_whatever_the_case_of_their_names() {
    for end in [".xlsx", ".xlsb", ".ods"] {
        let bytes = shipped(end);
        let expected = grids(bytes.clone());
        assert!(expected.iter().any(|grid| grid.cells().count() > 10), "{end}");
        for change in [str::to_uppercase, str::to_lowercase] {
            assert_eq!(grids(with_names(&bytes, change)), expected, "{end}");
        }
    }
}
