//! The files of `pipelines/`, and which of them are valid when.

use std::path::Path;

use crate::model::Period;
use crate::settings::document::{Document, Parsed, Problems};
use crate::settings::table::Table;

/// One pipeline file as read.
pub struct Pipeline {
    pub parsed: Parsed,
    valid_from: Option<Period>,
    valid_until: Option<Period>,
}

/// Reads all of them, sorted by name.
pub fn read(workspace: &Path, problems: &Problems) -> Vec<Pipeline> {
    let mut names = Vec::new();
    match std::fs::read_dir(workspace.join("pipelines")) {
        Ok(entries) => {
            for entry in entries.flatten() {
                let name = entry.file_name().to_string_lossy().into_owned();
                if Path::new(&name).extension().is_some_and(|extension| extension == "toml") && !name.starts_with('.') {
                    names.push(name);
                }
            }
        }
        Err(error) => {
            let message = if error.kind() == std::io::ErrorKind::NotFound {
                "this folder is missing".to_owned()
            } else {
                format!("this folder cannot be read: {error}")
            };
            Document::new("pipelines", "", problems).problem(
                0..0,
                message,
                "it holds one TOML file per measure; `wenjin init` makes an example",
            );
            return Vec::new();
        }
    }
    if names.is_empty() {
        Document::new("pipelines", "", problems).problem(
            0..0,
            "this folder holds no .toml file",
            "write one file per measure (docs/plan-files.md)",
        );
    }
    names.sort();
    names.iter().filter_map(|name| Document::open(workspace, &format!("pipelines/{name}"), problems)).map(with_validity).collect()
}

fn with_validity(parsed: Parsed) -> Pipeline {
    let root = Table::root(&parsed);
    let valid_from = root.parsed::<Period>("valid_from", "\"2022-01\"");
    let valid_until = root.parsed::<Period>("valid_until", "\"2022-12\"");
    if let (Some(from), Some(until)) = (&valid_from, &valid_until)
        && from.value > until.value
    {
        until.problem("`valid_until` lies before `valid_from`", "swap the two");
    }
    let (valid_from, valid_until) = (valid_from.map(|from| from.value), valid_until.map(|until| until.value));
    Pipeline { parsed, valid_from, valid_until }
}

impl Pipeline {
    /// The file's name without its folder.
    pub fn name(&self) -> &str {
        self.parsed.document.file().rsplit('/').next().unwrap_or("")
    }

    fn covers(&self, period: Period) -> bool {
        self.valid_from.is_none_or(|from| from <= period) && self.valid_until.is_none_or(|until| period <= until)
    }
}

/// Reports a period that no file covers.
pub fn report_none(files: &[Pipeline], period: Period, problems: &Problems) {
    if !files.is_empty() && !files.iter().any(|file| file.covers(period)) {
        let message = format!("no file is valid in {period}");
        Document::new("pipelines", "", problems).problem(0..0, message, "widen `valid_from` and `valid_until`, or name another period");
    }
}

/// The sets of files to compile: those of the period, or every different set of the year's months, December's last.
pub fn choose(files: &[Pipeline], period: Option<Period>, year: i32) -> Vec<Vec<&Pipeline>> {
    let months = match period {
        Some(period) => vec![period],
        None => (1..=12).filter_map(|month| Period::new(year, month)).collect(),
    };
    let mut sets: Vec<(Vec<bool>, Vec<&Pipeline>)> = Vec::new();
    for month in months {
        let mask = files.iter().map(|file| file.covers(month)).collect::<Vec<_>>();
        sets.retain(|(known, _)| *known != mask);
        sets.push((mask, files.iter().filter(|file| file.covers(month)).collect()));
    }
    if sets.is_empty() {
        // The settings give no year: check all of them together.
        return vec![files.iter().collect()];
    }
    sets.into_iter().map(|(_, set)| set).collect()
}

/// The sets of files in force, each from a period on (the first from the beginning), oldest first.
pub fn spans(files: &[Pipeline]) -> Vec<(Option<Period>, Vec<&Pipeline>)> {
    let mut starts: Vec<Period> = files.iter().flat_map(|file| [file.valid_from, file.valid_until.map(Period::next)]).flatten().collect();
    starts.sort_unstable();
    starts.dedup();
    let before = starts.first().map(|first| first.previous());
    let covering = |period: Option<Period>| files.iter().filter(|file| period.is_none_or(|period| file.covers(period))).collect();
    std::iter::once((None, covering(before))).chain(starts.iter().map(|start| (Some(*start), covering(Some(*start))))).collect()
}
