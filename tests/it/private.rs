//! What is written is for its owner alone, and foreign names move no terminal.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::harness::{Workspace, files};

/// The program as a shell with the usual mask starts it.
fn with_usual_mask(workspace: &Workspace, arguments: &[&str]) -> Command {
    let program = workspace.command(arguments);
    let mut shell = Command::new("sh");
    shell.args(["-c", "umask 022 && exec \"$0\" \"$@\""]).arg(program.get_program()).args(program.get_args());
    shell
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn what_a_month_leaves_is_for_its_owner_alone_and_what_is_handed_out_as_the_shell_has_it() {
    let workspace = Workspace::shipped();
    let done = with_usual_mask(&workspace, &["run", "--period", "2022-06"]).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    let var = workspace.path().join("var");
    let all = files(&var);
    assert!(["ledger.sqlite", "archive", "reports", "mail"].iter().all(|name| var.join(name).exists()));
    for path in &all {
        assert_eq!(mode(path) & 0o077, 0, "{}", path.display());
        for folder in path.ancestors().take_while(|folder| *folder != workspace.path()).skip(1) {
            assert_eq!(mode(folder), 0o700, "{}", folder.display());
        }
    }
    let out = workspace.path().join("tables");
    let done = with_usual_mask(&workspace, &["export", "--period", "2022-06", "--out", out.to_str().unwrap()]).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    assert_eq!((mode(&out), mode(&files(&out)[0])), (0o755, 0o644));

    // What an earlier program left open is told.
    assert!(!workspace.ok(&["doctor"]).contains("chmod"));
    std::fs::set_permissions(var.join("ledger.sqlite"), std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(workspace.ok(&["doctor"]).contains("others than its owner may read it (644): chmod -R go= "));
}

#[test]
fn a_file_name_moves_no_terminal_and_forges_no_line() {
    let workspace = Workspace::shipped();
    let name = "省经信厅\u{1b}[2J\u{202e}2022-06\nok    plan: forged.xlsx";
    std::fs::write(workspace.path().join("fixtures/inbox/2022-06").join(name), b"<html></html>").unwrap();
    let run = workspace.command(&["-vv", "run", "--period", "2022-06", "--no-mail"]).output().unwrap();
    let status = workspace.run(&["status", "--period", "2022-06"]);
    let document = workspace.run(&["status", "--period", "2022-06", "--json"]);
    for output in [run, status, document] {
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        let bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!said.contains(bad), "{}", said.escape_debug());
        assert!(!said.lines().any(|line| line.starts_with("ok    plan")), "a forged line: {said}");
        assert!(said.contains("forged"), "it is told all the same: {said}");
    }
}
