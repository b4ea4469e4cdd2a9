//! Putting a copy of the ledger back: nothing is deleted, and nothing is sent a second time without the operator's word.

use std::path::{Path, PathBuf};

use chrono::Datelike as _;

use crate::archive::Archive;
use crate::crash_point;
use crate::ledger::{Ledger, LedgerError};
use crate::model::{ContentHash, Period};
use crate::run::kit::files::sync_folder;
use crate::run::kit::{Clock, RunError, process};
use crate::run::version::publish;
use crate::settings::Settings;

/// What a restore found and did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Where the ledger that was there, and reports the copy does not know, lie now.
    pub aside: PathBuf,
    /// Mails that may have left after the copy was made.
    pub uncertain: usize,
    /// Versions that were published after the copy was made.
    pub unknown_versions: Vec<String>,
    /// Originals in the archive that the copy does not know.
    pub unknown_originals: Vec<ContentHash>,
}

/// Puts `copy` in the place of the ledger.
///
/// Until the last rename the ledger that was there counts; an interrupted restore is simply started again.
///
/// # Errors
/// The copy is damaged or a newer program's; a run is at work; a folder cannot be written.
pub fn restore(settings: &Settings, clock: Clock, copy: &Path) -> Result<Restored, RunError> {
    Ledger::examine(copy)?;
    let data = settings.data.clone();
    let ledger = data.join("ledger.sqlite");
    close(&ledger, clock)?;

    let prepared = data.join(".ledger.restoring");
    for ending in ENDINGS {
        remove(&with(&prepared, ending))?;
    }
    std::fs::copy(copy, &prepared).map_err(RunError::at(&prepared))?;
    let (uncertain, unknown_versions, unknown_originals) = prepare(&prepared, settings, clock, copy)?;
    std::fs::File::open(&prepared).and_then(|file| file.sync_all()).map_err(RunError::at(&prepared))?;
    crash_point!("restore.prepared").map_err(RunError::at(&prepared))?;

    let aside = aside(&data, clock);
    std::fs::create_dir_all(&aside).map_err(RunError::at(&aside))?;
    for version in &unknown_versions {
        set_aside(&data.join("reports").join(version), &aside.join("reports").join(version))?;
    }
    crash_point!("restore.reports_aside").map_err(RunError::at(&aside))?;
    if ledger.exists() {
        let kept = aside.join("ledger.sqlite");
        // A second name, not a move: there is no moment without a ledger.
        std::fs::hard_link(&ledger, &kept).map_err(RunError::at(&kept))?;
    }
    for ending in ["-wal", "-shm"] {
        set_aside(&with(&ledger, ending), &with(&aside.join("ledger.sqlite"), ending))?;
    }
    crash_point!("restore.ledger_aside").map_err(RunError::at(&aside))?;
    std::fs::rename(&prepared, &ledger).map_err(RunError::at(&ledger))?;
    crash_point!("restore.renamed").map_err(RunError::at(&ledger))?;
    sync_folder(&aside)?;
    sync_folder(&data)?;
    Ok(Restored { aside, uncertain, unknown_versions, unknown_originals })
}

/// What may lie beside a database of SQLite's.
const ENDINGS: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// A folder of its own for what is moved out of the way, also when a restore is started again.
fn aside(data: &Path, clock: Clock) -> PathBuf {
    let name = format!("before-restore-{}", clock.now.to_utc().format("%Y%m%dT%H%M%SZ"));
    let mut place = data.join(&name);
    let mut again = 1;
    while place.exists() {
        again += 1;
        place = data.join(format!("{name}-{again}"));
    }
    place
}

fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn remove(path: &Path) -> Result<(), RunError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(RunError::at(path)(error)),
        _ => Ok(()),
    }
}

/// Moves `from` where it is there.
fn set_aside(from: &Path, to: &Path) -> Result<(), RunError> {
    if !from.exists() {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(RunError::at(folder))?;
    }
    std::fs::rename(from, to).map_err(RunError::at(from))
}

/// Makes the present ledger one whole file, unless it is beyond that.
///
/// # Errors
/// A living process holds a period.
fn close(ledger: &Path, clock: Clock) -> Result<(), RunError> {
    if !ledger.exists() {
        return Ok(());
    }
    // An earlier program's is left as it is: it is kept aside for that program.
    let present = match Ledger::open_earlier(ledger).and_then(|earlier| earlier.map_or_else(|| Ledger::open(ledger), Ok)) {
        Ok(present) => present,
        Err(error @ (LedgerError::Busy | LedgerError::Full | LedgerError::ReadOnly)) => return Err(error.into()),
        // Damaged or newer: that is why it is replaced.
        Err(_) => return Ok(()),
    };
    for (period, holder) in present.holders((clock.wall)()).unwrap_or_default() {
        if !process::is_dead(&holder) {
            return Err(LedgerError::Held { period, holder }.into());
        }
    }
    Ok(())
}

/// Marks the copy as restored and looks what it does not know of.
fn prepare(prepared: &Path, settings: &Settings, clock: Clock, copy: &Path) -> Result<(usize, Vec<String>, Vec<ContentHash>), RunError> {
    let mut ledger = Ledger::open(prepared)?;
    let month = Period::new(clock.now.year(), clock.now.month()).ok_or_else(|| RunError::Refused("the clock shows no year".to_owned()))?;
    let name = copy.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let uncertain = ledger.mark_restored(&clock.now.to_rfc3339(), month, &name)?;

    let place = settings.data.join("archive");
    let archive = Archive::open(&place, &process::own_mark()).map_err(RunError::at(&place))?;
    let mut originals = Vec::new();
    for hash in archive.hashes().map_err(RunError::at(&place))? {
        if !ledger.knows(&hash)? {
            originals.push(hash);
        }
    }

    let mut versions = Vec::new();
    let reports = settings.data.join("reports");
    for entry in std::fs::read_dir(&reports).into_iter().flatten() {
        let name = entry.map_err(RunError::at(&reports))?.file_name().to_string_lossy().into_owned();
        let Ok(period) = name.parse::<Period>() else { continue };
        let committed = ledger.versions(period)?;
        for version in publish::folders(&reports.join(&name))? {
            if !committed.contains(&version) {
                versions.push(format!("{name}/v{version}"));
            }
        }
    }
    versions.sort();
    Ok((uncertain, versions, originals))
}
