//! Copies of the ledger: made, kept, put back; a damaged or newer ledger is refused with what to do.

use std::io::{Seek as _, Write as _};
use std::path::{Path, PathBuf};

use crate::harness::{Workspace, files};
use crate::small::Small;

fn ledger(root: &Path) -> PathBuf {
    root.join("var/ledger.sqlite")
}

/// Writes nonsense over the middle of the file, page after page.
fn damage(path: &Path) {
    let mut file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    let length = file.metadata().unwrap().len();
    file.seek(std::io::SeekFrom::Start(length / 4)).unwrap();
    file.write_all(&vec![0x5a; usize::try_from(length / 2).unwrap()]).unwrap();
}

/// The steps of `docs/backup.md`, after the month was copied and its ledger destroyed.
#[test]
fn a_destroyed_ledger_is_put_back_and_nothing_is_sent_twice() {
    let workspace = Workspace::shipped();
    workspace.ok(&["run", "--period", "2022-06"]);
    let copy = workspace.ok(&["backup"]).trim().to_owned();
    let (reports, mails) = (workspace.hashes("var/reports"), workspace.hashes("var/mail"));
    damage(&ledger(workspace.path()));
    let refused = workspace.run(&["run", "--period", "2022-06"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains("damaged") && said.contains("wenjin restore"), "{said}");

    workspace.ok(&["restore", &copy]);
    workspace.ok(&["verify", "--period", "2022-06"]);
    let printed = workspace.ok(&["run", "--period", "2022-06"]);
    assert!(printed.contains("nothing new since version 1"), "{printed}");
    assert_eq!((workspace.hashes("var/reports"), workspace.hashes("var/mail")), (reports, mails));
    let status = workspace.json(&["status", "--period", "2022-06"]);
    assert!(status["deliveries"].as_array().unwrap().iter().all(|delivery| delivery["attempts"] == 1), "{status}");
}

#[test]
fn an_older_copy_sends_nothing_by_itself_and_deletes_nothing() {
    let small = Small::new();
    small.ok(&["status"]);
    let before = small.ok(&["backup"]).trim().to_owned();
    small.ok(&["run", "--period", "2022-06"]);
    let ids = message_ids(&small);
    let sent = files(&small.path().join("var/mail"));
    assert_eq!(sent.len(), 3);
    for mail in &sent {
        std::fs::remove_file(mail).unwrap();
    }
    let printed = small.ok(&["restore", &before]);
    assert!(printed.contains("moved aside: 2022-06/v1") && printed.contains("hand it in again"), "{printed}");
    let aside: Vec<PathBuf> =
        files(&small.path().join("var")).into_iter().filter(|path| path.to_string_lossy().contains("before-restore")).collect();
    assert_eq!(aside.iter().filter(|path| path.extension().is_some_and(|end| end == "xlsx")).count(), 3, "{aside:?}");
    let run = small.ok(&["run", "--period", "2022-06"]);
    assert!(run.contains("3 held"), "{run}");
    assert!(files(&small.path().join("var/mail")).is_empty(), "nothing leaves without the operator's word");
    assert_eq!(message_ids(&small), ids, "what he releases is known by its Message-ID");
    small.ok(&["outbox", "release", "--period", "2022-06"]);
    assert_eq!(files(&small.path().join("var/mail")).len(), 3);
}

fn message_ids(small: &Small) -> Vec<String> {
    let ledger = rusqlite::Connection::open(ledger(small.path())).unwrap();
    let mut statement = ledger.prepare("SELECT message_id FROM outbox ORDER BY message_id").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn mails_that_wait_in_a_copy_are_uncertain_once_it_is_restored() {
    let small = Small::new();
    small.run(&["run", "--period", "2022-06", "--hold"]);
    let raw = rusqlite::Connection::open(ledger(small.path())).unwrap();
    raw.execute("UPDATE outbox SET state = 'pending'", []).unwrap();
    drop(raw);
    let copy = small.ok(&["backup"]).trim().to_owned();
    let printed = small.ok(&["restore", &copy]);
    assert!(printed.contains("made: 3 (now uncertain"), "{printed}");
    let again = small.run(&["run", "--period", "2022-06"]);
    assert_eq!(again.status.code(), Some(11), "{}", String::from_utf8_lossy(&again.stdout));
    assert!(files(&small.path().join("var/mail")).is_empty());
}

#[test]
fn the_newest_copies_are_kept_and_other_files_are_left_alone() {
    let small = Small::new();
    std::fs::create_dir_all(small.path().join("var/backup")).unwrap();
    std::fs::write(small.path().join("var/backup/ledger-of-last-year.sqlite"), b"mine").unwrap();
    for day in 11..=14 {
        let now = format!("2022-07-{day}T02:30:00+08:00");
        let made = crate::small::command_at(small.path(), &now, &["backup"]).env("WENJIN_STORE_BACKUP_KEEP", "2").output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }
    let names: Vec<String> =
        files(&small.path().join("var/backup")).iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(names, ["ledger-20220712T183000Z.sqlite", "ledger-20220713T183000Z.sqlite", "ledger-of-last-year.sqlite"]);
}

#[test]
fn a_damaged_ledger_pushes_no_good_copy_out_and_is_no_copy_to_restore() {
    let small = Small::new();
    small.ok(&["run", "--period", "2022-06"]);
    let copy = PathBuf::from(small.ok(&["backup"]).trim());
    let good = std::fs::read(&copy).unwrap();
    damage(&ledger(small.path()));
    assert_eq!(small.run(&["backup"]).status.code(), Some(1));
    assert_eq!(std::fs::read(&copy).unwrap(), good);
    let bad = small.path().join("bad.sqlite");
    std::fs::copy(&copy, &bad).unwrap();
    damage(&bad);
    let refused = small.run(&["restore", bad.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(1), "{}", String::from_utf8_lossy(&refused.stdout));
}

#[test]
fn a_newer_ledger_is_refused_and_left_as_it_is() {
    let small = Small::new();
    small.ok(&["run", "--period", "2022-06"]);
    let raw = rusqlite::Connection::open(ledger(small.path())).unwrap();
    raw.pragma_update(None, "user_version", 99).unwrap();
    drop(raw);
    let before = std::fs::read(ledger(small.path())).unwrap();
    let refused = small.run(&["run", "--period", "2022-06"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1));
    assert!(said.contains("newer wenjin (schema 99") && said.contains("install that version"), "{said}");
    assert_eq!(std::fs::read(ledger(small.path())).unwrap(), before);
}
