//! Collect: sources in, submissions out. Nothing is opened as a workbook here.

pub mod folder;
pub mod http;

use std::ffi::OsStr;
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
    /// Entries that could not be read; the others count.
    pub unread: Vec<Unread>,
}

/// An entry of a source that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The names of the folders between the source's root and the entry, outermost first.
    pub folders: Vec<String>,
    pub name: String,
    pub reason: UnreadReason,
}

/// Why an entry could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnreadReason {
    Denied,
    NotAFile,
    TooDeep,
    /// It vanished, or the disk failed.
    Failed,
}

impl UnreadReason {
    /// Reads a word back.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Denied, Self::NotAFile, Self::TooDeep, Self::Failed].into_iter().find(|reason| reason.code() == code)
    }

    /// The word in `--json`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Denied => "permission-denied",
            Self::NotAFile => "not-a-regular-file",
            Self::TooDeep => "nested-too-deep",
            Self::Failed => "read-failed",
        }
    }

    /// The same in Chinese, with what to do.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Denied => "没有读取权限，请检查文件或文件夹的权限",
            Self::NotAFile => "不是普通文件（链接等不予读取），请放入文件本身",
            Self::TooDeep => "所在文件夹层数过多，请移到较浅的文件夹",
            Self::Failed => "读取失败，请检查磁盘或重新放入",
        }
    }
}

impl From<&io::Error> for UnreadReason {
    fn from(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::PermissionDenied { Self::Denied } else { Self::Failed }
    }
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
pub fn file(path: &Path, limits: &Limits) -> Result<Submission, CollectError> {
    let failed = |source| CollectError::File { path: path.to_path_buf(), source };
    let length = std::fs::metadata(path).map_err(failed)?.len();
    let file = path.file_name().map(shown).unwrap_or_default();
    taken(path, length, file, Vec::new(), limits).map_err(failed)
}

/// Takes a file of `length` bytes; one over the limit is only hashed, so that it is known again.
fn taken(path: &Path, length: u64, file: String, folders: Vec<String>, limits: &Limits) -> io::Result<Submission> {
    if length > limits.file_bytes_max {
        let hash = ContentHash::of_stream(std::fs::File::open(path)?)?;
        return Ok(Submission { file, folders, received_at: None, hash, bytes: Vec::new(), unread: Some(Refusal::TooLarge) });
    }
    let bytes = std::fs::read(path)?;
    Ok(Submission { file, folders, received_at: None, hash: ContentHash::of(&bytes), bytes, unread: None })
}

/// A name for the eye: names that are no UTF-8 are taken for the GBK of older systems.
fn shown(name: &OsStr) -> String {
    match name.to_str() {
        Some(name) => name.to_owned(),
        None => encoding_rs::GB18030.decode_without_bom_handling(name.as_encoded_bytes()).0.into_owned(),
    }
}
