//! `verify`: a sealed version replayed from the archive.

use super::{Global, Outcome, exit, output, parse_period, workspace};
use crate::model::Period;
use crate::run::version::verify;

/// Replays the newest version from the archive and compares digests and files; 口径不同: by another plan or program, no failure.
#[derive(Debug, clap::Args)]
pub struct Verify {
    #[arg(long, value_parser = parse_period)]
    period: Period,
}

impl Verify {
    pub fn run(&self, global: &Global) -> Outcome {
        let desk = workspace::open(global, Some(self.period))?;
        let compared = verify::verify(&desk, self.period)?;
        for one in &compared {
            let word = match one.outcome {
                verify::Outcome::Equal => "equal    ",
                // Four characters, each two columns wide.
                verify::Outcome::Redefined => "口径不同 ",
                verify::Outcome::Different => "DIFFERENT",
            };
            output::quoting(&format!("{word}  {}", one.what));
        }
        Ok(if compared.iter().any(|one| one.outcome == verify::Outcome::Different) { exit::FAILED } else { exit::DONE })
    }
}
