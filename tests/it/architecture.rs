//! The house stands: dependence points one way, files are small, foreign crates are named where they belong.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Modules in reading order, as `src/lib.rs` declares them.
fn order() -> Vec<String> {
    let text = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).map(str::to_owned).collect()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
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

/// The top-level module a file belongs to.
fn module(path: &Path) -> String {
    let relative = path.strip_prefix(root().join("src")).unwrap();
    let first = relative.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// Every `crate::x` of a text, also inside expressions and grouped `use`.
fn dependencies(text: &str) -> Vec<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let inner = group.split('}').next().unwrap_or_default();
            found.extend(inner.split(',').map(|part| part.trim().split("::").next().unwrap_or_default().to_owned()));
        } else {
            found.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

/// Why `from` may not use `to`, if it may not.
fn objection(order: &[String], from: &str, to: &str) -> Option<&'static str> {
    const STAGES: [&str; 5] = ["collect", "ingest", "aggregate", "report", "deliver"];
    const MEMORY: [&str; 2] = ["archive", "ledger"];
    const DOORS: [&str; 4] = ["telemetry", "daemon", "web", "cli"];
    let rank = |name: &str| order.iter().position(|module| module == name);
    if from == to || rank(to).is_none() {
        return None;
    }
    if rank(to) > rank(from) {
        return Some("upward");
    }
    if STAGES.contains(&from) && STAGES.contains(&to) {
        return Some("sideways between stages");
    }
    if MEMORY.contains(&from) && (STAGES.contains(&to) || MEMORY.contains(&to)) {
        return Some("memory uses only vocabulary and definition");
    }
    if DOORS.contains(&from) && (STAGES.contains(&to) || MEMORY.contains(&to)) {
        return Some("doors call conduct only");
    }
    None
}

#[test]
fn dependence_points_one_way() {
    let order = order();
    assert!(order.len() >= 14, "src/lib.rs no longer lists its modules one a line");
    let mut broken = Vec::new();
    for path in sources(&root().join("src")) {
        let from = module(&path);
        // Test-only files are not part of the program; the root modules name everything.
        if from == "main" || from == "lib" || path.file_name().is_some_and(|name| name == "tests.rs" || name == "sample.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains("super::super"), "{}: climbs by super::super", path.display());
        for to in dependencies(&text) {
            if let Some(why) = objection(&order, &from, &to) {
                broken.push(format!("{} uses crate::{to}: {why}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_rule_itself_can_tell() {
    let order: Vec<String> = ["model", "plan", "ingest", "report", "ledger", "run", "cli"].map(str::to_owned).to_vec();
    assert_eq!(objection(&order, "plan", "run"), Some("upward"));
    assert_eq!(objection(&order, "report", "ingest"), Some("sideways between stages"));
    assert_eq!(objection(&order, "cli", "ledger"), Some("doors call conduct only"));
    assert_eq!(objection(&order, "run", "ledger"), None);
    assert_eq!(dependencies("let x = crate::run::month();"), ["run"]);
    assert_eq!(dependencies("use crate::{model::Period, plan::Plan};"), ["model", "plan"]);
}

#[test]
fn files_are_small_and_named_for_what_they_hold() {
    let mut lines = Vec::new();
    for path in sources(&root().join("src")) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(!["utils", "util", "helpers", "helper", "types", "common"].contains(&name.as_str()), "{}", path.display());
        let count = std::fs::read_to_string(&path).unwrap().lines().count();
        assert!(count <= 450, "{}: {count} lines, 450 at most", path.display());
        lines.push(count);
    }
    lines.sort_unstable();
    let median = lines[lines.len() / 2];
    assert!(median <= 150, "median file has {median} lines, 150 at most");
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
