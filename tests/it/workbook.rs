//! The month's workbooks as openpyxl, LibreOffice and a reader with a calculator see them.

use std::path::Path;
use std::process::Output;

use crate::harness::{Workspace, files, python};

fn check(arguments: &[&str]) -> Output {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/workbook.py");
    python(&["openpyxl", "xlsxwriter"]).arg(script).args(arguments).output().unwrap()
}

pub fn passes(arguments: &[&str]) -> String {
    let output = check(arguments);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

/// Exit 1 and a line with `word`.
pub fn fails(arguments: &[&str], word: &str) {
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

/// The folder of a version's books.
pub fn version(workspace: &Workspace, period: &str, number: u32) -> String {
    workspace.path().join(format!("var/reports/{period}/v{number}")).to_str().unwrap().to_owned()
}

/// What `show` prints now, kept in a file.
pub fn shown(workspace: &Workspace, name: &str) -> String {
    let path = workspace.path().join(name);
    std::fs::write(&path, workspace.ok(&["show", "--period", "2022-06", "--json"])).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Changes one cell of a book in place.
pub fn plant(book: &Path, sheet: &str, cell: &str, value: &str) {
    let script = "import openpyxl, sys; b = openpyxl.load_workbook(sys.argv[1]); b[sys.argv[2]][sys.argv[3]] = eval(sys.argv[4]); b.save(sys.argv[1])";
    let made = python(&["openpyxl"]).args(["-c", script]).arg(book).args([sheet, cell, value]).status().unwrap();
    assert!(made.success());
}

pub fn whole(workspace: &Workspace, number: u32) -> std::path::PathBuf {
    let folder = workspace.path().join(format!("var/reports/2022-06/v{number}"));
    files(&folder).into_iter().find(|path| path.to_string_lossy().contains("_全省_")).unwrap()
}

#[test]
fn a_correction_changes_only_the_cells_that_show_it() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06"]);
    let before = shown(&workspace, "v1.json");
    let later = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/later"));
    let correction = later.iter().find(|path| path.extension().is_some_and(|extension| extension == "xlsx")).unwrap();
    workspace.ok(&["submit", correction.to_str().unwrap(), "--period", "2022-06"]);
    workspace.ok(&["run", "--period", "2022-06"]);
    let after = shown(&workspace, "v2.json");
    let root = workspace_text(&workspace);
    let arguments = ["corrections", &root, "1", "2", &before, &after, "技术改造投资分市情况"];
    passes(&arguments);

    // Withdrawn again, the file before stands, and the third version says so.
    let hash = blake3::hash(&std::fs::read(correction).unwrap()).to_hex().to_string();
    workspace.ok(&["submission", "withdraw", &hash, "--reason", "误报"]);
    workspace.ok(&["run", "--period", "2022-06"]);
    let again = shown(&workspace, "v3.json");
    passes(&["corrections", &root, "2", "3", &after, &again, "技术改造投资分市情况"]);
    let read = "import openpyxl, sys; print(openpyxl.load_workbook(sys.argv[1])['更正说明']['K5'].value)";
    let cause = python(&["openpyxl"]).args(["-c", read]).arg(whole(&workspace, 3)).output().unwrap();
    let cause = String::from_utf8_lossy(&cause.stdout).into_owned();
    assert!(cause.starts_with("省经信厅撤回2022年6月技术改造投资分市情况") && cause.contains("，改用“"), "{cause}");

    plant(&whole(&workspace, 2), "主要指标", "F5", "28");
    fails(&arguments, "主要指标!F5");
}

#[test]
fn a_department_that_reports_late_is_a_correction_of_its_own_figures() {
    let workspace = Workspace::shipped();
    let late = workspace.path().join("late");
    std::fs::create_dir(&late).unwrap();
    for path in files(&workspace.path().join("fixtures/inbox/2022-06")) {
        if path.to_string_lossy().contains("省能源局") {
            std::fs::rename(&path, late.join(path.file_name().unwrap())).unwrap();
        }
    }
    workspace.ok(&["run", "--period", "2022-06"]);
    let before = shown(&workspace, "v1.json");
    let file = files(&late).remove(0);
    workspace.ok(&["submit", file.to_str().unwrap(), "--period", "2022-06", "--department", "nyj"]);
    workspace.ok(&["run", "--period", "2022-06"]);
    let after = shown(&workspace, "v2.json");
    let root = workspace_text(&workspace);
    let arguments = ["corrections", &root, "1", "2", &before, &after, "省能源局"];
    passes(&arguments);
    plant(&whole(&workspace, 2), "更正说明", "G5", "1234.5");
    fails(&arguments, "更正前");
}

#[test]
fn an_earlier_month_sent_again_is_a_correction_of_the_months_shown() {
    let workspace = Workspace::shipped();
    let place = workspace.path().join("fixtures/inbox/2022-04/省商务厅_2022-04（更正）（样例数据）.xlsx");
    let stash = workspace.path().join("correction.xlsx");
    std::fs::rename(&place, &stash).unwrap();
    workspace.ok(&["run", "--period", "2022-06"]);
    let before = shown(&workspace, "v1.json");
    std::fs::rename(&stash, &place).unwrap();
    workspace.ok(&["run", "--period", "2022-06"]);
    let after = shown(&workspace, "v2.json");
    let arguments = ["corrections", &workspace_text(&workspace), "1", "2", &before, &after, "省商务厅"];
    passes(&arguments);
    plant(&whole(&workspace, 2), "更正说明", "H5", "99.9");
    fails(&arguments, "更正后");
    let book = whole(&workspace, 2);
    plant(&book, "02 稳外贸稳外资", "F45", "99.9");
    fails(&arguments, "02 稳外贸稳外资!F45");
}

#[test]
fn the_books_pass_the_list_for_accessible_statistical_workbooks() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let folder = version(&workspace, "2022-06", 1);
    passes(&["checklist", &folder]);
    let book = whole(&workspace, 1);
    for (sheet, cell, value, word) in [
        ("主要指标", "L6", "None", "L6 is empty"),
        ("主要指标", "K7", "'年度考核'", "考核"),
        ("总览", "A1", "'总览'", "A1 holds"),
        ("指标明细", "B4", "'编号'", "headings"),
        ("封面", "A20", "None", "contents"),
    ] {
        let original = std::fs::read(&book).unwrap();
        plant(&book, sheet, cell, value);
        if cell == "A20" {
            // The cell's link goes with its text.
            plant(&book, sheet, "A20", "setattr(b['封面']['A20'], 'hyperlink', None)");
        }
        fails(&["checklist", &folder], word);
        std::fs::write(&book, original).unwrap();
    }
}

#[test]
fn figures_tie_and_libreoffice_reads_every_cell_alike() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let folder = version(&workspace, "2022-06", 1);
    passes(&["ties", &folder]);
    let planted = workspace.path().join("planted");
    std::fs::create_dir(&planted).unwrap();
    let book = planted.join("planted_全省_.xlsx");
    std::fs::copy(whole(&workspace, 1), &book).unwrap();
    plant(&book, "06 企业技术改造", "F18", "262.31");
    fails(&["ties", planted.to_str().unwrap()], "6.2");
}

#[test]
fn a_formula_whose_stored_value_is_stale_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let script = "import xlsxwriter, sys; b = xlsxwriter.Workbook(sys.argv[1]); s = b.add_worksheet('表'); \
                  s.write(0, 0, 2); s.write_formula(0, 1, '=A1*2', None, 5); b.close()";
    let made = python(&["xlsxwriter"]).args(["-c", script]).arg(folder.path().join("stale.xlsx")).status().unwrap();
    assert!(made.success());
    fails(&["ties", folder.path().to_str().unwrap()], "the formula holds 5, LibreOffice reads 4");
}
