//! Ordinals: which of its department's files for a period a submission was.

use std::collections::{BTreeMap, BTreeSet};

use super::inputs::leans_from;
use crate::model::{ContentHash, Period};
use crate::run::kit::{Desk, RunError};

/// The ordinals of the submissions that a month of `period` may lean on, from 1 on; the same bytes sent twice count once.
///
/// # Errors
/// Of the ledger.
pub fn arrivals(desk: &Desk, period: Period) -> Result<BTreeMap<ContentHash, u32>, RunError> {
    Ok(desk.ledger.ordinals(leans_from(period)..=period)?)
}

/// Those of them that were withdrawn, under every name they came by.
///
/// # Errors
/// Of the ledger.
pub fn withdrawn(desk: &Desk, period: Period) -> Result<BTreeSet<ContentHash>, RunError> {
    Ok(desk.ledger.withdrawn(leans_from(period)..=period)?)
}
