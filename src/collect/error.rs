//! Why a source could not be read.

use std::io;
use std::path::PathBuf;

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
