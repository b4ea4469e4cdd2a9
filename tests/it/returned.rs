//! The returned workbook (退回修改): drawn into files of many makers, saved by others, mended, explained, handed in again.

use std::path::{Path, PathBuf};

use mail_parser::MimeHeaders as _;
use serde_json::Value;

use crate::harness::{Workspace, files, put, python, settle};

const BEFORE_DUE: &str = "2022-07-07T15:20:00+08:00";

fn script(arguments: &[&str]) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/returned.py");
    let output = python(&["openpyxl"]).arg(script).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{arguments:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The shipped months up to May, and 省经信厅's file of June.
fn june() -> (Workspace, PathBuf) {
    let workspace = Workspace::shipped();
    workspace.ok(&["backfill", "--from", "2022-02", "--to", "2022-05", "--no-mail"]);
    let inbox = files(&workspace.path().join("fixtures/inbox/2022-06"));
    let source =
        inbox.into_iter().find(|path| text(path).contains("省经信厅") && path.extension().is_some_and(|end| end == "xlsx")).unwrap();
    (workspace, source)
}

fn submit(workspace: &Workspace, file: &Path, more: &[&str]) -> Value {
    let arguments = [&["submit", "--json", "--department", "jxt", "--period", "2022-06"], more].concat();
    let output = workspace.command_at(BEFORE_DUE, &arguments).arg(file).output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    document["files"][0].clone()
}

fn back(file: &Value) -> PathBuf {
    PathBuf::from(file["returned_workbook"].as_str().unwrap_or_else(|| panic!("nothing goes back: {file}")))
}

fn open(file: &Value) -> Vec<String> {
    let findings = file["findings"].as_array().unwrap().iter();
    let open = findings.filter(|one| one["severity"] != "note" && one["explanation"].is_null());
    open.map(|one| format!("{} {} {}", one["code"], one["sheet"], one["cell"])).collect()
}

/// All cells of what is open.
fn places(file: &Value) -> std::collections::BTreeSet<String> {
    let findings = file["findings"].as_array().unwrap().iter().filter(|one| one["severity"] != "note" && one["explanation"].is_null());
    let cells = findings.flat_map(|one| {
        one["cells"]
            .as_array()
            .unwrap()
            .iter()
            .map(|cell| format!("{}!{}", one["sheet"].as_str().unwrap_or_default(), cell.as_str().unwrap()))
    });
    cells.collect()
}

fn mails(workspace: &Workspace, kind: &str) -> Vec<Value> {
    let listed = workspace.json(&["outbox", "list", "--period", "2022-06"]);
    listed["messages"].as_array().unwrap().iter().filter(|one| one["kind"] == kind).cloned().collect()
}

#[test]
fn faults_in_workbooks_of_many_makers_are_marked_at_their_cells_and_nothing_else_is_touched() {
    let (workspace, source) = june();
    let made: Value = serde_json::from_str(&script(&["make", text(&source), text(&workspace.path().join("foreign"))])).unwrap();
    let made = made.as_object().unwrap();
    assert!(made.len() >= 10);
    for (path, expected) in made {
        let file = submit(&workspace, Path::new(path), &["--no-mail"]);
        let words =
            |name: &str| -> Vec<String> { expected[name].as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect() };
        let quiet: Vec<String> = words("quiet").iter().map(|cell| format!("quiet:{cell}")).collect();
        let cells = words("cells");
        let marked = back(&file);
        let arguments: Vec<&str> =
            ["look", path, text(&marked)].into_iter().chain(cells.iter().chain(&quiet).map(String::as_str)).collect();
        script(&arguments);
    }
}

#[test]
fn marks_come_off_after_other_programs_have_saved_the_workbook() {
    let (workspace, source) = june();
    let made: Value = serde_json::from_str(&script(&["make", text(&source), text(&workspace.path().join("foreign"))])).unwrap();
    let original = made.as_object().unwrap().keys().find(|path| path.contains("/comments/")).unwrap().clone();
    let first = back(&submit(&workspace, Path::new(&original), &["--no-mail"]));
    for how in ["openpyxl", "libreoffice"] {
        let saved = workspace.path().join(how).join(first.file_name().unwrap());
        script(&["save", how, text(&first), text(&saved)]);
        let mended = workspace.path().join("mended").join(how).join(first.file_name().unwrap());
        let cells = ["技改投资!C7", "140", "技改投资!C9", "60", "企业技术中心!B5", "舟山市", "技改投资!C8", "约一百多"];
        script(&[&["put", text(&saved), text(&mended)], &cells[..]].concat());
        let file = submit(&workspace, &mended, &["--no-mail"]);
        assert!(open(&file).iter().any(|one| one.contains("approximate-number")), "{how}: {:?}", open(&file));
        let again = back(&file);
        let cells = places(&file);
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        script(&[&["look", text(&mended), text(&again)], cells.as_slice(), &["again"]].concat());
    }
}

#[test]
fn what_is_typed_beside_a_finding_passes_it_and_stays() {
    let (workspace, source) = june();
    let faulty = workspace.path().join("in").join(source.file_name().unwrap());
    script(&["put", text(&source), text(&faulty), "先进制造业投资!C6", "200"]);
    let file = submit(&workspace, &faulty, &[]);
    assert!(open(&file).iter().any(|one| one.contains("cumulative-decreased")), "{:?}", open(&file));
    let first = back(&file);
    let mut typed = first.clone();
    for (at, one) in open(&file).iter().enumerate() {
        let place: Vec<String> = one.replace('"', "").split(' ').skip(1).map(str::to_owned).collect();
        let next = workspace.path().join(format!("typed{at}")).join(first.file_name().unwrap());
        script(&["type", text(&typed), text(&next), &place.join("!"), "核减2个重复入统项目"]);
        typed = next;
    }
    let passed = submit(&workspace, &typed, &[]);
    assert_eq!((passed["state"].as_str(), open(&passed)), (Some("accepted"), vec![]), "{passed}");
    assert!(passed["returned_workbook"].is_null());
    let explained = passed["findings"].as_array().unwrap().iter().find(|one| one["code"] == "cumulative-decreased").unwrap();
    assert_eq!(explained["explanation"], "核减2个重复入统项目");
    // The answer stays, also for a file that does not bear it.
    assert_eq!(submit(&workspace, &faulty, &[])["state"], "accepted");
    // A text that meets no finding is told, and keeps nobody.
    let mended = workspace.path().join("late").join(source.file_name().unwrap());
    script(&["put", text(&typed), text(&mended), "先进制造业投资!C6", "245.05"]);
    let kept = submit(&workspace, &mended, &[]);
    assert!(kept["findings"].as_array().unwrap().iter().any(|one| one["code"] == "remark-kept"), "{kept}");
}

#[test]
fn the_mail_is_stored_once_with_the_file_and_left_alone_by_the_month() {
    let (workspace, source) = june();
    let faulty = workspace.path().join("in").join(source.file_name().unwrap());
    script(&["put", text(&source), text(&faulty), "技改投资!C7", "二十八万多"]);
    submit(&workspace, &faulty, &[]);
    submit(&workspace, &faulty, &[]);
    let sent = mails(&workspace, "return");
    assert_eq!(
        (sent.len(), &sent[0]["version"], &sent[0]["state"], &sent[0]["department"]),
        (1, &0.into(), &"written".into(), &"jxt".into())
    );
    let name = "2022-06_v0_return_jxt_2022-07-07_";
    let mail = files(&workspace.path().join("var/mail")).into_iter().find(|path| text(path).contains(name)).expect("an .eml of that name");
    let bytes = std::fs::read(mail).unwrap();
    let message = mail_parser::MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(message.header_raw("Auto-Submitted").map(str::trim), Some("auto-replied"));
    assert!(message.subject().unwrap().starts_with("【退回修改】2022年6月调度表（省经信厅："), "{:?}", message.subject());
    let attached: Vec<&str> = message.attachments().filter_map(|part| part.attachment_name()).collect();
    assert_eq!(attached, ["退回修改_2022年6月_省经信厅.xlsx"]);
    let run = workspace.command_at("2022-07-11T09:00:00+08:00", &["run", "--period", "2022-06", "--json"]).output().unwrap();
    let run: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(run["mails"]["pending"], 0);
    let status = workspace.json(&["status", "--period", "2022-06"]);
    assert!(status["deliveries"].as_array().unwrap().iter().all(|one| one["kind"] != "return"));
}

#[test]
fn no_mail_holds_it_and_files_found_by_hand_are_not_answered() {
    let (workspace, source) = june();
    let faulty = workspace.path().join("in").join(source.file_name().unwrap());
    script(&["put", text(&source), text(&faulty), "技改投资!C7", "二十八万多"]);
    submit(&workspace, &faulty, &["--no-mail"]);
    assert_eq!(mails(&workspace, "return")[0]["state"], "held");
    script(&["put", text(&source), text(&source), "技改投资!C8", "一百多"]);
    put(&source, &std::fs::read(&source).unwrap());
    settle(&source);
    workspace.run(&["run", "--period", "2022-06", "--no-mail"]);
    assert_eq!(mails(&workspace, "return").len(), 1, "found by hand");
    let kept = files(&workspace.path().join("var/returned/2022-06"));
    assert_eq!(kept.len(), 2, "but its workbook is there: {kept:?}");
}

#[test]
fn another_format_gets_the_list_alone() {
    let (workspace, source) = june();
    let odd = workspace.path().join("in").join("省经信厅_2022-06.xlsx");
    script(&["put", text(&source), text(&odd), "技改投资!C7", "二十八万多"]);
    let signed = workspace.path().join("signed").join("省经信厅_2022-06.xlsx");
    script(&["sign", text(&odd), text(&signed)]);
    let file = submit(&workspace, &signed, &["--no-mail"]);
    assert_eq!(script(&["sheets", text(&back(&file))]).trim(), "数据审核意见");
}
