//! The house stands: dependence points one way, files are small, foreign crates are named where they belong.

mod circles;
mod house;
mod order;
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

#[test]
fn paths_named_in_the_readmes_exist() {
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = std::fs::read_to_string(root().join(readme)).unwrap();
        for (_, rest) in text.match_indices("](").map(|(at, _)| text.split_at(at + 2)) {
            let link = rest.split(')').next().unwrap_or_default();
            if link.starts_with("http") || link.starts_with('#') || link.is_empty() {
                continue;
            }
            assert!(root().join(link.split('#').next().unwrap()).exists(), "{readme} links {link}, which is not there");
        }
    }
}
