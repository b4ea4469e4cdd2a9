//! The audit table: every change of state, written in the transaction that makes the change.

use rusqlite::{Transaction, params};

use super::{Ledger, LedgerError};

/// Writes one audit row.
pub(super) fn record(transaction: &Transaction<'_>, at: &str, action: &str, subject: &str, detail: &str) -> Result<(), LedgerError> {
    transaction
        .prepare_cached("INSERT INTO audit (at, action, subject, detail) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![at, action, subject, detail])?;
    Ok(())
}

impl Ledger {
    /// The number of the last change of state, nought before the first: while it stays the same, so does everything else.
    pub fn last_change(&self) -> Result<i64, LedgerError> {
        Ok(self.connection.prepare_cached("SELECT COALESCE(MAX(id), 0) FROM audit")?.query_row([], |row| row.get(0))?)
    }
}
