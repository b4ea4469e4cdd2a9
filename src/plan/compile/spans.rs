//! All plans of a workspace at once: which one is in force changes only where a file's validity begins or ends.

use std::path::Path;
use std::sync::Arc;

use super::{compile, finish, pipelines, read_config, workspace};
use crate::model::{Period, Problem};
use crate::plan::Plan;
use crate::settings::Settings;
use crate::settings::document::Problems;

/// The plans of a workspace, for a process that lives longer than one period.
#[derive(Debug, Clone)]
pub struct Plans {
    /// The plan of the year's December.
    pub newest: Arc<Plan>,
    /// (from that period on, the plan in force), oldest first; `None` where the files make no valid plan.
    spans: Vec<(Option<Period>, Option<Arc<Plan>>)>,
}

impl Plans {
    /// The plan in force in `period`.
    #[must_use]
    pub fn at(&self, period: Period) -> Option<&Arc<Plan>> {
        self.spans.iter().rev().find(|(from, _)| from.is_none_or(|from| from <= period)).and_then(|(_, plan)| plan.as_ref())
    }
}

/// Compiles every plan of the workspace.
///
/// # Errors
/// Every problem of the files that are valid in the plan's year, as [`workspace`] tells them. Outside that year a set of files
/// that makes no plan is no problem until somebody asks for such a period.
pub fn all(folder: &Path, data: Option<&Path>, env: &dyn Fn(&str) -> Option<String>) -> Result<(Settings, Plans), Vec<Problem>> {
    let (settings, newest) = workspace(folder, data, env, None)?;
    let problems = Problems::default();
    let config = read_config(folder, &problems);
    let files = pipelines::read(folder, &problems);
    let mut spans = Vec::new();
    for (from, chosen) in pipelines::spans(&files) {
        // What an earlier set, or the reading, complained of was told by `workspace` already.
        let _ = problems.take();
        let plan = (!chosen.is_empty()).then(|| compile(&config, &chosen)).filter(|_| problems.take().is_empty());
        spans.push((from, plan.map(|plan| Arc::new(finish(plan, &settings)))));
    }
    Ok((settings, Plans { newest: Arc::new(newest), spans }))
}
