//! Conduct: the month on one screen. Only here do stages, archive and ledger meet.
//!
//! [`month`] is the main job; its parts stand one per file below. Doors (command line, daemon) call nothing but this module.

pub mod alert;
pub mod backup;
pub mod desk;
pub mod doctor;
pub mod due;
pub mod error;
pub mod explanations;
pub mod export;
pub mod job;
pub mod lease;
pub mod progress;
pub mod publish;
pub mod receive;
pub mod recovery;
pub mod remedy;
pub mod remind;
pub mod reporting;
pub mod restore;
mod room;
pub mod send;
pub mod summary;
pub mod verify;

pub use crate::ledger::{LedgerError, Recorded, SubmissionState, Version};
pub use desk::{Clock, Desk};
pub use error::RunError;
pub use progress::Progress;
pub use summary::{Mails, Summary};

use crate::crash_point;
use crate::model::{DeliveryState, Period};

/// What the operator asks of a run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Store the mails as held and send none.
    pub no_mail: bool,
    /// Hold the mails for release, whatever `mail.gate` says.
    pub hold: bool,
}

/// Runs `period`: receive whatever the sources hold, draw up the month, publish a version if anything moved, send.
///
/// The same inputs again make no new version and no new mail.
///
/// # Errors
/// [`RunError`]; nothing of a version is visible unless all of it is.
pub fn month(desk: &mut Desk, period: Period, options: Options, progress: &dyn Progress) -> Result<Summary, RunError> {
    refuse_merged_january(desk, period)?;
    let held = lease::take(desk, period)?;
    let outcome = under_lease(desk, &held, period, options, progress);
    lease::give_back(desk, &held);
    outcome
}

fn under_lease(
    desk: &mut Desk,
    own: &crate::ledger::Lease,
    period: Period,
    options: Options,
    progress: &dyn Progress,
) -> Result<Summary, RunError> {
    crash_point!("run.locked").map_err(RunError::at("run"))?;
    recovery::of_period(desk, period)?;

    progress.stage("receive");
    let arrivals = receive::from_sources(desk, progress)?;
    let inputs = reporting::gather(desk, period)?;
    crash_point!("run.inputs_frozen").map_err(RunError::at("run"))?;
    lease::renew(desk, own)?;
    if inputs.nothing_came() {
        return Err(RunError::NoSubmission { period });
    }

    let digest = publish::digest(desk, &inputs);
    let latest = desk.ledger.latest(period)?;
    let unchanged = latest.as_ref().filter(|version| version.digest == digest).cloned();
    let (version, new) = if let Some(version) = unchanged {
        (version, false)
    } else {
        progress.stage("aggregate");
        let month = publish::draw_up(desk, period, &inputs, latest.as_ref())?;
        crash_point!("run.aggregated").map_err(RunError::at("run"))?;
        lease::renew(desk, own)?;
        progress.stage("report");
        let waits = options.no_mail || options.hold || desk.settings.mail.hold || restore::holds_mails(desk, period)?;
        let state = if waits { DeliveryState::Held } else { DeliveryState::Pending };
        (publish::commit(desk, own, &month, &inputs, digest, state)?, true)
    };

    if !options.no_mail {
        progress.stage("deliver");
        send::pending(desk, own, progress)?;
    }
    progress.finish();
    summary::of(desk, &version, new, &inputs, arrivals)
}

/// Refuses 2022-01 where the plan merges January with February.
fn refuse_merged_january(desk: &Desk, period: Period) -> Result<(), RunError> {
    let merged = desk.plan.datasets.iter().any(|dataset| dataset.january_merged);
    if merged && period.month() == 1 { Err(RunError::MergedJanuary { period }) } else { Ok(()) }
}
