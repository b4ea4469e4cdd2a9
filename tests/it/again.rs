//! Repeating: same bytes, no second mail, a new version only for something new, one run at a time.

use std::path::Path;
use std::process::Stdio;

use crate::harness::{Workspace, files, lay};

#[test]
fn two_folders_give_the_same_bytes() {
    let hashes = || {
        let workspace = Workspace::shipped();
        workspace.ok(&["run", "--period", "2022-06"]);
        [workspace.hashes("var/reports"), workspace.hashes("var/mail")].concat()
    };
    let (first, second) = (hashes(), hashes());
    assert_eq!(first.len(), 22);
    assert_eq!(first, second);
}

#[test]
fn nothing_new_makes_no_version_and_no_mail_and_says_so() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06"]);
    let before = workspace.hashes("var/mail");
    let printed = workspace.ok(&["run", "--period", "2022-06"]);
    assert!(printed.contains("nothing new since version 1"), "{printed}");
    assert_eq!(before, workspace.hashes("var/mail"));
    let status = workspace.json(&["status", "--period", "2022-06"]);
    assert!(status["deliveries"].as_array().unwrap().iter().all(|delivery| delivery["attempts"] == 1), "{status}");
}

#[test]
fn a_changed_submission_makes_version_2_for_those_whose_figures_moved() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06"]);
    let later = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/later"));
    let correction = later.iter().find(|path| path.extension().is_some_and(|extension| extension == "xlsx")).unwrap();
    let submitted = workspace.run(&["submit", correction.to_str().unwrap(), "--period", "2022-06"]);
    assert!(submitted.status.success(), "{}", String::from_utf8_lossy(&submitted.stdout));
    let second = workspace.json(&["run", "--period", "2022-06"]);
    assert_eq!(second["version"], 2);
    let status = workspace.json(&["status", "--period", "2022-06"]);
    let mut corrected: Vec<&str> = status["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|delivery| delivery["version"] == 2)
        .map(|delivery| delivery["department"].as_str().unwrap())
        .collect();
    corrected.sort_unstable();
    // Measure 6 is 省经信厅, 省发展改革委, 省财政厅; the leading group gets every version.
    assert_eq!(corrected, ["all", "czt", "fgw", "jxt"]);
    assert!(status["deliveries"].as_array().unwrap().iter().filter(|d| d["version"] == 2).all(|d| d["kind"] == "correction"));
    let third = workspace.json(&["run", "--period", "2022-06"]);
    assert_eq!((third["version"].as_u64(), third["new"].as_bool()), (Some(2), Some(false)));
}

#[test]
fn held_mails_wait_for_release_and_can_be_cancelled() {
    let workspace = Workspace::shipped();
    let run = workspace.json(&["run", "--period", "2022-06", "--hold"]);
    assert_eq!((run["mails"]["held"].as_u64(), run["mails"]["written"].as_u64()), (Some(11), Some(0)));
    assert!(files(&workspace.path().join("var/mail")).is_empty());
    let released = workspace.json(&["outbox", "release", "--period", "2022-06"]);
    assert!(released["messages"].as_array().unwrap().iter().all(|message| message["state"] == "written"), "{released}");
    assert_eq!(files(&workspace.path().join("var/mail")).len(), 11);

    let other = Workspace::shipped();
    other.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let cancelled = other.json(&["outbox", "cancel", "--period", "2022-06"]);
    assert!(cancelled["messages"].as_array().unwrap().iter().all(|message| message["state"] == "cancelled"));
    assert!(files(&other.path().join("var/mail")).is_empty());
}

#[test]
fn a_newer_version_takes_the_place_of_mails_that_still_wait() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06", "--hold"]);
    let later = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/later"));
    let correction = later.iter().find(|path| path.extension().is_some_and(|extension| extension == "xlsx")).unwrap();
    workspace.ok(&["submit", correction.to_str().unwrap(), "--period", "2022-06"]);
    workspace.ok(&["run", "--period", "2022-06", "--hold"]);
    let released = workspace.json(&["outbox", "release", "--period", "2022-06"]);
    let mut sent: Vec<(u64, &str)> = released["messages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|message| message["state"] == "written")
        .map(|message| (message["version"].as_u64().unwrap(), message["department"].as_str().unwrap()))
        .collect();
    sent.sort_unstable();
    let (first, second) = (["gsl", "jtt", "kjt", "nyj", "scjgj", "sthjt", "swt"], ["all", "czt", "fgw", "jxt"]);
    let expected: Vec<(u64, &str)> = first.map(|code| (1, code)).into_iter().chain(second.map(|code| (2, code))).collect();
    assert_eq!(sent, expected, "each department gets one mail, the newest that concerns it");
}

#[test]
fn a_resend_needs_a_reason_and_sends_the_stored_bytes() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06"]);
    assert_eq!(workspace.run(&["run", "--period", "2022-06", "--resend"]).status.code(), Some(2));
    let before = workspace.hashes("var/mail");
    workspace.ok(&["run", "--period", "2022-06", "--resend", "--reason", "收件人反映未收到"]);
    assert_eq!(before, workspace.hashes("var/mail"));
    let status = workspace.json(&["status", "--period", "2022-06"]);
    assert!(status["deliveries"].as_array().unwrap().iter().all(|delivery| delivery["attempts"] == 2));
}

