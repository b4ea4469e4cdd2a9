//! `audit`: who did what, and when.

use serde_json::json;

use super::{Global, Outcome, exit, output, parse_period, workspace};
use crate::model::Period;
use crate::run::upkeep::audit;

/// Shows the audit, oldest first: every change of state with its time, who made it, and why.
#[derive(Debug, clap::Args)]
pub struct Audit {
    /// Only what is about this period.
    #[arg(long, value_parser = parse_period)]
    period: Option<Period>,
    /// The newest so many lines.
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// One JSON document on standard output.
    #[arg(long)]
    json: bool,
}

impl Audit {
    pub fn run(&self, global: &Global) -> Outcome {
        let desk = workspace::open(global, self.period)?;
        let traces = audit::traces(&desk, self.period, self.limit)?;
        if self.json {
            let rows = traces.iter().map(|trace| {
                json!({
                    "id": trace.id, "at": trace.at, "actor": trace.actor, "action": trace.action,
                    "subject": trace.subject, "detail": trace.detail,
                })
            });
            output::json(&json!({ "audit": rows.collect::<Vec<_>>() }));
            return Ok(exit::DONE);
        }
        for trace in &traces {
            let actor = if trace.actor.is_empty() { "wenjin" } else { &trace.actor };
            output::quoting(format!("{}  {actor:<10} {:<22} {}  {}", trace.at, trace.action, trace.subject, trace.detail).trim_end());
        }
        Ok(exit::DONE)
    }
}
