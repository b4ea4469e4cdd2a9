//! All plans of a workspace at once: which one is in force changes only where a file's validity begins or ends, and in the months
//! after that in which indicators still show data of the time before.

use std::path::Path;
use std::sync::Arc;

use super::{Sets, config, finish, pipelines, workspace};
use crate::model::{Period, Problem};
use crate::plan::Plan;
use crate::settings::Settings;
use crate::settings::document::Problems;

/// The plans of a workspace, for whoever looks at more than one period.
#[derive(Debug, Clone)]
pub struct Plans {
    /// The plan of the year's December.
    pub newest: Arc<Plan>,
    /// (from that period on, the plan in force), oldest first; `None` where the files make no valid plan.
    spans: Vec<(Option<Period>, Option<Arc<Plan>>)>,
}

impl Plans {
    /// One plan for all periods.
    #[must_use]
    pub fn only(plan: Plan) -> Self {
        let newest = Arc::new(plan);
        Self { spans: vec![(None, Some(Arc::clone(&newest)))], newest }
    }

    /// The plan in force in `period`.
    #[must_use]
    pub fn at(&self, period: Period) -> Option<&Arc<Plan>> {
        self.spans.iter().rev().find(|(from, _)| from.is_none_or(|from| from <= period)).and_then(|(_, plan)| plan.as_ref())
    }
}

/// Compiles every plan of the workspace.
///
/// # Errors
/// Every problem of the files that are valid in the plan's year or later, as [`workspace`] tells them. A set of files of another time
/// that makes no plan is no problem until somebody asks for such a period.
pub fn all(folder: &Path, data: Option<&Path>, env: &dyn Fn(&str) -> Option<String>) -> Result<(Settings, Plans), Vec<Problem>> {
    let (settings, newest) = workspace(folder, data, env, None)?;
    let plans = beside(folder, &settings, newest);
    Ok((settings, plans))
}

/// The plans of the workspace beside `newest`, one of them; a set of files that makes no plan has none.
#[must_use]
pub fn beside(folder: &Path, settings: &Settings, newest: Plan) -> Plans {
    let problems = Problems::default();
    let files = pipelines::read(folder, &problems);
    if files.iter().all(|file| file.valid_from.is_none() && file.valid_until.is_none()) {
        return Plans::only(newest);
    }
    let config = config::read(folder, &problems);
    let sets = Sets::new(&config, &files, settings.plan_year, &problems);
    let sets_in_force = pipelines::spans(&files);
    let mut spans: Vec<(Option<Period>, Option<Arc<Plan>>)> = Vec::new();
    for (nth, (from, mask)) in sets_in_force.iter().enumerate() {
        let until = sets_in_force.get(nth + 1).and_then(|(next, _)| *next);
        if !mask.contains(&true) {
            spans.push((*from, None));
            continue;
        }
        // What the reading complained of was told by `workspace` already.
        let _ = problems.take();
        let compiled = sets.compiled(mask);
        let Some(first) = *from else {
            let plan = Some(compiled.plan.clone()).filter(|_| compiled.problems.is_empty());
            spans.push((None, plan.map(|plan| Arc::new(finish(plan, settings)))));
            continue;
        };
        let months = std::iter::successors(Some(first), |month| Some(month.next()));
        let months = months.take(reach(&compiled.plan)).take_while(|month| until.is_none_or(|until| *month < until));
        let mut last: Option<Option<String>> = None;
        for month in months {
            let plan = sets.plan(month).ok();
            let hash = plan.as_ref().map(|plan| plan.hash.clone());
            if last.as_ref() != Some(&hash) {
                spans.push((Some(month), plan.map(|plan| Arc::new(finish(plan, settings)))));
            }
            last = Some(hash);
        }
    }
    Plans { newest: Arc::new(newest), spans }
}

/// How many months after its beginning a plan may still show data of the time before, and one more.
fn reach(plan: &Plan) -> usize {
    let lag = plan.datasets.iter().map(|dataset| dataset.lag).max().unwrap_or(0);
    usize::try_from(lag).unwrap_or(0).saturating_add(4)
}
