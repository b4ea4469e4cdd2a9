//! `backfill`: several periods, oldest first.

use super::{Global, Outcome, bar::Bar, exit, output, parse_period, run, workspace};
use crate::model::Period;
use crate::run::kit::progress::Silent;
use crate::run::kit::{Cause, Progress, RunError};
use crate::run::month::month;
use crate::run::version::{Options, stale};

/// Runs every period from one to another, or every stale one, oldest first; a merged January is passed over.
#[derive(Debug, clap::Args)]
pub struct Backfill {
    /// The first period.
    #[arg(long, value_parser = parse_period, required_unless_present = "stale", requires = "to")]
    from: Option<Period>,
    /// The last period.
    #[arg(long, value_parser = parse_period, requires = "from")]
    to: Option<Period>,
    /// The periods whose newest version leans on submissions that have been corrected since.
    #[arg(long, conflicts_with_all = ["from", "to"])]
    stale: bool,
    /// Store the mails as held and send none.
    #[arg(long)]
    no_mail: bool,
    /// One JSON document on standard output.
    #[arg(long)]
    json: bool,
}

impl Backfill {
    pub fn run(&self, global: &Global) -> Outcome {
        let bar = Bar::new();
        let progress: &dyn Progress = if self.json || global.quiet { &Silent } else { &bar };
        let periods = self.periods(global, progress)?;
        let cause = if self.stale { Cause::Stale } else { Cause::Operator };
        let mut worst = exit::DONE;
        let mut documents = Vec::new();
        for period in periods {
            let mut desk = workspace::open(global, Some(period))?;
            match month(&mut desk, period, Options { no_mail: self.no_mail, cause, ..Options::default() }, progress) {
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
        }
        if self.json {
            output::json(&serde_json::json!({ "runs": documents }));
        }
        Ok(worst)
    }

    /// What is to be run, oldest first.
    fn periods(&self, global: &Global, progress: &dyn Progress) -> anyhow::Result<Vec<Period>> {
        if let (Some(from), Some(to)) = (self.from, self.to) {
            anyhow::ensure!(from <= to, "--from {from} lies after --to {to}");
            return Ok(std::iter::successors(Some(from), |period| Some(period.next())).take_while(|period| *period <= to).collect());
        }
        let mut desk = workspace::open(global, None)?;
        let stale = stale::list_anew(&mut desk, progress)?;
        progress.finish();
        if stale.is_empty() && !self.json {
            output::line("nothing is stale");
        }
        Ok(stale.into_iter().map(|stale| stale.period).collect())
    }
}
