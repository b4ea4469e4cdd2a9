//! The steps of deliveries. Each is written under the lease's fence, with its audit row, before the world sees it.

use chrono::{DateTime, FixedOffset, Utc};
use rusqlite::params;

use super::{instant, to_json};
use crate::ledger::{Lease, Ledger, LedgerError, audit, parse};
use crate::model::DeliveryState;

/// A step of one delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub id: i64,
    pub to: DeliveryState,
    /// The reply or reason, without addresses; `None` leaves the last one.
    pub words: Option<String>,
    /// Not to be tried before; `None`: at once.
    pub next_at: Option<DateTime<Utc>>,
    /// The recipients that have it now although others of the envelope were refused; `None` leaves what is known.
    pub reached: Option<Vec<String>>,
    /// Queued anew, so that its lifetime begins again.
    pub requeued: bool,
    /// Put off while no mail got through.
    pub stuck: bool,
}

impl Step {
    /// A plain step.
    #[must_use]
    pub fn new(id: i64, to: DeliveryState) -> Self {
        Self { id, to, words: None, next_at: None, reached: None, requeued: false, stuck: false }
    }

    /// With the reply or the reason.
    #[must_use]
    pub fn because(self, words: impl Into<String>) -> Self {
        Self { words: Some(words.into()), ..self }
    }
}

impl Ledger {
    /// Takes the steps of deliveries that are in one of `from`, in one transaction under the lease's fence; returns the ids taken.
    ///
    /// # Errors
    /// [`LedgerError::Fenced`] when another run has taken the lease: nothing is written then.
    pub fn advance(&mut self, lease: &Lease, at: &str, from: &[DeliveryState], steps: &[Step]) -> Result<Vec<i64>, LedgerError> {
        let transaction = self.fenced(lease)?;
        let mut taken = Vec::new();
        for step in steps {
            let present: String = transaction.query_row("SELECT state FROM outbox WHERE id = ?1", [step.id], |row| row.get(0))?;
            if !from.iter().any(|state| state.code() == present) {
                continue;
            }
            transaction
                .prepare_cached(
                    "UPDATE outbox SET state = ?2, attempts = attempts + ?3, outcome = COALESCE(?4, outcome), next_at = ?5,
                     reached = COALESCE(?6, reached), queued_at = COALESCE(?7, queued_at),
                     put_off_at = COALESCE(put_off_at, ?8) WHERE id = ?1",
                )?
                .execute(params![
                    step.id,
                    step.to.code(),
                    u32::from(step.to == DeliveryState::Sending),
                    step.words,
                    step.next_at.map(instant),
                    step.reached.as_ref().map(|reached| to_json("outbox", reached)).transpose()?,
                    step.requeued.then_some(at),
                    if step.stuck { Some(instant(parse::<DateTime<FixedOffset>>("now", at)?.to_utc())) } else { None },
                ])?;
            if step.to == DeliveryState::Sent {
                // One got through: whatever else waits, it is not for want of a server.
                transaction.execute("UPDATE outbox SET put_off_at = NULL WHERE put_off_at IS NOT NULL AND state <> 'sent'", [])?;
            }
            let action = format!("outbox.{}", step.to.code());
            audit::record(&transaction, at, &action, &step.id.to_string(), step.words.as_deref().unwrap_or_default())?;
            taken.push(step.id);
        }
        transaction.commit()?;
        Ok(taken)
    }

    /// Recovery: what was `sending` goes back to pending, what was `transmitting` is uncertain. Returns how many of each.
    pub fn recover_outbox(&mut self, lease: &Lease, at: &str) -> Result<(usize, usize), LedgerError> {
        let (mut back, mut uncertain) = (Vec::new(), Vec::new());
        let mut statement = self.connection.prepare_cached("SELECT id FROM outbox WHERE period = ?1 AND state = ?2 ORDER BY id")?;
        for (state, steps) in [(DeliveryState::Sending, &mut back), (DeliveryState::Transmitting, &mut uncertain)] {
            for id in statement.query_map(params![lease.period.to_string(), state.code()], |row| row.get(0))? {
                steps.push(match state {
                    DeliveryState::Sending => Step::new(id?, DeliveryState::Pending).because("interrupted before transmission"),
                    _ => Step::new(id?, DeliveryState::Uncertain).because("interrupted during transmission: it may have arrived"),
                });
            }
        }
        drop(statement);
        if back.is_empty() && uncertain.is_empty() {
            return Ok((0, 0));
        }
        let back = self.advance(lease, at, &[DeliveryState::Sending], &back)?;
        let uncertain = self.advance(lease, at, &[DeliveryState::Transmitting], &uncertain)?;
        Ok((back.len(), uncertain.len()))
    }
}
