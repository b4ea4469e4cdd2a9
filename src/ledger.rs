//! The ledger: what came, what was accepted, which versions were drawn up, what was sent. One SQLite file.
//!
//! One file per table below, one for the questions about what came. Every change of state writes its audit row in the same transaction.
//! The schema is documented in `ledger/migrations/` and `docs/ledger.md`.

pub mod alerts;
pub mod audit;
pub mod batches;
mod bodies;
pub mod census;
pub mod explanations;
mod asked;
mod guarded;
mod state;
pub mod judgement;
mod leaned;
pub mod leases;
pub mod marks;
mod migrate;
pub mod notices;
pub mod outbox;
mod packages;
pub mod read_again;
mod restore;
pub mod runs;
pub mod slots;
pub mod standing;
pub mod submissions;
pub mod unread;

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

pub use asked::{Known, READ_AGAIN_MAX};
pub use batches::{Beside, Origin};
use guarded::Guarded;
pub use judgement::Judgement;
pub use leaned::Leaned;
pub use leases::Lease;
pub use marks::{Mark, Marks};
pub use migrate::known_schema;
pub use runs::{Cause, Drawn, Input, Version};
pub use slots::{Decision, SlotRow, SlotState};
pub use standing::Stands;
pub use state::SubmissionState;
pub use submissions::{Arrival, Recorded};
pub use unread::UnreadEntry;

/// How long a writer waits for another one.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// What goes wrong with the ledger.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("the ledger {path} cannot be opened: {source}")]
    Open { path: String, source: rusqlite::Error },
    #[error("the ledger's schema cannot be brought up to date: {0}")]
    Migrate(#[from] rusqlite_migration::Error),
    #[error(
        "the ledger {path} was written by a newer wenjin (schema {found}, this one knows {known}); install that version, or restore a backup made before the upgrade: `wenjin restore FILE`"
    )]
    Newer { path: String, found: i64, known: i64 },
    #[error("the ledger is damaged: {0}; nothing was changed; restore the newest backup: `wenjin restore FILE` (docs/backup.md)")]
    Damaged(String),
    #[error("no room on the ledger's disk; make room and start again: what was acknowledged is kept, nothing of this step is")]
    Full,
    #[error("the ledger cannot be written: the file system is read-only, or file and folder belong to another user")]
    ReadOnly,
    #[error(
        "the ledger is busy: another process has been writing for {} seconds; look whether one is stopped, then start again",
        BUSY_TIMEOUT.as_secs()
    )]
    Busy,
    #[error("the version could not be put in place: {0}")]
    Place(#[source] std::io::Error),
    #[error("the ledger refused a change: {0}")]
    Sqlite(#[source] rusqlite::Error),
    #[error("the ledger holds something unreadable in {place}: {reason}")]
    Content { place: String, reason: String },
    #[error("period {period} is held by {holder}; wait until it has finished")]
    Held { period: String, holder: String },
    #[error("the lease of period {period} was lost to {holder}; nothing was written")]
    Fenced { period: String, holder: String },
}

impl From<rusqlite::Error> for LedgerError {
    /// Tells apart what the operator can mend.
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        // The file that processes share beside the ledger could not grow: SQLite calls a full disk an input or output error there.
        if error.sqlite_error().is_some_and(|told| told.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE) {
            return Self::Full;
        }
        match error.sqlite_error_code() {
            Some(Code::DiskFull) => Self::Full,
            Some(Code::ReadOnly | Code::CannotOpen | Code::PermissionDenied) => Self::ReadOnly,
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy,
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => Self::Damaged(error.to_string()),
            _ => Self::Sqlite(error),
        }
    }
}

/// An open ledger. One writer at a time; SQLite sees to it.
#[derive(Debug)]
pub struct Ledger {
    connection: Guarded,
}

impl Ledger {
    /// Opens `path`, creating and migrating it as needed.
    ///
    /// # Errors
    /// When the file is no SQLite database, is damaged, or was written by a newer program.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let mut connection = connect(path)?;
        migrate::refuse_newer(&connection, path)?;
        migrate::to_present(&mut connection)?;
        audit::prepare(&connection)?;
        Ok(Self { connection: Guarded::new(connection) })
    }

    /// Opens `path` as it is where an earlier program wrote it; `None` where there is nothing to migrate.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub fn open_earlier(path: &Path) -> Result<Option<Self>, LedgerError> {
        if !path.exists() {
            return Ok(None);
        }
        let connection = connect(path)?;
        migrate::refuse_newer(&connection, path)?;
        let ledger = Self { connection: Guarded::new(connection) };
        let earlier = (1..known_schema()).contains(&ledger.schema_version()?);
        Ok(earlier.then_some(ledger))
    }

    /// Runs SQLite's own integrity check.
    pub fn check_integrity(&self) -> Result<(), LedgerError> {
        let answer: String = self.connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        if answer == "ok" { Ok(()) } else { Err(LedgerError::Damaged(answer)) }
    }

    /// The schema's version.
    pub fn schema_version(&self) -> Result<i64, LedgerError> {
        Ok(self.connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
    }
}

/// Connects to the file at `path`, creating it where there is none.
fn connect(path: &Path) -> Result<Connection, LedgerError> {
    let open = |source| match LedgerError::from(source) {
        LedgerError::Sqlite(source) => LedgerError::Open { path: path.display().to_string(), source },
        LedgerError::Damaged(words) => LedgerError::Damaged(format!("{}: {words}", path.display())),
        told => told,
    };
    let mut connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .map_err(open)?;
    // The timeout first: switching to WAL itself may have to wait for another process.
    connection.busy_timeout(BUSY_TIMEOUT).map_err(open)?;
    set_wal(&connection).map_err(open)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(open)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(open)?;
    connection.set_transaction_behavior(TransactionBehavior::Immediate);
    Ok(connection)
}

/// Switches to WAL; SQLite does not honour the busy timeout for the switch itself, so processes that start together take turns here.
fn set_wal(connection: &Connection) -> rusqlite::Result<()> {
    let mut waited = Duration::ZERO;
    loop {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(rusqlite::Error::SqliteFailure(failure, _))
                if failure.code == rusqlite::ErrorCode::DatabaseBusy && waited < BUSY_TIMEOUT =>
            {
                std::thread::sleep(Duration::from_millis(20));
                waited += Duration::from_millis(20);
            }
            outcome => return outcome,
        }
    }
}

/// A JSON column as a value.
fn from_json<T: serde::de::DeserializeOwned>(place: &str, text: &str) -> Result<T, LedgerError> {
    serde_json::from_str(text).map_err(|reason| LedgerError::Content { place: place.to_owned(), reason: reason.to_string() })
}

/// A value as a JSON column.
fn to_json<T: serde::Serialize>(place: &str, value: &T) -> Result<String, LedgerError> {
    serde_json::to_string(value).map_err(|reason| LedgerError::Content { place: place.to_owned(), reason: reason.to_string() })
}

/// A text column parsed as what it stands for.
fn parse<T: std::str::FromStr>(place: &str, text: &str) -> Result<T, LedgerError>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|reason: T::Err| LedgerError::Content { place: place.to_owned(), reason: reason.to_string() })
}
