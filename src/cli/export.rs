//! `export`: a period's tables as CSV.

use std::path::PathBuf;

use super::{Global, Outcome, exit, mask, output, parse_period, workspace};
use crate::model::Period;
use crate::run::version::export;

/// Writes indicators.csv, regions.csv and tasks.csv of the newest version.
#[derive(Debug, clap::Args)]
pub struct Export {
    #[arg(long, value_parser = parse_period)]
    period: Period,
    /// The folder to write to.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Export {
    pub fn run(&self, global: &Global) -> Outcome {
        let desk = workspace::open(global, Some(self.period))?;
        mask::hand_out();
        for path in export::export(&desk, self.period, &self.out)? {
            output::line(&path.display().to_string());
        }
        Ok(exit::DONE)
    }
}
