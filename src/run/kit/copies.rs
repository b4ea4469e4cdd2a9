//! Copies of the ledger: how one is made, and the one that is kept before a ledger is brought up to date.

use std::path::{Path, PathBuf};

use super::clock::Clock;
use super::error::RunError;
use super::files::sync_folder;
use super::process;
use crate::crash_point;
use crate::ledger::{self, Ledger};
use crate::settings::Settings;

/// How the names of unfinished copies begin and end; between stands the mark of the process.
const UNFINISHED: (&str, &str) = (".ledger.", ".part");

/// Copies the ledger and holds the copy to its integrity check; gives its schema.
pub fn copy(ledger: &Ledger, to: &Path) -> Result<i64, RunError> {
    ledger.copy_to(to)?;
    crash_point!("backup.copied").map_err(RunError::at(to))?;
    let schema = Ledger::examine(to)?;
    std::fs::File::open(to).and_then(|file| file.sync_all()).map_err(RunError::at(to))?;
    crash_point!("backup.synced").map_err(RunError::at(to))?;
    Ok(schema)
}

/// How the names of copies made before a migration begin; `store.backup_keep` does not count them.
const BEFORE: &str = "before-schema-";

/// Copies a ledger of an earlier program before it is brought up to date: `before-schema-<the new one>-<UTC time>.sqlite`.
///
/// # Errors
/// The copy cannot be made; the ledger is as it was and must not be migrated.
pub fn before_migration(settings: &Settings, clock: Clock) -> Result<(), RunError> {
    let Some(earlier) = Ledger::open_earlier(&settings.data.join("ledger.sqlite"))? else { return Ok(()) };
    let (from, to) = (earlier.schema_version()?, ledger::known_schema());
    let kept = keep(&earlier, &settings.backup.folder, to, clock);
    if let Some(place) = kept.map_err(|error| RunError::NotMigrated { from, to, error: Box::new(error) })? {
        tracing::warn!(schema.from = from, schema.to = to, copy = %place.display(), "ledger copied before it is migrated");
    }
    crash_point!("migration.kept").map_err(RunError::at(&settings.backup.folder))
}

/// `None` where another process has migrated it meanwhile: it has made a copy of its own.
fn keep(earlier: &Ledger, folder: &Path, to: i64, clock: Clock) -> Result<Option<PathBuf>, RunError> {
    std::fs::create_dir_all(folder).map_err(RunError::at(folder))?;
    remove_unfinished(folder)?;
    let unfinished = unfinished(folder);
    let place = folder.join(format!("{BEFORE}{to}-{}.sqlite", stamp(clock)));
    let kept = copy(earlier, &unfinished).and_then(|schema| {
        if schema == to {
            return Ok(None);
        }
        crash_point!("migration.copied").map_err(RunError::at(folder))?;
        std::fs::rename(&unfinished, &place).map_err(RunError::at(&place))?;
        sync_folder(folder)?;
        Ok(Some(place))
    });
    if !matches!(kept, Ok(Some(_))) {
        drop(std::fs::remove_file(&unfinished));
    }
    kept
}

/// The newest copy made before a migration to the present schema.
#[must_use]
pub fn kept_before(folder: &Path) -> Option<PathBuf> {
    let mine = format!("{BEFORE}{}-", ledger::known_schema());
    let entries = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    let named = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&mine));
    entries.filter(named).max()
}

/// A clock's now in UTC, as names carry it: they sort by time.
pub fn stamp(clock: Clock) -> String {
    clock.now.to_utc().format("%Y%m%dT%H%M%SZ").to_string()
}

/// Where a copy that this process makes lies until it is whole.
#[must_use]
pub fn unfinished(folder: &Path) -> PathBuf {
    folder.join(format!("{}{}{}", UNFINISHED.0, process::own_mark(), UNFINISHED.1))
}

/// Removes copies whose processes died before they were finished.
pub fn remove_unfinished(folder: &Path) -> Result<(), RunError> {
    for entry in std::fs::read_dir(folder).map_err(RunError::at(folder))? {
        let path = entry.map_err(RunError::at(folder))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        // SQLite's own journal of an unfinished copy bears the copy's name and an ending of its own.
        let mark = name.strip_prefix(UNFINISHED.0).and_then(|rest| rest.split_once(UNFINISHED.1));
        if mark.is_some_and(|(mark, _)| process::is_gone(mark)) {
            std::fs::remove_file(&path).map_err(RunError::at(&path))?;
        }
    }
    Ok(())
}
