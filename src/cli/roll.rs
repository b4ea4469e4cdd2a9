//! `roll`: the pipeline files over New Year.

use super::{Global, Outcome, exit, mask, output, workspace};
use crate::plan::roll::{self, Roll, RollError, Turn, Turned};
use crate::run::kit::RunError;
use crate::run::upkeep::roll as conduct;

/// Ends the pipeline files in force with December and writes the next year's into pipelines/<YEAR>/.
///
/// Targets of every year start again, targets by a later year go on from their base; those of the year that is over are followed
/// without a target, with a note, until the office writes new ones. What has been drawn up stays as it is.
#[derive(Debug, clap::Args)]
pub struct RollOver {
    /// The year that begins.
    #[arg(long, value_parser = clap::value_parser!(i32).range(1901..=2200))]
    year: i32,
    /// Print what would be written, write nothing.
    #[arg(long)]
    dry_run: bool,
}

impl RollOver {
    pub fn run(&self, global: &Global) -> Outcome {
        let folder = &global.workspace;
        let (settings, _) = workspace::plan_or_problems(global, None)?;
        roll::may_begin(folder, &settings, self.year).map_err(|error| match error {
            RollError::There { .. } | RollError::NotNext { .. } => RunError::Usage(error.to_string()),
            RollError::Text { .. } => RunError::Refused(error.to_string()),
        })?;
        let december = roll::last_month(self.year);
        let (settings, plan) = workspace::plan_or_problems(global, december)?;
        // The ledger is opened for nothing else: a plan without such targets needs none.
        let bases = match december.filter(|_| roll::wants_base(&plan).next().is_some()) {
            Some(december) => conduct::bases(&workspace::open(global, Some(december))?, december)?,
            None => std::collections::BTreeMap::new(),
        };
        mask::hand_out();
        let roll = roll::turn(folder, &settings, self.year, &bases).map_err(|error| RunError::Refused(error.to_string()))?;
        let problems = conduct::tried(folder, &roll)?;
        if !problems.is_empty() {
            return Err(workspace::invalid(global, &problems).into());
        }
        if !self.dry_run {
            conduct::write(folder, &roll)?;
        }
        self.tell(&roll);
        Ok(exit::DONE)
    }

    fn tell(&self, roll: &Roll) {
        for (name, text) in &roll.closed {
            let line = text.lines().find(|line| line.starts_with("valid_until")).unwrap_or_default();
            output::line(&format!("{name}: {line}"));
        }
        for (name, text) in &roll.opened {
            output::line(&format!("{name}: valid_from = \"{}-01\"", roll.year));
            if self.dry_run {
                for line in text.lines() {
                    output::line(format!("    {line}").trim_end());
                }
            }
        }
        for one in &roll.turned {
            output::line(&word(one));
        }
        let count = |is: fn(&Turn) -> bool| roll.turned.iter().filter(|one| is(&one.turn)).count();
        output::line(&format!(
            "{} file(s); {} target(s) start again, {} go on, {} ended and are followed without one",
            roll.opened.len(),
            count(|turn| matches!(turn, Turn::StartsAgain { .. })),
            count(|turn| matches!(turn, Turn::GoesOn { .. } | Turn::Waits { .. })),
            count(|turn| matches!(turn, Turn::Tracking { .. })),
        ));
        output::line("a new target: mend the one that stands there as a comment, and take `tracking = true` and its note out");
        output::line(if self.dry_run {
            "nothing was written (--dry-run)"
        } else {
            "next: `wenjin check`; a running daemon reads the files anew on SIGHUP"
        });
    }
}

fn word(one: &Turned) -> String {
    let from = |base: &Option<String>| base.as_ref().map(|base| format!(" from its base {base}")).unwrap_or_default();
    let turn = match &one.turn {
        Turn::StartsAgain { base } => format!("starts again{}", from(base)),
        Turn::GoesOn { until, base } => format!("goes on until {until}{}", from(base)),
        Turn::Waits { year } => format!("has a target of {year}"),
        Turn::Tracking { note } => note.clone(),
    };
    format!("{} {}: {turn}", one.code, one.title)
}
