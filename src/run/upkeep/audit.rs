//! The audit: who did what, and when.

use crate::ledger::audit::Trace;
use crate::model::Period;
use crate::run::kit::{Desk, RunError};

/// The newest `limit` traces (about `period`, if one is given), oldest first.
///
/// # Errors
/// Of the ledger.
pub fn traces(desk: &Desk, period: Option<Period>, limit: u32) -> Result<Vec<Trace>, RunError> {
    Ok(desk.ledger.audit(period, limit)?)
}
