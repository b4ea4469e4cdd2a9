//! `drafts`: letters to departments with repeated reds or missing reports, for the operator to work with.

use serde_json::json;

use super::{Global, Outcome, exit, output, parse_period, workspace};
use crate::model::Period;
use crate::run::letters::drafts;

/// Shows the letters a period gives cause for (`remind.escalate_after`). They are never sent to a department.
#[derive(Debug, clap::Args)]
pub struct Drafts {
    #[arg(long, value_parser = parse_period)]
    period: Period,
    /// One JSON document on standard output.
    #[arg(long)]
    json: bool,
}

impl Drafts {
    pub fn run(&self, global: &Global) -> Outcome {
        let desk = workspace::open(global, Some(self.period))?;
        let drafts = drafts::drafts(&desk, self.period)?;
        if self.json {
            output::json(&json!({ "period": self.period, "drafts": drafts }));
            return Ok(exit::DONE);
        }
        for draft in &drafts {
            output::line(&format!("{}\n\n{}\n", draft.title, draft.lines.join("\n")));
        }
        if drafts.is_empty() {
            output::line(&format!("{}: no department gives cause for a letter", self.period));
        }
        Ok(exit::DONE)
    }
}
