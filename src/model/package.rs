//! A zip in which files were packed (压缩包): the file as it arrived, and what stood in it.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::ContentHash;

/// A zip of files as the ledger has it; each workbook in it is a submission of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    pub hash: ContentHash,
    /// The folders below the source and the file name, joined by `/`; the paths of its submissions begin with it.
    pub path: String,
    pub received_at: DateTime<FixedOffset>,
    /// In the zip's order, without what computers put into zips by themselves.
    pub entries: Vec<PackedEntry>,
}

/// A file in a zip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackedEntry {
    /// With its folders inside the zip.
    pub name: String,
    pub kind: PackedKind,
}

/// What a file in a zip is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PackedKind {
    /// By name or content a table: a submission.
    Workbook,
    /// By name or content another archive: named, not opened.
    Archive,
    /// Letters, pictures and the like: kept with the zip, not read.
    Other,
}

/// So many names are told, the others counted.
const NAMES_MAX: usize = 5;

impl Package {
    /// The names of what is no workbook in it.
    #[must_use]
    pub fn beside(&self) -> Vec<&str> {
        self.entries.iter().filter(|entry| entry.kind == PackedKind::Other).map(|entry| entry.name.as_str()).collect()
    }

    /// What was found in it: `“通知.docx”“照片.jpg”等7个文件`, `没有文件`.
    #[must_use]
    pub fn told(&self) -> String {
        names(&self.entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>())
    }
}

/// Names in quotes, five at most, the rest as a count.
#[must_use]
pub fn names(names: &[&str]) -> String {
    if names.is_empty() {
        return "没有文件".to_owned();
    }
    let shown = names.iter().take(NAMES_MAX).fold(String::new(), |shown, name| shown + "“" + name + "”");
    if names.len() > NAMES_MAX { format!("{shown}等{}个文件", names.len()) } else { shown }
}
