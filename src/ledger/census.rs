//! Counting: how many rows stand in which state, for whoever watches from outside.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::guarded::Guarded;
use super::{Ledger, LedgerError};

/// How long a look waits for a writer: whoever watches wants an answer soon.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);

/// The slots of a job in one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotCount {
    pub job: String,
    pub state: String,
    pub count: u32,
    /// RFC 3339, of the slot that finished last.
    pub finished_at: Option<String>,
}

impl Ledger {
    /// Opens `path` for reading alone: nothing is created, nothing is migrated.
    ///
    /// # Errors
    /// When there is no ledger, or it cannot be read.
    pub fn open_to_read(path: &Path) -> Result<Self, LedgerError> {
        let open = |source| LedgerError::Open { path: path.display().to_string(), source };
        let connection =
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(open)?;
        connection.busy_timeout(BUSY_TIMEOUT).map_err(open)?;
        Ok(Self { connection: Guarded::new(connection) })
    }

    /// Submissions by state.
    pub fn count_submissions(&self) -> Result<Vec<(String, u32)>, LedgerError> {
        self.count("SELECT state, COUNT(*) FROM submissions GROUP BY state ORDER BY state")
    }

    /// Stored mails by state.
    pub fn count_deliveries(&self) -> Result<Vec<(String, u32)>, LedgerError> {
        self.count("SELECT state, COUNT(*) FROM outbox GROUP BY state ORDER BY state")
    }

    /// Slots by job and state.
    pub fn count_slots(&self) -> Result<Vec<SlotCount>, LedgerError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT job, state, COUNT(*), MAX(finished_at) FROM slots GROUP BY job, state ORDER BY job, state")?;
        let rows = statement
            .query_map([], |row| Ok(SlotCount { job: row.get(0)?, state: row.get(1)?, count: row.get(2)?, finished_at: row.get(3)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Conditions the operator was told of that are not over.
    pub fn count_open_alerts(&self) -> Result<u32, LedgerError> {
        Ok(self.connection.query_row("SELECT COUNT(*) FROM alerts WHERE recovered_at IS NULL", [], |row| row.get(0))?)
    }

    /// When each mail that waits to be sent was stored (RFC 3339).
    pub fn pending_since(&self) -> Result<Vec<String>, LedgerError> {
        let mut statement = self.connection.prepare_cached("SELECT queued_at FROM outbox WHERE state = 'pending' AND queued_at <> ''")?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    fn count(&self, sql: &str) -> Result<Vec<(String, u32)>, LedgerError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
    }
}
