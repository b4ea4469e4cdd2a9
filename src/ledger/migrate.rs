//! The schema's history: each step once, in order, and what a step works out that SQL cannot say.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use rusqlite::{Connection, Transaction, params};
use rusqlite_migration::{HookError, M, Migrations};

use super::error::BUSY_TIMEOUT;
use super::{LedgerError, leaned, parse, standing};

/// The steps before the one that answers questions by indexes.
const FIRST: [&str; 6] = [
    include_str!("migrations/0001-initial.sql"),
    include_str!("migrations/0002-daemon.sql"),
    include_str!("migrations/0003-answers.sql"),
    include_str!("migrations/0004-batches.sql"),
    include_str!("migrations/0005-definitions.sql"),
    include_str!("migrations/0006-packages.sql"),
];

const QUESTIONS: &str = include_str!("migrations/0007-questions.sql");

/// The steps behind it.
const LAST: [&str; 1] = [include_str!("migrations/0008-columns.sql")];

fn all() -> Migrations<'static> {
    let mut steps: Vec<M<'static>> = FIRST.into_iter().map(M::up).collect();
    steps.push(M::up_with_hook(QUESTIONS, |transaction: &Transaction<'_>| {
        answer_questions(transaction).map_err(|error| HookError::Hook(error.to_string()))
    }));
    steps.extend(LAST.into_iter().map(M::up));
    Migrations::new(steps)
}

/// The schema this program brings a ledger to.
#[must_use]
pub fn known_schema() -> i64 {
    i64::try_from(FIRST.len() + 1 + LAST.len()).unwrap_or(i64::MAX)
}

/// What 0007 keeps beside the rows there are.
fn answer_questions(transaction: &Transaction<'_>) -> Result<(), LedgerError> {
    let mut statement = transaction.prepare("SELECT id, received_at FROM submissions")?;
    let times: Vec<(i64, String)> = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let mut order = transaction.prepare("UPDATE submissions SET received = ?2 WHERE id = ?1")?;
    for (id, received_at) in times {
        order.execute(params![id, instant(parse("submissions", &received_at)?)])?;
    }
    standing::restand_all(transaction)?;
    leaned::note_all(transaction)
}

/// An instant as it is put in order: microseconds since 1970, UTC.
pub(super) fn instant(at: DateTime<FixedOffset>) -> i64 {
    at.timestamp_micros()
}

/// A ledger of a newer program is left as it is.
pub(super) fn refuse_newer(connection: &Connection, path: &Path) -> Result<(), LedgerError> {
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = known_schema();
    if found > known { Err(LedgerError::Newer { path: path.display().to_string(), found, known }) } else { Ok(()) }
}

/// Migrates under an exclusive transaction of its own, so that two processes at first start do not both create the tables.
pub(super) fn to_present(connection: &mut Connection) -> Result<(), LedgerError> {
    let migrations = all();
    let mut waited = Duration::ZERO;
    loop {
        match migrations.to_latest(connection) {
            Ok(()) => return Ok(()),
            // Another process may be migrating: look again.
            Err(rusqlite_migration::Error::RusqliteError { .. }) if waited < BUSY_TIMEOUT => {
                std::thread::sleep(Duration::from_millis(50));
                waited += Duration::from_secs(1);
            }
            Err(error) => return Err(error.into()),
        }
    }
}
