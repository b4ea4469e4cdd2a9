//! The figures once more, by another program: Python, `decimal`, openpyxl and LibreOffice, from fixtures and config alone.

use std::path::Path;

use crate::harness::{Workspace, files, lay, python};
use crate::plausible::{after, months};

fn recompute(workspace: &Workspace) -> std::process::Output {
    let shown = workspace.path().join("show.json");
    std::fs::write(&shown, workspace.ok(&["show", "--period", "2022-06", "--json"])).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recompute.py");
    python(&["openpyxl"]).arg(script).arg(workspace.path()).arg("2022-06").arg(&shown).output().unwrap()
}

#[test]
fn another_reader_finds_the_same_figures() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let output = recompute(&workspace);
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
}

#[test]
fn it_turns_red_on_a_planted_hundredth() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let mut shown = workspace.json(&["show", "--period", "2022-06"]);
    let indicators = shown["measures"][5]["indicators"].as_array_mut().unwrap();
    let planted = indicators.iter_mut().find(|row| row["code"] == "6.2").unwrap();
    assert_eq!(planted["year_to_date"], "1604.20");
    planted["year_to_date"] = "1604.21".into();
    let path = workspace.path().join("planted.json");
    std::fs::write(&path, shown.to_string()).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recompute.py");
    let output = python(&["openpyxl"]).arg(script).arg(workspace.path()).arg("2022-06").arg(&path).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(String::from_utf8_lossy(&output.stdout).contains("6.2"));
}

#[test]
fn the_plan_is_the_source_text() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/plan_source.py");
    let output = python(&["tomllib"]).arg(script).arg(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_fixtures_are_what_the_generator_makes() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures.py");
    let output = python(&["openpyxl", "xlsxwriter"]).arg(script).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
}

/// The months whose figures are compared: a first one with a blank city and 省本级, a gap month behind, the year's end, two of another year.
const UNSEEN: [&str; 6] = ["2022-07", "2022-09", "2022-10", "2022-12", "2023-02", "2023-03"];

#[test]
fn months_that_no_one_has_seen_come_out_the_same() {
    let workspace = Workspace::shipped();
    let folder = months(&workspace, "course");
    let explained: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.join("explain.json")).unwrap()).unwrap();
    std::fs::copy(folder.join("explain.json"), workspace.path().join("explain.json")).unwrap();
    // What is explained is judged against what came before it.
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recompute.py");
    let mut command = python(&["openpyxl"]);
    command.arg(script).arg(workspace.path());
    for period in ["2022-07", "2022-09", "2022-10", "2022-11", "2022-12", "2023-02", "2023-03"] {
        hand_in(&workspace, &folder.join(period), period, &explained);
        if UNSEEN.contains(&period) {
            let shown = workspace.path().join(format!("show-{period}.json"));
            at(&workspace, period, &["run", "--period", period, "--no-mail"]);
            std::fs::write(&shown, at(&workspace, period, &["show", "--period", period, "--json"])).unwrap();
            command.arg(period).arg(shown);
        }
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
}

/// Puts a month's files where the sources are, the explained ones with their words; all of them are accepted.
fn hand_in(workspace: &Workspace, folder: &Path, period: &str, explained: &serde_json::Value) {
    let inbox = workspace.path().join("fixtures/inbox").join(period);
    std::fs::create_dir_all(&inbox).unwrap();
    for path in files(folder) {
        lay(&path, &inbox.join(path.file_name().unwrap()));
    }
    for one in explained.as_array().unwrap().iter().filter(|one| one["period"] == period) {
        let file = inbox.join(one["file"].as_str().unwrap());
        let mut arguments = vec!["submit", file.to_str().unwrap()];
        for words in one["explain"].as_array().unwrap() {
            arguments.extend(["--explain", words.as_str().unwrap()]);
        }
        let output = workspace.command_at(one["at"].as_str().unwrap(), &arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

/// What the program prints on the day a month is drawn up.
fn at(workspace: &Workspace, period: &str, arguments: &[&str]) -> String {
    let output = workspace.command_at(&after(period, 20, 9), arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
