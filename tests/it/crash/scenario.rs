//! What is done up to a crash point, and again after it.

use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::promises::{Seen, hold};
use crate::harness::{Workspace, lay};
use crate::mail::Peer;
use crate::small;

/// Which workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plan {
    Shipped,
    Small,
}

/// What happens at the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Kill,
    Abort,
    Io,
    Full,
}

impl Act {
    fn word(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Abort => "abort",
            Self::Io => "io",
            Self::Full => "full",
        }
    }
}

/// A workspace, a refused file among its submissions, and a mail server of its own.
pub struct Stage {
    _folder: tempfile::TempDir,
    pub root: PathBuf,
    peer: Option<Peer>,
    pub received: PathBuf,
}

impl Stage {
    fn new(plan: Plan, mail: bool) -> Self {
        let folder = match plan {
            Plan::Shipped => Workspace::shipped().into_folder(),
            Plan::Small => {
                let folder = tempfile::tempdir().unwrap();
                small::make(folder.path());
                folder
            }
        };
        let root = folder.path().to_owned();
        let html = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/refused/html-renamed.xls");
        let (inbox, outside) = (root.join(inbox(plan)), root.join("by-hand"));
        lay(&html, &inbox.join("html-renamed.xls"));
        std::fs::create_dir_all(&outside).unwrap();
        let own = std::fs::read_dir(&inbox).unwrap().map(|entry| entry.unwrap().path());
        let own = own.filter(|path| path.to_string_lossy().contains("省经信厅")).min().unwrap();
        // One file is handed in by a person.
        std::fs::rename(&own, outside.join(own.file_name().unwrap())).unwrap();
        let received = root.join("received");
        std::fs::create_dir_all(&received).unwrap();
        let peer = mail.then(|| Peer::start(&received, &[]));
        Self { _folder: folder, root, peer, received }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = small::command(&self.root, arguments);
        // A reserve in use and a short pause would only blur what the points show.
        command.env("WENJIN_MAIL_RATE_PER_MINUTE", "60000").env("WENJIN_MAIL_CONNECTIONS_MAX", "1");
        if let Some(peer) = &self.peer {
            command.env("WENJIN_MAIL_URL", format!("smtp://127.0.0.1:{}", peer.port));
        }
        command
    }

    /// The steps of a month; `fault` strikes in the step that passes its point.
    fn month(&self, fault: Option<(&str, Act)>) -> Vec<Output> {
        self.steps(fault, 0)
    }

    /// The steps of a month from `first` on.
    fn steps(&self, fault: Option<(&str, Act)>, first: usize) -> Vec<Output> {
        let by_hand = std::fs::read_dir(self.root.join("by-hand")).unwrap().next().unwrap().unwrap().path();
        let steps: [&[&str]; 4] =
            [&["submit", by_hand.to_str().unwrap()], &["run", "--period", "2022-06"], &["backup"], &["--now", LATER, "backup"]];
        let mut outputs = Vec::new();
        for step in steps.into_iter().skip(first) {
            let later = step.first() == Some(&"--now");
            let mut command = self.command(if later { &step[2..] } else { step });
            if later {
                command = small::command_at(&self.root, LATER, &["backup"]);
            }
            let log = self.root.join("points");
            if let Some((point, act)) = fault {
                command.env("WENJIN_FAULT", format!("{point}={}", act.word())).env("WENJIN_FAULT_LOG", &log);
            }
            outputs.push(command.env("WENJIN_STORE_BACKUP_KEEP", "1").output().unwrap());
            let reached = std::fs::read_to_string(&log).unwrap_or_default();
            if fault.is_some_and(|(point, _)| reached.lines().any(|one| one == point)) {
                return outputs;
            }
        }
        // Not one of the steps has passed the point.
        if fault.is_some() { Vec::new() } else { outputs }
    }

    fn submit(&self) {
        let by_hand = std::fs::read_dir(self.root.join("by-hand")).unwrap().next().unwrap().unwrap().path();
        self.run(&["submit", by_hand.to_str().unwrap()]);
    }

    /// Any other command.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn faulty(&self, arguments: &[&str], fault: &str) -> Output {
        self.command(arguments).env("WENJIN_FAULT", fault).output().unwrap()
    }
}

/// A second backup a day later, so that the first is retired.
const LATER: &str = "2022-07-12T09:00:00+08:00";

fn inbox(plan: Plan) -> &'static str {
    match plan {
        Plan::Shipped => "fixtures/inbox/2022-06",
        Plan::Small => "inbox",
    }
}

