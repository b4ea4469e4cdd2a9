//! The house stands: dependence points one way, files are small, foreign crates are named in one place, paths in the docs exist.

mod circles;
mod house;
mod order;
mod paths;
mod size;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use house::House;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The house, read once.
fn house() -> &'static House {
    static HOUSE: OnceLock<House> = OnceLock::new();
    HOUSE.get_or_init(|| House::read(&root().join("src")))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn foreign_formats_are_named_in_one_file_each() {
    let mut named: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for path in sources(&root().join("src")) {
        let text = std::fs::read_to_string(&path).unwrap();
        for name in ["calamine::", "lettre::"] {
            if text.contains(name) {
                named.entry(name).or_default().push(path.display().to_string());
            }
        }
    }
    assert_eq!(named.get("calamine::").map(Vec::len), Some(1), "{named:?}");
    assert!(named.get("lettre::").is_some_and(|files| files.len() <= 2), "{named:?}");
}
