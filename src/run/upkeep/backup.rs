//! Copies of the ledger (`VACUUM INTO`), held to their integrity check, the newest of which are kept.

use std::path::{Path, PathBuf};

use crate::crash_point;
use crate::run::kit::copies::{copy, remove_unfinished, stamp, unfinished};
use crate::run::kit::files::sync_folder;
use crate::run::kit::{Desk, RunError};

/// Makes a copy named `ledger-<UTC time>.sqlite` and removes the oldest beyond `store.backup_keep`.
///
/// # Errors
/// The ledger is damaged (older copies are left alone then), or the folder cannot be written.
pub fn make(desk: &mut Desk) -> Result<PathBuf, RunError> {
    // A copy of a damaged ledger must never push out a good one.
    desk.ledger.check_integrity()?;
    let folder = desk.settings.backup.folder.clone();
    std::fs::create_dir_all(&folder).map_err(RunError::at(&folder))?;
    remove_unfinished(&folder)?;
    let unfinished = unfinished(&folder);
    let made = copy(&desk.ledger, &unfinished);
    if made.is_err() {
        drop(std::fs::remove_file(&unfinished));
    }
    made?;
    let place = folder.join(format!("ledger-{}.sqlite", stamp(desk.clock)));
    std::fs::rename(&unfinished, &place).map_err(RunError::at(&place))?;
    crash_point!("backup.renamed").map_err(RunError::at(&folder))?;
    sync_folder(&folder)?;
    retire(&folder, desk.settings.backup.keep)?;
    tracing::info!(backup = %place.display(), "ledger copied");
    Ok(place)
}

/// The copies in `folder`, oldest first.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>, RunError> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(RunError::at(folder))? {
        let path = entry.map_err(RunError::at(folder))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let stamp = name.strip_prefix("ledger-").and_then(|rest| rest.strip_suffix(".sqlite"));
        if stamp.is_some_and(|stamp| chrono::NaiveDateTime::parse_from_str(stamp, "%Y%m%dT%H%M%SZ").is_ok()) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Removes the oldest copies beyond `keep`; the newest always stays, and so does every file of another name.
fn retire(folder: &Path, keep: u32) -> Result<(), RunError> {
    let copies = list(folder)?;
    let keep = usize::try_from(keep).unwrap_or(usize::MAX).max(1);
    for path in copies.iter().take(copies.len().saturating_sub(keep)) {
        std::fs::remove_file(path).map_err(RunError::at(path))?;
        crash_point!("backup.retired").map_err(RunError::at(path))?;
    }
    Ok(())
}
