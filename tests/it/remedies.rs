//! Every remedy works: what each finding of `fixtures/findings` says is done to the file, by `tests/remedies.py`, and it is accepted.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;
use wenjin::model::{FindingCode, Period};

use crate::harness::{Workspace, python};
use crate::reader::root;

/// Corrections are handed in after the month was drawn up.
const LATER: &str = "2022-07-12T09:00:00+08:00";
const BEFORE: &str = "2022-07-11T09:00:00+08:00";
/// One fault may hide another; nobody is sent back more often than this.
const ROUNDS_MAX: usize = 4;

#[test]
fn each_code_has_a_remedy_that_is_carried_out() {
    let steps = steps();
    let without: Vec<&str> = FindingCode::ALL.iter().map(|code| code.code()).filter(|code| !steps.contains_key(*code)).collect();
    assert!(without.is_empty(), "tests/remedies.py has no step for: {}", without.join(" "));
    let known: Vec<&str> = FindingCode::ALL.iter().map(|code| code.code()).collect();
    let unknown: Vec<&String> = steps.keys().filter(|code| !known.contains(&code.as_str())).collect();
    assert!(unknown.is_empty(), "tests/remedies.py has steps for codes that are none: {unknown:?}");
}

#[test]
fn every_remedy_leads_to_acceptance() {
    let steps = steps();
    let text = std::fs::read_to_string(root().join("fixtures/findings/expected.toml")).unwrap();
    let expected: toml::Table = text.parse().unwrap();
    let entries = expected["file"].as_array().unwrap();
    let base = Workspace::shipped();
    base.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(entry) = entries.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let file = entry["file"].as_str().unwrap();
                    if let Some(why) = attempt(&base, &steps, entry) {
                        wrong.lock().unwrap().push(format!("{file}: {why}"));
                    }
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    assert!(wrong.is_empty(), "{} remedies lead nowhere:\n{}", wrong.len(), wrong.join("\n"));
}

/// Code → the word of its step.
fn steps() -> BTreeMap<String, String> {
    let output = python(&["openpyxl"]).arg(script()).arg("codes").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter_map(|line| line.split_once(' ')).map(|(code, step)| (code.to_owned(), step.to_owned())).collect()
}

fn script() -> PathBuf {
    root().join("tests/remedies.py")
}

/// Hands a file in, does what it is told, and hands it in again, until it is accepted.
fn attempt(base: &Workspace, steps: &BTreeMap<String, String>, entry: &toml::Value) -> Option<String> {
    let workspace = base.again();
    let text = |key: &str| entry.get(key).and_then(toml::Value::as_str);
    let at = |file: &str| root().join("fixtures/findings").join(file);
    let (file, shipped) = (text("file").unwrap(), shipped(text("department").unwrap()));
    let name = Path::new(file).file_name().unwrap();
    let mut path = workspace.path().join(name);
    std::fs::copy(at(file), &path).unwrap();
    if let Some(before) = text("after").map(at) {
        workspace.command_at(BEFORE, &["submit"]).arg(before).output().unwrap();
    }
    let period: Period = text("period").unwrap().parse().unwrap();
    let after = format!("{}-12T09:00:00+08:00", period.next());
    let mut now = if text("code") == Some("period-not-over") || after.as_str() < LATER { LATER } else { &after };
    // What came together with it comes once.
    let mut with = text("with").map(at);
    let mut explanations: Vec<String> = Vec::new();
    let mut last = String::new();
    for round in 0..=ROUNDS_MAX {
        let mut command = workspace.command_at(now, &["submit", "--json"]);
        let said = command.arg(&path).args(with.take()).args(explanations.iter().map(|text| format!("--explain={text}"))).output().unwrap();
        let said: Value = serde_json::from_slice(&said.stdout).unwrap_or_else(|error| panic!("{file}: {error}: {said:?}"));
        let mine = |one: &&Value| one["file"] == path.file_name().unwrap().to_str().unwrap();
        let one = said["files"].as_array().unwrap().iter().find(mine).unwrap();
        if one["state"] == "accepted" {
            return None;
        }
        let findings = one["findings"].as_array().unwrap();
        let open: Vec<&Value> = findings.iter().filter(|f| f["severity"] != "note" && f["explanation"].is_null()).collect();
        last = open.iter().map(|f| format!("{} {} {}", f["code"], f["cell"], f["message"])).collect::<Vec<_>>().join("; ");
        let Some(finding) = open.first() else { return Some(format!("{} and nothing to do: {one}", one["state"])) };
        let step = steps.get(finding["code"].as_str().unwrap()).map_or("", String::as_str);
        if finding["severity"] == "explain" && step != "mend" {
            let answered = open.iter().filter(|finding| finding["severity"] == "explain").map(|finding| finding["id"].as_str().unwrap());
            explanations.extend(answered.map(|id| format!("{id}=已核实，以本表为准")));
            continue;
        }
        let same: Vec<&Value> = open.iter().copied().filter(|other| other["code"] == finding["code"]).collect();
        if step == "later" {
            now = &after;
        }
        match mend(&workspace, &same, &path, &shipped, step, round) {
            Ok(mended) => path = mended,
            Err(why) => return Some(why),
        }
    }
    Some(format!("still returned: {last}"))
}

/// Carries out the step of findings of one code; the file to hand in next.
fn mend(workspace: &Workspace, findings: &[&Value], file: &Path, shipped: &Path, step: &str, round: usize) -> Result<PathBuf, String> {
    let folder = workspace.path().join(format!("round-{round}"));
    std::fs::create_dir(&folder).unwrap();
    let name = if step == "name" || step == "form" { shipped.file_name() } else { file.file_name() };
    let to = folder.join(name.unwrap());
    let mut command = python(&["openpyxl"]);
    let done = command.arg(script()).args(["mend", &serde_json::to_string(findings).unwrap()]).args([file, shipped, &to]).output().unwrap();
    if done.status.success() { Ok(to) } else { Err(format!("{}: {}", findings[0]["code"], String::from_utf8_lossy(&done.stderr))) }
}

/// The June workbook of a department, where it is one that openpyxl opens; its others need no mending but words.
fn shipped(department: &str) -> PathBuf {
    let name = ["fgw:省发展改革委", "jxt:省经信厅", "kjt:省科技厅", "scjgj:省市场监管局", "czt:省财政厅", "swt:省商务厅"];
    let name =
        name.iter().filter_map(|pair| pair.split_once(':')).find(|(code, _)| *code == department).map_or(department, |(_, name)| name);
    let files = crate::harness::files(&root().join("fixtures/inbox/2022-06"));
    files.into_iter().find(|path| path.to_string_lossy().contains(name)).unwrap()
}
