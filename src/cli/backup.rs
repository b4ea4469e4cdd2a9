//! `backup`: a copy of the ledger.

use super::{Global, Outcome, exit, output, workspace};
use crate::run::upkeep::backup;

/// Copies the ledger while others work, checks the copy, and keeps the newest `store.backup_keep` of them.
#[derive(Debug, clap::Args)]
pub struct Backup {}

impl Backup {
    #[expect(clippy::unused_self, reason = "every command is run alike")]
    pub fn run(&self, global: &Global) -> Outcome {
        let mut desk = workspace::open(global, None)?;
        let place = backup::make(&mut desk)?;
        output::line(&place.display().to_string());
        Ok(exit::DONE)
    }
}
