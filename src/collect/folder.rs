//! A drop folder: whole regular files below it, in sorted order; links are never followed.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};

use crate::model::{ContentHash, Refusal, Submission};
use crate::settings::Limits;

use super::Collected;

/// The file that tells when its neighbours were received.
const RECEIVED: &str = "received.toml";
/// Folders nest this deep at most.
const DEPTH_MAX: usize = 16;

/// Collects the files below `root`.
pub fn collect(root: &Path, limits: &Limits) -> io::Result<Collected> {
    let mut collected = Collected::default();
    walk(root, &mut Vec::new(), limits, &mut collected)?;
    Ok(collected)
}

fn walk(folder: &Path, folders: &mut Vec<String>, limits: &Limits, collected: &mut Collected) -> io::Result<()> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    entries.sort();
    let received = received(folder, collected);
    for path in entries {
        let Some(name) = path.file_name().and_then(|name| name.to_str()).map(str::to_owned) else {
            collected.skipped.push((path.to_string_lossy().into_owned(), "file name is not UTF-8".to_owned()));
            continue;
        };
        if is_passed_over(&name) {
            continue;
        }
        // `symlink_metadata` looks at the link itself, so that none leads out of the folder.
        let metadata = fs::symlink_metadata(&path)?;
        if metadata.is_dir() {
            if folders.len() < DEPTH_MAX {
                folders.push(name);
                walk(&path, folders, limits, collected)?;
                folders.pop();
            }
        } else if !metadata.is_file() {
            collected.skipped.push((name, "not a regular file".to_owned()));
        } else if metadata.len() > limits.file_bytes_max {
            collected.refused.push((name, Refusal::TooLarge));
        } else {
            let bytes = fs::read(&path)?;
            let received_at = received.get(&name).copied();
            let hash = ContentHash::of(&bytes);
            collected.submissions.push(Submission { file: name, folders: folders.clone(), received_at, hash, bytes });
        }
    }
    Ok(())
}

/// Lock files of office programs, uploads in progress, hidden files, and our own list.
fn is_passed_over(name: &str) -> bool {
    let unfinished =
        Path::new(name).extension().is_some_and(|end| ["part", "tmp", "crdownload"].iter().any(|word| end.eq_ignore_ascii_case(word)));
    name.starts_with("~$") || name.starts_with('.') || unfinished || name == RECEIVED
}

/// Reads `received.toml`: one table per file name, with `received_at`.
fn received(folder: &Path, collected: &mut Collected) -> BTreeMap<String, DateTime<FixedOffset>> {
    let path = folder.join(RECEIVED);
    if !path.is_file() {
        return BTreeMap::new();
    }
    let shown = path.display().to_string();
    let table = match fs::read_to_string(&path)
        .map_err(|error| error.to_string())
        .and_then(|text| text.parse::<toml::Table>().map_err(|e| e.to_string()))
    {
        Ok(table) => table,
        Err(reason) => {
            collected.skipped.push((shown, reason));
            return BTreeMap::new();
        }
    };
    let mut times = BTreeMap::new();
    for (file, entry) in &table {
        let at = entry.get("received_at").map(|at| at.as_str().map_or_else(|| at.to_string(), str::to_owned));
        match at.as_deref().map(DateTime::parse_from_rfc3339) {
            Some(Ok(at)) => drop(times.insert(file.clone(), at)),
            _ => collected.skipped.push((shown.clone(), format!("`received_at` of `{file}` is no RFC 3339 time with an offset"))),
        }
    }
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(collected: &Collected) -> Vec<&str> {
        collected.submissions.iter().map(|submission| submission.file.as_str()).collect()
    }

    #[test]
    fn takes_whole_regular_files_in_order_and_nothing_else() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret.xlsx"), b"no").unwrap();
        let root = tempfile::tempdir().unwrap();
        let month = root.path().join("2022-06");
        fs::create_dir(&month).unwrap();
        for name in ["b.xlsx", "a.xls", "~$b.xlsx", "c.xlsx.part", ".hidden"] {
            fs::write(month.join(name), name).unwrap();
        }
        std::os::unix::fs::symlink(outside.path(), root.path().join("link")).unwrap();
        fs::write(
            month.join("received.toml"),
            "[\"a.xls\"]\nreceived_at = 2022-07-08T10:12:00+08:00\n[\"b.xlsx\"]\nreceived_at = \"yesterday\"\n",
        )
        .unwrap();
        let collected = collect(root.path(), &Limits::default()).unwrap();
        assert_eq!(names(&collected), ["a.xls", "b.xlsx"]);
        let [a, b] = collected.submissions.as_slice() else { panic!("two files") };
        assert_eq!(
            (a.folders.as_slice(), a.received_at.unwrap().to_rfc3339().as_str()),
            (&["2022-06".to_owned()][..], "2022-07-08T10:12:00+08:00")
        );
        assert_eq!(b.received_at, None);
        assert_eq!(collected.skipped.len(), 2, "the bad time and the link: {:?}", collected.skipped);
    }

    #[test]
    fn a_file_over_the_limit_is_refused_unread() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("big.xlsx"), [0; 100]).unwrap();
        let limits = Limits { file_bytes_max: 99, ..Limits::default() };
        let collected = collect(root.path(), &limits).unwrap();
        assert_eq!(collected.refused, [("big.xlsx".to_owned(), Refusal::TooLarge)]);
    }
}
