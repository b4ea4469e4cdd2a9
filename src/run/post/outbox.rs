//! The outbox as the doors show it: every stored mail with its state.

use crate::model::{Delivery, Period};
use crate::run::kit::{Desk, RunError};

/// The mails of `period` (of all periods when `None`), in the order they were stored.
///
/// # Errors
/// Of the ledger.
pub fn list(desk: &Desk, period: Option<Period>) -> Result<Vec<Delivery>, RunError> {
    Ok(desk.ledger.outbox(period)?)
}
