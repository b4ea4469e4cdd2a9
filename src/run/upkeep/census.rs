//! The census: how many submissions, mails, slots and alerts stand how. Counts alone: no figure, no name, no address.

use std::path::Path;

use chrono::{DateTime, FixedOffset};

use crate::ledger::Ledger;
use crate::ledger::census::SlotCount;
use crate::model::DeliveryState;
use crate::run::kit::RunError;

/// What a look at the ledger counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Census {
    /// By state; the states are those of the ledger.
    pub submissions: Vec<(String, u32)>,
    /// By state; a state that no mail is in counts 0.
    pub deliveries: Vec<(String, u32)>,
    pub slots: Vec<SlotCount>,
    pub open_alerts: u32,
    /// Seconds since the oldest mail that waits to be sent was stored; 0 when none waits.
    pub oldest_pending_seconds: u32,
}

/// Every state of a submission.
const SUBMISSION_STATES: [&str; 4] = ["accepted", "returned", "refused", "withdrawn"];

/// Every state of a delivery.
const DELIVERY_STATES: [DeliveryState; 9] = [
    DeliveryState::Held,
    DeliveryState::Pending,
    DeliveryState::Sending,
    DeliveryState::Transmitting,
    DeliveryState::Sent,
    DeliveryState::Written,
    DeliveryState::Failed,
    DeliveryState::Uncertain,
    DeliveryState::Cancelled,
];

/// Counts what the ledger under the data folder holds, on a connection of its own that cannot write.
///
/// # Errors
/// When there is no ledger, or it cannot be read.
pub fn take(data: &Path, now: DateTime<FixedOffset>) -> Result<Census, RunError> {
    let ledger = Ledger::open_to_read(&data.join("ledger.sqlite"))?;
    let oldest = ledger.pending_since()?.iter().filter_map(|at| DateTime::parse_from_rfc3339(at).ok()).min();
    let waited = oldest.map_or(0, |oldest| now.signed_duration_since(oldest).num_seconds());
    Ok(Census {
        submissions: with_zeros(ledger.count_submissions()?, &SUBMISSION_STATES),
        deliveries: with_zeros(ledger.count_deliveries()?, &DELIVERY_STATES.map(DeliveryState::code)),
        slots: ledger.count_slots()?,
        open_alerts: ledger.count_open_alerts()?,
        // A clock that went back has waited for nothing yet.
        oldest_pending_seconds: u32::try_from(waited.max(0)).unwrap_or(u32::MAX),
    })
}

/// A state that nothing is in is told as 0: a series that vanishes cannot be told from one that was never there.
fn with_zeros(counted: Vec<(String, u32)>, states: &[&str]) -> Vec<(String, u32)> {
    let absent: Vec<_> =
        states.iter().filter(|state| !counted.iter().any(|(known, _)| known == *state)).map(|state| ((*state).to_owned(), 0)).collect();
    counted.into_iter().chain(absent).collect()
}
