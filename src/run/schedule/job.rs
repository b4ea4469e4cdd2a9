//! The jobs: what each job of the schedule does, and how its slot ends.

use super::poll::{self, Memory};
use super::slot_alerts;
use crate::ledger::{LedgerError, SlotState};
use crate::plan::slots::Slot;
use crate::run::alert::{self, robots};
use crate::run::intake::sources;
use crate::run::kit::{Desk, Progress, RunError};
use crate::run::letters::{forms, remind};
use crate::run::post::send;
use crate::run::upkeep::backup;
use crate::settings::JobKind;

/// Carries out a slot and records how it ended; the words say what was done.
///
/// A failure is recorded and told to the operator before it is returned; the job's next success recovers it. A period that another
/// run holds is no failure: the slot stays due and is taken up at the next tick. `memory` is what the polls of this process remember.
pub fn perform(desk: &mut Desk, slot: &Slot, memory: &mut Memory, progress: &dyn Progress) -> Result<String, RunError> {
    let at = desk.at();
    if !desk.ledger.move_slot(&at, slot, SlotState::Due, SlotState::Running, None)? {
        return Ok("taken up already".to_owned());
    }
    let outcome = conduct(desk, slot, memory, progress);
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
        SlotState::Done => slot_alerts::recovered(desk, slot.job, slot.period),
        SlotState::Failed => {
            let text = format!("{}（数据期{}）未完成：{words}", slot_alerts::word(slot.job), slot.period);
            alert::raise(desk, &slot_alerts::failed_key(slot.job, slot.period, outcome.as_ref().err()), &text)
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
fn conduct(desk: &mut Desk, slot: &Slot, memory: &mut Memory, progress: &dyn Progress) -> Result<String, RunError> {
    match slot.job {
        JobKind::Poll => poll::poll(desk, memory, slot.period, progress),
        JobKind::Remind => {
            // Whoever has handed in is not reminded, although the poll that would have found it was missed.
            sources::scheduled(desk, progress)?;
            Ok(format!("{} reminder(s)", remind::remind(desk, slot.period)?))
        }
        JobKind::Forms => Ok(format!("{} form(s)", forms::mail(desk, slot.period, None)?)),
        JobKind::CutOff => poll::cut_off(desk, slot.period, progress),
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
    Ok(format!("{mails} mail(s) tried, {} robot(s) told", robots::due(desk)?))
}
