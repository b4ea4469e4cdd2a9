//! Copies of the ledger, and what a restored copy must know of itself: mails may have left after it was made.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, params};

use super::migrate::refuse_newer;
use super::{Ledger, LedgerError, audit};
use crate::model::Period;

/// The audit's word for a restored ledger; its subject is the month it was restored in.
const RESTORED: &str = "ledger.restored";

impl Ledger {
    /// Writes a compact copy to `path` (`VACUUM INTO`), consistent while others write. The file must not be there.
    pub fn copy_to(&self, path: &Path) -> Result<(), LedgerError> {
        self.connection.execute("VACUUM INTO ?1", [path.to_string_lossy()])?;
        Ok(())
    }

    /// Examines a copy without changing it; returns its schema's version.
    ///
    /// # Errors
    /// It is damaged, no ledger, or a newer program's.
    pub fn examine(path: &Path) -> Result<i64, LedgerError> {
        let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(|source| LedgerError::Open { path: path.display().to_string(), source })?;
        let answer: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        if answer != "ok" {
            return Err(LedgerError::Damaged(format!("{}: {answer}", path.display())));
        }
        refuse_newer(&connection, path)?;
        let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        let tables: i64 =
            connection.query_row("SELECT COUNT(*) FROM sqlite_master WHERE name IN ('runs', 'outbox')", [], |row| row.get(0))?;
        if version == 0 || tables != 2 {
            return Err(LedgerError::Content { place: path.display().to_string(), reason: "this is no ledger".to_owned() });
        }
        Ok(version)
    }

    /// Prepares a restored copy: what waits or was on its way may have left since, so it is uncertain; leases are over.
    ///
    /// `month` is the month of the restore, `from` the copy's name. Returns how many mails became uncertain.
    pub fn mark_restored(&mut self, at: &str, month: Period, from: &str) -> Result<usize, LedgerError> {
        let transaction = self.connection.transaction()?;
        let ids: Vec<i64> = transaction
            .prepare("SELECT id FROM outbox WHERE state IN ('pending', 'sending', 'transmitting') ORDER BY id")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for id in &ids {
            let reason = format!("restored from {from}: it may have been sent after that copy was made");
            transaction.execute("UPDATE outbox SET state = 'uncertain', outcome = ?2 WHERE id = ?1", params![id, reason])?;
            audit::record(&transaction, at, "outbox.uncertain", &id.to_string(), &reason)?;
        }
        transaction.execute("UPDATE leases SET until = 0", [])?;
        audit::record(&transaction, at, RESTORED, &month.to_string(), from)?;
        transaction.commit()?;
        Ok(ids.len())
    }

    /// Whether the next version of `period` is the first since the ledger was restored: its mails may have been sent before.
    pub fn first_since_restore(&self, period: Period) -> Result<bool, LedgerError> {
        Ok(self.connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM audit AS restored WHERE restored.action = ?1 AND restored.subject >= ?2
                 AND NOT EXISTS (SELECT 1 FROM audit AS later WHERE later.id > restored.id AND later.action = 'run.committed'
                     AND later.subject LIKE ?2 || ' v%'))",
            params![RESTORED, period.to_string()],
            |row| row.get(0),
        )?)
    }
}
