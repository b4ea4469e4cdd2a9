//! `check` on the shipped plan, on a new workspace, and on ten faults at once.

use crate::harness::Workspace;

#[test]
fn the_shipped_plan_has_no_problems() {
    let workspace = Workspace::shipped();
    let printed = workspace.ok(&["check"]);
    assert!(printed.contains("17 measures"), "{printed}");
    assert!(printed.ends_with("no problems\n"), "{printed}");
}

#[test]
fn a_new_workspace_checks_clean_and_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        std::process::Command::new(env!("CARGO_BIN_EXE_wenjin")).current_dir(folder.path()).args(arguments).output().unwrap()
    };
    assert!(run(&["init", "office"]).status.success());
    let checked = run(&["--workspace", "office", "check"]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    let again = run(&["init", "office"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).contains("overwrites nothing"));
}

/// (file, text to replace, replacement, what the message must say)
const FAULTS: [(&str, &str, &str, &str); 10] = [
    ("pipelines/m06-technology-upgrade.toml", "short_title =", "shrt_title =", "shrt_title"),
    ("pipelines/m06-technology-upgrade.toml", "SUM(paid_total)", "SUM(paid_totl)", "paid_totl"),
    ("pipelines/m05-major-projects.toml", "unit = \"亿元\"\ndecimals = 2\nkind", "unit = \"万辆\"\ndecimals = 2\nkind", "万辆"),
    ("pipelines/m01-supply-chain.toml", "code = \"1.2\"", "code = \"1.1\"", "1.1"),
    ("pipelines/m02-foreign-trade.toml", "owner = \"swt\"", "owner = \"swx\"", "swx"),
    ("config/wenjin.toml", "zone = \"Asia/Shanghai\"", "zone = \"Asia/Shangai\"", "Asia/Shangai"),
    ("config/wenjin.toml", "cron = \"", "cron = \"99 ", "cron"),
    ("config/departments.toml", "@example.cn", "@@example.cn", "@@example.cn"),
    ("pipelines/m15-policy-support.toml", "\"15.2\" + ", "\"15.1\" + ", "15.1"),
    ("pipelines/m14-demonstration.toml", "from = [\"nyj\"]", "from = []", "nobody hands in"),
];

#[test]
fn ten_faults_are_shown_in_one_output_with_place_and_remedy() {
    let workspace = Workspace::shipped();
    for (file, from, to, _) in FAULTS {
        let path = workspace.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(text.contains(from), "{file} no longer holds `{from}`");
        std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
    }
    let output = workspace.run(&["check"]);
    assert_eq!(output.status.code(), Some(4));
    let printed = String::from_utf8(output.stdout).unwrap();
    for (file, _, _, said) in FAULTS {
        let place = printed.lines().any(|line| line.starts_with(&format!("{file}:")) && line.contains(said));
        assert!(place, "no line `{file}:LINE:COLUMN: … {said}` in\n{printed}");
    }
    assert!(printed.matches("hint: ").count() >= FAULTS.len(), "each problem tells the way out:\n{printed}");
}
