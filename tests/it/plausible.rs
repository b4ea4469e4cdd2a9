//! A year as it comes: nothing of it is a fault, and a statistician is hardly ever asked about it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::harness::{Workspace, python};

/// So many questions a department may be asked in a year of good files.
const ASKED_MAX: usize = 1;

/// The months of a scene of `tests/months.py`.
pub fn months(workspace: &Workspace, scene: &str) -> std::path::PathBuf {
    let out = workspace.path().join("months");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/months.py");
    let made = python(&["xlsxwriter"]).arg(script).arg(scene).arg(&out).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    out
}

/// A time in the month after `period`.
pub fn after(period: &str, day: u32, hour: u32) -> String {
    let (year, month) = period.split_once('-').unwrap();
    let (year, month): (u32, u32) = (year.parse().unwrap(), month.parse().unwrap());
    format!("{}-{:02}-{day:02}T{hour:02}:00:00+08:00", year + month / 12, month % 12 + 1)
}

fn submit(workspace: &Workspace, folder: &Path, period: &str) -> Vec<Value> {
    let files = crate::harness::files(folder).into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "xlsx"));
    let files: Vec<String> = files.map(|path| path.to_str().unwrap().to_owned()).collect();
    let arguments: Vec<&str> = ["submit", "--json"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let output = workspace.command_at(&after(period, 8, 10), &arguments).output().unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{period}: {error}"));
    said["files"].as_array().unwrap().clone()
}

#[test]
fn a_good_year_of_six_departments_is_hardly_asked_about() {
    let workspace = Workspace::shipped();
    let folder = months(&workspace, "plausible");
    let mut asked: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut handed_in = 0;
    for period in (2..=12).map(|month| format!("2022-{month:02}")) {
        for file in submit(&workspace, &folder.join(&period), &period) {
            handed_in += 1;
            let name = file["file"].as_str().unwrap();
            let findings = file["findings"].as_array().unwrap();
            let of = |severity: &str| -> Vec<String> {
                let those = findings.iter().filter(|finding| finding["severity"] == severity);
                those.map(|finding| format!("{period} {}: {}", finding["code"], finding["message"])).collect()
            };
            assert!(of("error").is_empty(), "{name}: {:#?}", of("error"));
            assert_eq!(file["state"] == "accepted", of("explain").is_empty(), "{name} {file}");
            asked.entry(name.split('_').next().unwrap().to_owned()).or_default().extend(of("explain"));
        }
    }
    assert!(handed_in >= 60, "{handed_in} department-months");
    let beyond: Vec<_> = asked.iter().filter(|(_, questions)| questions.len() > ASKED_MAX).collect();
    assert!(beyond.is_empty(), "asked more than {ASKED_MAX} time a year: {beyond:#?}");
}
