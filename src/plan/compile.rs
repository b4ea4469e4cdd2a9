//! From `config/` and `pipelines/` as written to the checked [`Plan`], or to all their problems at once.
//!
//! One file per part. Reading goes on after a fault wherever it can: a part that cannot be read is left out, what names it
//! is not blamed for that, and no plan comes back as long as one problem stands.

use std::path::Path;

use crate::model::{Period, Problem};
use crate::plan::checks::Numbers;
use crate::plan::{Calendar, Checks, LightRules, Plan};
use crate::settings::document::{Document, Problems};
use crate::settings::{Settings, load};

mod actions;
mod calculations;
mod calendar;
mod checks;
mod codes;
mod columns;
mod counting;
mod datasets;
mod departments;
mod derived;
mod earlier;
pub mod expressions;
mod hash;
mod indicators;
mod lights;
mod measures;
mod paces;
pub mod pipelines;
mod regions;
mod rules;
mod scope;
mod sets;
pub mod spans;
mod targets;
mod tasks;

use scope::Scope;
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
    let config = read_config(workspace, &problems);
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

/// What `config/` says besides the settings.
struct Config {
    departments: Vec<super::Department>,
    regions: regions::Regions,
    actions: Vec<super::Action>,
    lights: LightRules,
    calendar: Calendar,
    checks: Numbers,
    hash: hash::Digest,
    unread: scope::Unread,
}

fn read_config(workspace: &Path, problems: &Problems) -> Config {
    let open = |name: &str| Document::open(workspace, &format!("config/{name}.toml"), problems);
    let files = ["departments", "regions", "actions", "lights", "calendar"].map(open);
    let mut hash = hash::Digest::new();
    for file in files.iter().flatten() {
        hash.config(&file.root);
    }
    // Outside the hash: what is asked about moves no figure.
    let checks = workspace.join(checks::FILE).exists().then(|| open("checks")).flatten();
    let [departments, regions, actions, lights, calendar] = &files;
    let unread = |file: &Option<crate::settings::document::Parsed>| file.as_ref().is_none_or(|file| file.document.is_partial());
    let unread = scope::Unread { departments: unread(departments), regions: unread(regions), actions: unread(actions) };
    Config {
        departments: departments.as_ref().map(departments::read).unwrap_or_default(),
        regions: regions::read(regions.as_ref()),
        actions: actions.as_ref().map(actions::read).unwrap_or_default(),
        lights: lights::read(lights.as_ref()),
        calendar: calendar::read(calendar.as_ref()),
        checks: checks::read(checks.as_ref()),
        hash,
        unread,
    }
}

/// Compiles one set of pipeline files: all datasets first, since an indicator may read one of another file. `year` is `[plan] year`.
fn compile(config: &Config, files: &[&pipelines::Pipeline], year: i32) -> Plan {
    let mut scope = Scope::new(&config.departments, &config.regions, &config.actions);
    scope.unread = config.unread;
    scope.partial = files.iter().any(|file| file.parsed.document.is_partial());
    let roots = files.iter().map(|file| measures::Root::new(file)).collect::<Vec<_>>();
    scope.checks = Checks { general: config.checks.clone(), ..Checks::default() };
    for root in &roots {
        datasets::read(root, &mut scope);
    }
    codes::datasets(&scope);
    let mut drafts = Vec::new();
    for (root, file) in roots.into_iter().zip(files) {
        drafts.extend(measures::read(root, &scope).map(|draft| draft.beginning(file.year(year))));
    }
    codes::measures(&scope, &drafts);
    derived::check(&scope, &drafts);
    datasets::report_unused(&scope);
    let mut hash = config.hash.clone();
    for file in files {
        hash.pipeline(&file.parsed.root);
    }
    Plan {
        name: String::new(),
        short_name: String::new(),
        year: pipelines::year(files, year),
        province: config.regions.province.clone(),
        regions: config.regions.cities.clone(),
        departments: config.departments.clone(),
        actions: config.actions.clone(),
        measures: drafts.into_iter().map(measures::Draft::into_measure).collect(),
        checks: scope.checks.clone(),
        datasets: scope.into_datasets(),
        lights: config.lights.clone(),
        calendar: config.calendar.clone(),
        earlier: super::Earlier::default(),
        hash: hash.hex(),
    }
}

#[cfg(test)]
mod tests;
