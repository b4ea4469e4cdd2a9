//! `doctor`: looks whether everything wenjin needs is in order.

use super::{Global, Outcome, exit, output, schedule, workspace};
use crate::run::kit::{Desk, SlotRow};
use crate::run::schedule::due;
use crate::run::upkeep::doctor;

/// Looks at the plan, the data folder, the ledger, the reading worker, the sources and the mail transport.
#[derive(Debug, clap::Args)]
pub struct Doctor {}

impl Doctor {
    #[expect(clippy::unused_self, reason = "every command is run alike")]
    pub fn run(&self, global: &Global) -> Outcome {
        let desk = workspace::open(global, None)?;
        let checks = doctor::examine(&desk);
        let mut code = exit::DONE;
        for (what, outcome) in &checks {
            match outcome {
                Ok(words) => output::line(&format!("ok    {what}: {words}")),
                Err(words) => {
                    code = exit::FAILED;
                    output::line(&format!("FAIL  {what}: {words}"));
                }
            }
        }
        for line in schedule::lines(&desk.settings.schedule, desk.clock.now) {
            output::line(&format!("info  {line}"));
        }
        for line in slots(&desk)? {
            output::line(&format!("info  {line}"));
        }
        Ok(code)
    }
}

/// What the ledger knows of the schedule: each job's last slot, and the slots that were missed.
fn slots(desk: &Desk) -> anyhow::Result<Vec<String>> {
    let at = |row: &SlotRow| row.slot.scheduled_at.with_timezone(&desk.settings.schedule.zone).format("%Y-%m-%d %H:%M").to_string();
    let mut lines = Vec::new();
    for job in due::jobs(desk) {
        let last = due::last(desk, job)?;
        let words = last.map_or_else(
            || "not run yet".to_owned(),
            |row| format!("last {} {}: {}", at(&row), row.state.code(), row.outcome.clone().unwrap_or_default()),
        );
        lines.push(format!("slot {}: {words}", job.code()));
    }
    for row in due::missed(desk)? {
        lines.push(format!("slot {}: missed {} (period {})", row.slot.job.code(), at(&row), row.slot.period));
    }
    Ok(lines)
}
