//! The figures once more, by another program: Python, `decimal`, openpyxl and LibreOffice, from fixtures and config alone.

use crate::harness::{Workspace, python};

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
