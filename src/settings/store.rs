//! The `[store]` table: where state goes, and the copies of the ledger.

use std::path::{Path, PathBuf};

use super::table::Table;

/// Copies of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Absolute once loaded.
    pub folder: PathBuf,
    /// How many copies are kept.
    pub keep: u32,
}

/// Reads it: where state goes, and the copies of the ledger.
pub fn read(store: Table<'_>, workspace: &Path, given: Option<&Path>) -> (PathBuf, Backup) {
    let written = store.text("data").filter(|folder| {
        if folder.value.is_empty() {
            folder.problem("the data folder has no name", "write a folder under the workspace, `var`, or an absolute path");
        }
        !folder.value.is_empty()
    });
    let data = match (given, written) {
        (Some(given), _) => std::path::absolute(given).unwrap_or_else(|_| given.to_owned()),
        (None, Some(written)) => workspace.join(written.value),
        (None, None) => workspace.join("var"),
    };
    // Under the data folder unless written out as a path of its own (another disk is better).
    let folder = data.join(store.text("backup").map_or_else(|| "backup".to_owned(), |folder| folder.value));
    let keep = store.small("backup_keep", 1..=10_000).map_or(14, |keep| keep.value);
    store.finish();
    (data, Backup { folder, keep })
}
