//! The month's workbooks as openpyxl, LibreOffice and a reader with a calculator see them.

use std::path::Path;
use std::process::Output;

use crate::harness::{Workspace, files, python};

fn check(arguments: &[&str]) -> Output {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/workbook.py");
    python(&["openpyxl", "xlsxwriter"]).arg(script).args(arguments).output().unwrap()
}

fn passes(arguments: &[&str]) -> String {
    let output = check(arguments);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

/// Exit 1 and a line with `word`.
fn fails(arguments: &[&str], word: &str) {
    let output = check(arguments);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains(word), "{said}");
}

fn workspace_text(workspace: &Workspace) -> String {
    workspace.path().to_str().unwrap().to_owned()
}

#[test]
fn every_line_of_sources_is_what_trace_says_and_what_the_original_holds() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let root = workspace_text(&workspace);
    passes(&["lineage", &root, env!("CARGO_BIN_EXE_wenjin"), "2022-06"]);

    // One cell reference moved by a row is noticed.
    let book = files(&workspace.path().join("var/reports/2022-06/v1")).into_iter().find(|path| path.to_string_lossy().contains("_全省_"));
    let planted = workspace.path().join("planted.xlsx");
    let plant = "import openpyxl, sys; b = openpyxl.load_workbook(sys.argv[1]); b['数据来源']['H5'] = 'E5:E30'; b.save(sys.argv[2])";
    let made = python(&["openpyxl"]).args(["-c", plant]).arg(book.unwrap()).arg(&planted).status().unwrap();
    assert!(made.success());
    fails(&["lineage", &root, env!("CARGO_BIN_EXE_wenjin"), "2022-06", planted.to_str().unwrap()], "1.1");
}
