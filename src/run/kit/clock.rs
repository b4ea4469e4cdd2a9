//! The clock: time, as the doors hand it in.

use chrono::{DateTime, FixedOffset};

/// Time as the doors hand it in.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// The run's now: what is printed and recorded. `--now` fixes it.
    pub now: DateTime<FixedOffset>,
    /// Unix seconds of the wall clock, for leases only: they must run out even where `now` is fixed.
    pub wall: fn() -> i64,
}
