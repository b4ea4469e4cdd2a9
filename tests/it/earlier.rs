//! A workspace that an earlier program has drawn up and mailed: nothing of it moves, and nobody gets a mail, by installing this one.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Output;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::harness::{Workspace, files, needs_crash_points};
use crate::small::{self, Small};

const MONTHS: [&str; 5] = ["2022-02", "2022-03", "2022-04", "2022-05", "2022-06"];

/// Unpacks `fixtures/earlier/schema-2.zip`: originals come from fixtures/inbox, stand-ins take the place of books left out.
fn earlier() -> Workspace {
    let workspace = Workspace::shipped();
    for folder in ["config", "pipelines"] {
        std::fs::remove_dir_all(workspace.path().join(folder)).unwrap();
    }
    let package = std::fs::File::open(root().join("fixtures/earlier/schema-2.zip")).unwrap();
    let mut package = zip::ZipArchive::new(package).unwrap();
    for at in 0..package.len() {
        let mut entry = package.by_index(at).unwrap();
        let place = workspace.path().join(entry.name().unwrap().as_ref());
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        std::fs::write(place, bytes).unwrap();
    }
    let ledger = ledger(workspace.path());
    for path in files(&workspace.path().join("fixtures/inbox")) {
        let bytes = std::fs::read(&path).unwrap();
        let hash = blake3::hash(&bytes).to_hex().to_string();
        let known: bool = ledger.query_row("SELECT EXISTS (SELECT 1 FROM submissions WHERE hash = ?1)", [&hash], |row| row.get(0)).unwrap();
        if known {
            let folder = workspace.path().join("var/archive").join(&hash[..2]);
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join(&hash), bytes).unwrap();
        }
    }
    for month in MONTHS {
        stand_in(&ledger, &workspace.path().join(format!("var/reports/{month}/v1")), month);
    }
    workspace
}

