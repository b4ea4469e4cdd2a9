//! A package's parts: found by name in any case, read as text, changed by splices; what is not touched is copied as it is stored.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::splice::{Splice, Trace, apply};
use crate::ingest::survey;

/// Why a package is not marked: the list goes alone then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// No zip, odd names, parts that are not there or not UTF-8.
    Package,
    /// Digitally signed: any change would break the signature.
    Signed,
    /// A part that has to be changed is not well-formed or not as it should be.
    Part,
}

/// A part that was changed or added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub name: String,
    /// Names its content now.
    pub hash: String,
    /// `None`: it was not there before.
    pub traces: Option<Vec<Trace>>,
}

/// An opened package with the changes to it.
pub struct Parts<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Place and name as written, by name in lower case.
    places: BTreeMap<String, (usize, String)>,
    splices: BTreeMap<String, Vec<Splice>>,
    /// Parts whose splices are made.
    replaced: BTreeMap<String, String>,
    added: Vec<(String, Vec<u8>)>,
    dropped: BTreeSet<String>,
}

/// So much of a part's hash names its content.
const HASH_LENGTH: usize = 16;

/// Names a part's content.
#[must_use]
pub fn hash(content: &[u8]) -> String {
    blake3::hash(content).to_hex().chars().take(HASH_LENGTH).collect()
}

impl<'a> Parts<'a> {
    /// Opens a package.
    ///
    /// # Errors
    /// It is no zip, is signed, or has entries of odd names.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Unfit> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unfit::Package)?;
        let mut places = BTreeMap::new();
        for at in 0..archive.len() {
            let entry = archive.by_index_raw(at).map_err(|_| Unfit::Package)?;
            let name = entry.name().map_err(|_| Unfit::Package)?.into_owned();
            let is_odd = name.contains('\\') || name.starts_with('/') || name.split('/').any(|step| step == ".." || step == ".");
            if is_odd || entry.encrypted() {
                return Err(Unfit::Package);
            }
            let lower = name.to_lowercase();
            if lower.starts_with("_xmlsignatures/") {
                return Err(Unfit::Signed);
            }
            if places.insert(lower, (at, name)).is_some() {
                return Err(Unfit::Package);
            }
        }
        Ok(Self { archive, places, splices: BTreeMap::new(), replaced: BTreeMap::new(), added: Vec::new(), dropped: BTreeSet::new() })
    }

    /// Whether there is such a part.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        let lower = name.to_lowercase();
        self.places.contains_key(&lower) || self.added.iter().any(|(added, _)| added.to_lowercase() == lower)
    }

    /// The names of all parts in lower case.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    /// A part's content as it came.
    #[must_use]
    pub fn bytes(&mut self, name: &str) -> Option<Vec<u8>> {
        let at = self.places.get(&name.to_lowercase())?.0;
        let mut content = Vec::new();
        self.archive.by_index(at).ok()?.read_to_end(&mut content).ok()?;
        Some(content)
    }

    /// A part's content as text.
    ///
    /// # Errors
    /// It is not there, or not UTF-8.
    pub fn text(&mut self, name: &str) -> Result<String, Unfit> {
        self.bytes(name).and_then(|content| String::from_utf8(content).ok()).ok_or(Unfit::Package)
    }

    /// Changes a part; offsets are those of the part as it came.
    pub fn splice(&mut self, name: &str, splices: impl IntoIterator<Item = Splice>) {
        let mut splices = splices.into_iter().peekable();
        if splices.peek().is_some() {
            self.splices.entry(name.to_lowercase()).or_default().extend(splices);
        }
    }

    /// Adds a part.
    pub fn add(&mut self, name: String, content: impl Into<Vec<u8>>) {
        self.added.push((name, content.into()));
    }

    /// Leaves a part out.
    pub fn drop_part(&mut self, name: &str) {
        self.dropped.insert(name.to_lowercase());
    }

    /// A name that no part has: `<stem><n><end>`.
    #[must_use]
    pub fn free_name(&self, stem: &str, end: &str) -> String {
        let free = (1..=self.places.len() + self.added.len() + 1).map(|number| format!("{stem}{number}{end}")).find(|name| !self.has(name));
        free.unwrap_or_else(|| format!("{stem}{end}"))
    }

    /// A part's name as it is written.
    #[must_use]
    pub fn name(&self, name: &str) -> String {
        self.places.get(&name.to_lowercase()).map_or_else(|| name.to_owned(), |(_, written)| written.clone())
    }

    /// Makes the splices; what was changed and added so far.
    ///
    /// # Errors
    /// Splices that overlap.
    pub fn settle(&mut self) -> Result<Vec<Changed>, Unfit> {
        let mut changed = Vec::new();
        for (lower, splices) in std::mem::take(&mut self.splices) {
            let text = self.text(&lower)?;
            let (now, traces) = apply(&text, splices).ok_or(Unfit::Part)?;
            changed.push(Changed { name: self.name(&lower), hash: hash(now.as_bytes()), traces: Some(traces) });
            self.replaced.insert(lower, now);
        }
        changed.extend(self.added.iter().map(|(name, content)| Changed { name: name.clone(), hash: hash(content), traces: None }));
        Ok(changed)
    }

    /// The package with the changes.
    ///
    /// # Errors
    /// Splices that overlap; a part that cannot be copied.
    pub fn written(mut self) -> Result<Vec<u8>, Unfit> {
        self.settle()?;
        let mut package = ZipWriter::new(Cursor::new(Vec::new()));
        let mut places: Vec<(usize, String, String)> =
            self.places.iter().map(|(lower, (at, name))| (*at, lower.clone(), name.clone())).collect();
        places.sort();
        for (at, lower, name) in places {
            if self.dropped.contains(&lower) {
                continue;
            }
            if let Some(changed) = self.replaced.get(&lower) {
                put(&mut package, &name, changed.as_bytes())?;
                continue;
            }
            let entry = self.archive.by_index_raw(at).map_err(|_| Unfit::Package)?;
            package.raw_copy_file(entry).map_err(|_| Unfit::Package)?;
        }
        for (name, content) in &self.added {
            put(&mut package, name, content)?;
        }
        Ok(package.finish().map_err(|_| Unfit::Package)?.into_inner())
    }
}

