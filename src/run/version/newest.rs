//! The newest version of a period, and what it was drawn from.

use crate::ledger::{Drawn, Version};
use crate::model::Period;
use crate::run::kit::{Desk, RunError};

/// The newest version of `period`.
///
/// # Errors
/// There is none yet.
pub fn of(desk: &Desk, period: Period) -> Result<Version, RunError> {
    desk.ledger.latest(period)?.ok_or(RunError::NoVersion { period })
}

/// What it was drawn from, without what it showed; `None` where there is none yet.
///
/// # Errors
/// Of the ledger.
pub fn drawn(desk: &Desk, period: Period) -> Result<Option<Drawn>, RunError> {
    Ok(desk.ledger.drawn(period)?)
}
