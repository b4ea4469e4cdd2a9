//! The plan's hash: BLAKE3 over every parsed value that decides figures or texts, without comments, white space or order of keys.
//!
//! E-mail addresses and a file's validity decide neither, so changing them makes no new version of a month.

use crate::plan::Plan;
use crate::settings::value::{Entries, Value};

/// A hash under construction.
#[derive(Clone)]
pub struct Digest(blake3::Hasher);

impl Digest {
    /// One that goes on from a finished hash.
    pub fn after(hash: &str) -> Self {
        let mut digest = Self::new();
        digest.text(hash);
        digest
    }

    /// An empty one.
    pub fn new() -> Self {
        Self(blake3::Hasher::new())
    }

    /// Adds a file of `config/`.
    pub fn config(&mut self, root: &Entries) {
        self.table(root, &["to", "cc"]);
    }

    /// Adds a pipeline file.
    pub fn pipeline(&mut self, root: &Entries) {
        let kept = root.iter().filter(|(key, _)| !matches!(key.as_str(), "valid_from" | "valid_until"));
        self.tag(b'P', kept.clone().count());
        for (key, node) in kept {
            self.text(key);
            // What is asked about moves no figure.
            self.value(&node.value, &["checks"]);
        }
    }

    /// Adds that `indicators` are taken from an earlier file.
    pub fn earlier(&mut self, indicators: &[&str], root: &Entries) {
        self.tag(b'E', indicators.len());
        for code in indicators {
            self.text(code);
        }
        self.pipeline(root);
    }

    /// The hexadecimal digits.
    pub fn hex(&self) -> String {
        self.0.finalize().to_hex().to_string()
    }

    fn table(&mut self, entries: &Entries, without: &[&str]) {
        let kept = entries.iter().filter(|(key, _)| !without.contains(&key.as_str()));
        self.tag(b'T', kept.clone().count());
        for (key, node) in kept {
            self.text(key);
            self.value(&node.value, without);
        }
    }

    fn value(&mut self, value: &Value, without: &[&str]) {
        match value {
            Value::Text(text) | Value::Date(text) | Value::Float(text) => self.text(text),
            Value::Integer(number) => self.text(&number.to_string()),
            Value::Flag(flag) => self.tag(b'B', usize::from(*flag)),
            Value::List(items) => {
                self.tag(b'L', items.len());
                for item in items {
                    self.value(&item.value, without);
                }
            }
            Value::Table(entries) => self.table(entries, without),
        }
    }

    fn text(&mut self, text: &str) {
        self.tag(b'S', text.len());
        self.0.update(text.as_bytes());
    }

    /// Kind and length in front of everything, so that no two trees share their bytes.
    fn tag(&mut self, kind: u8, length: usize) {
        self.0.update(&[kind]);
        self.0.update(&u64::try_from(length).unwrap_or(u64::MAX).to_le_bytes());
    }
}

/// The hash of the finished plan: its files, its name and its year.
pub fn finish(plan: &Plan) -> String {
    let mut digest = Digest::new();
    digest.text(&plan.hash);
    digest.text(&plan.name);
    digest.text(&plan.short_name);
    digest.text(&plan.year.to_string());
    digest.hex()
}