fn put(package: &mut ZipWriter<Cursor<Vec<u8>>>, name: &str, content: &[u8]) -> Result<(), Unfit> {
    package.start_file(name, SimpleFileOptions::default()).map_err(|_| Unfit::Package)?;
    package.write_all(content).map_err(|_| Unfit::Package)
}

/// A part's name from a target written in the part `from`, in lower case and without the leading `/`.
#[must_use]
pub fn resolved(from: &str, target: &str) -> String {
    let folder = from.rfind('/').and_then(|end| from.get(..=end)).unwrap_or_default();
    survey::resolved(folder, target)
}

/// How the part `from` refers to the part `to`.
#[must_use]
pub fn target(from: &str, to: &str, absolute: bool) -> String {
    if absolute {
        return format!("/{to}");
    }
    let (from, to): (Vec<&str>, Vec<&str>) = (from.split('/').collect(), to.split('/').collect());
    let folders = from.len().saturating_sub(1);
    let shared = from.iter().take(folders).zip(&to).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count().min(to.len().saturating_sub(1));
    let up = std::iter::repeat_n("..", folders - shared);
    up.chain(to.iter().skip(shared).copied()).collect::<Vec<_>>().join("/")
}

/// The part that holds a part's relations.
#[must_use]
pub fn relations_of(name: &str) -> String {
    match name.rsplit_once('/') {
        Some((folder, file)) => format!("{folder}/_rels/{file}.rels"),
        None => format!("_rels/{name}.rels"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_lead_from_one_part_to_another() {
        for (from, to, target) in [
            ("xl/workbook.xml", "xl/worksheets/sheet3.xml", "worksheets/sheet3.xml"),
            ("xl/worksheets/sheet1.xml", "xl/comments2.xml", "../comments2.xml"),
            ("workbook.xml", "worksheets/a.xml", "worksheets/a.xml"),
            ("a/b/c.xml", "d/e.xml", "../../d/e.xml"),
        ] {
            assert_eq!(super::target(from, to, false), target);
            assert_eq!(resolved(from, target), to);
            assert_eq!(resolved(from, &super::target(from, to, true)), to);
        }
    }

    #[test]
    fn untouched_parts_are_copied_as_they_are_stored() {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        zip.start_file("a.xml", stored).unwrap();
        zip.write_all(b"<a/>").unwrap();
        zip.start_file("B.xml", stored).unwrap();
        zip.write_all(b"<b/>").unwrap();
        let bytes = zip.finish().unwrap().into_inner();
        let mut parts = Parts::open(&bytes).unwrap();
        parts.splice("b.XML", [Splice::insert(2, " c=\"1\"")]);
        let written = parts.written().unwrap();
        let mut now = ZipArchive::new(Cursor::new(written.as_slice())).unwrap();
        let raw = |archive: &mut ZipArchive<Cursor<&[u8]>>, at: usize| {
            let mut entry = archive.by_index_raw(at).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (entry.name().unwrap().into_owned(), entry.compression(), bytes)
        };
        assert_eq!(raw(&mut now, 0), ("a.xml".to_owned(), zip::CompressionMethod::Stored, b"<a/>".to_vec()));
        assert_eq!(Parts::open(&written).unwrap().text("b.xml").unwrap(), "<b c=\"1\"/>");
    }
}
