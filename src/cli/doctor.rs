//! `doctor`: looks whether everything wenjin needs is in order.

use super::{Global, Outcome, exit, output, workspace};
use crate::run::doctor;

/// Looks at the plan, the data folder, the ledger, the reading worker, the sources and the mail transport.
#[derive(Debug, clap::Args)]
pub struct Doctor {}

impl Doctor {
    #[expect(clippy::unused_self, reason = "every command is run alike")]
    pub fn run(&self, global: &Global) -> Outcome {
        let desk = workspace::open(global, None)?;
        let checks = doctor::examine(&desk);
        let mut code = exit::DONE;
        for (what, outcome) in &checks {
            match outcome {
                Ok(words) => output::line(&format!("ok    {what}: {words}")),
                Err(words) => {
                    code = exit::FAILED;
                    output::line(&format!("FAIL  {what}: {words}"));
                }
            }
        }
        for job in &desk.settings.schedule.jobs {
            output::line(&format!("info  job {}: `{}` in {}", job.kind.code(), job.cron, desk.settings.schedule.zone));
        }
        Ok(code)
    }
}
