//! The outbox: messages stored before they are sent, sent as stored, each with its state.
//!
//! Storing and reading stand here; the steps a delivery takes stand in `outbox/steps.rs`.

mod steps;
mod troubles;

use chrono::{DateTime, FixedOffset, Utc};
use rusqlite::{Params, Row, Transaction, params};

use super::{Ledger, LedgerError, audit, from_json, parse, to_json};
use crate::model::{Delivery, DeliveryState, DepartmentCode, MailKind, Message, Period};

pub use steps::Step;
pub use troubles::Trouble;

const KINDS: [MailKind; 6] =
    [MailKind::Report, MailKind::Correction, MailKind::Return, MailKind::Form, MailKind::Reminder, MailKind::Alert];

/// Not the mail that tells the end of a condition while the one that tells the condition is on its way.
const IN_TURN: &str = "NOT EXISTS (SELECT 1 FROM alerts JOIN outbox AS first ON first.message_id = alerts.raised_by
    WHERE alerts.ended_by = outbox.message_id AND first.state IN ('pending', 'sending', 'transmitting'))";

/// How times are written that are compared with each other.
fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// Stores a message, queued `at` (RFC 3339); one with the same Message-ID is there already and stays. `false` for that one.
pub(super) fn insert(transaction: &Transaction<'_>, at: &str, message: &Message, state: DeliveryState) -> Result<bool, LedgerError> {
    let stored = transaction
        .prepare_cached(
            "INSERT INTO outbox (period, version, kind, department, sender, recipients, subject, message_id, bytes, state, queued_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (message_id) DO NOTHING",
        )?
        .execute(params![
            message.period.to_string(),
            message.version,
            message.kind.code(),
            message.department.0,
            message.from,
            to_json("outbox", &message.recipients)?,
            message.subject,
            message.message_id,
            message.bytes,
            state.code(),
            at,
        ])?;
    Ok(stored == 1)
}

/// Stores a mail that could not be built, with the reason: it failed before it could be sent.
pub(super) fn insert_failed(transaction: &Transaction<'_>, at: &str, message: &Message, reason: &str) -> Result<(), LedgerError> {
    if insert(transaction, at, message, DeliveryState::Failed)? {
        transaction.execute("UPDATE outbox SET outcome = ?2 WHERE message_id = ?1", params![message.message_id, reason])?;
        audit::record(transaction, at, "outbox.failed", &message.message_id, reason)?;
    }
    Ok(())
}

/// Cancels what waits for the same department from earlier versions of the period: the newer message stands in its place.
///
/// Mails of no version (their `version` is 0: reminders, alerts) stand for themselves.
pub(super) fn supersede(transaction: &Transaction<'_>, at: &str, message: &Message) -> Result<(), LedgerError> {
    let mut waiting = transaction.prepare_cached(
        "SELECT id FROM outbox WHERE period = ?1 AND department = ?2 AND version BETWEEN 1 AND ?3 - 1 AND state IN ('held', 'pending')
         ORDER BY id",
    )?;
    let ids: Vec<i64> = waiting
        .query_map(params![message.period.to_string(), message.department.0, message.version], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for id in ids {
        let reason = format!("superseded by version {}", message.version);
        transaction.execute("UPDATE outbox SET state = 'cancelled', outcome = ?2, next_at = NULL WHERE id = ?1", params![id, reason])?;
        audit::record(transaction, at, "outbox.cancelled", &id.to_string(), &reason)?;
    }
    Ok(())
}

/// A row of the table as a delivery.
fn delivery(row: &Row<'_>) -> Result<Delivery, LedgerError> {
    let id: i64 = row.get("id")?;
    let place = format!("outbox.{id}");
    let text = |column: &str| row.get::<_, String>(column);
    let unknown = |what: &str| LedgerError::Content { place: place.clone(), reason: format!("unknown {what}") };
    let (kind, state) = (text("kind")?, text("state")?);
    let next_at: Option<DateTime<FixedOffset>> = row.get::<_, Option<String>>("next_at")?.map(|at| parse(&place, &at)).transpose()?;
    Ok(Delivery {
        id,
        message: Message {
            period: parse(&place, &text("period")?)?,
            version: row.get("version")?,
            kind: KINDS.into_iter().find(|known| known.code() == kind).ok_or_else(|| unknown("kind"))?,
            department: DepartmentCode(text("department")?),
            from: text("sender")?,
            recipients: from_json(&place, &text("recipients")?)?,
            subject: text("subject")?,
            message_id: text("message_id")?,
            bytes: row.get("bytes")?,
        },
        state: DeliveryState::parse(&state).ok_or_else(|| unknown("state"))?,
        attempts: row.get("attempts")?,
        outcome: row.get("outcome")?,
        queued_at: parse(&place, &text("queued_at")?)?,
        next_at: next_at.map(|at| at.to_utc()),
        reached: from_json(&place, &text("reached")?)?,
    })
}

impl Ledger {
    /// Stores a message as a run or a reminder would.
    #[cfg(test)]
    pub fn store_message(&mut self, at: &str, message: &Message, state: DeliveryState) -> Result<bool, LedgerError> {
        let transaction = self.connection.transaction()?;
        let stored = insert(&transaction, at, message, state)?;
        transaction.commit()?;
        Ok(stored)
    }

    /// The outbox rows of `period` (of all periods when `None`), in the order they were stored.
    pub fn outbox(&self, period: Option<Period>) -> Result<Vec<Delivery>, LedgerError> {
        self.deliveries("SELECT * FROM outbox WHERE ?1 IS NULL OR period = ?1 ORDER BY id", [period.map(|period| period.to_string())])
    }

    /// The pending rows of `period` whose turn it is, in the order they were stored.
    pub fn pending(&self, period: Period) -> Result<Vec<Delivery>, LedgerError> {
        let query = format!("SELECT * FROM outbox WHERE period = ?1 AND state = 'pending' AND {IN_TURN} ORDER BY id");
        self.deliveries(&query, [period.to_string()])
    }

    /// One outbox row.
    pub fn delivery(&self, id: i64) -> Result<Option<Delivery>, LedgerError> {
        Ok(self.deliveries("SELECT * FROM outbox WHERE id = ?1", [id])?.pop())
    }

    fn deliveries(&self, query: &str, parameters: impl Params) -> Result<Vec<Delivery>, LedgerError> {
        let mut statement = self.connection.prepare_cached(query)?;
        let mut rows = statement.query(parameters)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(delivery(row)?);
        }
        Ok(found)
    }

    /// The periods with mails to send or to recover, oldest first: pending outside (`from`, `until`] or interrupted on their way.
    pub fn periods_to_send(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<Period>, LedgerError> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT DISTINCT period FROM outbox WHERE state IN ('sending', 'transmitting')
             OR (state = 'pending' AND (next_at IS NULL OR next_at <= ?1 OR next_at > ?2) AND {IN_TURN}) ORDER BY period",
        ))?;
        let texts: Vec<String> = statement.query_map([instant(from), instant(until)], |row| row.get(0))?.collect::<Result<_, _>>()?;
        texts.iter().map(|text| parse("outbox", text)).collect()
    }
}

#[cfg(test)]
mod tests;
