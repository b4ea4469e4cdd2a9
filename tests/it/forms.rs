//! Forms (调度表): drawn, filled in from a model of figures, saved by others, handed in, and taken without a guess.

use std::path::{Path, PathBuf};
use std::process::Command;

use mail_parser::MimeHeaders as _;
use serde_json::Value;

use crate::harness::{Workspace, files, python};

const DRAWN: &str = "2022-08-01T09:00:00+08:00";
const FILLED: &str = "2022-08-05T09:00:00+08:00";

fn script(arguments: &[&str]) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/forms.py");
    let output = python(&["openpyxl"]).arg(script).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{arguments:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

/// The shipped five months, and the forms of July drawn after them.
fn july() -> (Workspace, Vec<PathBuf>) {
    let workspace = Workspace::shipped();
    workspace.ok(&["backfill", "--from", "2022-02", "--to", "2022-06", "--no-mail"]);
    let forms = draw(&workspace, "forms");
    (workspace, forms)
}

fn draw(workspace: &Workspace, folder: &str) -> Vec<PathBuf> {
    let out = workspace.path().join(folder);
    let output = workspace.command_at(DRAWN, &["template", "--period", "2022-07", "--out"]).arg(&out).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut forms = files(&out);
    forms.sort();
    forms
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Fills a form in; returns the workbook.
fn filled(workspace: &Workspace, form: &Path, folder: &str, more: &[&str]) -> PathBuf {
    let out = workspace.path().join(folder).join(form.file_name().unwrap());
    std::fs::create_dir_all(out.parent().unwrap()).unwrap();
    script(&[&["fill", text(workspace.path()), "2022-07", text(form), text(&out)], more].concat());
    out
}

fn submit(workspace: &Workspace, file: &Path) -> Value {
    let output = workspace.command_at(FILLED, &["submit", "--json"]).arg(file).output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    document["files"][0].clone()
}

/// The findings that return a file, or are about reading, in words.
fn faults(file: &Value) -> Vec<String> {
    const OF_READING: [&str; 7] =
        ["unread-cells", "extra-column", "missing-sheet", "month-of-title", "unit-override", "outdated-form", "coercion"];
    let findings = file["findings"].as_array().unwrap();
    let weighty = findings
        .iter()
        .filter(|one| (one["severity"] != "note" && one["explanation"].is_null()) || OF_READING.contains(&one["code"].as_str().unwrap()));
    weighty.map(|one| format!("{} {} {} {}", one["code"], one["sheet"], one["cell"], one["message"])).collect()
}

fn of<'a>(forms: &'a [PathBuf], department: &str) -> &'a Path {
    forms.iter().find(|path| text(path).contains(department)).unwrap()
}

fn find<'a>(file: &'a Value, code: &str) -> Vec<&'a Value> {
    file["findings"].as_array().unwrap().iter().filter(|one| one["code"] == code).collect()
}

#[test]
fn forms_of_all_departments_come_back_with_the_figures_that_were_filled_in() {
    let (workspace, forms) = july();
    assert_eq!(forms.len(), 10);
    assert_eq!(forms[0].extension().unwrap(), "xlsx");
    assert!(forms.iter().any(|path| path.ends_with("调度表_2022年7月_省商务厅.xlsx")));
    for form in &forms {
        script(&["look", text(form)]);
    }
    for (folder, more) in [("by-openpyxl", &[][..]), ("bare", &["--bare"][..])] {
        let workspace = workspace.again();
        let mut models = Vec::new();
        for form in &forms {
            let file = filled(&workspace, form, folder, more);
            let taken = submit(&workspace, &file);
            assert_eq!((taken["state"].as_str(), faults(&taken)), (Some("accepted"), Vec::new()), "{folder} {}", text(form));
            models.push(format!("{}.json", text(&file)));
        }
        let mut arguments = vec!["compare", text(workspace.path()), "2022-07"];
        arguments.extend(models.iter().map(String::as_str));
        script(&arguments);
    }
}

#[test]
fn a_form_saved_by_libreoffice_is_taken_alike() {
    let (workspace, forms) = july();
    for form in &forms {
        let file = filled(&workspace, form, "by-openpyxl", &[]);
        let saved = workspace.path().join(form.file_name().unwrap());
        script(&["convert", text(&file), text(&saved)]);
        let taken = submit(&workspace, &saved);
        assert_eq!((taken["state"].as_str(), faults(&taken)), (Some("accepted"), Vec::new()), "{}", text(form));
        script(&["compare", text(workspace.path()), "2022-07", &format!("{}.json", text(&file))]);
    }
}

