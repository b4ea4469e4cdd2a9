//! `restore`: a copy of the ledger is put in its place.

use std::path::PathBuf;

use super::{Global, Outcome, clock, exit, output, workspace};
use crate::daemon::Instance;
use crate::run::upkeep::restore;

/// Puts a copy of the ledger in its place; the old one is kept aside. Stop the daemon first.
#[derive(Debug, clap::Args)]
pub struct Restore {
    /// A file that `wenjin backup` made.
    file: PathBuf,
}

impl Restore {
    pub fn run(&self, global: &Global) -> Outcome {
        let (settings, _) = workspace::plan_or_problems(global, None)?;
        let clock = clock::clock(global.now, settings.schedule.zone);
        // A daemon would go on writing into the ledger that is put aside.
        let _instance = Instance::claim(&settings.data, clock.now)?;
        let done = restore::restore(&settings, clock, &self.file)?;
        output::line(&format!("restored {}; what was there before is kept in {}", self.file.display(), done.aside.display()));
        output::line(&format!(
            "mails that may have been sent after the copy was made: {} (now uncertain, `wenjin outbox`)",
            done.uncertain
        ));
        for version in &done.unknown_versions {
            output::line(&format!("published after the copy was made, moved aside: {version}"));
        }
        for hash in &done.unknown_originals {
            output::line(&format!("archived after the copy was made; hand it in again unless a source still holds it: {hash}"));
        }
        output::line("next: `wenjin verify --period P`; mails of each month's next version wait for `wenjin outbox release`");
        Ok(exit::DONE)
    }
}
