//! `verify`: a sealed version replayed from the archive.

use super::{Global, Outcome, exit, output, parse_period, workspace};
use crate::model::Period;
use crate::run::verify;

/// Replays the newest version from the archive and compares digests and files.
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
            output::line(&format!("{}  {}", if one.equal { "equal    " } else { "DIFFERENT" }, one.what));
        }
        Ok(if compared.iter().all(|one| one.equal) { exit::DONE } else { exit::FAILED })
    }
}
