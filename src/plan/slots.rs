//! Slots: which runs of the schedule are due. Pure: a schedule, up to when it was decided, and now; no clock, no ledger.

use chrono::{DateTime, Utc};

use crate::model::Period;
use crate::settings::JobKind;

/// One time of one job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    pub job: JobKind,
    pub scheduled_at: DateTime<Utc>,
    /// The period it is about.
    pub period: Period,
}