#[test]
fn the_same_inputs_give_the_same_bytes_whenever_they_are_drawn() {
    let (workspace, forms) = july();
    let later = workspace.path().join("later");
    let mut command: Command = workspace.command_at("2022-08-03T11:30:00+08:00", &["template", "--period", "2022-07", "--out"]);
    assert!(command.arg(&later).output().unwrap().status.success());
    for form in &forms {
        assert!(std::fs::read(form).unwrap() == std::fs::read(later.join(form.file_name().unwrap())).unwrap(), "{}", text(form));
    }
}

#[test]
fn words_beside_a_figure_answer_what_is_asked_about_it() {
    let (workspace, forms) = july();
    let form = of(&forms, "省经信厅");
    let fall = ["--lower", "技改投资", "宁波市"];
    let file = filled(&workspace, form, "asked", &fall);
    let asked = submit(&workspace, &file);
    assert_eq!(asked["state"], "returned");
    assert!(!find(&asked, "cumulative-decreased").is_empty(), "{asked}");

    for (folder, place, text) in [("row", "宁波市", "核减两个重复入统项目"), ("line", "情况说明", "宁波核减两个重复入统项目")]
    {
        let workspace = workspace.again();
        let said = [&fall[..], &["--say", "技改投资", place, text]].concat();
        let taken = submit(&workspace, &filled(&workspace, form, folder, &said));
        let about = find(&taken, "cumulative-decreased");
        assert_eq!(about[0]["explanation"], text, "{folder}: {about:?}");
    }
    // Words under a line that name no row answer no row; nor does a word that says nothing.
    for (folder, place, text) in [("unnamed", "情况说明", "核减两个重复入统项目"), ("nothing", "宁波市", "无")] {
        let workspace = workspace.again();
        let said = [&fall[..], &["--say", "技改投资", place, text]].concat();
        let taken = submit(&workspace, &filled(&workspace, form, folder, &said));
        assert_eq!(taken["state"], "returned", "{folder}");
    }
    // Words that nothing was asked for are kept.
    let said = ["--say", "技改投资", "杭州市", "本月新开工项目较多"];
    let taken = submit(&workspace, &filled(&workspace, form, "kept", &said));
    assert_eq!((taken["state"].as_str(), find(&taken, "remark-kept").len()), (Some("accepted"), 1), "{taken}");
}

#[test]
fn a_tick_answers_that_a_list_became_empty() {
    let (workspace, forms) = july();
    let form = of(&forms, "省科技厅");
    let taken = submit(&workspace, &filled(&workspace, form, "ticked", &["--empty", "技术创新中心"]));
    let emptied = find(&taken, "list-emptied");
    assert_eq!((taken["state"].as_str(), emptied.len()), (Some("accepted"), 1), "{taken}");
    assert_eq!(emptied[0]["explanation"], "本月无新增");
}

#[test]
fn a_form_of_an_older_plan_is_read_and_told() {
    let (workspace, forms) = july();
    let pipeline = workspace.path().join("pipelines/m06-technology-upgrade.toml");
    let plan = std::fs::read_to_string(&pipeline).unwrap();
    let changed = plan.replace("choices = [\"省级重点\", \"市县\"]", "choices = [\"省级重点\", \"市县\", \"其他\"]");
    assert_ne!(plan, changed);
    std::fs::write(&pipeline, changed).unwrap();
    let taken = submit(&workspace, &filled(&workspace, of(&forms, "省经信厅"), "old", &[]));
    let told = find(&taken, "outdated-form");
    assert_eq!((taken["state"].as_str(), told.len()), (Some("accepted"), 1), "{taken}");
    assert!(told[0]["message"].as_str().unwrap().contains("“技改项目”有改动"), "{told:?}");
}

#[test]
fn a_form_is_mailed_once_to_each_department() {
    let (workspace, _) = july();
    let mailed = |day: &str| {
        let out = workspace.path().join("mailed");
        let output = workspace.command_at(day, &["template", "--period", "2022-07", "--mail", "--out"]).arg(&out).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let list = workspace.json(&["outbox", "--period", "2022-07"]);
        list["messages"].as_array().unwrap().iter().filter(|one| one["kind"] == "form").count()
    };
    assert_eq!(mailed(DRAWN), 10);
    assert_eq!(mailed(FILLED), 10);
    let output = workspace.command_at(FILLED, &["outbox", "retry", "--period", "2022-07", "--json"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mails = files(&workspace.path().join("var/mail"));
    let form = mails.iter().find(|path| text(path).contains("_form_swt_")).unwrap();
    let bytes = std::fs::read(form).unwrap();
    let mail = mail_parser::MessageParser::default().parse(&bytes).unwrap();
    let attached = mail.attachments().next().unwrap();
    assert_eq!(attached.attachment_name(), Some("调度表_2022年7月_省商务厅.xlsx"));
    assert!(mail.subject().unwrap().starts_with("【调度表】请于8月8日（星期一）17时前报送2022年7月调度数据（省商务厅）"));
}
