//! Conduct: the month on one screen. Only here do stages, archive and ledger meet.
//!
//! [`month`] is the main job; its parts stand one per file below. Doors (command line, daemon) call nothing but this module.

pub mod alert;
pub mod backup;
pub mod census;
pub mod arrivals;
mod causes;
pub mod desk;
mod digest;
mod draw;
pub mod doctor;
pub mod due;
pub mod error;
pub mod escalate;
pub mod explanations;
pub mod export;
pub mod gate;
pub mod job;
pub mod lease;
pub mod notify;
mod observed;
mod past;
pub mod packages;
mod recipients;
mod reread;
pub mod progress;
pub mod publish;
pub mod receive;
pub mod recovery;
pub mod remedy;
pub mod remind;
pub mod reporting;
pub mod restore;
pub mod roll;
mod room;
pub mod send;
pub mod sources;
pub mod stale;
pub mod summary;
pub mod texts;
mod together;
pub mod verify;
pub mod watch;
mod withheld;

pub use crate::collect::UnreadReason;
pub use crate::ledger::{Cause, LedgerError, Recorded, SlotRow, SlotState, SubmissionState, Version};
pub use desk::{Clock, Desk};
pub use error::RunError;
pub use progress::Progress;
pub use summary::{Mails, Summary};

use tracing::field::Empty;

use crate::crash_point;
use crate::model::Period;
use progress::during;

/// What the operator asks of a run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// Store the mails as held and send none.
    pub no_mail: bool,
    /// Hold the mails for release, whatever `mail.gate` says.
    pub hold: bool,
    /// Leave the mails that may go to the delivery worker ([`send::due`]): nothing waits for a mail server here.
    pub queue: bool,
    /// What a version that it makes is made for.
    pub cause: Cause,
    /// Why a person runs it: what moved by definition alone is then drawn up and mailed as well. Never given by the schedule.
    pub reason: Option<&'a str>,
}

/// Runs `period`: receive whatever the sources hold, draw up the month, publish a version if anything moved, send.
///
/// The same inputs again make no new version and no new mail.
///
/// # Errors
/// [`RunError`]; nothing of a version is visible unless all of it is.
pub fn month(desk: &mut Desk, period: Period, options: Options<'_>, progress: &dyn Progress) -> Result<Summary, RunError> {
    conduct(desk, period, options, true, progress)
}

/// Runs `period` on what has been received already: the poll receives once for all periods it looks after.
fn month_of_received(desk: &mut Desk, period: Period, options: Options<'_>, progress: &dyn Progress) -> Result<Summary, RunError> {
    conduct(desk, period, options, false, progress)
}

fn conduct(desk: &mut Desk, period: Period, options: Options<'_>, receives: bool, progress: &dyn Progress) -> Result<Summary, RunError> {
    // At the level of errors, so that period and version stand around every line that is logged at all.
    let span = tracing::error_span!("run", run.period = %period, run.version = Empty, run.outcome = Empty);
    let outcome = span.in_scope(|| {
        desk.with_plan_of(period, |desk| {
            if is_merged_january(desk, period) {
                return Err(RunError::MergedJanuary { period });
            }
            let held = lease::take(desk, period)?;
            let outcome = under_lease(desk, &held, options, receives, progress);
            lease::give_back(desk, &held);
            outcome
        })
    });
    span.record("run.outcome", word(&outcome));
    outcome
}

/// How a run ended, in one word for logs and metrics.
fn word(outcome: &Result<Summary, RunError>) -> &'static str {
    match outcome {
        Ok(summary) if summary.new => "new",
        Ok(_) => "unchanged",
        Err(RunError::NoSubmission { .. }) => "no-submission",
        Err(RunError::Ledger(LedgerError::Held { .. })) => "held",
        Err(_) => "failed",
    }
}

fn under_lease(
    desk: &mut Desk,
    own: &crate::ledger::Lease,
    options: Options<'_>,
    receives: bool,
    progress: &dyn Progress,
) -> Result<Summary, RunError> {
    let period = own.period;
    crash_point!("run.locked").map_err(RunError::at("run"))?;
    recovery::of_period(desk, own)?;

    let arrivals = match (receives, options.cause) {
        (false, _) => Vec::new(),
        (true, Cause::Operator | Cause::Stale) => during(progress, "receive", || sources::asked(desk, progress))?,
        (true, _) => during(progress, "receive", || sources::scheduled(desk, progress))?,
    };
    let inputs = reporting::gather(desk, period)?;
    crash_point!("run.inputs_frozen").map_err(RunError::at("run"))?;
    lease::renew(desk, own)?;
    if inputs.nothing_came() {
        return Err(RunError::NoSubmission { period });
    }

    let (inputs, version, new) = draw::version(desk, own, inputs, options, progress)?;
    tracing::Span::current().record("run.version", version.version);

    if !options.no_mail {
        if options.hold || desk.settings.mail.hold {
            gate::tell(desk, &version)?;
        }
        escalate::tell(desk, period)?;
        if !options.queue {
            during(progress, "deliver", || send::pending(desk, own, progress))?;
        }
    }
    progress.finish();
    summary::of(desk, &version, new, &inputs, arrivals)
}

/// Whether `period` is a January that the plan merges with February.
fn is_merged_january(desk: &Desk, period: Period) -> bool {
    period.month() == 1 && desk.plan_of(period).datasets.iter().any(|dataset| dataset.january_merged)
}
