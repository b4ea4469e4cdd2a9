//! A table of a definition file, read key by key.
//!
//! Each key asked for counts as known; [`Table::finish`] reports those nobody asked for. Nothing here stops at the first
//! fault: what cannot be read is reported and comes back as `None`.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use super::document::{At, Document, Parsed};
use super::environment::Overlay;
use super::suggest;
use super::value::{Entries, Node, Raw, Value};

/// One table under reading.
#[derive(Debug)]
pub struct Table<'d> {
    entries: &'d Entries,
    span: Range<usize>,
    document: Document,
    /// What messages call it: `[[indicator]]`.
    title: String,
    known: RefCell<BTreeSet<&'static str>>,
    overlay: Option<Overlay<'d>>,
}

impl<'d> Table<'d> {
    /// The root table of a file.
    #[must_use]
    pub fn root(parsed: &'d Parsed) -> Self {
        Self::new(&parsed.root, 0..0, parsed.document.clone(), "the file".to_owned())
    }

    fn new(entries: &'d Entries, span: Range<usize>, document: Document, title: String) -> Self {
        Self { entries, span, document, title, known: RefCell::default(), overlay: None }
    }

    /// Its heading's place.
    #[must_use]
    pub fn at(&self) -> At<()> {
        At { value: (), span: self.span.clone(), document: self.document.clone() }
    }

    /// Reports a problem with the table as a whole.
    pub fn problem(&self, message: impl Into<String>, hint: impl Into<String>) {
        self.document.problem(self.span.clone(), message, hint);
    }

    /// Whether the key is there.
    #[must_use]
    pub fn has(&self, key: &'static str) -> bool {
        self.get(key).is_some()
    }

    /// Whether the key is there and holds a text.
    #[must_use]
    pub fn is_text(&self, key: &'static str) -> bool {
        self.get(key).is_some_and(|found| matches!(found.value, Raw::Toml(Value::Text(_)) | Raw::Variable(_)))
    }

    /// The place of a key's value, or the heading's where it is absent.
    #[must_use]
    pub fn place_of(&self, key: &'static str) -> At<()> {
        self.get(key).map_or_else(|| self.at(), |found| found.with(()))
    }

    /// Reports that a key which must be there is not; silent where the file was read only in part.
    pub fn missing(&self, key: &'static str, example: &str) {
        if !self.document.is_partial() {
            self.problem(format!("{} lacks `{key}`", self.title), format!("add `{key} = {example}`"));
        }
    }

    /// The table of that key, if it is there.
    #[must_use]
    pub fn table(&self, key: &'static str) -> Option<Table<'d>> {
        self.known.borrow_mut().insert(key);
        let node = self.entries.get(key)?;
        let Value::Table(entries) = &node.value else {
            self.document.problem(node.span.clone(), format!("`{key}` is {}, not a table", node.value.kind()), format!("write `[{key}]`"));
            return None;
        };
        Some(Self::new(entries, node.span.clone(), self.document.clone(), format!("`[{key}]`")))
    }

    /// A plain table of that key, or `empty` in its place.
    #[must_use]
    pub fn table_or(&self, key: &'static str, empty: &'d Entries) -> Table<'d> {
        self.table(key).unwrap_or_else(|| Self::new(empty, self.span.clone(), self.document.clone(), format!("`[{key}]`")))
    }

    /// The same table, its scalars overridden by the environment.
    #[must_use]
    pub fn overlaid(mut self, overlay: Overlay<'d>) -> Self {
        self.overlay = Some(overlay);
        self
    }

    /// The tables of a `[[key]]` list.
    #[must_use]
    pub fn tables(&self, key: &'static str) -> Vec<Table<'d>> {
        self.known.borrow_mut().insert(key);
        let Some(node) = self.entries.get(key) else { return Vec::new() };
        let wrong = |node: &Node| {
            let message = format!("`{key}` is {}, not a list of tables", node.value.kind());
            self.document.problem(node.span.clone(), message, format!("write `[[{key}]]` above each of them"));
        };
        let Value::List(items) = &node.value else {
            wrong(node);
            return Vec::new();
        };
        let title = match self.title.strip_prefix("`[[").and_then(|title| title.strip_suffix("]]`")) {
            Some(parent) => format!("`[[{parent}.{key}]]`"),
            None => format!("`[[{key}]]`"),
        };
        let mut tables = Vec::new();
        for item in items {
            match &item.value {
                Value::Table(entries) => {
                    tables.push(Self::new(entries, item.span.clone(), self.document.clone(), title.clone()));
                }
                _ => wrong(item),
            }
        }
        tables
    }

    /// The keys of a table whose keys are data (a 目标分解), each with its place, in order of key.
    #[must_use]
    pub fn open_keys(&self) -> Vec<At<String>> {
        self.entries
            .iter()
            .map(|(key, node)| At { value: key.clone(), span: node.key_span.clone(), document: self.document.clone() })
            .collect()
    }

    /// The value of such a key.
    pub(super) fn open_value(&self, key: &str) -> Option<At<Raw<'d>>> {
        let node = self.entries.get(key)?;
        Some(At { value: Raw::Toml(&node.value), span: node.span.clone(), document: self.document.clone() })
    }

    pub(super) fn get(&self, key: &'static str) -> Option<At<Raw<'d>>> {
        self.known.borrow_mut().insert(key);
        if let Some(found) = self.overlay.as_ref().and_then(|overlay| overlay.get(key)) {
            return Some(found);
        }
        self.open_value(key)
    }

    /// Reports the keys nobody asked for.
    pub fn finish(self) {
        let known = self.known.borrow();
        for (key, node) in self.entries {
            if !known.contains(key.as_str()) {
                let message = format!("{} has no key `{key}`", self.title);
                self.document.problem(node.key_span.clone(), message, suggest::hint(key, known.iter().copied()));
            }
        }
    }
}
