//! `backfill`: several periods, oldest first.

use super::{Global, Outcome, bar::Bar, exit, output, parse_period, run, workspace};
use crate::model::Period;
use crate::run::{Options, RunError};

/// Runs every period from one to another, oldest first; a merged January is passed over.
#[derive(Debug, clap::Args)]
pub struct Backfill {
    /// The first period.
    #[arg(long, value_parser = parse_period)]
    from: Period,
    /// The last period.
    #[arg(long, value_parser = parse_period)]
    to: Period,
    /// Store the mails as held and send none.
    #[arg(long)]
    no_mail: bool,
    /// One JSON document on standard output.
    #[arg(long)]
    json: bool,
}

impl Backfill {
    pub fn run(&self, global: &Global) -> Outcome {
        anyhow::ensure!(self.from <= self.to, "--from {} lies after --to {}", self.from, self.to);
        let mut worst = exit::DONE;
        let mut documents = Vec::new();
        let mut period = self.from;
        while period <= self.to {
            let mut desk = workspace::open(global, Some(period))?;
            match crate::run::month(&mut desk, period, Options { no_mail: self.no_mail, hold: false }, &Bar::new()) {
                Ok(summary) => {
                    worst = worst.max(run::code(&summary, false));
                    if self.json {
                        documents.push(run::as_json(&summary));
                    } else {
                        run::print(&desk.plan, &summary, &desk.settings.data.display().to_string());
                    }
                }
                Err(error @ (RunError::MergedJanuary { .. } | RunError::NoSubmission { .. })) => {
                    output::error(&format!("passed over: {error}"));
                }
                Err(error) => return Err(error.into()),
            }
            period = period.next();
        }
        if self.json {
            output::json(&serde_json::json!({ "runs": documents }));
        }
        Ok(worst)
    }
}
