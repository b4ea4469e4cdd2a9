//! Opening: the connection to the file, and the schema brought to the present.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::error::BUSY_TIMEOUT;
use super::guarded::Guarded;
use super::{Ledger, LedgerError, audit, known_schema, migrate};

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
