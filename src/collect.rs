//! Collect: what lies in the sources. First it is listed, and only what is asked for is read. Nothing is opened as a workbook here.

pub mod error;
pub mod unread;
pub mod entry;
pub mod listing;
pub mod folder;
pub mod http;

use crate::settings::{Limits, Source};

pub use entry::Entry;
pub use error::CollectError;
pub use listing::Listing;
pub use unread::{Unread, UnreadReason};

/// Lists what `source` holds. Blocks: call it from a blocking thread.
///
/// # Errors
///
/// The folder cannot be listed, the server does not answer.
pub fn list(source: &Source, limits: &Limits) -> Result<Listing, CollectError> {
    match source {
        Source::Folder(path) => folder::list(path).map_err(|source| CollectError::Folder { path: path.clone(), source }),
        Source::Http(url) => http::fetch_one(url, limits),
    }
}
