//! What goes wrong with the ledger.

use std::time::Duration;

/// How long a writer waits for another one.
pub const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

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
