//! A drop folder: whole regular files below it, in sorted order; links are never followed.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};

use super::entry::{Content, Entry, stamp};
use super::listing::Listing;
use super::unread::{Unread, UnreadReason, shown};

/// The file that tells when its neighbours were received.
const RECEIVED: &str = "received.toml";
/// Folders nest this deep at most.
const DEPTH_MAX: usize = 16;

/// Lists the files below `root`. An entry that cannot be looked at keeps the others from nothing.
pub fn list(root: &Path) -> io::Result<Listing> {
    let mut listing = Listing::default();
    walk(entries(root)?, root, &mut Place::default(), &mut listing);
    Ok(listing)
}

/// How deep below the root the walk is.
#[derive(Default)]
struct Place {
    /// The folders' names for the eye.
    folders: Vec<String>,
    /// The same, byte for byte, each with a `/` behind it.
    raw: Vec<u8>,
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    entries.sort();
    Ok(entries)
}

fn walk(entries: Vec<PathBuf>, folder: &Path, place: &mut Place, listing: &mut Listing) {
    let received = received(folder, listing);
    for path in entries {
        let name = path.file_name().unwrap_or_default();
        let (raw, name) = (name.as_encoded_bytes().to_vec(), shown(name));
        if is_passed_over(&name) {
            continue;
        }
        if let Err(reason) = take(&path, &name, &raw, place, &received, listing) {
            listing.unread.push(Unread { raw: [&place.raw[..], &raw].concat(), folders: place.folders.clone(), name, reason });
        }
    }
}

fn take(
    path: &Path,
    name: &str,
    raw: &[u8],
    place: &mut Place,
    received: &BTreeMap<String, DateTime<FixedOffset>>,
    listing: &mut Listing,
) -> Result<(), UnreadReason> {
    let failed = |error: io::Error| UnreadReason::from(&error);
    // `symlink_metadata` looks at the link itself, so that none leads out of the folder.
    let metadata = fs::symlink_metadata(path).map_err(failed)?;
    if metadata.is_dir() {
        if place.folders.len() >= DEPTH_MAX {
            return Err(UnreadReason::TooDeep);
        }
        let entries = entries(path).map_err(failed)?;
        let above = place.raw.len();
        place.folders.push(name.to_owned());
        place.raw.extend(raw.iter().chain(b"/"));
        walk(entries, path, place, listing);
        place.folders.pop();
        place.raw.truncate(above);
        return Ok(());
    }
    if !metadata.is_file() {
        return Err(UnreadReason::NotAFile);
    }
    listing.entries.push(Entry {
        file: name.to_owned(),
        folders: place.folders.clone(),
        raw: [&place.raw[..], raw].concat(),
        received_at: received.get(name).copied(),
        stamp: stamp(&metadata),
        content: Content::At(path.to_owned()),
    });
    Ok(())
}

/// Lock files of office programs, uploads in progress, hidden files, and our own list.
fn is_passed_over(name: &str) -> bool {
    let unfinished =
        Path::new(name).extension().is_some_and(|end| ["part", "tmp", "crdownload"].iter().any(|word| end.eq_ignore_ascii_case(word)));
    name.starts_with("~$") || name.starts_with('.') || unfinished || name == RECEIVED
}

/// Reads `received.toml`: one table per file name, with `received_at`.
fn received(folder: &Path, listing: &mut Listing) -> BTreeMap<String, DateTime<FixedOffset>> {
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
            listing.skipped.push((shown, reason));
            return BTreeMap::new();
        }
    };
    let mut times = BTreeMap::new();
    for (file, entry) in &table {
        let at = entry.get("received_at").map(|at| at.as_str().map_or_else(|| at.to_string(), str::to_owned));
        match at.as_deref().map(DateTime::parse_from_rfc3339) {
            Some(Ok(at)) => drop(times.insert(file.clone(), at)),
            _ => listing.skipped.push((shown.clone(), format!("`received_at` of `{file}` is no RFC 3339 time with an offset"))),
        }
    }
    times
}

#[cfg(test)]
mod tests {
    use super::*;
    fn told(listing: &Listing) -> Vec<(String, &'static str)> {
        let path = |one: &Unread| one.folders.iter().chain([&one.name]).cloned().collect::<Vec<_>>().join("/");
        listing.unread.iter().map(|one| (path(one), one.reason.code())).collect()
    }

    fn names(listing: &Listing) -> Vec<&str> {
        listing.entries.iter().map(|entry| entry.file.as_str()).collect()
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
        let listing = list(root.path()).unwrap();
        assert_eq!(names(&listing), ["a.xls", "b.xlsx"]);
        let [a, b] = listing.entries.as_slice() else { panic!("two files") };
        assert_eq!(
            (a.folders.as_slice(), a.received_at.unwrap().to_rfc3339().as_str()),
            (&["2022-06".to_owned()][..], "2022-07-08T10:12:00+08:00")
        );
        assert_eq!(b.received_at, None);
        assert_eq!(listing.skipped.len(), 1, "the bad time: {:?}", listing.skipped);
        assert_eq!(told(&listing), [("link".to_owned(), "not-a-regular-file")]);
    }

    #[test]
    fn one_bad_entry_keeps_the_others_from_nothing() {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("a.xlsx"), b"a").unwrap();
        fs::OpenOptions::new().write(true).create_new(true).mode(0o000).open(root.path().join("b.xlsx")).unwrap();
        let closed = root.path().join("closed");
        fs::create_dir(&closed).unwrap();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
        let deep = (0..=DEPTH_MAX).fold(root.path().to_path_buf(), |path, _| path.join("d"));
        fs::create_dir_all(deep).unwrap();
        let listing = list(root.path()).unwrap();
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
        assert!(names(&listing).contains(&"a.xlsx"));
        let too_deep = format!("{}d", "d/".repeat(DEPTH_MAX));
        // Root may read everything: there is nothing left to be denied then.
        let denied = [("b.xlsx".to_owned(), "permission-denied"), ("closed".to_owned(), "permission-denied")];
        let told = told(&listing);
        assert!(told.contains(&(too_deep, "nested-too-deep")), "{told:?}");
        assert!(told.len() == 1 || denied.iter().all(|one| told.contains(one)), "{told:?}");
    }

    #[test]
    fn names_of_older_systems_are_decoded_and_the_files_read() {
        use std::os::unix::ffi::OsStrExt as _;
        let root = tempfile::tempdir().unwrap();
        let (gbk, _, _) = encoding_rs::GBK.encode("省经信厅_2022-06.xlsx");
        fs::write(root.path().join(std::ffi::OsStr::from_bytes(&gbk)), b"a").unwrap();
        let listing = list(root.path()).unwrap();
        assert_eq!(names(&listing), ["省经信厅_2022-06.xlsx"]);
        assert_eq!(listing.entries[0].raw, *gbk, "kept as it is");
    }
}
