//! Hostile and unreadable files: a typed refusal within seconds, the others counted; planted findings by name.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::harness::{Workspace, lay};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The entries of a folder's `expected.toml`.
fn expected(folder: &str) -> Vec<toml::Table> {
    let path = fixtures().join(folder).join("expected.toml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let table: toml::Table = text.parse().unwrap();
    let entries: Vec<toml::Table> = table["file"].as_array().unwrap().iter().map(|entry| entry.as_table().unwrap().clone()).collect();
    assert!(entries.len() > 15, "{} names {} files", path.display(), entries.len());
    entries
}

fn text<'a>(entry: &'a toml::Table, key: &str) -> Option<&'a str> {
    entry.get(key).and_then(toml::Value::as_str)
}

#[test]
fn every_hostile_file_is_refused_with_its_reason_and_the_rest_counts() {
    let workspace = Workspace::shipped();
    let expected = expected("refused");
    let inbox = workspace.path().join("fixtures/inbox/2022-06");
    for entry in &expected {
        let file = text(entry, "file").unwrap();
        lay(&fixtures().join("refused").join(file), &inbox.join(file));
    }
    let run = workspace.json(&["run", "--period", "2022-06", "--no-mail"]);
    assert_eq!(run["submissions"]["accepted"], 10, "the month's other files count: {run}");
    let mut wrong = Vec::new();
    for entry in &expected {
        let (Some(file), Some(reason)) = (text(entry, "file"), text(entry, "refusal")) else { continue };
        let found = run["sent_back"].as_array().unwrap().iter().find(|one| one["file"] == file);
        let said = found.and_then(|one| one["reason"].as_str());
        if said != Some(reason) {
            wrong.push(format!("{file}: expected {reason}, found {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_paper_that_looks_secret_is_neither_kept_nor_counted() {
    let workspace = Workspace::shipped();
    let secret = fixtures().join("refused/suspected-secret.xlsx");
    let output = workspace.run(&["submit", secret.to_str().unwrap(), "--json"]);
    assert_eq!(output.status.code(), Some(10));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["files"][0]["reason"], "suspected-secret");
    let bytes = std::fs::read(&secret).unwrap();
    let hash = blake3::hash(&bytes).to_hex().to_string();
    let kept = crate::harness::files(&workspace.path().join("var/archive")).iter().any(|path| path.ends_with(&hash));
    assert!(!kept, "a suspected secret paper was copied into the archive");
}

#[test]
fn every_planted_fault_is_found_where_it_stands() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let mut wrong = Vec::new();
    for entry in &expected("findings") {
        let text = |key: &str| text(entry, key);
        let file = text("file").unwrap();
        let path = fixtures().join("findings").join(file);
        if let Some(before) = text("after").map(|name| fixtures().join("findings").join(name)) {
            workspace.run(&["submit", before.to_str().unwrap()]);
        }
        let with = text("with").map(|name| fixtures().join("findings").join(name));
        let mut arguments = vec!["submit", path.to_str().unwrap(), "--json"];
        arguments.extend(with.as_ref().map(|path| path.to_str().unwrap()));
        let output = workspace.run(&arguments);
        let said: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{file}: {error}: {output:?}"));
        let own = said["files"].as_array().unwrap().iter().find(|one| one["file"] == path.file_name().unwrap().to_str().unwrap()).unwrap();
        let findings = own["findings"].as_array().unwrap();
        let hit = findings.iter().find(|finding| {
            finding["code"].as_str() == text("code")
                && text("sheet").is_none_or(|sheet| finding["sheet"] == sheet)
                && text("cell").is_none_or(|cell| finding["cell"] == cell)
        });
        match hit {
            Some(finding) if finding["message"].as_str().is_some_and(|message| message.chars().count() > 5) => {}
            _ => wrong.push(format!(
                "{file}: expected {:?} at {:?} {:?}, found {:?}",
                text("code"),
                text("sheet"),
                text("cell"),
                findings.iter().map(|f| format!("{} {} {}", f["code"], f["sheet"], f["cell"])).collect::<Vec<_>>()
            )),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
