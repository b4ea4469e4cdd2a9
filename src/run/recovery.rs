//! Recovery at the start: whatever an interrupted process left is brought to an honest state, of every period.

use super::{Desk, RunError, due};

/// Holds the ledger to its integrity check, then recovers runs and deliveries of all periods nobody holds.
pub fn recover(desk: &mut Desk) -> Result<(), RunError> {
    desk.ledger.check_integrity()?;
    due::recover(desk)?;
    Ok(())
}
