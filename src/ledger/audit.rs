//! The audit table: every change of state, written in the transaction that makes the change.

use rusqlite::{Connection, Transaction, params};

use super::{Ledger, LedgerError};
use crate::model::Period;

/// One line of the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    pub id: i64,
    /// RFC 3339.
    pub at: String,
    /// Who did it; empty for the program itself.
    pub actor: String,
    /// For instance `submission.accepted`.
    pub action: String,
    /// Hash, period, key, or the id of a submission or mail.
    pub subject: String,
    pub detail: String,
}

/// Makes room for the name of whoever works through this connection; it is never on disk.
pub(super) fn prepare(connection: &Connection) -> Result<(), LedgerError> {
    Ok(connection.execute_batch("PRAGMA temp_store = MEMORY; CREATE TEMP TABLE IF NOT EXISTS acting (name TEXT NOT NULL)")?)
}

/// Writes one audit row.
pub(super) fn record(transaction: &Transaction<'_>, at: &str, action: &str, subject: &str, detail: &str) -> Result<(), LedgerError> {
    transaction
        .prepare_cached(
            "INSERT INTO audit (at, action, subject, detail, actor)
             VALUES (?1, ?2, ?3, ?4, COALESCE((SELECT name FROM temp.acting LIMIT 1), ''))",
        )?
        .execute(params![at, action, subject, detail])?;
    Ok(())
}

impl Ledger {
    /// Names who acts through this ledger from now on; the audit bears the name.
    pub fn act_as(&mut self, name: &str) -> Result<(), LedgerError> {
        // No transaction: it would ask for the write lock of the ledger itself, which whoever only looks does not need.
        self.connection.execute("DELETE FROM temp.acting", [])?;
        self.connection.execute("INSERT INTO temp.acting (name) VALUES (?1)", [name])?;
        Ok(())
    }

    /// The newest `limit` lines (about `period`, if one is given), oldest first.
    pub fn audit(&self, period: Option<Period>, limit: u32) -> Result<Vec<Trace>, LedgerError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, at, actor, action, subject, detail FROM audit
             WHERE ?1 IS NULL OR instr(subject, ?1) > 0 OR instr(detail, ?1) > 0
                OR (action LIKE 'outbox.%' AND subject IN (SELECT CAST(id AS TEXT) FROM outbox WHERE period = ?1))
                OR (action LIKE 'submission.%' AND subject IN (SELECT CAST(id AS TEXT) FROM submissions WHERE period = ?1))
             ORDER BY id DESC LIMIT ?2",
        )?;
        let rows = statement.query_map(params![period.map(|period| period.to_string()), limit], |row| {
            Ok(Trace {
                id: row.get(0)?,
                at: row.get(1)?,
                actor: row.get(2)?,
                action: row.get(3)?,
                subject: row.get(4)?,
                detail: row.get(5)?,
            })
        })?;
        let mut traces: Vec<Trace> = rows.collect::<Result<_, _>>()?;
        traces.reverse();
        Ok(traces)
    }

    /// The number of the last change of state, nought before the first: while it stays the same, so does everything else.
    pub fn last_change(&self) -> Result<i64, LedgerError> {
        Ok(self.connection.prepare_cached("SELECT COALESCE(MAX(id), 0) FROM audit")?.query_row([], |row| row.get(0))?)
    }
}
