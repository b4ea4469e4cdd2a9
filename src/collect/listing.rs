//! What a source holds.

use super::entry::Entry;
use super::unread::Unread;

/// What a source holds.
#[derive(Debug, Default)]
pub struct Listing {
    /// In the source's order.
    pub entries: Vec<Entry>,
    /// File and reason, for the log.
    pub skipped: Vec<(String, String)>,
    /// Entries that cannot be read; the others count.
    pub unread: Vec<Unread>,
}
