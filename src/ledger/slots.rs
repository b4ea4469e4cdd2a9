//! Slots of the schedule: which were decided, how each ended, and up to when each job has been decided.
//!
//! `UNIQUE (job, scheduled_at)` is what keeps a slot from being run twice, whatever the clock does.

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::{Ledger, LedgerError, audit, parse};
use crate::model::Period;
use crate::plan::slots::Slot;
use crate::settings::JobKind;

/// Finished slots of jobs that are not per period are forgotten after so many days: they come every few minutes.
const KEPT_DAYS: i64 = 30;

/// How a slot stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotState {
    Due,
    Running,
    Done,
    Failed,
    /// Not run, by the catch-up policy.
    Missed,
    /// Not run, and nothing is missing: a merged January, or a later slot that did its work.
    Skipped,
}

impl SlotState {
    const ALL: [Self; 6] = [Self::Due, Self::Running, Self::Done, Self::Failed, Self::Missed, Self::Skipped];

    /// The word in the ledger and in `--json`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Missed => "missed",
            Self::Skipped => "skipped",
        }
    }
}

impl std::str::FromStr for SlotState {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|state| state.code() == text).ok_or_else(|| format!("unknown state `{text}`"))
    }
}

/// A slot as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotRow {
    pub slot: Slot,
    pub state: SlotState,
    /// RFC 3339.
    pub decided_at: String,
    pub finished_at: Option<String>,
    pub outcome: Option<String>,
}

/// What was decided of one job up to a moment.
#[derive(Debug, Clone)]
pub struct Decision {
    pub job: JobKind,
    pub slots: Vec<(Slot, SlotState)>,
}

const COLUMNS: &str = "job, scheduled_at, period, state, decided_at, finished_at, outcome";

type Raw = (String, String, String, String, String, Option<String>, Option<String>);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?))
}

fn row((job, scheduled_at, period, state, decided_at, finished_at, outcome): Raw) -> Result<SlotRow, LedgerError> {
    let place = format!("slots.{job}.{scheduled_at}");
    let unknown = || LedgerError::Content { place: place.clone(), reason: format!("unknown job `{job}`") };
    let slot = Slot {
        job: JobKind::parse(&job).ok_or_else(unknown)?,
        scheduled_at: parse(&place, &scheduled_at)?,
        period: parse::<Period>(&place, &period)?,
    };
    Ok(SlotRow { slot, state: parse(&place, &state)?, decided_at, finished_at, outcome })
}

/// An instant as these tables have it: UTC, whole seconds, so that texts sort as times do.
fn text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Slots of per-period jobs are audited one by one; the others come every few minutes and are audited when they fail.
fn note(transaction: &Transaction<'_>, at: &str, slot: &Slot, state: SlotState, words: &str) -> Result<(), LedgerError> {
    if !slot.job.is_per_period() && state != SlotState::Failed {
        return Ok(());
    }
    let subject = format!("{} {}", slot.job.code(), text(slot.scheduled_at));
    audit::record(transaction, at, &format!("slot.{}", state.code()), &subject, format!("{} {words}", slot.period).trim_end())
}

fn insert(transaction: &Transaction<'_>, at: &str, slot: &Slot, state: SlotState) -> Result<(), LedgerError> {
    let new = transaction
        .prepare_cached(
            "INSERT INTO slots (job, scheduled_at, period, state, decided_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (job, scheduled_at) DO NOTHING",
        )?
        .execute(params![slot.job.code(), text(slot.scheduled_at), slot.period.to_string(), state.code(), at])?;
    if new == 0 {
        return Ok(());
    }
    if state == SlotState::Due && !slot.job.is_per_period() {
        transaction
            .prepare_cached(
                "UPDATE slots SET state = 'skipped', finished_at = ?3, outcome = 'a later one does its work'
                 WHERE job = ?1 AND scheduled_at < ?2 AND state = 'due'",
            )?
            .execute(params![slot.job.code(), text(slot.scheduled_at), at])?;
    }
    note(transaction, at, slot, state, "")
}

/// After the clock went back: what was decided of a future that has not come, and was not run, is undecided again.
fn undecide(transaction: &Transaction<'_>, at: &str, job: JobKind, now: DateTime<Utc>) -> Result<(), LedgerError> {
    let undone = transaction.execute(
        "DELETE FROM slots WHERE job = ?1 AND scheduled_at > ?2 AND state IN ('due', 'missed', 'skipped')",
        params![job.code(), text(now)],
    )?;
    if undone > 0 {
        audit::record(transaction, at, "slot.undecided", job.code(), &format!("{undone} slots after {}: the clock went back", text(now)))?;
    }
    Ok(())
}

