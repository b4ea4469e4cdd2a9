//! The promises I1–I10 of `docs/trust.md`, looked up in what a month left behind.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use mail_parser::MessageParser;
use rusqlite::Connection;

use super::scenario::Stage;
use crate::harness::files;

/// What a month left behind.
pub struct Seen {
    /// Name and hash.
    pub reports: BTreeMap<String, String>,
    /// Message-ID → bytes' hash, of each arrival.
    pub mails: Vec<(String, String)>,
    /// Message-ID → state.
    pub states: BTreeMap<String, String>,
    /// What stands: hash of the file and dataset.
    pub standing: BTreeSet<(String, String)>,
}

fn hash(path: &Path) -> String {
    blake3::hash(&std::fs::read(path).unwrap()).to_hex().to_string()
}

fn rows<T>(ledger: &Connection, query: &str, read: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>) -> Vec<T> {
    let mut statement = ledger.prepare(query).unwrap();
    let rows = statement.query_map([], |row| read(row)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// Looks everything up; the second part names each broken promise.
pub fn hold(stage: &Stage, file_transport: bool) -> (Seen, Vec<String>) {
    let data = stage.root.join("var");
    let ledger = Connection::open(data.join("ledger.sqlite")).unwrap();
    let mut wrong = Vec::new();
    integrity(&ledger, &mut wrong);
    archive(&ledger, &data, &mut wrong);
    audited(&ledger, &mut wrong);

    let reports: BTreeMap<String, String> = files(&data.join("reports"))
        .iter()
        .map(|path| (path.strip_prefix(&data).unwrap().to_string_lossy().into_owned(), hash(path)))
        .collect();
    manifests(&ledger, &reports, &mut wrong);
    for pattern in [".part", ".tmp", ".staged", ".restoring"] {
        let left: Vec<_> =
            files(&data).into_iter().filter(|path| path.strip_prefix(&data).unwrap().to_string_lossy().contains(pattern)).collect();
        if !left.is_empty() {
            wrong.push(format!("I9: left behind: {left:?}"));
        }
    }
    let verified = stage.run(&["verify", "--period", "2022-06"]);
    if !verified.status.success() {
        wrong.push(format!("I5, I10: verify: {}", String::from_utf8_lossy(&verified.stdout)));
    }
    let folder = if file_transport { data.join("mail") } else { stage.received.clone() };
    let mails = files(&folder).iter().map(|path| (message_id(path), hash_of_mail(path))).collect();
    let states = rows(&ledger, "SELECT message_id, state FROM outbox", |row| Ok((row.get(0)?, row.get(1)?))).into_iter().collect();
    let standing = rows(
        &ledger,
        "SELECT s.hash, o.dataset FROM observations o JOIN submissions s ON s.id = o.submission WHERE s.state = 'accepted'",
        |row| Ok((row.get(0)?, row.get(1)?)),
    );
    let unique: BTreeSet<(String, String)> = standing.iter().cloned().collect();
    if unique.len() != standing.len() {
        wrong.push("I2: a submission counts twice".to_owned());
    }
    (Seen { reports, mails, states, standing: unique }, wrong)
}

fn message_id(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap();
    format!("<{}>", MessageParser::default().parse(&bytes).unwrap().message_id().unwrap_or_default())
}

/// The file transport keeps the last line break that SMTP adds by itself.
fn hash_of_mail(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap();
    blake3::hash(bytes.trim_ascii_end()).to_hex().to_string()
}

fn integrity(ledger: &Connection, wrong: &mut Vec<String>) {
    let answer: String = ledger.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    if answer != "ok" {
        wrong.push(format!("I9: integrity_check: {answer}"));
    }
    if !rows(ledger, "PRAGMA foreign_key_check", |_| Ok(())).is_empty() {
        wrong.push("I9: foreign_key_check".to_owned());
    }
}

/// I1: what the ledger acknowledges is in the archive under its hash; I9: nothing else is there.
fn archive(ledger: &Connection, data: &Path, wrong: &mut Vec<String>) {
    let known: BTreeSet<String> =
        rows(ledger, "SELECT hash FROM submissions UNION SELECT hash FROM packages", |row| row.get(0)).into_iter().collect();
    let mut present = BTreeSet::new();
    for path in files(&data.join("archive")) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if hash(&path) != name {
            wrong.push(format!("I1: {name} is not what it is called"));
        }
        present.insert(name);
    }
    if known != present {
        let (lost, orphans) = (known.difference(&present).count(), present.difference(&known).count());
        wrong.push(format!("I1, I9: {lost} originals lost, {orphans} orphans in the archive"));
    }
}

/// I8: the last audited state of each mail and submission is the one it has.
fn audited(ledger: &Connection, wrong: &mut Vec<String>) {
    let unaudited = rows(
        ledger,
        "SELECT s.id FROM submissions s WHERE NOT EXISTS
             (SELECT 1 FROM audit a WHERE a.subject = CAST(s.id AS TEXT) AND a.action LIKE 'submission.' || s.state || '%')
         UNION ALL
         SELECT o.id FROM outbox o WHERE o.state NOT IN ('pending', 'held') AND NOT EXISTS
             (SELECT 1 FROM audit a WHERE a.subject = CAST(o.id AS TEXT) AND a.action = 'outbox.' || o.state)",
        |row| row.get::<_, i64>(0),
    );
    let versions: i64 = ledger.query_row("SELECT COUNT(*) FROM runs", [], |row| row.get(0)).unwrap();
    let committed: i64 = ledger.query_row("SELECT COUNT(*) FROM audit WHERE action = 'run.committed'", [], |row| row.get(0)).unwrap();
    if !unaudited.is_empty() || versions != committed {
        wrong.push(format!("I8: states without their audit row: {unaudited:?}; {versions} versions, {committed} audited"));
    }
}

/// I4: the files of the committed versions are there, and no others.
fn manifests(ledger: &Connection, reports: &BTreeMap<String, String>, wrong: &mut Vec<String>) {
    let mut promised = BTreeMap::new();
    for (period, version, manifest) in rows(ledger, "SELECT period, version, manifest FROM runs", |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?))
    }) {
        let entries: Vec<serde_json::Value> = serde_json::from_str(&manifest).unwrap();
        for entry in entries {
            let name = format!("reports/{period}/v{version}/{}", entry["file"].as_str().unwrap());
            promised.insert(name, entry["blake3"].as_str().unwrap().to_owned());
        }
    }
    if promised != *reports {
        wrong.push(format!("I4, I9: {} files promised, {} there, or others", promised.len(), reports.len()));
    }
}

