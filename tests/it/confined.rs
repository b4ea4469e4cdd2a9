//! What a workbook that takes its reader over could do from inside the worker: nothing.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::harness::Workspace;

/// The worker's own account, given from inside its confinement; started as it is, with all of this process's environment.
fn probe(environment: &[(&str, &str)]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_wenjin"))
        .args(["__worker", "probe"])
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    // The frame's length stands before it.
    serde_json::from_slice(&output.stdout[4..]).unwrap()
}

#[test]
fn from_inside_the_worker_no_file_no_socket_and_no_program_can_be_opened() {
    let found = probe(&[]);
    assert_eq!(found["possible"], serde_json::json!([]), "{found}");
    // This kernel has both; elsewhere `doctor` tells what is missing.
    assert_eq!(found["confinement"]["filter"], serde_json::json!({ "Ok": null }), "{found}");
    assert_eq!(found["confinement"]["landlock"], serde_json::json!({ "Ok": null }), "{found}");
}

#[test]
fn the_doctor_tells_how_far_the_worker_is_confined_and_it_sees_no_secret() {
    let secret = ("WENJIN_MAIL_PASSWORD", "geheim");
    // The probe by itself sees what it is given, so that it could tell.
    let given = probe(&[secret]);
    assert!(given["environment"].as_array().unwrap().contains(&Value::from(secret.0)), "{given}");

    // The doctor starts it as every worker is started, and fails where it sees anything.
    let workspace = Workspace::shipped();
    let output = workspace.command(&["doctor"]).env(secret.0, secret.1).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let line = told.lines().find(|line| line.contains("reading worker")).unwrap();
    assert_eq!(line, "ok    reading worker: answers; it can open no file, no socket and no program (Landlock, seccomp)");
}
