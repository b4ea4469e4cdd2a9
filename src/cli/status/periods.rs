//! `status` without a period: one line for each, and the slots of the schedule that were missed.

use serde_json::json;

use super::{Outcome, exit, output};
use crate::model::Period;
use crate::run::kit::{Desk, SlotRow};
use crate::run::schedule::due;
use crate::run::version::glance::{self, Glance};
use crate::run::version::inputs::Standing;
use crate::run::version::stale::Stale;

/// Lists the periods.
pub fn show(desk: &Desk, json: bool) -> Outcome {
    let lines = glance::periods(desk)?;
    let missed = due::missed(desk)?;
    if json {
        let periods: Vec<_> = lines.iter().map(as_json).collect();
        let missed: Vec<_> = missed.iter().map(missed_as_json).collect();
        output::json(&json!({ "periods": periods, "missed": missed }));
        return Ok(exit::DONE);
    }
    if lines.is_empty() {
        output::line("nothing received yet; `wenjin run --period YYYY-MM` reads the sources");
    }
    for line in lines {
        let version = line.version.map_or_else(|| "no version".to_owned(), |version| format!("version {version}"));
        let stale = stale_words(&line.changed);
        let [accepted, returned, refused, missing] = counts(&line);
        let period = line.period;
        let refused = if refused == 0 { String::new() } else { format!("{refused} received but unreadable, ") };
        output::line(&format!("{period}  {version}  {accepted} accepted, {returned} returned, {refused}{missing} missing{stale}"));
    }
    for row in missed {
        let at = row.slot.scheduled_at.with_timezone(&desk.settings.schedule.zone).format("%Y-%m-%d %H:%M");
        output::line(&format!("missed  {} of {at}, period {}", row.slot.job.code(), row.slot.period));
    }
    Ok(exit::DONE)
}

/// `  stale: 2022-03 changed since; …`, or nothing.
pub fn stale_words(changed: &[Period]) -> String {
    if changed.is_empty() {
        return String::new();
    }
    let periods: Vec<String> = changed.iter().map(ToString::to_string).collect();
    format!("  stale: {} changed since; `wenjin backfill --stale` redoes it", periods.join(", "))
}

/// Accepted, returned, refused, missing.
fn counts(line: &Glance) -> [usize; 4] {
    [Standing::Accepted, Standing::Returned, Standing::Refused, Standing::Missing].map(|wanted| line.count(wanted))
}

/// The periods for which a period is stale.
pub fn changed(stale: Option<Stale>) -> Vec<Period> {
    stale.map(|stale| stale.changed).unwrap_or_default()
}

fn as_json(line: &Glance) -> serde_json::Value {
    let [accepted, returned, refused, missing] = counts(line);
    json!({
        "period": line.period, "version": line.version, "accepted": accepted, "returned": returned, "refused": refused, "missing": missing,
        "stale": line.changed,
    })
}

fn missed_as_json(row: &SlotRow) -> serde_json::Value {
    json!({ "job": row.slot.job.code(), "scheduled_at": row.slot.scheduled_at.to_rfc3339(), "period": row.slot.period })
}
