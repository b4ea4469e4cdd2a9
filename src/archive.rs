//! The archive: originals, unchanged, each under the hash of its content (`<aa>/<hash>`). Nothing is ever deleted from it.
//!
//! Content-addressed, so it can move to an object store as it is; it knows neither departments nor periods (the ledger does).

use std::fs::File;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use crate::crash_point;
use crate::model::ContentHash;

/// The length of a BLAKE3 hash in hexadecimal.
const HASH_LENGTH: usize = 64;

/// How the names of temporary files end.
const TEMPORARY: &str = ".part";

/// A folder of originals.
#[derive(Debug, Clone)]
pub struct Archive {
    root: PathBuf,
    /// Names this process in the names of its temporary files; without `.` and `/`.
    mark: String,
}

impl Archive {
    /// Opens the archive in `dir` and makes the folder where it is not there yet.
    ///
    /// `mark` names this process in the names of its temporary files, so that [`Self::sweep`] can tell whose they are.
    pub fn open(dir: &Path, mark: &str) -> io::Result<Self> {
        make_folder(dir)?;
        Ok(Self { root: dir.to_owned(), mark: mark.replace(['.', '/'], "-") })
    }

    /// Stores `bytes` and returns their hash; when it returns, file and folder are on disk.
    ///
    /// The same bytes again change nothing, and a copy that was damaged meanwhile is replaced.
    pub fn put(&self, bytes: &[u8]) -> io::Result<ContentHash> {
        let hash = ContentHash::of(bytes);
        let path = self.path(&hash)?;
        let folder = path.parent().unwrap_or(&self.root);
        if self.get(&hash).is_ok() {
            // An earlier call may have died between the rename and its own sync.
            sync_folder(folder)?;
            return Ok(hash);
        }
        make_folder(folder)?;
        let mut file = tempfile::Builder::new().prefix(&format!(".{}.", self.mark)).suffix(TEMPORARY).tempfile_in(folder)?;
        file.write_all(bytes)?;
        crash_point!("accept.temporary")?;
        file.as_file().sync_all()?;
        crash_point!("accept.synced")?;
        file.persist(&path).map_err(|failed| failed.error)?;
        crash_point!("accept.renamed")?;
        // Without this the name may be gone after a power loss although the bytes are there.
        sync_folder(folder)?;
        Ok(hash)
    }

