//! What a book must not say, and what it must admit: restricted figures, named rows, switched-off ranks, gaps.

use std::path::Path;

use crate::harness::{Workspace, files, python};
use crate::workbook::{fails, passes, plant, shown, version, whole};

/// The inbox file of June whose name holds `department`.
fn june(workspace: &Workspace, department: &str) -> std::path::PathBuf {
    let inbox = files(&workspace.path().join("fixtures/inbox/2022-06"));
    inbox.into_iter().find(|path| path.to_string_lossy().contains(department)).unwrap()
}

fn fixture(name: &str) -> String {
    format!("{}/fixtures/findings/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn restricted_figures_and_named_rows_stay_in_their_departments_book() {
    let workspace = Workspace::shipped();
    // Findings about a named row, one keyed by its name, one by a code.
    for name in ["out-of-scope.xlsx", "variant-spelling.xlsx"] {
        let output = workspace.run(&["submit", &fixture(name), "--period", "2022-06"]);
        assert_eq!(output.status.code(), Some(10), "{}", String::from_utf8_lossy(&output.stdout));
    }
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let show = shown(&workspace, "show.json");
    let root = workspace.path().to_str().unwrap().to_owned();
    passes(&["secrecy", &root, "2022-06", &show]);

    let book = whole(&workspace, 1);
    let original = std::fs::read(&book).unwrap();
    plant(&book, "数据审核意见", "H5", "'丽水壬子样例现代纺织产业链上下游企业共同体9'");
    fails(&["secrecy", &root, "2022-06", &show], "names 丽水壬子样例现代纺织产业链上下游企业共同体9 of jxt's list");
    std::fs::write(&book, original).unwrap();

    let other = files(book.parent().unwrap()).into_iter().find(|path| path.to_string_lossy().contains("省经信厅")).unwrap();
    plant(&other, "说明", "B6", "'通过“国家窗口”指导的集成电路项目投资'");
    fails(&["secrecy", &root, "2022-06", &show], "tells 通过“国家窗口”指导的集成电路项目投资");
}

#[test]
fn ranks_and_region_lights_leave_no_word_when_switched_off() {
    for (what, variable) in [("ranks", "WENJIN_REPORT_RANKS"), ("region_lights", "WENJIN_REPORT_REGION_LIGHTS")] {
        let workspace = Workspace::shipped();
        let run = |value: &str| {
            let output = workspace.command(&["run", "--period", "2022-06", "--no-mail"]).env(variable, value).output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        };
        run("true");
        fails(&["switched", &version(&workspace, "2022-06", 1), what], if what == "ranks" { "位次" } else { "各市亮灯" });
        run("false");
        passes(&["switched", &version(&workspace, "2022-06", 2), what]);
    }
}

#[test]
fn a_city_and_a_department_that_are_missing_are_words_and_never_nought() {
    let workspace = Workspace::shipped();
    std::fs::remove_file(june(&workspace, "省能源局")).unwrap();
    let file = june(&workspace, "省经信厅");
    blank_ningbo(&file);
    let file = file.to_str().unwrap();
    workspace.ok(&["submit", file, "--period", "2022-06", "--explain", "missing-region=宁波数据核实中，暂未报送"]);
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let show = shown(&workspace, "show.json");
    let folder = version(&workspace, "2022-06", 1);
    passes(&["gaps", &folder, &show, "grey", "partial", "lagged", "both", "regions"]);
    plant(&whole(&workspace, 1), "06 企业技术改造", "F19", "0");
    fails(&["gaps", &folder, &show], "6.2 宁波市: 0 where nothing was reported");
}

/// 宁波's row of 技改投资 left blank.
fn blank_ningbo(file: &Path) {
    let script = "import openpyxl, sys; b = openpyxl.load_workbook(sys.argv[1]); s = b['技改投资']\n\
                  assert s['A6'].value == '宁波市'\n\
                  for c in s[6][1:]: c.value = None\n\
                  b.save(sys.argv[1])";
    let made = python(&["openpyxl"]).args(["-c", script]).arg(file).status().unwrap();
    assert!(made.success());
}

#[test]
fn merged_and_lagged_months_are_marked() {
    let workspace = Workspace::shipped();
    for (period, gap) in [("2022-02", "grey"), ("2022-05", "lagged")] {
        workspace.ok(&["run", "--period", period, "--no-mail"]);
        let path = workspace.path().join("show.json");
        std::fs::write(&path, workspace.ok(&["show", "--period", period, "--json"])).unwrap();
        passes(&["gaps", &version(&workspace, period, 1), path.to_str().unwrap(), gap]);
    }
}

#[test]
fn mails_and_overviews_are_in_the_offices_words() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06"]);
    let root = workspace.path().to_str().unwrap().to_owned();
    passes(&["letters", &root, "2022-06"]);
    plant(&whole(&workspace, 1), "总览", "A6", "'按时率+5.0%，共1,604项。'");
    fails(&["letters", &root, "2022-06"], "+5");
}
