//! Collect: sources in, submissions out. Nothing is opened as a workbook here.

pub mod folder;
pub mod http;

use std::io;
use std::path::{Path, PathBuf};

use crate::model::{ContentHash, Refusal, Submission};
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
    #[error("{} cannot be read", path.display())]
    File { path: PathBuf, source: io::Error },
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

/// Takes one file that a person names; one over the size limit is refused unread.
///
/// # Errors
///
/// The file cannot be read.
pub fn file(path: &Path, limits: &Limits) -> Result<Result<Submission, Refusal>, CollectError> {
    let failed = |source| CollectError::File { path: path.to_path_buf(), source };
    if std::fs::metadata(path).map_err(failed)?.len() > limits.file_bytes_max {
        return Ok(Err(Refusal::TooLarge));
    }
    let bytes = std::fs::read(path).map_err(failed)?;
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Ok(Submission { file, folders: Vec::new(), received_at: None, hash: ContentHash::of(&bytes), bytes }))
}
