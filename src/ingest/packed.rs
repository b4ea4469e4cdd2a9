//! A zip in which files were packed: what stands in it, and the bytes of its tables. Its names never become paths on disk.
//!
//! Each table is a submission of its own, an archive in it is named and not opened, what computers add (`__MACOSX`, `.DS_Store`, lock
//! files) is passed over, everything else is told. Limits hold for what really comes out, not for what the zip says of itself.

mod names;

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::read::ZipFile;

use crate::model::package::{PackedEntry, PackedKind};
use crate::model::{ContentHash, Refusal};
use crate::settings::Limits;

use super::package::RATIO_FREE_BYTES;
use super::secrecy::is_marked_name;
use super::sniff::sniff;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// A zip of files that was looked into.
#[derive(Debug)]
pub struct Opened {
    /// What stands in it, as far as it was looked into.
    pub entries: Vec<PackedEntry>,
    /// Its tables and archives, or why the zip is refused as a whole.
    pub members: Result<Vec<Member>, Refusal>,
}

/// A table or an archive in a zip.
#[derive(Debug)]
pub struct Member {
    /// The folders inside the zip, outermost first.
    pub folders: Vec<String>,
    pub file: String,
    pub hash: ContentHash,
    /// Empty where it is larger than a file may be.
    pub bytes: Vec<u8>,
    pub unread: Option<Refusal>,
}

/// Looks into a zip of files; `None` for anything else: a workbook, a document, no zip at all, half a zip.
#[must_use]
pub fn open(bytes: &[u8], limits: &Limits) -> Option<Opened> {
    if !bytes.starts_with(b"PK") || u64::try_from(bytes.len()).map_or(true, |length| length > limits.file_bytes_max) {
        return None;
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    if is_document(&mut archive) {
        return None;
    }
    let mut entries = Vec::new();
    let members = unpack(&mut archive, limits, &mut entries);
    Some(Opened { entries, members })
}

/// Parts by which a package of an office program is known; files are only embedded in it.
const DOCUMENT_PARTS: [&[u8]; 4] = [b"[content_types].xml", b"mimetype", b"workbook.xml", b"workbook.bin"];

fn is_document(archive: &mut Archive) -> bool {
    (0..archive.len()).any(|at| {
        archive.by_index_raw(at).is_ok_and(|entry| {
            let name = entry.name_raw().to_ascii_lowercase();
            DOCUMENT_PARTS.iter().any(|part| name == *part || name.strip_suffix(*part).is_some_and(|folder| folder.ends_with(b"/")))
        })
    })
}

fn unpack(archive: &mut Archive, limits: &Limits, entries: &mut Vec<PackedEntry>) -> Result<Vec<Member>, Refusal> {
    if archive.len() > limits.zip_entries_max || archive.has_duplicate_names() {
        return Err(Refusal::HostileArchive);
    }
    let (mut members, mut has_table) = (Vec::new(), false);
    let mut left = limits.inflated_bytes_max;
    let places = survey(archive, limits, entries)?;
    for ((at, parts), entry) in places.into_iter().zip(entries) {
        let zipped = archive.by_index(at).map_err(|_| Refusal::Packed)?;
        let content = read(zipped, limits, &mut left)?;
        entry.kind = kind(entry.kind, &content, limits);
        has_table |= entry.kind == PackedKind::Workbook;
        let [folders @ .., file] = parts.as_slice() else { continue };
        if entry.kind == PackedKind::Other {
            continue;
        }
        let (folders, file) = (folders.to_vec(), file.clone());
        members.push(match content {
            Content::Whole(bytes) => Member { folders, file, hash: ContentHash::of(&bytes), bytes, unread: None },
            Content::TooLarge(hash) => Member { folders, file, hash, bytes: Vec::new(), unread: Some(Refusal::TooLarge) },
        });
    }
    // Archives alone are no reason to look further: the sender unpacks them. A table that cannot be read has a reason of its own.
    if has_table { Ok(members) } else { Err(Refusal::NothingPacked) }
}

/// Where each file lies in the zip, and the parts of its name; names and stated sizes are held against the limits first.
fn survey(archive: &mut Archive, limits: &Limits, entries: &mut Vec<PackedEntry>) -> Result<Vec<(usize, Vec<String>)>, Refusal> {
    let mut places = Vec::new();
    let mut total: u64 = 0;
    for at in 0..archive.len() {
        let entry = archive.by_index_raw(at).map_err(|_| Refusal::Truncated)?;
        let parts = names::parts(entry.name_raw()).ok_or(Refusal::HostileArchive)?;
        if !entry.is_file() || names::is_passed_over(&parts) {
            continue;
        }
        if parts.iter().any(|part| is_marked_name(part)) {
            return Err(Refusal::SuspectedSecret);
        }
        let kind = names::kind(parts.last().map_or("", String::as_str));
        entries.push(PackedEntry { name: parts.join("/"), kind });
        if entry.encrypted() {
            return Err(Refusal::LockedArchive);
        }
        total = total.saturating_add(entry.size());
        let ratio = entry.size() / entry.compressed_size().max(1);
        let grows = entry.size() > RATIO_FREE_BYTES && ratio > limits.inflate_ratio_max && kind != PackedKind::Other;
        if grows || total > limits.inflated_bytes_max {
            return Err(Refusal::HostileArchive);
        }
        places.push((at, parts));
    }
    match archive.has_overlapping_entries() {
        Ok(false) => Ok(places),
        Ok(true) => Err(Refusal::HostileArchive),
        Err(_) => Err(Refusal::Truncated),
    }
}

enum Content {
    Whole(Vec<u8>),
    TooLarge(ContentHash),
}

/// Inflates one entry; `left` is what may still come out of the zip.
fn read(mut entry: ZipFile<'_, Cursor<&[u8]>>, limits: &Limits, left: &mut u64) -> Result<Content, Refusal> {
    let broken = |_| Refusal::Truncated;
    let mut bytes = Vec::new();
    (&mut entry).take(limits.file_bytes_max.min(*left).saturating_add(1)).read_to_end(&mut bytes).map_err(broken)?;
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    *left = left.checked_sub(length).ok_or(Refusal::HostileArchive)?;
    if length <= limits.file_bytes_max {
        return Ok(Content::Whole(bytes));
    }
    let mut rest = Counted { from: entry.take(left.saturating_add(1)), count: 0 };
    let hash = ContentHash::of_stream(Cursor::new(bytes).chain(&mut rest)).map_err(broken)?;
    *left = left.checked_sub(rest.count).ok_or(Refusal::HostileArchive)?;
    Ok(Content::TooLarge(hash))
}

/// Counts what is read through it.
struct Counted<R> {
    from: R,
    count: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.from.read(into)?;
        self.count = self.count.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        Ok(read)
    }
}

/// A table without the usual ending counts by what it holds.
fn kind(by_name: PackedKind, content: &Content, limits: &Limits) -> PackedKind {
    let Content::Whole(bytes) = content else { return by_name };
    match sniff(bytes, limits) {
        Err(Refusal::Packed) => PackedKind::Archive,
        Ok(_) => PackedKind::Workbook,
        Err(_) => by_name,
    }
}

#[cfg(test)]
mod tests;
