//! The lease: one run at a time holds a period, and a holder that died does not block the next.

use super::desk::Desk;
use super::error::RunError;
use super::process::{is_dead, own_name};
use crate::ledger::Lease;
use crate::model::Period;

/// Takes the period's lease for this process.
pub fn take(desk: &mut Desk, period: Period) -> Result<Lease, RunError> {
    let wall = (desk.clock.wall)();
    let holder = own_name();
    Ok(desk.ledger.acquire(period, &holder, wall, wall + desk.settings.limits.lease_seconds, &is_dead)?)
}

/// Holds it for as long again; called before each step that may take long.
pub fn renew(desk: &mut Desk, lease: &Lease) -> Result<(), RunError> {
    let until = (desk.clock.wall)() + desk.settings.limits.lease_seconds;
    Ok(desk.ledger.extend(lease, until)?)
}

/// Gives it back; a failure only means that it runs out by itself.
pub fn give_back(desk: &mut Desk, lease: &Lease) {
    if let Err(error) = desk.ledger.release(lease) {
        tracing::warn!(period = %lease.period, %error, "lease could not be given back; it runs out by itself");
    }
}
