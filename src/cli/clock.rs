//! The clock of the command line: the wall's time unless `--now` fixes it.

use chrono::{DateTime, FixedOffset, Utc};

use crate::run::Clock;

/// The run's clock in the office's zone.
pub fn clock(now: Option<DateTime<FixedOffset>>, zone: chrono_tz::Tz) -> Clock {
    Clock { now: now.unwrap_or_else(|| read().with_timezone(&zone).fixed_offset()), wall }
}

fn wall() -> i64 {
    read().timestamp()
}

#[expect(clippy::disallowed_methods, reason = "this is the door through which time enters")]
fn read() -> DateTime<Utc> {
    Utc::now()
}
