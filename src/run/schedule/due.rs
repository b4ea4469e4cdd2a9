//! Due slots: the ledger's memory put before the pure rule of `plan/slots.rs`, and its answer written down.

use super::slot_alerts;
use crate::ledger::{Decision, SlotRow, SlotState};
use crate::plan::slots::{self, Slot};
use crate::run::alert;
use crate::run::kit::{Desk, RunError};
use crate::settings::JobKind;

/// Decides the slots up to the desk's now; returns those to run, oldest first. Missed ones are recorded and told.
///
/// A job's first tick decides nothing before it: the schedule starts with the daemon.
pub fn tick(desk: &mut Desk) -> Result<Vec<Slot>, RunError> {
    let now = desk.clock.now.to_utc();
    let mut decisions = Vec::new();
    for job in jobs(desk) {
        let until = desk.ledger.decided_until(job)?.unwrap_or(now);
        let due = slots::due(&desk.settings.schedule, job, until, now);
        let mut decided = Vec::new();
        for (slots, state) in [(due.run, SlotState::Due), (due.missed, SlotState::Missed)] {
            for slot in slots {
                // After the clock went back: what was decided stays decided.
                if desk.ledger.knows_slot(&slot)? {
                    continue;
                }
                let merged = job.is_per_period() && desk.plan_of(slot.period).merges_january(slot.period);
                decided.push((slot, if merged { SlotState::Skipped } else { state }));
            }
        }
        decisions.push(Decision { job, slots: decided });
    }
    // Told first: after a crash in between, the same slots are missed and the alert is open already.
    tell_missed(desk, &decisions)?;
    desk.ledger.decide(&desk.at(), now, &decisions)?;
    Ok(desk.ledger.slots_in(SlotState::Due)?.into_iter().map(|row| row.slot).collect())
}

/// The jobs the schedule has, in their order.
pub fn jobs(desk: &Desk) -> impl Iterator<Item = JobKind> + use<> {
    let kinds: Vec<JobKind> = desk.settings.schedule.jobs.iter().map(|job| job.kind).collect();
    JobKind::ALL.into_iter().filter(move |kind| kinds.contains(kind))
}

/// The newest slot of `job` that was taken up.
///
/// # Errors
/// Of the ledger.
pub fn last(desk: &Desk, job: JobKind) -> Result<Option<SlotRow>, RunError> {
    Ok(desk.ledger.last_slot(job)?)
}

/// The slots that were missed, oldest first.
///
/// # Errors
/// Of the ledger.
pub fn missed(desk: &Desk) -> Result<Vec<SlotRow>, RunError> {
    Ok(desk.ledger.slots_in(SlotState::Missed)?)
}

/// Alerts the operator once for each period whose cut-off was missed, and once for reminders.
fn tell_missed(desk: &mut Desk, decisions: &[Decision]) -> Result<(), RunError> {
    for Decision { job, slots } in decisions {
        for (slot, _) in slots.iter().filter(|(_, state)| *state == SlotState::Missed) {
            let zone = desk.settings.schedule.zone;
            let at = slot.scheduled_at.with_timezone(&zone).format("%Y-%m-%d %H:%M");
            tracing::warn!(slot.job = job.code(), slot.at = %slot.scheduled_at, run.period = %slot.period, "slot missed");
            let remedy = match job {
                JobKind::CutOff => format!("，请核对后运行 wenjin run --period {}", slot.period),
                _ => String::new(),
            };
            let text = format!("{}（数据期{}，原定{at}）未按时运行{remedy}", slot_alerts::word(*job), slot.period);
            alert::raise(desk, &slot_alerts::missed_key(*job, slot.period), &text)?;
        }
    }
    Ok(())
}
