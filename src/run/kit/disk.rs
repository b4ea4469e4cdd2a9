//! Room on the disk: new submissions are refused before the reserve is used, so that acknowledged ones can be worked on.

use super::desk::Desk;
use super::error::RunError;
use crate::model::ContentHash;

/// Looks whether originals of so many bytes fit onto the data folder's disk without touching `limits.disk_reserve_bytes`.
///
/// Those that are archived already (read anew under another plan) take no more room.
pub fn is_left_for<'a>(desk: &Desk, originals: impl IntoIterator<Item = (&'a ContentHash, usize)>) -> Result<(), RunError> {
    let new = originals.into_iter().filter(|(hash, _)| !desk.archive.contains(hash)).map(|(_, bytes)| bytes);
    let wanted = new.fold(0_u64, |sum, bytes| sum.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX)));
    is_left(desk, wanted)
}

/// The same for a number of bytes.
pub fn is_left(desk: &Desk, wanted: u64) -> Result<(), RunError> {
    if wanted == 0 {
        return Ok(());
    }
    let path = &desk.settings.data;
    let room = rustix::fs::statvfs(path).map_err(|error| RunError::at(path)(error.into()))?;
    let free = room.f_bavail.saturating_mul(room.f_frsize);
    let reserve = desk.settings.limits.disk_reserve_bytes;
    if free.saturating_sub(wanted) < reserve {
        return Err(RunError::NoRoom { path: path.clone(), free, reserve });
    }
    Ok(())
}
