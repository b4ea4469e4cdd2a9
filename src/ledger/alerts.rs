//! Alerts: conditions the operator is told of once when they arise and once when they are over.
//!
//! The alert, what the robots are told and the mail are stored in one transaction: none is told without the others.

use rusqlite::{OptionalExtension as _, Transaction, params};

use super::{Ledger, LedgerError, audit, outbox};
use crate::model::{DeliveryState, Message};

/// A condition, open while `recovered_at` is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    pub id: i64,
    pub key: String,
    /// RFC 3339.
    pub raised_at: String,
    /// Without figures, addresses, cell values.
    pub text: String,
    pub recovered_at: Option<String>,
}

/// How an alert is told: to so many robots, and by mail.
#[derive(Debug, Clone, Default)]
pub struct Telling {
    pub robots: usize,
    /// What the robots are told.
    pub notice: String,
    pub mail: Option<Message>,
}

impl Ledger {
    /// The alert `key` that is not over yet.
    pub fn open_alert(&self, key: &str) -> Result<Option<Alert>, LedgerError> {
        let query = "SELECT id, key, raised_at, text, recovered_at FROM alerts WHERE key = ?1 AND recovered_at IS NULL";
        Ok(self.connection.query_row(query, [key], alert).optional()?)
    }

    /// The alerts that are not over, oldest first.
    pub fn open_alerts(&self) -> Result<Vec<Alert>, LedgerError> {
        let query = "SELECT id, key, raised_at, text, recovered_at FROM alerts WHERE recovered_at IS NULL ORDER BY id";
        let mut statement = self.connection.prepare_cached(query)?;
        Ok(statement.query_map([], alert)?.collect::<Result<_, _>>()?)
    }

    /// The newest `limit` alerts, oldest first; only those that are not over, unless `over` asks for all.
    pub fn alerts(&self, over: bool, limit: u32) -> Result<Vec<Alert>, LedgerError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, key, raised_at, text, recovered_at FROM alerts WHERE ?1 OR recovered_at IS NULL ORDER BY id DESC LIMIT ?2",
        )?;
        let mut alerts: Vec<Alert> = statement.query_map(params![over, limit], alert)?.collect::<Result<_, _>>()?;
        alerts.reverse();
        Ok(alerts)
    }

    /// Opens the alert `key` and stores how it is told; `false` and nothing stored while it is open already.
    pub fn raise_alert(&mut self, at: &str, key: &str, text: &str, telling: &Telling) -> Result<bool, LedgerError> {
        let transaction = self.connection.transaction()?;
        let opened = transaction.execute(
            "INSERT INTO alerts (key, raised_at, text) SELECT ?1, ?2, ?3
             WHERE NOT EXISTS (SELECT 1 FROM alerts WHERE key = ?1 AND recovered_at IS NULL)",
            params![key, at, text],
        )?;
        if opened == 0 {
            return Ok(false);
        }
        let id = transaction.last_insert_rowid();
        tell(&transaction, at, (id, "raised_by"), telling)?;
        audit::record(&transaction, at, "alert.raised", key, text)?;
        transaction.commit()?;
        Ok(true)
    }

    /// Ends the alert `key` and stores how that is told; `false` and nothing stored when it is not open.
    pub fn recover_alert(&mut self, at: &str, key: &str, text: &str, telling: &Telling) -> Result<bool, LedgerError> {
        let transaction = self.connection.transaction()?;
        let open: Option<i64> =
            transaction.query_row("SELECT id FROM alerts WHERE key = ?1 AND recovered_at IS NULL", [key], |row| row.get(0)).optional()?;
        let Some(id) = open else { return Ok(false) };
        transaction.execute("UPDATE alerts SET recovered_at = ?2 WHERE id = ?1", params![id, at])?;
        tell(&transaction, at, (id, "ended_by"), telling)?;
        audit::record(&transaction, at, "alert.recovered", key, text)?;
        transaction.commit()?;
        Ok(true)
    }
}

fn alert(row: &rusqlite::Row<'_>) -> rusqlite::Result<Alert> {
    Ok(Alert { id: row.get(0)?, key: row.get(1)?, raised_at: row.get(2)?, text: row.get(3)?, recovered_at: row.get(4)? })
}

/// Stores what is told; `mailed` is the column that keeps which mail tells it.
fn tell(transaction: &Transaction<'_>, at: &str, (alert, mailed): (i64, &str), telling: &Telling) -> Result<(), LedgerError> {
    for robot in 0..telling.robots {
        transaction.execute(
            "INSERT INTO notices (alert, webhook, text, state) VALUES (?1, ?2, ?3, 'pending') ON CONFLICT DO NOTHING",
            params![alert, i64::try_from(robot).unwrap_or(i64::MAX), telling.notice],
        )?;
    }
    if let Some(mail) = &telling.mail {
        outbox::insert(transaction, at, mail, DeliveryState::Pending)?;
        transaction.execute(&format!("UPDATE alerts SET {mailed} = ?2 WHERE id = ?1"), params![alert, mail.message_id])?;
        audit::record(transaction, at, "outbox.pending", &mail.message_id, mail.kind.code())?;
    }
    Ok(())
}
