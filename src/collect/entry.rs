//! One file of a source, or of a person's hand: seen first, read when it is asked for.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};
use rustix::fs::OFlags;

use super::error::CollectError;
use super::unread::{UnreadReason, shown};
use crate::model::{ContentHash, Refusal, Stamp, Submission};
use crate::settings::Limits;

/// A file that was seen and not read.
#[derive(Debug)]
pub struct Entry {
    /// The bare file name, without folders, for the eye.
    pub file: String,
    /// The names of the folders between the source's root and the file, outermost first, for the eye.
    pub folders: Vec<String>,
    /// Folders and name below the source's root, byte for byte, joined by `/`.
    pub raw: Vec<u8>,
    /// When the transport says it arrived.
    pub received_at: Option<DateTime<FixedOffset>>,
    pub stamp: Stamp,
    pub(super) content: Content,
}

/// Where an entry's bytes are.
#[derive(Debug)]
pub(super) enum Content {
    At(PathBuf),
    /// Fetched already; a submission without bytes where there were too many.
    Fetched(Submission),
}

impl Entry {
    /// A file that a person names.
    ///
    /// # Errors
    /// There is no such file.
    pub fn named(path: &Path) -> Result<Self, CollectError> {
        let failed = |source| CollectError::File { path: path.to_path_buf(), source };
        let stamp = stamp(&std::fs::metadata(path).map_err(failed)?);
        let file = path.file_name().map(shown).unwrap_or_default();
        Ok(Self { file, folders: Vec::new(), raw: Vec::new(), received_at: None, stamp, content: Content::At(path.to_owned()) })
    }

    /// The folders below the source and the file name, joined by `/`.
    #[must_use]
    pub fn path(&self) -> String {
        self.folders.iter().chain([&self.file]).map(String::as_str).collect::<Vec<_>>().join("/")
    }

    /// Whether its bytes lie in a file that can be looked at without being read.
    #[must_use]
    pub fn is_on_disk(&self) -> bool {
        matches!(self.content, Content::At(_))
    }

    /// Looks at it once more; what it is now stands in `stamp`.
    ///
    /// # Errors
    /// It is no longer there, or not to be looked at.
    pub fn look_again(&mut self) -> Result<(), UnreadReason> {
        if let Content::At(path) = &self.content {
            self.stamp = stamp(&std::fs::symlink_metadata(path).map_err(|error| UnreadReason::from(&error))?);
        }
        Ok(())
    }

    /// Hashes it piece by piece.
    ///
    /// # Errors
    /// It cannot be read, or it was written to meanwhile.
    pub fn hash(&self) -> Result<ContentHash, UnreadReason> {
        match &self.content {
            Content::Fetched(submission) => Ok(submission.hash.clone()),
            Content::At(path) => self.unmoved(path, |file| ContentHash::of_stream(file)),
        }
    }

    /// Reads it whole; one over the limit is only hashed, so that it is known again.
    ///
    /// # Errors
    /// It cannot be read, or it was written to since it was listed.
    pub fn fetch(&self, limits: &Limits) -> Result<Submission, UnreadReason> {
        match &self.content {
            Content::Fetched(submission) => Ok(submission.clone()),
            Content::At(path) => self.unmoved(path, |file| self.read(file, limits)),
        }
    }

    /// The same for a file that a person names: it is taken as it is found.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn take(&self, limits: &Limits) -> Result<Submission, CollectError> {
        match &self.content {
            Content::Fetched(submission) => Ok(submission.clone()),
            Content::At(path) => File::open(path)
                .and_then(|mut file| self.read(&mut file, limits))
                .map_err(|source| CollectError::File { path: path.clone(), source }),
        }
    }

    /// Does `work` with the file, which must be the one that was listed, before it and after it.
    fn unmoved<T>(&self, path: &Path, work: impl FnOnce(&mut File) -> io::Result<T>) -> Result<T, UnreadReason> {
        let failed = |error: io::Error| UnreadReason::from(&error);
        // What was put in its place since may be a link that leads out of the folder, or a pipe that never ends.
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let mut file = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path).map_err(failed)?;
        let is_same = |file: &File| file.metadata().map(|now| stamp(&now) == self.stamp).map_err(failed);
        if !is_same(&file)? {
            return Err(UnreadReason::BeingWritten);
        }
        let done = work(&mut file).map_err(failed)?;
        if is_same(&file)? { Ok(done) } else { Err(UnreadReason::BeingWritten) }
    }

    fn read(&self, file: &mut File, limits: &Limits) -> io::Result<Submission> {
        let mut bytes = Vec::new();
        let length = file.take(limits.file_bytes_max.saturating_add(1)).read_to_end(&mut bytes)?;
        let (hash, unread) = if u64::try_from(length).is_ok_and(|length| length > limits.file_bytes_max) {
            let hash = ContentHash::of_stream(bytes.as_slice().chain(file))?;
            bytes = Vec::new();
            (hash, Some(Refusal::TooLarge))
        } else {
            (ContentHash::of(&bytes), None)
        };
        let (file, folders) = (self.file.clone(), self.folders.clone());
        Ok(Submission { file, folders, received_at: self.received_at, hash, bytes, unread })
    }
}

/// What the file system says of a file.
pub(super) fn stamp(metadata: &Metadata) -> Stamp {
    let nanoseconds = |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
    Stamp {
        size: metadata.size(),
        modified: nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
        changed: nanoseconds(metadata.ctime(), metadata.ctime_nsec()),
        inode: metadata.ino(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &Path) -> Entry {
        Entry::named(path).unwrap()
    }

    #[test]
    fn a_file_over_the_limit_is_hashed_and_not_kept_in_memory() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("big.xlsx");
        std::fs::write(&path, [7; 100]).unwrap();
        let limits = |most| Limits { file_bytes_max: most, ..Limits::default() };
        let big = entry(&path).fetch(&limits(99)).unwrap();
        assert_eq!((big.file.as_str(), big.unread, big.bytes.len()), ("big.xlsx", Some(Refusal::TooLarge), 0));
        assert_eq!(big.hash, ContentHash::of(&[7; 100]), "known again by what it holds");
        assert_eq!(entry(&path).fetch(&limits(100)).unwrap().bytes, [7; 100]);
    }

    #[test]
    fn one_that_was_written_to_since_it_was_listed_is_not_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.xlsx");
        std::fs::write(&path, "half").unwrap();
        let listed = entry(&path);
        std::fs::write(&path, "half and half").unwrap();
        assert_eq!(listed.hash().unwrap_err(), UnreadReason::BeingWritten);
        assert_eq!(listed.fetch(&Limits::default()).unwrap_err(), UnreadReason::BeingWritten);
        assert_eq!(listed.take(&Limits::default()).unwrap().bytes, b"half and half", "a person's word is taken");
        let outside = dir.path().join("secret");
        std::fs::write(&outside, "half").unwrap();
        std::fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink(&outside, &path).unwrap();
        assert_eq!(listed.hash().unwrap_err(), UnreadReason::Failed, "a link is not followed");
    }
}
