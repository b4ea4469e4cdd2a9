//! Sending: which stored mails go now. They leave as stored; every step is in the ledger before it is taken.
//!
//! Which mails go is decided here, how many at once in `passage.rs`, what follows from each attempt in `retry.rs`.

use super::{passage, retry, troubles};
use crate::crash_point;
use crate::deliver::Transport;
use crate::ledger::{Lease, LedgerError};
use crate::model::{Delivery, DeliveryState};
use crate::run::kit::{Desk, Progress, RunError, lease};

/// After a crash: what was being connected goes back to pending, what was on the wire is uncertain.
pub fn recover(desk: &mut Desk, own: &Lease) -> Result<(), RunError> {
    let at = desk.at();
    let (pending, uncertain) = desk.ledger.recover_outbox(own, &at)?;
    crash_point!("recovery.outbox").map_err(RunError::at("recovery"))?;
    if pending + uncertain > 0 {
        tracing::warn!(run.period = %own.period, pending, uncertain, "deliveries were interrupted");
    }
    Ok(())
}

/// Sends the pending messages of the period that is held, at once: whoever asks for it does not wait for the next attempt.
pub fn pending(desk: &mut Desk, own: &Lease, progress: &dyn Progress) -> Result<(), RunError> {
    let due = desk.ledger.pending(own.period)?;
    send_all(desk, own, due, &[DeliveryState::Pending], progress)?;
    Ok(())
}

/// Sends what is due of every period nobody holds; the delivery worker's step. Returns how many were tried.
pub fn due(desk: &mut Desk, progress: &dyn Progress) -> Result<usize, RunError> {
    let (from, until) = retry::not_due_within(desk.clock.now.to_utc(), &desk.settings.mail.pace);
    let mut tried = 0;
    for period in desk.ledger.periods_to_send(from, until)? {
        let own = match lease::take(desk, period) {
            Ok(own) => own,
            Err(RunError::Ledger(LedgerError::Held { holder, .. })) => {
                tracing::info!(run.period = %period, holder, "mails wait: another run holds the period");
                continue;
            }
            Err(error) => return Err(error),
        };
        let outcome = due_under_lease(desk, &own, progress);
        lease::give_back(desk, &own);
        match outcome {
            Ok(sent) => tried += sent,
            Err(error @ RunError::Ledger(LedgerError::Fenced { .. })) => {
                tracing::warn!(run.period = %period, %error, "mails left to another run");
            }
            Err(error) => return Err(error),
        }
    }
    troubles::tell_operator(desk)?;
    Ok(tried)
}

fn due_under_lease(desk: &mut Desk, own: &Lease, progress: &dyn Progress) -> Result<usize, RunError> {
    recover(desk, own)?;
    let (now, pace) = (desk.clock.now.to_utc(), desk.settings.mail.pace);
    let due = desk.ledger.pending(own.period)?.into_iter().filter(|delivery| retry::is_due(delivery, now, &pace)).collect();
    send_all(desk, own, due, &[DeliveryState::Pending], progress)
}

/// Sends `due`, each taken from one of the states `from`, and tells the operator what needs him. Returns how many were tried.
pub fn send_all(
    desk: &mut Desk,
    own: &Lease,
    due: Vec<Delivery>,
    from: &[DeliveryState],
    progress: &dyn Progress,
) -> Result<usize, RunError> {
    let tried = if due.is_empty() {
        0
    } else {
        let transport = Transport::new(&desk.settings.mail)?;
        send_through(desk, own, &transport, due, from, progress)?
    };
    troubles::tell_operator(desk)?;
    Ok(tried)
}

/// Sends `due` through `transport`.
fn send_through(
    desk: &mut Desk,
    own: &Lease,
    transport: &Transport,
    due: Vec<Delivery>,
    from: &[DeliveryState],
    progress: &dyn Progress,
) -> Result<usize, RunError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(RunError::at("tokio runtime"))?;
    let mut due = due;
    for delivery in &mut due {
        if delivery.state == DeliveryState::Sent || delivery.state == DeliveryState::Written {
            // Sent again by the operator's word, to everyone.
            delivery.reached.clear();
        }
        let reached = &delivery.reached;
        delivery.message.recipients.retain(|recipient| !reached.contains(recipient));
    }
    let passage = passage::Passage::new(desk, own, transport, from);
    runtime.block_on(passage.carry_all(&due, progress))
}

#[cfg(test)]
mod tests;
