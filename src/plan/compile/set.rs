//! One set of pipeline files, compiled.

use crate::plan::{Checks, Earlier, Plan};

use super::config::Config;
use super::scope::Scope;
use super::{across, datasets, measures, pipelines, root};

/// Compiles one set of pipeline files: all datasets first, since an indicator may read one of another file. `year` is `[plan] year`.
pub fn compile(config: &Config, files: &[&pipelines::Pipeline], year: i32) -> Plan {
    let mut scope = Scope::new(&config.departments, &config.regions, &config.actions);
    scope.unread = config.unread;
    scope.partial = files.iter().any(|file| file.parsed.document.is_partial());
    let roots = files.iter().map(|file| root::Root::new(file)).collect::<Vec<_>>();
    scope.checks = Checks { general: config.checks.clone(), ..Checks::default() };
    for root in &roots {
        datasets::read(root, &mut scope);
    }
    across::datasets(&scope);
    let mut drafts = Vec::new();
    for (root, file) in roots.into_iter().zip(files) {
        drafts.extend(measures::read(root, &scope).map(|draft| draft.beginning(file.year(year))));
    }
    across::measures(&scope, &drafts);
    across::derived(&scope, &drafts);
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
        earlier: Earlier::default(),
        hash: hash.hex(),
    }
}