    /// Removes the temporary files of processes that are gone, as `is_gone` says of their marks; returns how many.
    pub fn sweep(&self, is_gone: &dyn Fn(&str) -> bool) -> io::Result<usize> {
        let mut removed = 0;
        for path in self.entries()? {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let mark = name.strip_prefix('.').filter(|_| name.ends_with(TEMPORARY)).and_then(|rest| rest.split_once('.'));
            if mark.is_some_and(|(mark, _)| is_gone(mark)) {
                std::fs::remove_file(&path)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// The hashes of all originals.
    pub fn hashes(&self) -> io::Result<Vec<ContentHash>> {
        let entries = self.entries()?;
        let names = entries.iter().filter_map(|path| path.file_name()?.to_str());
        let mut found: Vec<ContentHash> = names.filter(|name| name.len() == HASH_LENGTH).map(|name| ContentHash(name.to_owned())).collect();
        found.sort();
        Ok(found)
    }

    /// Every file one folder down.
    fn entries(&self) -> io::Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for folder in std::fs::read_dir(&self.root)? {
            let folder = folder?.path();
            if folder.is_dir() {
                for entry in std::fs::read_dir(&folder)? {
                    found.push(entry?.path());
                }
            }
        }
        Ok(found)
    }

    /// Reads an original back and holds it to its hash.
    pub fn get(&self, hash: &ContentHash) -> io::Result<Vec<u8>> {
        let bytes = std::fs::read(self.path(hash)?)?;
        let found = ContentHash::of(&bytes);
        if found != *hash {
            return Err(io::Error::new(ErrorKind::InvalidData, format!("archived file {hash} is damaged: its content hashes to {found}")));
        }
        Ok(bytes)
    }

    /// Whether an original of that hash is there (its bytes are not read).
    #[must_use]
    pub fn contains(&self, hash: &ContentHash) -> bool {
        self.path(hash).is_ok_and(|path| path.is_file())
    }

    /// Where `hash` lives. A text that is no hash never becomes a path.
    fn path(&self, hash: &ContentHash) -> io::Result<PathBuf> {
        let text = hash.0.as_str();
        let is_hash = text.len() == HASH_LENGTH && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        match text.get(..2) {
            Some(prefix) if is_hash => Ok(self.root.join(prefix).join(text)),
            _ => Err(io::Error::new(ErrorKind::InvalidInput, format!("`{text}` is no content hash"))),
        }
    }
}

/// Makes `folder` and lets its name survive a power loss.
fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(folder)?;
    match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => sync_folder(parent),
        _ => Ok(()),
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive() -> (tempfile::TempDir, Archive) {
        let dir = tempfile::tempdir().unwrap();
        let archive = Archive::open(&dir.path().join("archive"), "7-1@boot").unwrap();
        (dir, archive)
    }

    #[test]
    fn what_was_put_comes_back_and_lies_under_its_hash() {
        let (dir, archive) = archive();
        let hash = archive.put("报表".as_bytes()).unwrap();
        assert_eq!(archive.get(&hash).unwrap(), "报表".as_bytes());
        let place = dir.path().join("archive").join(&hash.0[..2]).join(&hash.0);
        assert_eq!(std::fs::read(place).unwrap(), "报表".as_bytes());
    }

    #[test]
    fn the_same_bytes_twice_are_one_file_and_leave_nothing_beside_it() {
        let (dir, archive) = archive();
        let hash = archive.put(b"a").unwrap();
        assert_eq!(archive.put(b"a").unwrap(), hash);
        let shelf = dir.path().join("archive").join(&hash.0[..2]);
        assert_eq!(std::fs::read_dir(shelf).unwrap().count(), 1);
    }

    #[test]
    fn damage_is_told_and_mended_by_the_next_put() {
        let (dir, archive) = archive();
        let hash = archive.put(b"original").unwrap();
        std::fs::write(dir.path().join("archive").join(&hash.0[..2]).join(&hash.0), b"0riginal").unwrap();
        assert_eq!(archive.get(&hash).unwrap_err().kind(), ErrorKind::InvalidData);
        archive.put(b"original").unwrap();
        assert_eq!(archive.get(&hash).unwrap(), b"original");
    }

    #[test]
    fn only_what_is_there_is_contained() {
        let (_dir, archive) = archive();
        let hash = archive.put(b"a").unwrap();
        assert!(archive.contains(&hash));
        assert!(!archive.contains(&ContentHash::of(b"b")));
        assert_eq!(archive.get(&ContentHash::of(b"b")).unwrap_err().kind(), ErrorKind::NotFound);
    }

    #[test]
    fn only_temporary_files_of_the_gone_are_swept() {
        let (dir, archive) = archive();
        let hash = archive.put(b"a").unwrap();
        let shelf = dir.path().join("archive").join(&hash.0[..2]);
        for name in [".7-1@boot.aaaa.part", ".8-1@boot.bbbb.part", ".hidden"] {
            std::fs::write(shelf.join(name), b"half").unwrap();
        }
        assert_eq!(archive.sweep(&|mark| mark == "8-1@boot").unwrap(), 1);
        assert!(
            shelf.join(".7-1@boot.aaaa.part").exists() && shelf.join(".hidden").exists() && !shelf.join(".8-1@boot.bbbb.part").exists()
        );
        assert_eq!(archive.hashes().unwrap(), [hash]);
    }

    #[test]
    fn a_text_that_is_no_hash_never_becomes_a_path() {
        let (_dir, archive) = archive();
        for text in ["", "..", "../../etc/passwd", "é".repeat(32).as_str(), "/etc/passwd", "A".repeat(64).as_str()] {
            let hash = ContentHash(text.to_owned());
            assert!(!archive.contains(&hash));
            assert_eq!(archive.get(&hash).unwrap_err().kind(), ErrorKind::InvalidInput, "{text}");
        }
    }
}