impl Ledger {
    /// Up to when the slots of `job` have been decided; `None` before its first time.
    pub fn decided_until(&self, job: JobKind) -> Result<Option<DateTime<Utc>>, LedgerError> {
        let found: Option<String> = self
            .connection
            .prepare_cached("SELECT decided_until FROM jobs WHERE job = ?1")?
            .query_row([job.code()], |row| row.get(0))
            .optional()?;
        found.map(|found| parse("jobs", &found)).transpose()
    }

    /// When the schedule was first followed; `None` before that, and where it was before this was noted down.
    pub fn followed_since(&self) -> Result<Option<DateTime<Utc>>, LedgerError> {
        let query = "SELECT CASE WHEN COUNT(*) = COUNT(since) THEN MIN(since) END FROM jobs";
        let found: Option<String> = self.connection.query_row(query, [], |row| row.get(0))?;
        found.map(|found| parse("jobs", &found)).transpose()
    }

    /// Records what was decided of each job up to `now`, and forgets old slots that say nothing any more, in one transaction.
    ///
    /// A slot that is known already stays as it is.
    pub fn decide(&mut self, at: &str, now: DateTime<Utc>, decisions: &[Decision]) -> Result<(), LedgerError> {
        let transaction = self.connection.transaction()?;
        for Decision { job, slots } in decisions {
            undecide(&transaction, at, *job, now)?;
            for (slot, state) in slots {
                insert(&transaction, at, slot, *state)?;
            }
            transaction
                .prepare_cached(
                    "INSERT INTO jobs (job, decided_until, since) VALUES (?1, ?2, ?2) ON CONFLICT (job) DO UPDATE SET decided_until = ?2",
                )?
                .execute(params![job.code(), text(now)])?;
            if !job.is_per_period() {
                transaction
                    .prepare_cached("DELETE FROM slots WHERE job = ?1 AND scheduled_at < ?2 AND state IN ('done', 'failed', 'skipped')")?
                    .execute(params![job.code(), text(now - Duration::days(KEPT_DAYS))])?;
            }
        }
        Ok(transaction.commit()?)
    }

    /// Whether a slot has been decided already.
    pub fn knows_slot(&self, slot: &Slot) -> Result<bool, LedgerError> {
        Ok(self
            .connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM slots WHERE job = ?1 AND scheduled_at = ?2)")?
            .query_row(params![slot.job.code(), text(slot.scheduled_at)], |row| row.get(0))?)
    }

    /// The slots in `state`, oldest first; at the same instant in the order of the jobs.
    pub fn slots_in(&self, state: SlotState) -> Result<Vec<SlotRow>, LedgerError> {
        let mut statement =
            self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM slots WHERE state = ?1 ORDER BY scheduled_at"))?;
        let rows: Vec<Raw> = statement.query_map([state.code()], raw)?.collect::<Result<_, _>>()?;
        let mut slots = rows.into_iter().map(row).collect::<Result<Vec<_>, _>>()?;
        slots.sort_by_key(|row| (row.slot.scheduled_at, row.slot.job));
        Ok(slots)
    }

    /// The newest slot of `job` that was taken up.
    pub fn last_slot(&self, job: JobKind) -> Result<Option<SlotRow>, LedgerError> {
        let found = self
            .connection
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM slots WHERE job = ?1 AND state IN ('running', 'done', 'failed') ORDER BY scheduled_at DESC LIMIT 1"
            ))?
            .query_row([job.code()], raw)
            .optional()?;
        found.map(row).transpose()
    }

    /// Moves a slot from one of `from` to `to`; `false` when it was in none of them.
    pub fn move_slot(&mut self, at: &str, slot: &Slot, from: SlotState, to: SlotState, outcome: Option<&str>) -> Result<bool, LedgerError> {
        let finished = matches!(to, SlotState::Done | SlotState::Failed | SlotState::Skipped);
        let transaction = self.connection.transaction()?;
        let moved = transaction
            .prepare_cached(
                "UPDATE slots SET state = ?4, finished_at = ?5, outcome = ?6 WHERE job = ?1 AND scheduled_at = ?2 AND state = ?3",
            )?
            .execute(params![slot.job.code(), text(slot.scheduled_at), from.code(), to.code(), finished.then_some(at), outcome])?;
        if moved == 1 {
            note(&transaction, at, slot, to, outcome.unwrap_or_default())?;
        }
        transaction.commit()?;
        Ok(moved == 1)
    }
}

#[cfg(test)]
mod tests;
