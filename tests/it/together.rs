//! Files that came together for one table, and files that would undo a correction.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::harness::{Workspace, files};

const REASON: &str = "same-table-twice=以本文件为准";
const FEWER: &str = "list-shrank=另一份在另一个文件中";

fn halves() -> [String; 2] {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/findings");
    ["same-table-twice.xlsx", "same-table-twice（另一份）.xlsx"].map(|name| folder.join(name).to_str().unwrap().to_owned())
}

fn drawn_up() -> Workspace {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    workspace
}

/// Each file's state, in the order handed in or received.
fn states(workspace: &Workspace, arguments: &[&str]) -> Vec<String> {
    let output = workspace.run(&[&["submit", "--json"], arguments].concat());
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    said["files"].as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap().to_owned()).collect()
}

fn tech_centers(workspace: &Workspace) -> String {
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let shown = workspace.json(&["show", "--period", "2022-06"]);
    let rows = shown["measures"].as_array().unwrap().iter().flat_map(|measure| measure["indicators"].as_array().unwrap());
    rows.into_iter().find(|row| row["code"] == "11.4").unwrap()["year_to_date"].as_str().unwrap().to_owned()
}

#[test]
fn neither_of_two_halves_counts_until_one_is_explained() {
    let workspace = drawn_up();
    let [upper, lower] = halves();
    assert_eq!(states(&workspace, &[&upper, &lower, "--explain", FEWER]), ["returned", "returned"]);
    assert_eq!(tech_centers(&workspace), "52", "what stood before stands");
    assert_eq!(states(&workspace, &[&upper]), ["returned"], "the question is open, alone or not");
    assert_eq!(states(&workspace, &[&upper, &lower, "--explain", REASON]), ["returned", "returned"], "one word for both decides nothing");
    assert_eq!(states(&workspace, &[&upper, "--explain", REASON]), ["accepted"]);
    assert_eq!(tech_centers(&workspace), "30");
    assert!(!workspace.ok(&["verify", "--period", "2022-06"]).contains("DIFFERENT"));
}

#[test]
fn the_other_half_counts_once_one_is_withdrawn() {
    let workspace = drawn_up();
    let [upper, lower] = halves();
    states(&workspace, &[&upper, &lower, "--explain", FEWER]);
    let hash = blake3::hash(&std::fs::read(&lower).unwrap()).to_hex().to_string();
    workspace.ok(&["submission", "withdraw", &hash, "--reason", "误报"]);
    assert_eq!(tech_centers(&workspace), "30");
}

#[test]
fn a_later_file_supersedes_both() {
    let workspace = drawn_up();
    let [upper, lower] = halves();
    states(&workspace, &[&upper, &lower]);
    let whole = of_jxt("fixtures/later/2022-06");
    assert_eq!(states(&workspace, &[whole.to_str().unwrap()]), ["accepted"]);
    assert_eq!(tech_centers(&workspace), "52");
}

#[test]
fn the_file_before_a_correction_is_asked_about() {
    let workspace = drawn_up();
    assert_eq!(states(&workspace, &[of_jxt("fixtures/later/2022-06").to_str().unwrap()]), ["accepted"]);
    let again = of_jxt("fixtures/inbox/2022-06");
    assert_eq!(states(&workspace, &[again.to_str().unwrap()]), ["returned"]);
    assert_eq!(states(&workspace, &[again.to_str().unwrap(), "--explain", "undoes-correction=恢复原报送"]), ["accepted"]);
}

fn of_jxt(folder: &str) -> PathBuf {
    let all = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    all.into_iter().find(|path| path.to_str().is_some_and(|path| path.contains("省经信厅"))).unwrap()
}