/// Between the commit of `transmitting` and our record of the reply nobody knows.
const WINDOW: [&str; 4] = ["mail.transmitting", "mail.dot_sent", "mail.answered", "recovery.outbox"];

impl Seen {
    /// Against the undisturbed month: the same outputs, the same standing files, each mail once or shown as uncertain.
    pub fn compare(&self, base: &Self, point: &str, died: bool, wrong: &mut Vec<String>) {
        if self.reports != base.reports {
            wrong.push("I10: the outputs differ from the undisturbed month's".to_owned());
        }
        if self.standing != base.standing {
            wrong.push("I2: other files stand than in the undisturbed month".to_owned());
        }
        let wanted: BTreeMap<&String, &String> = base.mails.iter().map(|(id, bytes)| (id, bytes)).collect();
        if self.states.keys().collect::<BTreeSet<_>>() != base.states.keys().collect::<BTreeSet<_>>() {
            wrong.push("I3: other mails than in the undisturbed month".to_owned());
        }
        let mut uncertain = 0;
        for (id, bytes) in &wanted {
            let arrivals: Vec<&String> = self.mails.iter().filter(|(one, _)| one == *id).map(|(_, bytes)| bytes).collect();
            let state = self.states.get(*id).map_or("", String::as_str);
            if arrivals.iter().any(|arrived| arrived != bytes) {
                wrong.push(format!("I3: {id} arrived with other bytes"));
            }
            let known = match state {
                "sent" | "written" => arrivals.len() == 1,
                "uncertain" => {
                    uncertain += 1;
                    arrivals.len() <= 1
                }
                _ => false,
            };
            if !known {
                wrong.push(format!("I3: {id} is {state} and arrived {} times", arrivals.len()));
            }
        }
        // As many as may be on the wire at once, and the one that met the point at least.
        let in_window = WINDOW.contains(&point);
        let allowed = if in_window { wenjin::settings::MailPace::default().connections_max as usize } else { 0 };
        if uncertain > allowed || (died && in_window && uncertain == 0) {
            wrong.push(format!("I3: {uncertain} mails are uncertain, {allowed} may be"));
        }
    }
}
