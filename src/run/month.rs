//! The month on one screen: received, drawn up, said, sent.

use tracing::field::Empty;

use crate::crash_point;
use crate::ledger::{Cause, Lease, LedgerError};
use crate::model::Period;
use crate::run::intake::sources;
use crate::run::kit::progress::during;
use crate::run::kit::{Desk, Progress, RunError, lease};
use crate::run::letters::{drafts, gate};
use crate::run::post::send;
use crate::run::recovery;
use crate::run::version::{Options, Summary, draw, inputs, summary};

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
pub fn month_of_received(desk: &mut Desk, period: Period, options: Options<'_>, progress: &dyn Progress) -> Result<Summary, RunError> {
    conduct(desk, period, options, false, progress)
}

fn conduct(desk: &mut Desk, period: Period, options: Options<'_>, receives: bool, progress: &dyn Progress) -> Result<Summary, RunError> {
    // At the level of errors, so that period and version stand around every line that is logged at all.
    let span = tracing::error_span!("run", run.period = %period, run.version = Empty, run.outcome = Empty);
    let outcome = span.in_scope(|| {
        desk.with_plan_of(period, |desk| {
            if desk.plan_of(period).merges_january(period) {
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

fn under_lease(desk: &mut Desk, own: &Lease, options: Options<'_>, receives: bool, progress: &dyn Progress) -> Result<Summary, RunError> {
    let period = own.period;
    crash_point!("run.locked").map_err(RunError::at("run"))?;
    recovery::of_period(desk, own)?;

    let arrivals = match (receives, options.cause) {
        (false, _) => Vec::new(),
        (true, Cause::Operator | Cause::Stale) => during(progress, "receive", || sources::asked(desk, options.no_mail, progress))?,
        (true, _) => during(progress, "receive", || sources::scheduled(desk, progress))?,
    };
    let inputs = inputs::gather(desk, period)?;
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
        drafts::tell(desk, period)?;
        if !options.queue {
            during(progress, "deliver", || send::pending(desk, own, progress))?;
        }
    }
    progress.finish();
    summary::of(desk, &version, new, &inputs, arrivals)
}
