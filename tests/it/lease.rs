//! One run a period: a holder that is frozen past its lease writes nothing when it wakes, and of two started together one runs.

use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::harness::{files, needs_crash_points};
use crate::mail::Peer;
use crate::small::{Small, command_at, workbook};

/// A run that freezes itself at `point`; returns once it is frozen.
fn frozen(small: &Small, point: &str, url: &str) -> Child {
    let child = small
        .command(&["run", "--period", "2022-06"])
        .env("WENJIN_FAULT", format!("{point}=stop"))
        .env("WENJIN_LIMITS_LEASE_SECONDS", "1")
        .env("WENJIN_MAIL_URL", url)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while !std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap().contains(") T ") {
        assert!(started.elapsed() < Duration::from_mins(1), "{point} was never reached");
        std::thread::sleep(Duration::from_millis(20));
    }
    child
}

fn wake(child: Child) -> Output {
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::CONT).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_holder_frozen_past_its_lease_writes_nothing_when_it_wakes() {
    needs_crash_points();
    for point in [
        "run.locked",
        "parse.answered",
        "run.inputs_frozen",
        "run.aggregated",
        "run.workbook_half",
        "run.staged",
        "mail.claimed",
        "mail.connected",
    ] {
        let small = Small::new();
        let received = small.path().join("received");
        std::fs::create_dir_all(&received).unwrap();
        let peer = Peer::start(&received, &[]);
        let url = format!("smtp://127.0.0.1:{}", peer.port);
        let loser = frozen(&small, point, &url);
        std::thread::sleep(Duration::from_millis(2100));
        let winner = small.command(&["run", "--period", "2022-06"]).env("WENJIN_MAIL_URL", &url).output().unwrap();
        assert!(winner.status.success(), "{point}: {}", String::from_utf8_lossy(&winner.stderr));
        let before = contents(&small);
        let loser = wake(loser);
        let said = String::from_utf8_lossy(&loser.stderr).into_owned();
        assert_eq!(loser.status.code(), Some(75), "{point}: {said}");
        assert!(said.contains("was lost to"), "{point}: {said}");
        assert_eq!(contents(&small), before, "{point}: the loser wrote something");
        assert_eq!(files(&received).len(), 3, "{point}: each mail once");
    }
}

/// Everything but what only readers move: files below reports and archive, and the ledger's tables as text.
fn contents(small: &Small) -> Vec<String> {
    let data = small.path().join("var");
    let mut found: Vec<String> =
        ["reports", "archive"].iter().flat_map(|name| files(&data.join(name))).map(|path| path.display().to_string()).collect();
    let ledger = Connection::open(data.join("ledger.sqlite")).unwrap();
    for table in ["submissions", "runs", "outbox", "leases", "audit", "observations"] {
        let mut statement = ledger.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| {
            (0..columns).map(|at| row.get::<_, rusqlite::types::Value>(at).map(|value| format!("{value:?}"))).collect::<Result<Vec<_>, _>>()
        });
        // Mails and figures are long; their hashes tell as much.
        found.extend(rows.unwrap().map(|row| format!("{table} {}", blake3::hash(row.unwrap().join("|").as_bytes()))));
    }
    found
}

#[test]
fn two_runs_started_together_a_hundred_times() {
    let small = Small::new();
    let mut held = 0;
    for round in 1..=100_u32 {
        workbook(&small.path().join("inbox/省经信厅_2022-06.xlsx"), "工业投资", 100 + round);
        // A later file stands in the place of an earlier one.
        let now = format!("2022-07-11T{:02}:{:02}:00+08:00", 9 + round / 60, round % 60);
        let start = || {
            let mut command = command_at(small.path(), &now, &["run", "--period", "2022-06"]);
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let both = [start(), start()].map(|child| child.wait_with_output().unwrap());
        let mut ran = 0;
        for output in &both {
            let said = String::from_utf8_lossy(&output.stderr);
            match output.status.code() {
                Some(0) => ran += 1,
                Some(75) => {
                    held += 1;
                    assert!(said.contains("is held by process"), "{said}");
                }
                other => panic!("round {round}: {other:?}: {said}"),
            }
        }
        assert!(ran >= 1, "round {round}: nobody ran");
    }
    println!("of 200 runs {held} were told who holds the period");
    assert!(held >= 50, "only {held} of 100 pairs met");
    let ledger = Connection::open(small.path().join("var/ledger.sqlite")).unwrap();
    let count = |query: &str| ledger.query_row(query, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT COUNT(*) FROM runs"), 100, "one version a round");
    assert_eq!(count("SELECT COUNT(*) FROM outbox WHERE state <> 'written' OR attempts <> 1"), 0);
}