#[test]
fn runs_started_together_make_one_version() {
    let workspace = Workspace::shipped();
    let started: Vec<_> = (0..4)
        .map(|_| workspace.command(&["run", "--period", "2022-06"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap())
        .collect();
    let mut codes = Vec::new();
    for child in started {
        let output = child.wait_with_output().unwrap();
        let code = output.status.code();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(matches!(code, Some(0 | 75)), "{code:?}: {said}");
        assert!(code == Some(0) || said.contains("is held by process"), "{said}");
        codes.push(code);
    }
    assert!(codes.contains(&Some(0)));
    let versions = workspace.json(&["status", "--period", "2022-06"]);
    assert_eq!(versions["version"], 1);
    assert_eq!(files(&workspace.path().join("var/mail")).len(), 11);
}

#[test]
fn what_an_interrupted_run_left_is_removed() {
    let workspace = Workspace::shipped();
    let orphan = workspace.path().join("var/reports/2022-06/v1");
    std::fs::create_dir_all(&orphan).unwrap();
    std::fs::write(orphan.join("half.xlsx"), b"half").unwrap();
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    // Beside the books stands the operator's page, because the mails wait.
    let books = files(&orphan).into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "xlsx"));
    assert_eq!(books.count(), 11);
    assert!(!orphan.join("half.xlsx").exists());
}

#[test]
fn the_same_bytes_under_another_name_make_no_version() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let inbox = workspace.path().join("fixtures/inbox/2022-06");
    lay(&inbox.join("省经信厅_2022-06（样例数据）.xlsx"), &inbox.join("省经信厅_2022-06（再次）.xlsx"));
    let again = workspace.json(&["run", "--period", "2022-06", "--no-mail"]);
    assert_eq!((again["version"].as_u64(), again["new"].as_bool()), (Some(1), Some(false)));
}

#[test]
fn now_in_another_zone_gives_the_same_bytes() {
    let hashes = |now: &str| {
        let workspace = Workspace::shipped();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_wenjin"));
        let output = command.arg("--workspace").arg(workspace.path()).args(["--now", now, "run", "--period", "2022-06"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        [workspace.hashes("var/reports"), workspace.hashes("var/mail")].concat()
    };
    assert_eq!(hashes("2022-07-11T09:00:00+08:00"), hashes("2022-07-10T21:00:00-04:00"));
}

#[test]
fn what_was_said_at_submission_outlives_a_change_of_plan() {
    let workspace = Workspace::shipped();
    let inbox = workspace.path().join("fixtures/inbox/2022-06");
    let nameless = workspace.path().join("调度表.xlsx");
    let file = files(&inbox).into_iter().find(|path| path.to_string_lossy().contains("省财政厅")).unwrap();
    std::fs::rename(file, &nameless).unwrap();
    let refused = workspace.run(&["submit", nameless.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(10), "{}", String::from_utf8_lossy(&refused.stdout));
    workspace.ok(&["submit", nameless.to_str().unwrap(), "--department", "czt", "--period", "2022-06"]);
    let plan = workspace.path().join("pipelines/m06-technology-upgrade.toml");
    let text = std::fs::read_to_string(&plan).unwrap();
    std::fs::write(&plan, text.replacen("short_title = \"", "short_title = \"推动", 1)).unwrap();
    let run = workspace.json(&["run", "--period", "2022-06", "--no-mail"]);
    assert_eq!(run["submissions"]["accepted"], 10, "{run}");
}

/// The same bytes under this month's name: whatever their headings say, they are last month's.
#[test]
fn last_months_file_under_this_months_name_is_asked_about() {
    let workspace = Workspace::shipped();
    std::fs::remove_dir_all(workspace.path().join("fixtures/inbox/2022-06")).unwrap();
    workspace.ok(&["backfill", "--from", "2022-02", "--to", "2022-05", "--no-mail"]);
    let may = files(&workspace.path().join("fixtures/inbox/2022-05"));
    let sent = may.iter().find(|path| path.to_str().is_some_and(|path| path.contains("省市场监管局"))).unwrap();
    let renamed = workspace.path().join("again/省市场监管局_2022-06.xlsx");
    std::fs::create_dir_all(renamed.parent().unwrap()).unwrap();
    std::fs::copy(sent, &renamed).unwrap();
    let output = workspace.command_at("2022-07-06T09:00:00+08:00", &["submit", "--json", renamed.to_str().unwrap()]).output().unwrap();
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let file = &said["files"][0];
    let asked: Vec<&str> = file["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["severity"] != "note")
        .map(|one| one["message"].as_str().unwrap())
        .collect();
    assert_eq!(file["state"], "returned", "{file}");
    assert_eq!(asked, ["本表数据与上月完全相同，请确认是否误报上月表。"]);
}