/// Lays a short text where a book was left out, and has the ledger expect it.
fn stand_in(ledger: &Connection, folder: &Path, month: &str) {
    let manifest: String = ledger.query_row("SELECT manifest FROM runs WHERE period = ?1", [month], |row| row.get(0)).unwrap();
    let mut manifest: Value = serde_json::from_str(&manifest).unwrap();
    for entry in manifest.as_array_mut().unwrap() {
        let place = folder.join(entry["file"].as_str().unwrap());
        if !place.exists() {
            std::fs::write(&place, "left out").unwrap();
            entry["blake3"] = blake3::hash(b"left out").to_hex().to_string().into();
        }
    }
    ledger.execute("UPDATE runs SET manifest = ?2 WHERE period = ?1", [month, &manifest.to_string()]).unwrap();
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn ledger(workspace: &Path) -> Connection {
    Connection::open(workspace.join("var/ledger.sqlite")).unwrap()
}

fn schema(path: &Path) -> i64 {
    Connection::open(path).unwrap().query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
}

/// Every row of a table, as text.
fn rows(workspace: &Path, query: &str) -> Vec<Vec<String>> {
    let ledger = ledger(workspace);
    let mut statement = ledger.prepare(query).unwrap();
    let columns = statement.column_count();
    let text = |row: &rusqlite::Row<'_>| (0..columns).map(|at| Ok(told(row.get(at)?))).collect();
    statement.query_map([], text).unwrap().collect::<Result<_, _>>().unwrap()
}

fn told(value: rusqlite::types::Value) -> String {
    if let rusqlite::types::Value::Text(text) = value { text } else { format!("{value:?}") }
}

const OUTBOX: &str = "SELECT id, period, version, message_id, state, attempts, outcome, hex(bytes) FROM outbox ORDER BY id";
const SUBMISSIONS: &str = "SELECT hash, path, state, reason, findings, received_at FROM submissions ORDER BY id";

fn copies(workspace: &Path) -> Vec<PathBuf> {
    files(&workspace.join("var/backup")).into_iter().filter(|path| path.to_string_lossy().contains("before-schema-")).collect()
}

/// The lines of `verify` that are not equal; its exit code must be 0.
fn redefined(workspace: &Workspace, month: &str) -> Vec<String> {
    let said = workspace.ok(&["verify", "--period", month]);
    said.lines().filter(|line| !line.starts_with("equal")).map(str::to_owned).collect()
}

#[test]
fn months_of_an_earlier_program_stay_as_they_are_and_nobody_gets_a_mail() {
    let workspace = earlier();
    let before = (rows(workspace.path(), OUTBOX), rows(workspace.path(), SUBMISSIONS), workspace.hashes("var/reports"));
    for month in MONTHS {
        let run = workspace.json(&["run", "--period", month]);
        assert_eq!((&run["version"], &run["new"], &run["withheld"]), (&json!(1), &json!(false), &json!([])), "{month}");
        let status = workspace.json(&["status", "--period", month]);
        // Keys that this program knows and that plan does not stand at their defaults: the plan is the same.
        assert_eq!((&status["plan_changed"], &status["stale"]), (&json!(false), &json!([])), "{month}");
        assert!(workspace.json(&["show", "--period", month])["measures"].as_array().is_some_and(|all| all.len() > 10));
        workspace.ok(&["trace", "6.2", "--period", month]);
        let differ = redefined(&workspace, month);
        assert!(differ.iter().all(|line| line.starts_with("口径不同")), "{differ:?}");
    }
    assert!(redefined(&workspace, "2022-06").iter().any(|line| line.contains("12.1") && line.contains("比序时进度 -3.6 → -9.0")));
    assert_eq!(before, (rows(workspace.path(), OUTBOX), rows(workspace.path(), SUBMISSIONS), workspace.hashes("var/reports")));
    assert!(files(&workspace.path().join("var/mail")).is_empty());
    let digests = rows(workspace.path(), "SELECT digest FROM runs");
    assert!(digests.iter().all(|row| row[0].starts_with("2:")), "{digests:?}");
    let copies = copies(workspace.path());
    assert_eq!(copies.iter().map(|copy| schema(copy)).collect::<Vec<_>>(), [2], "one copy, of the ledger as it was");
    assert!(workspace.ok(&["doctor"]).contains("before-schema-"));
}

#[test]
fn what_moved_by_definition_is_drawn_up_and_mailed_for_a_reason_alone() {
    let workspace = earlier();
    let run = workspace.json(&["run", "--period", "2022-06", "--reason", "统计口径按新版程序更新"]);
    assert_eq!((&run["version"], &run["new"]), (&json!(2), &json!(true)));
    let mails = files(&workspace.path().join("var/mail"));
    assert!(mails.iter().any(|path| path.to_string_lossy().contains("v2_correction_all")), "{mails:?}");
    assert!(!mails.iter().any(|path| path.to_string_lossy().contains("_gsl")), "none of its figures moved");
    let page = workspace.ok(&["outbox", "review", "--period", "2022-06"]);
    assert!(page.contains("统计口径更新") && !page.contains("重新报送2022年"), "{page}");
    assert!(redefined(&workspace, "2022-06").is_empty());
    let reasons = rows(workspace.path(), "SELECT subject FROM audit WHERE action = 'run.reason'");
    assert_eq!(reasons.len(), 1);
}

#[test]
fn another_plan_makes_a_version_without_mails_until_a_reason_is_given() {
    let workspace = earlier();
    for file in files(&root().join("pipelines")) {
        std::fs::copy(&file, workspace.path().join("pipelines").join(file.file_name().unwrap())).unwrap();
    }
    let before = rows(workspace.path(), SUBMISSIONS);
    let printed = workspace.ok(&["run", "--period", "2022-05"]);
    assert!(printed.contains("2022-05: version 2") && printed.contains("not mailed: "), "{printed}");
    assert_eq!(before, rows(workspace.path(), SUBMISSIONS), "read again, and nothing of it was judged otherwise");
    let again = workspace.json(&["run", "--period", "2022-05"]);
    assert_eq!((&again["version"], &again["new"], &again["mails"]["written"]), (&json!(2), &json!(false), &json!(0)));
    assert_ne!(again["withheld"], json!([]));
    assert!(files(&workspace.path().join("var/mail")).is_empty());
    // Only what the version rests on was read again.
    let read = rows(workspace.path(), "SELECT period FROM submissions WHERE definition > 1 GROUP BY period ORDER BY period");
    assert_eq!(read.len(), 4, "{read:?}");

    let told = workspace.json(&["run", "--period", "2022-05", "--reason", "方案口径调整"]);
    assert_eq!((&told["version"], &told["new"], &told["withheld"]), (&json!(2), &json!(false), &json!([])));
    let mails = workspace.hashes("var/mail");
    assert!(mails.iter().any(|(name, _)| name.contains("2022-05_v2_correction_all")), "{mails:?}");
    workspace.json(&["run", "--period", "2022-05", "--reason", "方案口径调整"]);
    assert_eq!(mails, workspace.hashes("var/mail"), "told once");
}

#[test]
fn a_copy_is_made_before_a_migration_or_nothing_is_migrated() {
    needs_crash_points();
    let workspace = earlier();
    let path = workspace.path().join("var/ledger.sqlite");
    let struck = |fault: &str| -> Output { workspace.command(&["status"]).env("WENJIN_FAULT", fault).output().unwrap() };
    let full = struck("migration.copied=full");
    let said = String::from_utf8_lossy(&full.stderr).into_owned();
    assert!(full.status.code() == Some(1) && said.contains("could not be copied before it is brought up to date"), "{said}");
    assert_eq!((schema(&path), copies(workspace.path()).len()), (2, 0));
    assert_eq!(files(&workspace.path().join("var/backup")).len(), 0, "nothing unfinished is left");

    assert_eq!(struck("migration.kept=kill").status.code(), None);
    assert_eq!((schema(&path), copies(workspace.path()).len()), (2, 1), "killed between the copy and the migration");
    workspace.ok(&["status"]);
    assert!(schema(&path) > 2);
    assert!(copies(workspace.path()).iter().all(|copy| schema(copy) == 2));
    let once = copies(workspace.path());
    workspace.ok(&["status"]);
    assert_eq!(once, copies(workspace.path()), "a ledger of the present schema is not copied");
}

/// The small plan with or without a bound that 100 does not keep.
fn bound(small: &Small, max: Option<&str>) {
    let path = small.path().join("pipelines/m01-investment.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let plain = text.replace("min = \"0\"\nmax = \"90\"\n", "min = \"0\"\n");
    let text = max.map_or(plain.clone(), |max| plain.replacen("min = \"0\"\n", &format!("min = \"0\"\nmax = \"{max}\"\n"), 1));
    std::fs::write(&path, text).unwrap();
}

fn state(small: &Small) -> Vec<Vec<String>> {
    rows(small.path(), "SELECT state, findings FROM submissions WHERE path LIKE '%经信厅%'")
}

fn json_of(small: &Small, arguments: &[&str]) -> Value {
    serde_json::from_slice(&small.run(&[arguments, &["--json"]].concat()).stdout).unwrap()
}

#[test]
fn what_was_accepted_stays_accepted_when_it_is_read_again() {
    let small = Small::new();
    small.ok(&["run", "--period", "2022-06"]);
    let (before, mails) = (state(&small), files(&small.path().join("var/mail")));
    bound(&small, Some("90"));
    let run = json_of(&small, &["run", "--period", "2022-06"]);
    assert_eq!((&run["version"], &run["submissions"]["accepted"], &run["mails"]["written"]), (&json!(2), &json!(2), &json!(0)), "{run}");
    assert_eq!(before, state(&small));
    assert_eq!(mails, files(&small.path().join("var/mail")), "no figure moved: nobody is told");
    let alerts = small.ok(&["alerts"]);
    assert!(alerts.contains("reading.review:2022-06:jxt") && alerts.contains("请复核"), "{alerts}");
    let verified = small.ok(&["verify", "--period", "2022-06"]);
    assert!(verified.lines().all(|line| line.starts_with("equal")), "{verified}");
    assert_eq!(json_of(&small, &["run", "--period", "2022-06"])["new"], json!(false));
}

#[test]
fn what_was_returned_stays_returned_until_it_is_handed_in_again() {
    let small = Small::new();
    bound(&small, Some("90"));
    small.ok(&["run", "--period", "2022-06"]);
    bound(&small, None);
    let run = json_of(&small, &["run", "--period", "2022-06"]);
    assert_eq!(run["submissions"]["returned_departments"], json!(["jxt"]), "{run}");
    assert!(small.ok(&["alerts"]).contains("reading.review:2022-06:jxt"));
    let file = small::workbook(&small.path().join("again/省经信厅_2022-06.xlsx"), "工业投资", 100);
    small.ok(&["submit", file.to_str().unwrap()]);
    let run = json_of(&small, &["run", "--period", "2022-06"]);
    assert_eq!((&run["submissions"]["accepted"], &run["new"]), (&json!(2), &json!(true)), "{run}");
}
