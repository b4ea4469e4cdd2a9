//! The operator's remedies: withdraw or accept a submission, release, retry, cancel or resend mails. All audited.

use super::{Desk, Progress, RunError, lease, send};
use crate::ledger::{Lease, Recorded, SubmissionState};
use crate::model::{Delivery, DeliveryState, Period};

/// Changes a submission's state by the operator's word; `key` is the start of its hash.
///
/// The same bytes under several names are one submission: the word holds for all of them.
pub fn overrule(desk: &mut Desk, key: &str, state: SubmissionState, reason: &str) -> Result<Recorded, RunError> {
    let mut found: Vec<Recorded> = desk.ledger.submissions()?.into_iter().filter(|s| s.hash.0.starts_with(key)).collect();
    if key.len() < HASH_DIGITS_MIN {
        return Err(RunError::Refused(format!("`{key}` is too short; give at least {HASH_DIGITS_MIN} digits of the hash")));
    }
    let one_file = found.windows(2).all(|pair| matches!(pair, [a, b] if a.hash == b.hash));
    if !one_file {
        return Err(RunError::Refused(format!("`{key}` names more than one submission; give more digits of its hash")));
    }
    if let Some(unread) = found.iter().find(|one| one.department.is_none() || one.period.is_none())
        && state == SubmissionState::Accepted
    {
        return Err(RunError::Refused(format!("`{}` was refused unread and holds no figures to accept", unread.file)));
    }
    let at = desk.at();
    for one in &found {
        desk.ledger.overrule(&at, one.id, state, reason)?;
    }
    found.pop().ok_or_else(|| RunError::Refused(format!("no submission has a hash that begins with `{key}`; see `wenjin status`")))
}

/// So many digits of a hash name a submission.
const HASH_DIGITS_MIN: usize = 6;

/// What the operator does with waiting or failed mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutboxAct {
    /// Sends what was held.
    Release,
    /// Tries what is pending or failed once more.
    Retry,
    /// Drops what was held or is pending.
    Cancel,
}

/// Carries out `act` on the outbox of `period`; returns how many mails it touched.
pub fn outbox(desk: &mut Desk, period: Period, act: OutboxAct, progress: &dyn Progress) -> Result<usize, RunError> {
    let held = lease::take(desk, period)?;
    let outcome = outbox_under_lease(desk, &held, act, progress);
    lease::give_back(desk, &held);
    outcome
}

fn outbox_under_lease(desk: &mut Desk, own: &Lease, act: OutboxAct, progress: &dyn Progress) -> Result<usize, RunError> {
    let period = own.period;
    send::recover(desk, period)?;
    let (from, to): (&[DeliveryState], DeliveryState) = match act {
        OutboxAct::Release => (&[DeliveryState::Held], DeliveryState::Pending),
        OutboxAct::Retry => (&[DeliveryState::Failed, DeliveryState::Pending], DeliveryState::Pending),
        OutboxAct::Cancel => (&[DeliveryState::Held, DeliveryState::Pending], DeliveryState::Cancelled),
    };
    let at = desk.at();
    let mut touched = 0;
    for delivery in desk.ledger.outbox(Some(period))?.iter().filter(|delivery| from.contains(&delivery.state)) {
        touched += usize::from(desk.ledger.move_delivery(&at, delivery.id, from, to, Some("by the operator"))?);
    }
    if act != OutboxAct::Cancel {
        send::pending(desk, own, progress)?;
    }
    Ok(touched)
}

/// Sends the newest version's stored bytes again: same Message-ID, same bytes.
pub fn resend(desk: &mut Desk, period: Period, reason: &str, progress: &dyn Progress) -> Result<usize, RunError> {
    const AGAIN: &[DeliveryState] = &[DeliveryState::Sent, DeliveryState::Written, DeliveryState::Failed, DeliveryState::Uncertain];
    let held = lease::take(desk, period)?;
    let outcome = (|| {
        let version = desk.ledger.latest(period)?.ok_or(RunError::NoVersion { period })?.version;
        let due: Vec<Delivery> = desk
            .ledger
            .outbox(Some(period))?
            .into_iter()
            .filter(|delivery| delivery.message.version == version && AGAIN.contains(&delivery.state))
            .collect();
        let at = desk.at();
        desk.ledger.note(&at, "outbox.resend", &format!("{period} v{version}"), reason)?;
        send::send_all(desk, &held, &due, AGAIN, progress)?;
        Ok(due.len())
    })();
    lease::give_back(desk, &held);
    outcome
}
