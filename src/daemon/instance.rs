//! One daemon per data folder: a lock on `daemon.lock`, which the kernel gives back however the process ends.

use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};

/// Why this process may not be the daemon.
#[derive(Debug, thiserror::Error)]
pub enum InstanceError {
    #[error("a daemon works on {data} already: {holder}; stop it first, or name another folder by --data")]
    Busy { data: PathBuf, holder: String },
    #[error("{path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
}

/// The right to be the data folder's daemon, held as long as this value lives.
#[derive(Debug)]
pub struct Instance {
    _lock: File,
}

impl Instance {
    /// Takes the lock and writes down who holds it. The file stays when the process ends; only the lock counts.
    ///
    /// # Errors
    /// [`InstanceError::Busy`] when another daemon has it.
    pub fn claim(data: &Path, now: DateTime<FixedOffset>) -> Result<Self, InstanceError> {
        let path = data.join("daemon.lock");
        let at = |source| InstanceError::File { path: path.clone(), source };
        std::fs::create_dir_all(data).map_err(at)?;
        let mut lock = File::options().read(true).write(true).create(true).truncate(false).open(&path).map_err(at)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Its words are for the message alone.
                let _ = lock.read_to_string(&mut holder);
                return Err(InstanceError::Busy { data: data.to_owned(), holder: holder.trim().to_owned() });
            }
            Err(TryLockError::Error(source)) => return Err(at(source)),
        }
        lock.set_len(0).and_then(|()| lock.rewind()).map_err(at)?;
        writeln!(lock, "process {} since {}", std::process::id(), now.to_rfc3339()).map_err(at)?;
        Ok(Self { _lock: lock })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_refused_and_told_who_until_the_first_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let now = DateTime::parse_from_rfc3339("2022-07-11T09:00:00+08:00").unwrap();
        let first = Instance::claim(folder.path(), now).unwrap();
        let refused = Instance::claim(folder.path(), now).unwrap_err().to_string();
        let own = format!("process {} since 2022-07-11T09:00:00+08:00", std::process::id());
        assert!(refused.contains(&own), "{refused}");
        drop(first);
        Instance::claim(folder.path(), now).unwrap();
    }
}
