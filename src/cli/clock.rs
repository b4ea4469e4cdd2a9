//! The clock of the command line: the wall's time unless `--now` fixes it.

use chrono::{DateTime, FixedOffset, Utc};

use crate::run::kit::Clock;

/// The run's clock in the office's zone: the same instant prints the same bytes, in whatever zone `--now` was written.
pub fn clock(now: Option<DateTime<FixedOffset>>, zone: chrono_tz::Tz) -> Clock {
    let now = now.map_or_else(read, |fixed| fixed.to_utc());
    Clock { now: now.with_timezone(&zone).fixed_offset(), wall }
}

fn wall() -> i64 {
    read().timestamp()
}

#[expect(clippy::disallowed_methods, reason = "this is the door through which time enters")]
fn read() -> DateTime<Utc> {
    Utc::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn now_is_told_in_the_offices_zone() {
        let given = DateTime::parse_from_rfc3339("2022-07-10T21:00:00-04:00").unwrap();
        assert_eq!(clock(Some(given), chrono_tz::Asia::Shanghai).now.to_rfc3339(), "2022-07-11T09:00:00+08:00");
    }
}
