//! `submission`: the operator's remedies, audited.

use super::{Global, Outcome, exit, output, workspace};
use crate::run::intake::overrule::overrule;
use crate::run::kit::SubmissionState;

/// Withdraws a submission, or accepts a returned one. The next run draws up what follows from it.
#[derive(Debug, clap::Args)]
pub struct Submission {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, clap::Subcommand)]
enum Act {
    /// Takes a submission out; an earlier accepted one stands again.
    Withdraw(Named),
    /// Accepts a returned submission as it is.
    Accept(Named),
}

#[derive(Debug, clap::Args)]
struct Named {
    /// The start of its BLAKE3 hash (at least 6 digits), as `status --json` shows it.
    hash: String,
    /// Why, for the audit.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Submission {
    pub fn run(&self, global: &Global) -> Outcome {
        let (named, state) = match &self.act {
            Act::Withdraw(named) => (named, SubmissionState::Withdrawn),
            Act::Accept(named) => (named, SubmissionState::Accepted),
        };
        let mut desk = workspace::open(global, None)?;
        let submission = overrule(&mut desk, &named.hash, state, &named.reason)?;
        output::quoting(&format!("{} {}", state.code(), submission.file));
        if let Some(period) = submission.period {
            output::line(&format!("draw up what follows from it: wenjin run --period {period}"));
        }
        Ok(exit::DONE)
    }
}
