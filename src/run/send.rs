//! Sending: stored messages leave as stored; every step is in the ledger before it is taken.

use super::{Desk, Progress, RunError};
use crate::deliver::{Outcome, TransmitError, Transport};
use crate::ledger::Ledger;
use crate::model::{Delivery, DeliveryState, Period};

/// After a crash: what was being connected goes back to pending, what was on the wire is uncertain.
pub fn recover(desk: &mut Desk, period: Period) -> Result<(), RunError> {
    let at = desk.at();
    let (pending, uncertain) = desk.ledger.recover_outbox(&at, period)?;
    if pending + uncertain > 0 {
        tracing::warn!(run.period = %period, pending, uncertain, "deliveries were interrupted");
    }
    Ok(())
}

/// Sends the pending messages of `period`.
pub fn pending(desk: &mut Desk, period: Period, progress: &dyn Progress) -> Result<(), RunError> {
    let due: Vec<Delivery> =
        desk.ledger.outbox(Some(period))?.into_iter().filter(|delivery| delivery.state == DeliveryState::Pending).collect();
    send_all(desk, &due, &[DeliveryState::Pending], progress)
}

/// Sends `due`, each taken from one of the states `from`.
pub fn send_all(desk: &mut Desk, due: &[Delivery], from: &[DeliveryState], progress: &dyn Progress) -> Result<(), RunError> {
    if due.is_empty() {
        return Ok(());
    }
    let transport = Transport::new(&desk.settings.mail)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(RunError::at("tokio runtime"))?;
    let at = desk.at();
    for (done, delivery) in due.iter().enumerate() {
        if !desk.ledger.move_delivery(&at, delivery.id, from, DeliveryState::Sending, None)? {
            continue;
        }
        let outcome = runtime.block_on(async { send_one(&transport, &mut desk.ledger, &at, delivery).await });
        let (state, words) = match &outcome {
            Outcome::Written(_) => (DeliveryState::Written, "written".to_owned()),
            Outcome::Sent(reply) => (DeliveryState::Sent, reply.clone()),
            Outcome::Deferred(reply) => (DeliveryState::Pending, reply.clone()),
            Outcome::Failed(reply) => (DeliveryState::Failed, reply.clone()),
            Outcome::Uncertain(reason) => (DeliveryState::Uncertain, reason.clone()),
        };
        desk.ledger.move_delivery(&at, delivery.id, &[DeliveryState::Sending, DeliveryState::Transmitting], state, Some(&words))?;
        tracing::info!(outbox.id = delivery.id, department = %delivery.message.department, state = state.code(), "delivery");
        progress.step(done + 1, due.len());
    }
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
