//! Files and folders, written so that they are on disk when they are said to be.

use std::path::Path;

use super::error::RunError;

/// Writes bytes so that they are on disk when this returns.
///
/// # Errors
/// The file cannot be written.
pub fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), RunError> {
    use std::io::Write as _;
    let mut file = std::fs::File::create(path).map_err(RunError::at(path))?;
    file.write_all(bytes).map_err(RunError::at(path))?;
    file.sync_all().map_err(RunError::at(path))
}

/// Makes a folder's entries durable.
///
/// # Errors
/// The folder cannot be opened or synced.
pub fn sync_folder(path: &Path) -> Result<(), RunError> {
    std::fs::File::open(path).and_then(|folder| folder.sync_all()).map_err(RunError::at(path))
}
