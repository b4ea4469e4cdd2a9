//! Notices: what robots still have to be told; and the mails that belong to no version (reminders, drafts, the gate's page).

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use rusqlite::{Transaction, params};

use super::{Ledger, LedgerError, audit, outbox};
use crate::model::{DeliveryState, DepartmentCode, MailKind, Message, Period};

/// What one robot is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub id: i64,
    pub alert: i64,
    /// Its place in the list of `config/wenjin.toml`, from 0.
    pub webhook: usize,
    pub text: String,
    pub attempts: u32,
}

/// What became of telling it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    Sent,
    /// To be tried again, not before the time.
    Deferred {
        reason: String,
        next_at: DateTime<Utc>,
    },
    /// Not tried again.
    Failed {
        reason: String,
    },
}

/// Times that are compared as texts are written alike.
fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Stores a mail that belongs to no version; `false` where it is there already.
pub(super) fn store(transaction: &Transaction<'_>, at: &str, message: &Message, state: DeliveryState) -> Result<bool, LedgerError> {
    if !outbox::insert(transaction, at, message, state)? {
        return Ok(false);
    }
    let id = transaction.last_insert_rowid().to_string();
    audit::record(transaction, at, &format!("outbox.{}", state.code()), &id, message.kind.code())?;
    Ok(true)
}

impl Ledger {
    /// Stores mails that belong to no version, in one transaction; returns how many were not there yet (by Message-ID).
    pub fn store_notices(&mut self, at: &str, messages: &[Message], state: DeliveryState) -> Result<usize, LedgerError> {
        let transaction = self.connection.transaction()?;
        let mut stored = 0;
        for message in messages {
            stored += usize::from(store(&transaction, at, message, state)?);
        }
        transaction.commit()?;
        Ok(stored)
    }

    /// Which departments have been reminded for `period`, and on which days.
    pub fn reminded(&self, period: Period) -> Result<Vec<(DepartmentCode, NaiveDate)>, LedgerError> {
        let reminders = self.outbox(Some(period))?.into_iter().filter(|delivery| delivery.message.kind == MailKind::Reminder);
        Ok(reminders.filter_map(|one| one.message.day().map(|day| (one.message.department.clone(), day))).collect())
    }

    /// Which departments a form of `period` has been stored for.
    pub fn formed(&self, period: Period) -> Result<Vec<DepartmentCode>, LedgerError> {
        let forms = self.outbox(Some(period))?.into_iter().filter(|delivery| delivery.message.kind == MailKind::Form);
        Ok(forms.map(|delivery| delivery.message.department).collect())
    }

    /// Which departments a returned workbook of `period` has left for.
    pub fn sent_back(&self, period: Period) -> Result<Vec<DepartmentCode>, LedgerError> {
        let stays = [DeliveryState::Held, DeliveryState::Failed, DeliveryState::Cancelled];
        let sent = self.outbox(Some(period))?.into_iter().filter(|one| one.message.kind == MailKind::Return && !stays.contains(&one.state));
        Ok(sent.map(|delivery| delivery.message.department).collect())
    }

    /// The notices to be sent at `now`, oldest first; a robot is told that a condition is over once it was told of the condition.
    pub fn due_notices(&self, now: DateTime<Utc>) -> Result<Vec<Notice>, LedgerError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, alert, webhook, text, attempts FROM notices
             WHERE state = 'pending' AND (next_at IS NULL OR next_at <= ?1) AND NOT EXISTS (
                 SELECT 1 FROM notices AS first WHERE first.alert = notices.alert AND first.webhook = notices.webhook
                 AND first.id < notices.id AND first.state = 'pending')
             ORDER BY id",
        )?;
        let rows = statement.query_map([instant(now)], |row| {
            let webhook: i64 = row.get(2)?;
            Ok(Notice {
                id: row.get(0)?,
                alert: row.get(1)?,
                webhook: usize::try_from(webhook).unwrap_or(usize::MAX),
                text: row.get(3)?,
                attempts: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many notices wait, and how many were given up.
    pub fn notice_counts(&self) -> Result<(usize, usize), LedgerError> {
        let count = |state: &str| -> Result<usize, LedgerError> {
            let found: i64 = self.connection.query_row("SELECT COUNT(*) FROM notices WHERE state = ?1", [state], |row| row.get(0))?;
            Ok(usize::try_from(found).unwrap_or(0))
        };
        Ok((count("pending")?, count("failed")?))
    }

    /// Records what became of a notice.
    pub fn record_notice(&mut self, at: &str, id: i64, told: &Told) -> Result<(), LedgerError> {
        let (state, reason, next_at) = match told {
            Told::Sent => ("sent", "", None),
            Told::Deferred { reason, next_at } => ("pending", reason.as_str(), Some(instant(*next_at))),
            Told::Failed { reason } => ("failed", reason.as_str(), None),
        };
        let transaction = self.connection.transaction()?;
        transaction.execute(
            "UPDATE notices SET state = ?2, attempts = attempts + 1, outcome = ?3, next_at = ?4 WHERE id = ?1",
            params![id, state, reason, next_at],
        )?;
        audit::record(&transaction, at, &format!("notice.{state}"), &id.to_string(), reason)?;
        Ok(transaction.commit()?)
    }
}
