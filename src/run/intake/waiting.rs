//! Files that wait to be taken in. Their bytes are read one by one, when their turn comes.

use chrono::{DateTime, FixedOffset};

use crate::collect::{Entry, UnreadReason};
use crate::model::{ContentHash, Submission};
use crate::run::kit::{Desk, RunError};

/// A file, by where its bytes are.
#[derive(Debug)]
pub enum Waiting {
    /// In a source: it is taken as long as it is what was listed.
    Lies(Entry),
    /// Named by a person: it is taken as it is found.
    Named(Entry),
    /// In the archive, as it was received.
    Kept { path: String, received_at: DateTime<FixedOffset>, hash: ContentHash },
}

/// What became of a file's turn.
pub enum Fetched {
    Here(Submission),
    /// It stays where it lies.
    Left(UnreadReason),
    /// An original that is damaged or gone; it is logged.
    Lost,
}

impl Waiting {
    /// Reads the file's bytes.
    ///
    /// # Errors
    /// A file that a person names cannot be read.
    pub fn fetch(&self, desk: &Desk) -> Result<Fetched, RunError> {
        Ok(match self {
            Self::Lies(entry) => entry.fetch(&desk.settings.limits).map_or_else(Fetched::Left, Fetched::Here),
            Self::Named(entry) => Fetched::Here(entry.take(&desk.settings.limits)?),
            Self::Kept { path, received_at, hash } => match desk.archive.get(hash) {
                Ok(bytes) => Fetched::Here(Submission::kept(path, *received_at, hash.clone(), bytes)),
                Err(error) => {
                    tracing::error!(%hash, %error, "original cannot be read again; the file stays as it was judged");
                    Fetched::Lost
                }
            },
        })
    }

    /// How many bytes it will ask of the disk, as far as is known.
    #[must_use]
    pub fn size(&self, file_bytes_max: u64) -> u64 {
        match self {
            Self::Lies(entry) | Self::Named(entry) if entry.stamp.size <= file_bytes_max => entry.stamp.size,
            // What is larger is not kept; what is in the archive is there.
            Self::Lies(_) | Self::Named(_) | Self::Kept { .. } => 0,
        }
    }
}
