//! The messy workbooks of `fixtures/messy`, each handed in on a drawn-up 2022-06: none is accepted with a wrong figure, no good one is asked about.

mod outcome;

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use crate::harness::Workspace;
use outcome::{Figures, Seen};

/// The files arrive when the month was drawn up and its due day is over.
const LATE: &str = "2022-07-20T09:00:00+08:00";
const PERIOD: &str = "2022-06";

pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

#[test]
fn every_messy_workbook_comes_out_right() {
    let wanted = std::env::var("WENJIN_MESSY").unwrap_or_default();
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(fixtures().join("messy")).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.retain(|folder| name(folder).contains(&wanted));
    folders.sort();
    assert!(!folders.is_empty(), "no folder of fixtures/messy is called like `{wanted}`");
    let base = Workspace::shipped();
    base.ok(&["run", "--period", PERIOD, "--no-mail"]);
    let before = figures(&base);
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(folder) = folders.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Some(why) = attempt(&base, folder, &before) {
                        wrong.lock().unwrap().push(format!("{}: {why}", name(folder)));
                    }
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    assert!(wrong.is_empty(), "{} of {} came out wrong:\n{}", wrong.len(), folders.len(), wrong.join("\n"));
}

fn name(folder: &Path) -> String {
    folder.file_name().unwrap().to_string_lossy().into_owned()
}

/// Hands in what a folder holds; what is wrong with the outcome.
fn attempt(base: &Workspace, folder: &Path, before: &Figures) -> Option<String> {
    let right: Value = serde_json::from_slice(&std::fs::read(folder.join("right.json")).unwrap()).unwrap();
    let workspace = base.again();
    if let Some(change) = right.get("config") {
        return unsound(&workspace, change);
    }
    let files = match right.get("steps") {
        Some(steps) => {
            let each: Vec<Value> = steps.as_array().unwrap().iter().map(|step| take(&workspace, step)).collect();
            each.last().unwrap().clone()
        }
        None => submit(&workspace, &handed_in(folder), LATE),
    };
    let files = files.as_array().unwrap();
    // What was not accepted changes no figure; drawing the month up again would only take time.
    let any = right.get("steps").is_some() || files.iter().any(|file| file["state"] == "accepted");
    if any {
        let run = workspace.command_at(LATE, &["run", "--period", PERIOD, "--no-mail", "--json"]).output().unwrap();
        if !matches!(run.status.code(), Some(0 | 10)) {
            return Some(format!("run exits {:?}: {}", run.status.code(), String::from_utf8_lossy(&run.stderr)));
        }
    }
    let seen = Seen { files, before, now: if any { figures(&workspace) } else { before.clone() }, workspace: &workspace };
    seen.fault(right["right"].as_array().unwrap())
}

fn handed_in(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension != "json"));
    files.sort();
    files
}

fn submit(workspace: &Workspace, files: &[PathBuf], now: &str) -> Value {
    let mut command = workspace.command_at(now, &["submit", "--json"]);
    let output = command.args(files).output().unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{files:?}: {error}: {output:?}"));
    said["files"].clone()
}

/// Hands in a shipped file of that month, perhaps under another name.
fn take(workspace: &Workspace, step: &Value) -> Value {
    let shipped = fixtures().join(step["submit"].as_str().unwrap()).join(PERIOD);
    let mut files = crate::harness::files(&shipped);
    files.retain(|path| path.to_string_lossy().contains("省经信厅"));
    let mut file = files.first().unwrap().clone();
    if let Some(other) = step["as"].as_str() {
        let to = workspace.path().join(other);
        std::fs::copy(&file, &to).unwrap();
        file = to;
    }
    submit(workspace, &[file], step["now"].as_str().unwrap())
}

/// `check` must refuse the changed settings.
fn unsound(workspace: &Workspace, change: &Value) -> Option<String> {
    let text = |at: usize| change[at].as_str().unwrap();
    let file = workspace.path().join("config").join(text(0));
    let settings = std::fs::read_to_string(&file).unwrap();
    assert!(settings.contains(text(1)), "{} no longer holds {}", text(0), text(1));
    std::fs::write(&file, settings.replace(text(1), text(2))).unwrap();
    let code = workspace.run(&["check"]).status.code();
    (code != Some(4)).then(|| format!("check exits {code:?}"))
}

fn figures(workspace: &Workspace) -> Figures {
    let output = workspace.command_at(LATE, &["show", "--period", PERIOD, "--json"]).output().unwrap();
    let shown: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("show: {error}: {output:?}"));
    let measures = shown["measures"].as_array().unwrap().iter();
    measures
        .flat_map(|measure| measure["indicators"].as_array().unwrap())
        .map(|row| (row["code"].as_str().unwrap().to_owned(), row.clone()))
        .collect()
}