/// The month without any fault.
pub fn undisturbed(plan: Plan) -> Seen {
    let stage = Stage::new(plan, true);
    for output in stage.month(None) {
        assert!(matches!(output.status.code(), Some(0)), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let (seen, wrong) = hold(&stage, false);
    assert!(wrong.is_empty(), "the undisturbed month: {}", wrong.join("; "));
    assert!(!seen.mails.is_empty() && !seen.reports.is_empty());
    seen
}

/// Strikes at `point`, starts again, and holds the outcome to the promises.
pub fn play(plan: Plan, point: &str, act: Act, base: &Seen) -> Result<(), String> {
    // Files instead of a mail server where the point lies in the file transport.
    let stage = Stage::new(plan, point != "mail.file_half");
    let struck = strike(&stage, point, act)?;
    let said = format!("{}{}", String::from_utf8_lossy(&struck.stdout), String::from_utf8_lossy(&struck.stderr));
    let expected = match act {
        Act::Kill => struck.status.signal() == Some(9),
        Act::Abort => struck.status.signal() == Some(6),
        // A step may be repeatable by itself (a mail is put off): then the command ends with 11.
        Act::Io | Act::Full => matches!(struck.status.code(), Some(1 | 11)) || point == "mail.dot_sent",
    };
    if !expected {
        return Err(format!("not struck: {:?} {said}", struck.status));
    }
    // I1: whoever was told "accepted" does not hand in again.
    let acknowledged = point == "accept.acknowledged";
    if acknowledged && !said.contains("accepted") {
        return Err("not acknowledged before the point".to_owned());
    }
    again(&stage, !acknowledged)?;
    let (seen, mut wrong) = hold(&stage, point == "mail.file_half");
    seen.compare(base, point, act == Act::Kill || act == Act::Abort, &mut wrong);
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

/// Brings the program to the point. Recovery and restore have something to do first.
fn strike(stage: &Stage, point: &str, act: Act) -> Result<Output, String> {
    let fault = format!("{point}={}", act.word());
    if point.starts_with("recovery.") {
        let before = match point {
            "recovery.outbox" => "mail.transmitting=kill",
            "recovery.swept" => "accept.synced=kill",
            _ => "run.manifest_renamed=kill",
        };
        stage.submit();
        let killed = stage.faulty(&["run", "--period", "2022-06"], before);
        if killed.status.signal() != Some(9) {
            return Err(format!("{before} did not strike"));
        }
        return Ok(stage.faulty(&["run", "--period", "2022-06"], &fault));
    }
    if point.starts_with("migration.") {
        stage.submit();
        make_earlier(&stage.root);
        return Ok(stage.faulty(&["run", "--period", "2022-06"], &fault));
    }
    if point.starts_with("restore.") {
        for output in stage.month(None) {
            if !output.status.success() {
                return Err(String::from_utf8_lossy(&output.stderr).into_owned());
            }
        }
        let copy = newest_backup(&stage.root);
        let struck = stage.faulty(&["restore", copy.to_str().unwrap()], &fault);
        let finished = stage.run(&["restore", copy.to_str().unwrap()]);
        if !finished.status.success() {
            return Err(format!("restore again: {}", String::from_utf8_lossy(&finished.stderr)));
        }
        return Ok(struck);
    }
    stage.month(Some((point, act))).pop().ok_or_else(|| "never reached".to_owned())
}

/// Takes the last migrations back, the newest first, as if an earlier program had written the ledger.
fn make_earlier(root: &Path) {
    let ledger = rusqlite::Connection::open(root.join("var/ledger.sqlite")).unwrap();
    as_json(&ledger);
    let questions = "DROP TABLE standing; DROP TABLE marks; DROP INDEX submissions_by_period; DROP INDEX submissions_by_path;
        DROP INDEX submissions_by_batch; DROP INDEX submissions_withdrawn; DROP INDEX submissions_refused; DROP INDEX audit_by_action;
        DROP INDEX alerts_by_end; CREATE INDEX submissions_by_period ON submissions (period, department);
        ALTER TABLE submissions DROP COLUMN received; ALTER TABLE runs DROP COLUMN leaned; ALTER TABLE jobs DROP COLUMN since;
        ALTER TABLE alerts DROP COLUMN raised_by; ALTER TABLE alerts DROP COLUMN ended_by; ALTER TABLE outbox DROP COLUMN put_off_at;";
    ledger.execute_batch(questions).unwrap();
    let undo = "ALTER TABLE runs DROP COLUMN definition; ALTER TABLE submissions DROP COLUMN definition;
        ALTER TABLE submissions DROP COLUMN examined; DROP TABLE packages; PRAGMA user_version = 4;";
    ledger.execute_batch(undo).unwrap();
}

/// Writes every table as JSON, as was done before column files.
fn as_json(ledger: &rusqlite::Connection) {
    let mut statement = ledger.prepare("SELECT rowid, packed FROM observations").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))).unwrap();
    for (row, packed) in rows.map(Result::unwrap) {
        let table = serde_json::to_string(&wenjin::model::columns::unpacked(&packed).unwrap()).unwrap();
        ledger.execute("UPDATE observations SET body = ?2 WHERE rowid = ?1", rusqlite::params![row, table]).unwrap();
    }
    ledger.execute_batch("ALTER TABLE observations DROP COLUMN packed").unwrap();
}

/// The newest copy.
pub fn newest_backup(root: &Path) -> PathBuf {
    crate::harness::files(&root.join("var/backup")).pop().unwrap()
}

/// Starts again without a fault. Whoever got no answer hands in again.
fn again(stage: &Stage, hand_in: bool) -> Result<(), String> {
    for output in stage.steps(None, usize::from(!hand_in)) {
        if !matches!(output.status.code(), Some(0 | 10 | 11)) {
            return Err(format!("started again: {:?} {}", output.status, String::from_utf8_lossy(&output.stderr)));
        }
    }
    // What was put off waits for its time, or for the operator.
    stage.run(&["outbox", "retry", "--period", "2022-06"]);
    Ok(())
}
