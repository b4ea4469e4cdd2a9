//! The operator's remedies for mails: release, retry, cancel or resend. All audited.

use super::{send, troubles};
use crate::ledger::Lease;
use crate::ledger::outbox::Step;
use crate::model::{Delivery, DeliveryState, Period};
use crate::run::kit::{Desk, Progress, RunError, lease};

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

impl OutboxAct {
    /// The states the act takes mails from, and the one it brings them to. An uncertain mail may have arrived, and a failed one
    /// may be needed: what repeats the one or drops either is done mail by mail, with a reason.
    fn states(self, by_id: bool) -> (&'static [DeliveryState], DeliveryState) {
        use DeliveryState::{Cancelled, Failed, Held, Pending, Uncertain};
        match (self, by_id) {
            (Self::Release, _) => (&[Held], Pending),
            (Self::Retry, false) => (&[Failed, Pending], Pending),
            (Self::Retry, true) => (&[Failed, Pending, Uncertain], Pending),
            (Self::Cancel, false) => (&[Held, Pending], Cancelled),
            (Self::Cancel, true) => (&[Held, Pending, Failed, Uncertain], Cancelled),
        }
    }
}

/// Carries out `act` on the outbox of `period`; returns how many mails it touched.
pub fn outbox(desk: &mut Desk, period: Period, act: OutboxAct, progress: &dyn Progress) -> Result<usize, RunError> {
    let held = lease::take(desk, period)?;
    let outcome = (|| {
        send::recover(desk, &held)?;
        let (from, to) = act.states(false);
        let rows = desk.ledger.outbox(Some(period))?;
        let steps: Vec<Step> =
            rows.iter().filter(|row| from.contains(&row.state)).map(|row| by_hand(row.id, to, "by the operator")).collect();
        let at = desk.at();
        let touched = desk.ledger.advance(&held, &at, from, &steps)?.len();
        if act != OutboxAct::Cancel {
            send::pending(desk, &held, progress)?;
        }
        Ok(touched)
    })();
    finish(desk, &held, outcome)
}

/// Carries out `act` on one mail, for a written reason: the only way for an uncertain one to be sent again or settled.
pub fn outbox_one(desk: &mut Desk, id: i64, act: OutboxAct, reason: &str, progress: &dyn Progress) -> Result<(), RunError> {
    let unknown = || RunError::Refused(format!("no mail has the number {id}; see `wenjin outbox list`"));
    let period = desk.ledger.delivery(id)?.ok_or_else(unknown)?.message.period;
    let held = lease::take(desk, period)?;
    let outcome = (|| {
        send::recover(desk, &held)?;
        let (from, to) = act.states(true);
        let at = desk.at();
        let step = by_hand(id, to, &format!("by the operator: {reason}"));
        if desk.ledger.advance(&held, &at, from, &[step])?.is_empty() {
            let state = desk.ledger.delivery(id)?.ok_or_else(unknown)?.state.code();
            return Err(RunError::Refused(format!("mail {id} is {state}: there is nothing to do so with; see docs/delivery.md")));
        }
        if act != OutboxAct::Cancel {
            let due = desk.ledger.delivery(id)?.into_iter().collect();
            send::send_all(desk, &held, due, &[DeliveryState::Pending], progress)?;
        }
        Ok(())
    })();
    finish(desk, &held, outcome)
}

/// Queued anew where it is to be sent: its lifetime begins again.
fn by_hand(id: i64, to: DeliveryState, words: &str) -> Step {
    Step { requeued: to == DeliveryState::Pending, ..Step::new(id, to).because(words) }
}

/// Gives the lease back and lets the operator's alerts follow what was done.
fn finish<T>(desk: &mut Desk, held: &Lease, outcome: Result<T, RunError>) -> Result<T, RunError> {
    lease::give_back(desk, held);
    let done = outcome?;
    troubles::tell_operator(desk)?;
    Ok(done)
}

/// Sends the newest version's stored bytes again: same Message-ID, same bytes.
pub fn resend(desk: &mut Desk, period: Period, reason: &str, progress: &dyn Progress) -> Result<usize, RunError> {
    const AGAIN: &[DeliveryState] = &[DeliveryState::Sent, DeliveryState::Written, DeliveryState::Failed, DeliveryState::Uncertain];
    let held = lease::take(desk, period)?;
    let outcome = (|| {
        send::recover(desk, &held)?;
        let version = desk.ledger.latest(period)?.ok_or(RunError::NoVersion { period })?.version;
        let due: Vec<Delivery> = desk
            .ledger
            .outbox(Some(period))?
            .into_iter()
            .filter(|delivery| delivery.message.version == version && AGAIN.contains(&delivery.state))
            .collect();
        let at = desk.at();
        desk.ledger.note(&at, "outbox.resend", &format!("{period} v{version}"), reason)?;
        send::send_all(desk, &held, due, AGAIN, progress)
    })();
    finish(desk, &held, outcome)
}
