//! The audit table: every change of state, written in the transaction that makes the change.

use rusqlite::{Transaction, params};

use super::LedgerError;

/// Writes one audit row.
pub(super) fn record(transaction: &Transaction<'_>, at: &str, action: &str, subject: &str, detail: &str) -> Result<(), LedgerError> {
    transaction
        .prepare_cached("INSERT INTO audit (at, action, subject, detail) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![at, action, subject, detail])?;
    Ok(())
}
