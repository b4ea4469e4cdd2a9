//! The outbox: messages stored before they are sent, sent as stored, each with its state.

use rusqlite::{Row, Transaction, params};

use super::{Ledger, LedgerError, audit, from_json, parse, to_json};
use crate::model::{Delivery, DeliveryState, DepartmentCode, MailKind, Message, Period};

const KINDS: [MailKind; 6] =
    [MailKind::Report, MailKind::Correction, MailKind::Return, MailKind::Form, MailKind::Reminder, MailKind::Alert];

/// Stores a message; one with the same Message-ID is there already and stays.
pub(super) fn insert(transaction: &Transaction<'_>, message: &Message, state: DeliveryState) -> Result<(), LedgerError> {
    transaction
        .prepare_cached(
            "INSERT INTO outbox (period, version, kind, department, sender, recipients, subject, message_id, bytes, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (message_id) DO NOTHING",
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
        ])?;
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
        transaction.execute("UPDATE outbox SET state = 'cancelled', outcome = ?2 WHERE id = ?1", params![id, reason])?;
        audit::record(transaction, at, "outbox.cancelled", &id.to_string(), &reason)?;
    }
    Ok(())
}

type Raw = (i64, String, u32, String, String, String, String, String, String, Vec<u8>, String, u32, Option<String>);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
        row.get(7)?,
        row.get(8)?,
        row.get(9)?,
        row.get(10)?,
        row.get(11)?,
        row.get(12)?,
    ))
}

fn delivery(row: Raw) -> Result<Delivery, LedgerError> {
    let (id, period, version, kind, department, from, recipients, subject, message_id, bytes, state, attempts, outcome) = row;
    let place = format!("outbox.{id}");
    let unknown = |what: &str| LedgerError::Content { place: place.clone(), reason: format!("unknown {what}") };
    Ok(Delivery {
        id,
        message: Message {
            period: parse(&place, &period)?,
            version,
            kind: KINDS.into_iter().find(|known| known.code() == kind).ok_or_else(|| unknown("kind"))?,
            department: DepartmentCode(department),
            from,
            recipients: from_json(&place, &recipients)?,
            subject,
            message_id,
            bytes,
        },
        state: DeliveryState::parse(&state).ok_or_else(|| unknown("state"))?,
        attempts,
        outcome,
    })
}

impl Ledger {
    /// The outbox rows of `period` (of all periods when `None`), in the order they were stored.
    pub fn outbox(&self, period: Option<Period>) -> Result<Vec<Delivery>, LedgerError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, period, version, kind, department, sender, recipients, subject, message_id, bytes, state, attempts, outcome
             FROM outbox WHERE ?1 IS NULL OR period = ?1 ORDER BY id",
        )?;
        let rows: Vec<Raw> = statement.query_map([period.map(|p| p.to_string())], raw)?.collect::<Result<_, _>>()?;
        rows.into_iter().map(delivery).collect()
    }

    /// Moves a delivery from one of `from` to `to`; `false` when it was in none of them (another process was faster).
    pub fn move_delivery(
        &mut self,
        at: &str,
        id: i64,
        from: &[DeliveryState],
        to: DeliveryState,
        outcome: Option<&str>,
    ) -> Result<bool, LedgerError> {
        Ok(!self.move_deliveries(at, &[(id, to, outcome)], from)?.is_empty())
    }

    /// Moves several deliveries, each (id, to, outcome), in one transaction; returns the ids that were in one of `from`.
    pub fn move_deliveries(
        &mut self,
        at: &str,
        moves: &[(i64, DeliveryState, Option<&str>)],
        from: &[DeliveryState],
    ) -> Result<Vec<i64>, LedgerError> {
        let transaction = self.connection.transaction()?;
        let mut taken = Vec::new();
        for (id, to, outcome) in moves {
            let present: String = transaction.query_row("SELECT state FROM outbox WHERE id = ?1", [id], |row| row.get(0))?;
            if !from.iter().any(|state| state.code() == present) {
                continue;
            }
            let attempt = u32::from(*to == DeliveryState::Sending);
            transaction.execute(
                "UPDATE outbox SET state = ?2, attempts = attempts + ?3, outcome = COALESCE(?4, outcome) WHERE id = ?1",
                params![id, to.code(), attempt, outcome],
            )?;
            audit::record(&transaction, at, &format!("outbox.{}", to.code()), &id.to_string(), outcome.unwrap_or(""))?;
            taken.push(*id);
        }
        transaction.commit()?;
        Ok(taken)
    }

    /// Recovery: what was `sending` goes back to pending, what was `transmitting` is uncertain. Returns how many of each.
    pub fn recover_outbox(&mut self, at: &str, period: Period) -> Result<(usize, usize), LedgerError> {
        let mut moved = (0, 0);
        for row in self.outbox(Some(period))? {
            match row.state {
                DeliveryState::Sending => {
                    self.move_delivery(
                        at,
                        row.id,
                        &[DeliveryState::Sending],
                        DeliveryState::Pending,
                        Some("interrupted before transmission"),
                    )?;
                    moved.0 += 1;
                }
                DeliveryState::Transmitting => {
                    let reason = "interrupted during transmission: it may have arrived";
                    self.move_delivery(at, row.id, &[DeliveryState::Transmitting], DeliveryState::Uncertain, Some(reason))?;
                    moved.1 += 1;
                }
                _ => {}
            }
        }
        Ok(moved)
    }
}
