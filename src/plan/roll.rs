//! The year turns: the pipeline files in force end with it, and copies of them begin the next one.
//!
//! Targets of every year start again, those by a later year go on, those of the year that is over are followed without a target
//! until the office writes new ones. Files are edited as text: comments and layout stay.

use std::collections::BTreeMap;
use std::path::Path;

use rust_decimal::Decimal;

use crate::model::{Period, Problem};
use crate::plan::compile::{self, pipelines};
use crate::plan::{Indicator, Plan, TargetYear};
use crate::settings::Settings;
use crate::settings::document::Problems;

mod edit;

pub use edit::{Turn, Turned};

/// All that turning the year writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roll {
    pub year: i32,
    /// Files that are closed: path under the workspace, and text.
    pub closed: Vec<(String, String)>,
    /// Files of the new year.
    pub opened: Vec<(String, String)>,
    /// What becomes of each indicator with a target, in the order of the files.
    pub turned: Vec<Turned>,
}

/// Why the year cannot be turned.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RollError {
    #[error("{file} is there already: the year {year} has been opened; edit its files, or take them away and roll again")]
    There { year: i32, file: String },
    #[error(
        "the plan in force is that of {present}, the next year is {} and not {year}; its year is told by `valid_from` of its files, else by `[plan] year`",
        present + 1
    )]
    NotNext { present: i32, year: i32 },
    #[error("{file} cannot be edited: {reason}")]
    Text { file: String, reason: String },
}

/// The last month of the year before.
#[must_use]
pub fn last_month(year: i32) -> Option<Period> {
    Period::new(year - 1, 12)
}

/// The indicators whose next year begins at a base that only the year's last figure tells.
pub fn wants_base(plan: &Plan) -> impl Iterator<Item = &Indicator> {
    let wants =
        |indicator: &&Indicator| indicator.target.as_ref().is_some_and(|target| target.year == TargetYear::Every && target.base.is_some());
    plan.indicators().map(|(_, indicator)| indicator).filter(wants)
}

/// Looks whether `year` is the one that comes next.
///
/// # Errors
/// It has been opened already, or it is not.
pub fn may_begin(workspace: &Path, settings: &Settings, year: i32) -> Result<(), RollError> {
    let folder = format!("pipelines/{year}");
    if workspace.join(&folder).exists() {
        return Err(RollError::There { year, file: folder });
    }
    let files = pipelines::read(workspace, &Problems::default());
    if let Some(file) = files.iter().find(|file| file.valid_from.is_some_and(|from| from.year() == year)) {
        return Err(RollError::There { year, file: file.parsed.document.file().to_owned() });
    }
    let sets = pipelines::spans(&files).into_iter().rev();
    let newest = sets.map(|(_, mask)| pipelines::chosen(&files, &mask)).find(|set| !set.is_empty()).unwrap_or_default();
    let present = pipelines::year(&newest, settings.plan_year);
    if present + 1 == year { Ok(()) } else { Err(RollError::NotNext { present, year }) }
}

/// Draws up the files: those in force in the last month before `year` end there, and go on as `pipelines/<year>/…`.
///
/// `bases` has the last figure of each indicator that [`wants_base`], where it is known.
///
/// # Errors
/// A file cannot be edited.
pub fn turn(workspace: &Path, settings: &Settings, year: i32, bases: &BTreeMap<String, Decimal>) -> Result<Roll, RollError> {
    let mut roll = Roll { year, closed: Vec::new(), opened: Vec::new(), turned: Vec::new() };
    let (Some(last), Some(first)) = (last_month(year), Period::new(year, 1)) else { return Ok(roll) };
    for file in pipelines::read(workspace, &Problems::default()).iter().filter(|file| file.covers(last)) {
        let (place, text) = (file.parsed.document.file(), file.parsed.document.text());
        let fault = |reason: String| RollError::Text { file: place.to_owned(), reason };
        let closed = edit::closed(text, last).map_err(fault)?;
        if closed != text {
            roll.closed.push((place.to_owned(), closed));
        }
        let began = file.year(settings.plan_year);
        let (opened, turned) = edit::opened(text, first, began, bases).map_err(fault)?;
        roll.opened.push((format!("pipelines/{year}/{}", file.name()), opened));
        roll.turned.extend(turned);
    }
    Ok(roll)
}

/// The problems the workspace `after` has, or the month of the year before `year` whose plan is not the one of `before` any more.
///
/// # Errors
/// The problems.
pub fn compare(before: &Path, after: &Path, year: i32) -> Result<Option<Period>, Vec<Problem>> {
    let env = |name: &str| std::env::var(name).ok();
    let (_, then) = compile::spans::all(before, None, &env)?;
    let (_, now) = compile::spans::all(after, None, &env)?;
    compile::workspace(after, None, &env, Period::new(year, 1))?;
    let hash = |plans: &compile::spans::Plans, month| plans.at(month).map(|plan| plan.hash.clone());
    let months = (1..=12).filter_map(|month| Period::new(year - 1, month));
    Ok(months.into_iter().find(|month| hash(&then, *month) != hash(&now, *month)))
}

#[cfg(test)]
mod tests;
