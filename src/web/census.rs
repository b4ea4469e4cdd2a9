//! The gauges that are read off the ledger at each scrape, so that they are right from the first one on, whoever wrote it.

use std::time::Instant;

use chrono::DateTime;
use metrics::{describe_counter, describe_gauge, gauge};

use crate::daemon::{House, LaneName};
use crate::run::upkeep::census::{self, Census};

/// Names the gauges to the recorder.
pub fn describe() {
    describe_gauge!("wenjin_build_info", "1; the label tells the program's version.");
    describe_gauge!("wenjin_submissions", "Submissions by state.");
    describe_gauge!("wenjin_deliveries", "Stored mails by state.");
    describe_gauge!("wenjin_slots", "Slots of the schedule by job and state; those never run are `missed`.");
    describe_gauge!("wenjin_slot_finished_timestamp_seconds", "When a slot of the job last ended so, in Unix time.");
    describe_gauge!("wenjin_oldest_pending_mail_seconds", "Age of the oldest mail that waits to be sent; 0 when none waits.");
    describe_gauge!("wenjin_alerts_open", "Alerts that are not over.");
    describe_gauge!("wenjin_ledger_readable", "1 when the ledger could be read for this answer; 0: its gauges are older.");
    describe_gauge!("wenjin_config_valid", "1 when the config last read was valid; 0: an earlier one is in force.");
    describe_gauge!("wenjin_lane_alive", "1 when the lane is there and gets on with its step.");
    describe_counter!("wenjin_jobs_total", "Slots carried out since the start, by job and outcome: done, failed.");
}

/// Sets all of them.
pub fn gauge(house: &House) {
    gauge!("wenjin_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1);
    gauge!("wenjin_config_valid").set(i32::from(house.vitals.config().is_ok()));
    let now = Instant::now();
    for lane in LaneName::ALL {
        gauge!("wenjin_lane_alive", "lane" => lane.code()).set(i32::from(house.vitals.lane(lane, now).is_ok()));
    }
    let counted = census::take(&house.definition().settings.data, house.clock().now);
    gauge!("wenjin_ledger_readable").set(i32::from(counted.is_ok()));
    match counted {
        Ok(census) => set(&census),
        Err(error) => tracing::warn!(%error, "the ledger cannot be counted"),
    }
}

fn set(census: &Census) {
    for (state, count) in &census.submissions {
        gauge!("wenjin_submissions", "state" => state.clone()).set(*count);
    }
    for (state, count) in &census.deliveries {
        gauge!("wenjin_deliveries", "state" => state.clone()).set(*count);
    }
    for slot in &census.slots {
        gauge!("wenjin_slots", "job" => slot.job.clone(), "state" => slot.state.clone()).set(slot.count);
        let finished = slot.finished_at.as_deref().and_then(|at| DateTime::parse_from_rfc3339(at).ok());
        // Whole seconds: a u32 holds them until 2106.
        if let Some(seconds) = finished.and_then(|at| u32::try_from(at.timestamp()).ok()) {
            gauge!("wenjin_slot_finished_timestamp_seconds", "job" => slot.job.clone(), "state" => slot.state.clone()).set(seconds);
        }
    }
    gauge!("wenjin_alerts_open").set(census.open_alerts);
    gauge!("wenjin_oldest_pending_mail_seconds").set(census.oldest_pending_seconds);
}
