//! What each job of the schedule does: the one place to which a job is added.

use super::{Desk, LedgerError, Progress, RunError, alert, backup, notify, remind, send, watch};
use crate::ledger::SlotState;
use crate::model::Period;
use crate::plan::slots::Slot;
use crate::settings::JobKind;

/// Carries out a slot and records how it ended; the words say what was done.
///
/// A failure is recorded and told to the operator before it is returned; the job's next success recovers it. A period that another
/// run holds is no failure: the slot stays due and is taken up at the next tick.
pub fn perform(desk: &mut Desk, slot: &Slot, progress: &dyn Progress) -> Result<String, RunError> {
    let at = desk.at();
    if !desk.ledger.move_slot(&at, slot, SlotState::Due, SlotState::Running, None)? {
        return Ok("taken up already".to_owned());
    }
    let outcome = conduct(desk, slot, progress);
    finish(desk, slot, outcome)
}

/// Records a slot whose step came to a sudden end (a fault of ours) as failed, and tells the operator; its job's next slot tries again.
pub fn broke(desk: &mut Desk, slot: &Slot) -> Result<(), RunError> {
    let fault = RunError::Refused("the step came to a sudden end; its place is in the log".to_owned());
    // The error that comes back is the one handed in.
    let _ = finish(desk, slot, Err(fault));
    Ok(())
}

/// Records how a slot ended and tells the operator of a failure, or that it is over.
fn finish(desk: &mut Desk, slot: &Slot, outcome: Result<String, RunError>) -> Result<String, RunError> {
    let at = desk.at();
    let (state, words) = match &outcome {
        Ok(words) => (SlotState::Done, words.clone()),
        Err(error @ RunError::Ledger(LedgerError::Held { .. })) => (SlotState::Due, format!("put off: {error}")),
        Err(error) => (SlotState::Failed, error.to_string()),
    };
    let told = match state {
        SlotState::Done => recovered(desk, slot.job, slot.period),
        SlotState::Failed => {
            let text = format!("{}（数据期{}）未完成：{words}", word(slot.job), slot.period);
            let kind = outcome.as_ref().err().map_or(FAILED, |error| kind(slot.job, error));
            alert::raise(desk, &key(kind, slot.job, slot.period), &text)
        }
        _ => Ok(()),
    };
    // An alert that could not be stored must not leave the slot open.
    if let Err(error) = told {
        tracing::error!(slot.job = slot.job.code(), %error, "alert could not be stored");
    }
    desk.ledger.move_slot(&at, slot, SlotState::Running, state, Some(&words))?;
    match outcome {
        Err(error) if state == SlotState::Failed => Err(error),
        _ => Ok(words),
    }
}

/// The list of jobs.
fn conduct(desk: &mut Desk, slot: &Slot, progress: &dyn Progress) -> Result<String, RunError> {
    match slot.job {
        JobKind::Poll => watch::poll(desk, slot.period, progress),
        JobKind::Remind => Ok(format!("{} reminder(s)", remind::remind(desk, slot.period)?)),
        JobKind::CutOff => watch::cut_off(desk, slot.period, progress),
        JobKind::Retry => deliver(desk, progress),
        JobKind::Backup => Ok(backup::make(desk)?.display().to_string()),
    }
}

/// Sends the mails and tells the robots what is due; the delivery lane's step.
///
/// # Errors
/// Of the ledger and the transport; what became of each mail is its state.
pub fn deliver(desk: &mut Desk, progress: &dyn Progress) -> Result<String, RunError> {
    let mails = send::due(desk, progress)?;
    Ok(format!("{mails} mail(s) tried, {} robot(s) told", notify::due(desk)?))
}

/// A slot that went well, or a period that was drawn up otherwise, ends the alerts on earlier slots.
pub(super) fn recovered(desk: &mut Desk, job: JobKind, period: Period) -> Result<(), RunError> {
    let text = format!("{}（数据期{period}）已恢复", word(job));
    for kind in [FAILED, BACKUP_FAILED, NO_ROOM, DAMAGED] {
        alert::recover(desk, &key(kind, job, period), &text)?;
    }
    if job.is_per_period() { alert::recover(desk, &missed_key(job, period), &text) } else { Ok(()) }
}

/// The kinds of alerts a failed slot raises.
const FAILED: &str = "job";
const BACKUP_FAILED: &str = "backup.failed";
const NO_ROOM: &str = "disk.reserve";
const DAMAGED: &str = "ledger.damaged";

/// What the alert on a slot that failed is called.
fn kind(job: JobKind, error: &RunError) -> &'static str {
    match error {
        RunError::Ledger(LedgerError::Damaged(_)) => DAMAGED,
        RunError::NoRoom { .. } | RunError::Full { .. } => NO_ROOM,
        _ if job == JobKind::Backup => BACKUP_FAILED,
        _ => FAILED,
    }
}

/// The alert on a slot that was missed.
pub(super) fn missed_key(job: JobKind, period: Period) -> String {
    key("slot.missed", job, period)
}

/// A cut-off is about its period, everything else about the job.
fn key(what: &str, job: JobKind, period: Period) -> String {
    match job {
        JobKind::CutOff => format!("{what}:{}:{period}", job.code()),
        _ => format!("{what}:{}", job.code()),
    }
}

/// The job as the operator's alerts call it.
pub(super) fn word(job: JobKind) -> &'static str {
    match job {
        JobKind::Poll => "收取报送数据",
        JobKind::Remind => "报送提醒",
        JobKind::CutOff => "截止汇总",
        JobKind::Retry => "邮件发送",
        JobKind::Backup => "台账备份",
    }
}
