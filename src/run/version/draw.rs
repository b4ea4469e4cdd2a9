//! Drawing: the newest version as it is, or a new one where something it rests on has changed.

use super::inputs::{self, Inputs};
use super::options::Options;
use super::publish::{Commission, Drawn};
use super::{digest, publish, recipients, withheld};
use crate::crash_point;
use crate::ledger::{Lease, Version};
use crate::model::{DeliveryState, Month, Period};
use crate::run::intake::reread;
use crate::run::kit::definition::DEFINITION;
use crate::run::kit::progress::during;
use crate::run::kit::{Desk, Progress, RunError, lease};

/// The version of `inputs`, and whether it is new. The inputs come back as they are after files were read again.
pub fn version(
    desk: &mut Desk,
    own: &Lease,
    inputs: Inputs,
    options: Options<'_>,
    progress: &dyn Progress,
) -> Result<(Inputs, Version, bool), RunError> {
    let latest = desk.ledger.latest(own.period)?;
    let digest = digest::of(desk, &inputs)?;
    let Some(same) = latest.as_ref().filter(|version| digest::is_same(desk, &inputs, version, &digest)).cloned() else {
        return anew(desk, own, latest.as_ref(), options, progress);
    };
    if same.digest != digest {
        desk.ledger.renew_digest(own, &desk.at(), same.version, &digest)?;
    }
    if options.reason.is_none() {
        return Ok((inputs, same, false));
    }
    if same.definition != DEFINITION {
        return anew(desk, own, Some(&same), options, progress);
    }
    let state = state(desk, own, options)?;
    withheld::tell(desk, own, &same, &inputs, state)?;
    note(desk, &same, options)?;
    Ok((inputs, same, false))
}

/// Draws the period up, with its files as they are read now.
fn anew(
    desk: &mut Desk,
    own: &Lease,
    latest: Option<&Version>,
    options: Options<'_>,
    progress: &dyn Progress,
) -> Result<(Inputs, Version, bool), RunError> {
    let period = own.period;
    during(progress, "receive", || reread::for_period(desk, period, progress))?;
    lease::renew(desk, own)?;
    let inputs = inputs::gather(desk, period)?;
    let digest = digest::of(desk, &inputs)?;
    let printed = publish::last_printed(desk, period)?;
    let tables = inputs.tables(desk)?;
    let Drawn { month, left_out, since } =
        during(progress, "aggregate", || publish::draw_up(desk, (&inputs, &tables), latest, printed.as_ref()))?;
    crash_point!("run.aggregated").map_err(RunError::at("run"))?;
    publish::tell_left_out(desk, period, &left_out)?;
    lease::renew(desk, own)?;
    if let Some(same) = latest.filter(|version| digest::is_same(desk, &inputs, version, &digest) && shows(version, &month)) {
        return Ok((inputs, same.clone(), false));
    }
    let recipients = recipients::of(&month, latest, &inputs.list(), options.reason.is_some());
    let commission = Commission { digest, state: state(desk, own, options)?, cause: options.cause, recipients, since };
    let version = during(progress, "report", || publish::commit(desk, own, &month, (&inputs, &tables), &commission))?;
    if options.reason.is_some() {
        // What earlier versions withheld is told with it.
        let state = self::state(desk, own, options)?;
        withheld::tell(desk, own, &version, &inputs, state)?;
    }
    note(desk, &version, options)?;
    Ok((inputs, version, true))
}

/// Whether the month prints what the version printed.
fn shows(version: &Version, month: &Month) -> bool {
    month.corrections.is_empty() && version.shown.tasks == month.tasks
}

/// How the mails of a version begin.
fn state(desk: &Desk, own: &Lease, options: Options<'_>) -> Result<DeliveryState, RunError> {
    let waits = options.no_mail || options.hold || desk.settings.mail.hold || holds_mails(desk, own.period)?;
    Ok(if waits { DeliveryState::Held } else { DeliveryState::Pending })
}

/// Keeps the reason in the audit.
fn note(desk: &mut Desk, version: &Version, options: Options<'_>) -> Result<(), RunError> {
    let Some(reason) = options.reason else { return Ok(()) };
    Ok(desk.ledger.note(&desk.at(), "run.reason", &format!("{} v{}", version.period, version.version), reason)?)
}

/// Whether the next version of `period` is the first since a restore, so that its mails wait for the operator.
fn holds_mails(desk: &Desk, period: Period) -> Result<bool, RunError> {
    let holds = desk.ledger.first_since_restore(period)?;
    if holds {
        tracing::warn!(run.period = %period, "the ledger was restored: mails may have been sent already and are held; see docs/backup.md");
    }
    Ok(holds)
}
