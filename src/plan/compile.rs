//! From `config/` and `pipelines/` as written to the checked [`Plan`], or to all their problems at once.
//!
//! One file per part. Reading goes on after a fault wherever it can: a part that cannot be read is left out, what names it
//! is not blamed for that, and no plan comes back as long as one problem stands.

use std::path::Path;

use crate::model::{Period, Problem};
use crate::plan::Plan;
use crate::settings::document::{Document, Problems};
use crate::settings::{Settings, load};

pub mod pipelines;
mod codes;
mod departments;
mod regions;
mod actions;
mod lights;
mod calendar;
mod checks;
mod hash;
mod scope;
mod config;

mod root;
mod columns;
pub mod expressions;
mod rules;
mod datasets;
mod circle;
mod derived;
mod calculations;
mod counting;
mod targets;
mod paces;
mod indicators;
mod tasks;
mod measures;
mod across;
mod set;
mod earlier;
mod sets;
pub mod spans;

use sets::Sets;

/// Compiles the workspace for `period`: the files whose validity covers it, and its indicators as the files valid for their data
/// month have them. Without a period, every set of files that is valid in some month of the plan's year or later is checked, and
/// the plan is the one of that year's December.
///
/// # Errors
///
/// Every problem of every file, by file and position.
pub fn workspace(
    workspace: &Path,
    data: Option<&Path>,
    env: &dyn Fn(&str) -> Option<String>,
    period: Option<Period>,
) -> Result<(Settings, Plan), Vec<Problem>> {
    let problems = Problems::default();
    if !workspace.join("config").exists() && !workspace.join("pipelines").exists() {
        let hint = "`wenjin init DIR` makes one; `--workspace DIR` names one that is there";
        Document::new(".", "", &problems).problem(0..0, "no workspace is here: neither config/ nor pipelines/", hint);
        return Err(problems.take());
    }
    let settings = load::read(workspace, data, env, &problems);
    let config = config::read(workspace, &problems);
    let files = pipelines::read(workspace, &problems);
    let year = settings.as_ref().map_or(0, |settings| settings.plan_year);
    if let Some(period) = period {
        pipelines::report_none(&files, period, &problems);
    }
    let sets = Sets::new(&config, &files, year, &problems);
    let plan = match period {
        Some(period) => sets.plan(period),
        None => all_of(&sets, &pipelines::choose(&files, year)),
    };
    let (plan, found) = match plan {
        Ok(plan) => (Some(plan), Vec::new()),
        Err(found) => (None, found),
    };
    for problem in found {
        problems.push(problem);
    }
    let found = problems.take();
    match (settings, plan) {
        (Some(settings), Some(plan)) if found.is_empty() => {
            let plan = finish(plan, &settings);
            Ok((settings, plan))
        }
        _ => Err(found),
    }
}

/// The plan of the last set, where none of them has problems; else all of them.
fn all_of(sets: &Sets<'_>, masks: &[pipelines::Mask]) -> Result<Plan, Vec<Problem>> {
    let compiled: Vec<_> = masks.iter().map(|mask| sets.compiled(mask)).collect();
    let problems: Vec<Problem> = compiled.iter().flat_map(|one| one.problems.iter().cloned()).collect();
    compiled.last().filter(|_| problems.is_empty()).map(|last| last.plan.clone()).ok_or(problems)
}

/// Adds what the settings say of the plan; its hash then covers all of it, the year of its files among it.
fn finish(mut plan: Plan, settings: &Settings) -> Plan {
    plan.name.clone_from(&settings.plan_name);
    plan.short_name.clone_from(&settings.plan_short_name);
    plan.hash = hash::finish(&plan);
    plan
}

#[cfg(test)]
mod tests;
