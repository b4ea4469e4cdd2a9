//! `status` without a period: one line for each, and the slots of the schedule that were missed.

use serde_json::json;

use super::{Outcome, exit, output};
use crate::model::Period;
use crate::run::kit::{Desk, SlotRow};
use crate::run::schedule::due;
use crate::run::version::inputs::{self, Standing};
use crate::run::version::newest;
use crate::run::version::stale::{self, Stale};

struct Line {
    period: Period,
    version: Option<u32>,
    accepted: usize,
    returned: usize,
    refused: usize,
    missing: usize,
    /// The periods whose submissions have changed since the version was drawn up.
    changed: Vec<Period>,
}

/// Lists the periods.
pub fn show(desk: &Desk, json: bool) -> Outcome {
    let lines = lines(desk)?;
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
        let Line { period, accepted, returned, refused, missing, .. } = line;
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

fn lines(desk: &Desk) -> anyhow::Result<Vec<Line>> {
    let stale = stale::list(desk)?;
    let mut lines = Vec::new();
    for period in inputs::periods(desk)? {
        let inputs = inputs::gather(desk, period)?;
        let count = |wanted| inputs.by_department().iter().filter(|(_, standing)| *standing == wanted).count();
        lines.push(Line {
            period,
            version: newest::drawn(desk, period)?.map(|drawn| drawn.version),
            accepted: count(Standing::Accepted),
            returned: count(Standing::Returned),
            refused: count(Standing::Refused),
            missing: count(Standing::Missing),
            changed: changed(&stale, period),
        });
    }
    Ok(lines)
}

/// The periods for which `period` is stale.
pub fn changed(stale: &[Stale], period: Period) -> Vec<Period> {
    stale.iter().find(|stale| stale.period == period).map(|stale| stale.changed.clone()).unwrap_or_default()
}

fn as_json(line: &Line) -> serde_json::Value {
    json!({
        "period": line.period, "version": line.version, "accepted": line.accepted, "returned": line.returned, "refused": line.refused, "missing": line.missing,
        "stale": line.changed,
    })
}

fn missed_as_json(row: &SlotRow) -> serde_json::Value {
    json!({ "job": row.slot.job.code(), "scheduled_at": row.slot.scheduled_at.to_rfc3339(), "period": row.slot.period })
}
