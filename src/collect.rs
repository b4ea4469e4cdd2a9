//! Collect: sources in, submissions out. Nothing is opened as a workbook here.

pub mod folder;
pub mod http;

use std::io;
use std::path::PathBuf;

use crate::model::{Refusal, Submission};
use crate::settings::{Limits, Source};

/// What a source held.
#[derive(Debug, Clone, Default)]
pub struct Collected {
    /// In the source's order; the caller orders by `received_at`, then hash.
    pub submissions: Vec<Submission>,
    /// File and reason, for the log.
    pub skipped: Vec<(String, String)>,
    /// Files refused unread, with their names.
    pub refused: Vec<(String, Refusal)>,
}

/// Why a source could not be read.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    #[error("folder `{}` cannot be read", path.display())]
    Folder { path: PathBuf, source: io::Error },
    #[error("source cannot be fetched")]
    Fetch(#[source] reqwest::Error),
    #[error("cannot start the runtime for a fetch")]
    Runtime(#[source] io::Error),
}

/// Collects what `source` holds. Blocks: call it from a blocking thread.
///
/// # Errors
///
/// The folder cannot be listed, a file cannot be read, the server does not answer.
pub fn collect(source: &Source, limits: &Limits) -> Result<Collected, CollectError> {
    match source {
        Source::Folder(path) => folder::collect(path, limits).map_err(|source| CollectError::Folder { path: path.clone(), source }),
        Source::Http(url) => http::collect(url, limits),
    }
}
