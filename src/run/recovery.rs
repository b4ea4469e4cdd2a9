//! Recovery: whatever an interrupted process left is brought to an honest state. Each step may be interrupted and done again.

use std::collections::BTreeSet;

use crate::crash_point;
use crate::ledger::{Lease, LedgerError, SlotState};
use crate::model::Period;
use crate::run::kit::{Desk, RunError, lease, process};
use crate::run::post::send;
use crate::run::version::publish;

/// At a daemon's start: holds the ledger to its integrity check, then recovers all periods nobody holds.
///
/// # Errors
/// A damaged ledger, with what to do; nothing was changed then.
pub fn recover(desk: &mut Desk) -> Result<(), RunError> {
    examine(desk)?;
    for period in periods(desk)? {
        match lease::take(desk, period) {
            Ok(held) => {
                let outcome = leftovers(desk, &held);
                lease::give_back(desk, &held);
                outcome?;
            }
            // Its holder lives and recovers it by itself.
            Err(RunError::Ledger(LedgerError::Held { holder, .. })) => tracing::info!(run.period = %period, %holder, "period is held"),
            Err(error) => return Err(error),
        }
    }
    // Slots that were under way are run again: the conduct finds what is done already.
    slots(desk)?;
    Ok(())
}

/// At the start of a process: a slot that was being run when the last one died is due again; running it twice does nothing twice.
pub fn slots(desk: &mut Desk) -> Result<usize, RunError> {
    let at = desk.at();
    let mut recovered = 0;
    for row in desk.ledger.slots_in(SlotState::Running)? {
        recovered += usize::from(desk.ledger.move_slot(&at, &row.slot, SlotState::Running, SlotState::Due, Some("interrupted"))?);
    }
    Ok(recovered)
}

/// Before a run, under its lease: the same for its period alone.
///
/// # Errors
/// As [`recover`].
pub fn of_period(desk: &mut Desk, own: &Lease) -> Result<(), RunError> {
    examine(desk)?;
    leftovers(desk, own)
}

/// Holds the ledger to its integrity check and clears the archive of unfinished files.
fn examine(desk: &Desk) -> Result<(), RunError> {
    desk.ledger.check_integrity()?;
    crash_point!("recovery.checked").map_err(RunError::at("recovery"))?;
    sweep(desk)
}

/// Folders without their row are removed; deliveries that were on their way go back to pending, or are uncertain.
fn leftovers(desk: &mut Desk, own: &Lease) -> Result<(), RunError> {
    publish::recover(desk, own.period)?;
    crash_point!("recovery.folders").map_err(RunError::at("recovery"))?;
    send::recover(desk, own)
}

/// Removes temporary files of the archive whose processes are gone.
fn sweep(desk: &Desk) -> Result<(), RunError> {
    let removed = desk.archive.sweep(&process::is_gone).map_err(RunError::at(desk.settings.data.join("archive")))?;
    crash_point!("recovery.swept").map_err(RunError::at("recovery"))?;
    if removed > 0 {
        tracing::warn!(removed, "temporary files of interrupted processes removed from the archive");
    }
    Ok(())
}

/// Every period something may be left of: held once, or with a folder of versions.
fn periods(desk: &Desk) -> Result<BTreeSet<Period>, RunError> {
    let mut periods: BTreeSet<Period> = desk.ledger.leased_periods()?.into_iter().collect();
    let folder = desk.settings.data.join("reports");
    let Ok(entries) = std::fs::read_dir(&folder) else { return Ok(periods) };
    for entry in entries {
        let name = entry.map_err(RunError::at(&folder))?.file_name();
        periods.extend(name.to_str().and_then(|name| name.parse::<Period>().ok()));
    }
    Ok(periods)
}
