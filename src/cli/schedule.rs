//! The schedule in words, as `check` and `doctor` print it.

use chrono::{DateTime, FixedOffset};

use crate::plan::slots;
use crate::settings::{CatchUp, PeriodRule, Schedule};

/// How many of a job's next times are shown.
const TIMES: usize = 5;

/// One line for each cron entry and one for its next times; `now` decides which come next.
pub fn lines(schedule: &Schedule, now: DateTime<FixedOffset>) -> Vec<String> {
    let mut lines = Vec::new();
    for job in &schedule.jobs {
        let about = match job.rule {
            PeriodRule::Previous => "about the month before",
            PeriodRule::Current => "about the month itself",
        };
        let kind = job.kind.code();
        lines.push(format!("job {kind}: {} in {} (`{}`), {about}", lower(&job.words()), schedule.zone, job.cron));
        let next = slots::next(schedule, job, now.to_utc(), TIMES);
        let times: Vec<String> =
            next.iter().map(|slot| slot.scheduled_at.with_timezone(&schedule.zone).format("%Y-%m-%d %H:%M:%S").to_string()).collect();
        let times: Vec<&str> = times.iter().map(|time| time.strip_suffix(":00").unwrap_or(time)).collect();
        lines.push(format!("  next: {}", if times.is_empty() { "never".to_owned() } else { times.join(", ") }));
    }
    if !lines.is_empty() {
        let policy = match schedule.catch_up {
            CatchUp::Latest => "the latest missed slot is caught up",
            CatchUp::All => "all missed slots are caught up, oldest first,",
            CatchUp::None => "missed slots are not caught up;",
        };
        lines.push(match schedule.catch_up {
            CatchUp::None => format!("{policy} they are recorded"),
            _ => format!("{policy} within {} days", schedule.catch_up_days),
        });
    }
    lines
}

fn lower(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
