//! What the operator is told of while the schedule runs, and that he is told when it is over.

use wenjin::run::kit::Desk;
use wenjin::run::kit::progress::Silent;
use wenjin::run::schedule::poll::Memory;
use wenjin::run::schedule::{due, job};
use wenjin::settings::JobKind;

use super::{desk, edit, name_operator};
use crate::harness::{Workspace, lay};

const START: &str = "2022-07-11T01:55:00+08:00";

/// A workspace whose operator has an address, with a desk whose schedule has begun.
fn office(prepare: impl FnOnce(&Workspace)) -> (Workspace, Desk) {
    let workspace = Workspace::shipped();
    name_operator(&workspace);
    prepare(&workspace);
    let mut desk = desk(&workspace, START, &[]);
    assert_eq!(due::tick(&mut desk).unwrap(), []);
    (workspace, desk)
}

/// The slots of `kind` that are due at the time of day `at`, performed: their words, or why they failed.
fn perform(desk: &mut Desk, kind: JobKind, at: &str) -> Vec<Result<String, String>> {
    desk.clock.now = format!("2022-07-11T{at}:00+08:00").parse().unwrap();
    let slots = due::tick(desk).unwrap().into_iter().filter(|slot| slot.job == kind);
    slots.map(|slot| job::perform(desk, &slot, &mut Memory::default(), &Silent).map_err(|error| error.to_string())).collect()
}

/// Keys of the open alerts.
fn open(workspace: &Workspace) -> Vec<String> {
    let alerts = workspace.json(&["alerts"]);
    alerts["alerts"].as_array().unwrap().iter().map(|alert| alert["key"].as_str().unwrap().to_owned()).collect()
}

/// Subjects of the alerts the operator was mailed so far.
fn told(workspace: &Workspace) -> Vec<String> {
    let database = rusqlite::Connection::open(workspace.path().join("var/ledger.sqlite")).unwrap();
    let mut statement = database.prepare("SELECT subject FROM outbox WHERE kind = 'alert' ORDER BY id").unwrap();
    let subjects = statement.query_map([], |row| row.get(0)).unwrap();
    let alerts = |subject: &String| subject.starts_with("【告警】") || subject.starts_with("【恢复】");
    subjects.map(Result::unwrap).filter(alerts).collect()
}

#[test]
fn a_source_that_cannot_be_read_keeps_the_others_from_nothing() {
    let second = "[[source]]\nkind = \"folder\"\npath = \"elsewhere\"\n\n[schedule]\n";
    let (workspace, mut desk) = office(|workspace| {
        std::fs::create_dir(workspace.path().join("elsewhere")).unwrap();
        edit(workspace, "[schedule]\n", second);
    });
    std::fs::remove_dir(workspace.path().join("elsewhere")).unwrap();
    let words = perform(&mut desk, JobKind::Poll, "02:00");
    assert!(words[0].as_ref().unwrap().contains("2022-06 version 1 drawn up"), "{words:?}");
    assert_eq!(open(&workspace), ["source.unreachable:2"]);
    // A person who asks for the month is told that it would not be whole.
    let refused = workspace.run(&["run", "--period", "2022-06"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("elsewhere"));
    perform(&mut desk, JobKind::Poll, "02:10");
    assert_eq!(told(&workspace).len(), 1, "told once");

    std::fs::create_dir(workspace.path().join("elsewhere")).unwrap();
    perform(&mut desk, JobKind::Poll, "02:20");
    assert_eq!(open(&workspace), [""; 0]);
    let told = told(&workspace);
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|subject| subject.contains("数据来源无法访问")) && told[1].contains("恢复"), "{told:?}");
}

#[test]
fn a_paper_that_looks_secret_is_told_until_it_is_taken_away() {
    let paper = |workspace: &Workspace| workspace.path().join("fixtures/inbox/2022-06/机密文件.xlsx");
    let (workspace, mut desk) = office(|workspace| {
        let planted = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/refused/suspected-secret.xlsx");
        lay(planted.as_ref(), &paper(workspace));
    });
    perform(&mut desk, JobKind::Poll, "02:00");
    let keys = open(&workspace);
    assert!(keys.len() == 1 && keys[0].starts_with("secret.suspected:"), "{keys:?}");
    perform(&mut desk, JobKind::Poll, "02:10");
    assert_eq!(told(&workspace).len(), 1, "told once");

    std::fs::remove_file(paper(&workspace)).unwrap();
    perform(&mut desk, JobKind::Poll, "02:20");
    assert_eq!((open(&workspace).len(), told(&workspace).len()), (0, 2));
}

#[test]
fn a_full_disk_and_a_backup_that_fails_have_names_of_their_own() {
    let (workspace, mut desk) = office(|_| {});
    let reserve = std::mem::replace(&mut desk.settings.limits.disk_reserve_bytes, u64::MAX);
    let failed = perform(&mut desk, JobKind::Poll, "02:00");
    assert!(failed[0].as_ref().unwrap_err().contains("in reserve"), "{failed:?}");
    assert_eq!(open(&workspace), ["disk.reserve:poll"]);
    desk.settings.limits.disk_reserve_bytes = reserve;
    perform(&mut desk, JobKind::Poll, "02:10");
    assert_eq!(open(&workspace), [""; 0]);

    let folder = workspace.path().join("var/backup");
    std::fs::write(&folder, "in the way").unwrap();
    assert!(perform(&mut desk, JobKind::Backup, "02:30")[0].is_err());
    assert_eq!(open(&workspace), ["backup.failed:backup"]);
    std::fs::remove_file(&folder).unwrap();
    desk.clock.now += chrono::TimeDelta::days(1);
    for slot in due::tick(&mut desk).unwrap().into_iter().filter(|slot| slot.job == JobKind::Backup) {
        job::perform(&mut desk, &slot, &mut Memory::default(), &Silent).unwrap();
    }
    assert_eq!(open(&workspace), [""; 0]);
    let told = told(&workspace);
    assert!(told[0].contains("磁盘剩余空间不足") && told[2].contains("台账备份失败"), "{told:?}");
    assert!(!told.iter().any(|subject| subject.contains("运行异常")), "{told:?}");
}

/// Every kind is in the docs with its condition, and something raises it.
#[test]
fn every_kind_of_alert_is_documented_and_raised() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let documented = std::fs::read_to_string(root.join("docs/notices.md")).unwrap();
    let mut conduct = String::new();
    for path in crate::harness::files(&root.join("src/run")).into_iter().chain([root.join("src/daemon.rs")]) {
        conduct += &std::fs::read_to_string(path).unwrap();
    }
    for (kind, _) in wenjin::deliver::notice::alert::KINDS {
        assert!(kind == "test" || documented.contains(&format!("| `{kind}` |")), "{kind} is not in docs/notices.md");
        let raised = conduct.contains(&format!("\"{kind}\""))
            || conduct.contains(&format!("\"{kind}:"))
            || kind.starts_with("delivery.") && conduct.contains("\"delivery.{kind}:");
        assert!(raised, "nothing raises {kind}");
    }
}
