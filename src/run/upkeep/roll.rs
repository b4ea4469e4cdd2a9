//! Turning the year: the pipeline files are drawn up, tried in a copy of the workspace, and put in place.

use std::collections::BTreeMap;
use std::path::Path;

use rust_decimal::Decimal;

use crate::model::{Period, Problem};
use crate::plan::roll::{self, Roll};
use crate::plan::{Calculation, Indicator, Plan};
use crate::run::kit::files::{sync_folder, write_synced};
use crate::run::kit::{Desk, RunError};

/// The figures of `december`, the last month of the year, that the next year's targets begin at: as the newest version prints them.
///
/// # Errors
/// Of the ledger.
pub fn bases(desk: &Desk, december: Period) -> Result<BTreeMap<String, Decimal>, RunError> {
    let mut bases = BTreeMap::new();
    for indicator in roll::wants_base(&desk.plan) {
        let reporting = (0..lag(&desk.plan, indicator)).fold(december, |period, _| period.next());
        let Some(version) = desk.ledger.latest(reporting)? else { continue };
        let mut rows = version.shown.tables.iter().flat_map(|table| &table.rows);
        let row = rows.find(|row| row.code == indicator.code && row.data_period == Some(december));
        let whole = row.filter(|row| row.coverage.reported == row.coverage.expected);
        bases.extend(whole.and_then(|row| row.year_to_date).map(|value| (indicator.code.clone(), value)));
    }
    Ok(bases)
}

fn lag(plan: &Plan, indicator: &Indicator) -> u32 {
    match &indicator.calculation {
        Calculation::Simple { dataset, .. } | Calculation::Ratio { dataset, .. } => plan.dataset(dataset).map_or(0, |dataset| dataset.lag),
        Calculation::Derived { .. } => 0,
    }
}

/// What the files would make of the workspace: its problems, if it had any.
///
/// # Errors
/// The trial cannot be made, or a month of the year that ends would be judged by another plan.
pub fn tried(workspace: &Path, roll: &Roll) -> Result<Vec<Problem>, RunError> {
    let copy = tempfile::tempdir().map_err(RunError::at(std::env::temp_dir()))?;
    let config = workspace.join("config");
    let config = std::fs::canonicalize(&config).map_err(RunError::at(&config))?;
    std::os::unix::fs::symlink(config, copy.path().join("config")).map_err(RunError::at(copy.path()))?;
    copy_toml(&workspace.join("pipelines"), &copy.path().join("pipelines"))?;
    for (name, text) in roll.closed.iter().chain(&roll.opened) {
        let place = copy.path().join(name);
        if let Some(folder) = place.parent() {
            std::fs::create_dir_all(folder).map_err(RunError::at(folder))?;
        }
        std::fs::write(&place, text).map_err(RunError::at(&place))?;
    }
    match roll::compare(workspace, copy.path(), roll.year) {
        Ok(None) => Ok(Vec::new()),
        Ok(Some(month)) => Err(RunError::Refused(format!("the plan of {month} would not stay the one it is; nothing was written"))),
        Err(problems) => Ok(problems),
    }
}

fn copy_toml(from: &Path, to: &Path) -> Result<(), RunError> {
    std::fs::create_dir_all(to).map_err(RunError::at(to))?;
    for entry in std::fs::read_dir(from).map_err(RunError::at(from))? {
        let path = entry.map_err(RunError::at(from))?.path();
        let Some(name) = path.file_name() else { continue };
        if path.is_dir() {
            copy_toml(&path, &to.join(name))?;
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            std::fs::copy(&path, to.join(name)).map_err(RunError::at(&path))?;
        }
    }
    Ok(())
}

/// Puts the files in place: each old one whole, then the new year's folder at once. Begun again after a fault, it ends the same.
///
/// # Errors
/// A file cannot be written.
pub fn write(workspace: &Path, roll: &Roll) -> Result<(), RunError> {
    let pipelines = workspace.join("pipelines");
    let staged = pipelines.join(format!(".{}.staged", roll.year));
    if staged.exists() {
        std::fs::remove_dir_all(&staged).map_err(RunError::at(&staged))?;
    }
    std::fs::create_dir(&staged).map_err(RunError::at(&staged))?;
    for (name, text) in &roll.opened {
        let place = staged.join(name.rsplit('/').next().unwrap_or(name));
        write_synced(&place, text.as_bytes())?;
    }
    sync_folder(&staged)?;
    for (name, text) in &roll.closed {
        replace(&workspace.join(name), text)?;
    }
    let place = pipelines.join(roll.year.to_string());
    std::fs::rename(&staged, &place).map_err(RunError::at(&place))?;
    sync_folder(&pipelines)
}

/// Replaces a file's text at once; its permissions stay, and a link goes on leading to it.
fn replace(path: &Path, text: &str) -> Result<(), RunError> {
    let path = std::fs::canonicalize(path).map_err(RunError::at(path))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let written = path.with_file_name(format!(".{name}.new"));
    write_synced(&written, text.as_bytes())?;
    let permissions = std::fs::metadata(&path).map_err(RunError::at(&path))?.permissions();
    std::fs::set_permissions(&written, permissions).map_err(RunError::at(&written))?;
    std::fs::rename(&written, &path).map_err(RunError::at(&path))?;
    path.parent().map_or(Ok(()), sync_folder)
}
