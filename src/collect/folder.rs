//! A drop folder: whole regular files below it, in sorted order; links are never followed.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};

use crate::model::Submission;
use crate::settings::Limits;

use super::{Collected, Unread, UnreadReason, shown, taken};

/// The file that tells when its neighbours were received.
const RECEIVED: &str = "received.toml";
/// Folders nest this deep at most.
const DEPTH_MAX: usize = 16;

/// Collects the files below `root`. An entry that cannot be read keeps the others from nothing.
pub fn collect(root: &Path, limits: &Limits) -> io::Result<Collected> {
    let mut collected = Collected::default();
    walk(entries(root)?, root, &mut Vec::new(), limits, &mut collected);
    Ok(collected)
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    entries.sort();
    Ok(entries)
}

fn walk(entries: Vec<PathBuf>, folder: &Path, folders: &mut Vec<String>, limits: &Limits, collected: &mut Collected) {
    let received = received(folder, collected);
    for path in entries {
        let name = path.file_name().map(shown).unwrap_or_default();
        if is_passed_over(&name) {
            continue;
        }
        if let Err(reason) = take(&path, &name, folders, limits, &received, collected) {
            collected.unread.push(Unread { folders: folders.clone(), name, reason });
        }
    }
}

fn take(
    path: &Path,
    name: &str,
    folders: &mut Vec<String>,
    limits: &Limits,
    received: &BTreeMap<String, DateTime<FixedOffset>>,
    collected: &mut Collected,
) -> Result<(), UnreadReason> {
    let failed = |error: io::Error| UnreadReason::from(&error);
    // `symlink_metadata` looks at the link itself, so that none leads out of the folder.
    let metadata = fs::symlink_metadata(path).map_err(failed)?;
    if metadata.is_dir() {
        if folders.len() >= DEPTH_MAX {
            return Err(UnreadReason::TooDeep);
        }
        let entries = entries(path).map_err(failed)?;
        folders.push(name.to_owned());
        walk(entries, path, folders, limits, collected);
        folders.pop();
        return Ok(());
    }
    if !metadata.is_file() {
        return Err(UnreadReason::NotAFile);
    }
    let submission = taken(path, metadata.len(), name.to_owned(), folders.clone(), limits).map_err(failed)?;
    collected.submissions.push(Submission { received_at: received.get(name).copied(), ..submission });
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
    use crate::model::{ContentHash, Refusal};

    fn told(collected: &Collected) -> Vec<(String, &'static str)> {
        let path = |one: &Unread| one.folders.iter().chain([&one.name]).cloned().collect::<Vec<_>>().join("/");
        collected.unread.iter().map(|one| (path(one), one.reason.code())).collect()
    }

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
        assert_eq!(collected.skipped.len(), 1, "the bad time: {:?}", collected.skipped);
        assert_eq!(told(&collected), [("link".to_owned(), "not-a-regular-file")]);
    }

    #[test]
    fn a_file_over_the_limit_is_refused_unread() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("big.xlsx"), [0; 100]).unwrap();
        let limits = Limits { file_bytes_max: 99, ..Limits::default() };
        let collected = collect(root.path(), &limits).unwrap();
        let [big] = collected.submissions.as_slice() else { panic!("it is received") };
        assert_eq!((big.file.as_str(), big.unread, big.bytes.len()), ("big.xlsx", Some(Refusal::TooLarge), 0));
        assert_eq!(big.hash, ContentHash::of(&[0; 100]), "known again by what it holds");
    }

    #[test]
    fn one_bad_entry_keeps_the_others_from_nothing() {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("a.xlsx"), b"a").unwrap();
        fs::OpenOptions::new().write(true).create(true).mode(0o000).open(root.path().join("b.xlsx")).unwrap();
        let closed = root.path().join("closed");
        fs::create_dir(&closed).unwrap();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
        let deep = (0..=DEPTH_MAX).fold(root.path().to_path_buf(), |path, _| path.join("d"));
        fs::create_dir_all(deep).unwrap();
        let collected = collect(root.path(), &Limits::default()).unwrap();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
        assert!(names(&collected).contains(&"a.xlsx"));
        let too_deep = format!("{}d", "d/".repeat(DEPTH_MAX));
        // Root may read everything: there is nothing left to be denied then.
        let denied = [("b.xlsx".to_owned(), "permission-denied"), ("closed".to_owned(), "permission-denied")];
        let told = told(&collected);
        assert!(told.contains(&(too_deep, "nested-too-deep")), "{told:?}");
        assert!(told.len() == 1 || denied.iter().all(|one| told.contains(one)), "{told:?}");
    }

    #[test]
    fn names_of_older_systems_are_decoded_and_the_files_read() {
        use std::os::unix::ffi::OsStrExt as _;
        let root = tempfile::tempdir().unwrap();
        let (gbk, _, _) = encoding_rs::GBK.encode("省经信厅_2022-06.xlsx");
        fs::write(root.path().join(std::ffi::OsStr::from_bytes(&gbk)), b"a").unwrap();
        let collected = collect(root.path(), &Limits::default()).unwrap();
        assert_eq!(names(&collected), ["省经信厅_2022-06.xlsx"]);
    }
}
