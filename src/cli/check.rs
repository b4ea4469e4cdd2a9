//! `check`: compiles the workspace and shows every problem at once.

use super::{Global, Outcome, clock, exit, output, schedule, workspace};
use crate::plan::{Indicator, counted};
use crate::present::problems;
use crate::run::upkeep::texts;

/// Compiles config/ and pipelines/; shows every problem with file, line, column and hint, and the schedule in words.
#[derive(Debug, clap::Args)]
pub struct Check {}

impl Check {
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "every command is run alike")]
    pub fn run(&self, global: &Global) -> Outcome {
        match workspace::compile_plan(global, None) {
            Ok((settings, plan)) => {
                let indicators = plan.indicators().count();
                let targets = plan.indicators().filter(|(_, indicator)| indicator.target.is_some()).count();
                let tasks: usize = plan.measures.iter().map(|measure| measure.tasks.len()).sum();
                output::line(&format!(
                    "{}: {} measures, {indicators} indicators ({targets} with targets), {tasks} tasks, {} datasets from {} departments, {} regions, {} jobs",
                    plan.short_name,
                    plan.measures.len(),
                    plan.datasets.len(),
                    plan.reporting_departments().count(),
                    plan.regions.len(),
                    settings.schedule.jobs.len(),
                ));
                for line in schedule::lines(&settings.schedule, clock::clock(global.now, settings.schedule.zone).now) {
                    output::line(&line);
                }
                for remark in texts::remarks(&settings, &plan) {
                    output::line(&format!("note: {remark}"));
                }
                for indicator in counted::unsaid(&plan) {
                    output::line(&format!("warning: {}", unsaid(indicator)));
                }
                output::line("no problems");
                Ok(exit::DONE)
            }
            Err(found) => {
                output::drawn(problems::render(&found, workspace::color()).trim_end());
                output::line(&format!("{} problem(s)", found.len()));
                Ok(exit::INVALID_PLAN)
            }
        }
    }
}

fn unsaid(indicator: &Indicator) -> String {
    format!(
        "indicator `{}` ({}) asks for what is new in a year, but nothing says which rows of its list are of that year: \
         write `counts_in = \"<date column>\"`, `any_year = \"why\"`, or `list_year = true` at its dataset",
        indicator.code, indicator.title
    )
}
