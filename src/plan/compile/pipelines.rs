//! The files of `pipelines/` and of its folders named by a year, and which of them are valid when.

use std::path::Path;

use crate::model::Period;
use crate::settings::document::{Document, Parsed, Problems};
use crate::settings::table::Table;
use crate::settings::value::Value;

/// One pipeline file as read.
pub struct Pipeline {
    pub parsed: Parsed,
    pub valid_from: Option<Period>,
    pub valid_until: Option<Period>,
}

/// Reads all of them, sorted by name; those of a year's folder come before what stands beside it.
pub fn read(workspace: &Path, problems: &Problems) -> Vec<Pipeline> {
    let (names, years) = match listed(&workspace.join("pipelines")) {
        Ok(found) => found,
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
    };
    let mut places: Vec<(Option<i32>, String)> = names.into_iter().map(|name| (None, format!("pipelines/{name}"))).collect();
    for year in years {
        match listed(&workspace.join("pipelines").join(year.to_string())) {
            Ok((names, _)) => places.extend(names.into_iter().map(|name| (Some(year), format!("pipelines/{year}/{name}")))),
            Err(error) => {
                let message = format!("this folder cannot be read: {error}");
                Document::new(&format!("pipelines/{year}"), "", problems).problem(0..0, message, "check its owner and permissions");
            }
        }
    }
    if places.is_empty() {
        Document::new("pipelines", "", problems).problem(
            0..0,
            "this folder holds no .toml file",
            "write one file per measure (docs/plan-files.md)",
        );
    }
    places.sort_by(|(_, a), (_, b)| a.cmp(b));
    places
        .iter()
        .filter_map(|(year, place)| Some((*year, Document::open(workspace, place, problems)?)))
        .map(|(year, parsed)| with_validity(parsed, year))
        .collect()
}

/// The names of a folder's TOML files, and the years its folders are named by.
fn listed(folder: &Path) -> std::io::Result<(Vec<String>, Vec<i32>)> {
    let (mut names, mut years) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(folder)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() {
            years.extend(name.parse().ok().filter(|year| name.len() == 4 && (1900..=2200).contains(year)));
        } else if Path::new(&name).extension().is_some_and(|extension| extension == "toml") && !name.starts_with('.') {
            names.push(name);
        }
    }
    Ok((names, years))
}

/// A file of a year's folder that says nothing of its validity is that year's.
fn with_validity(parsed: Parsed, folder: Option<i32>) -> Pipeline {
    let root = Table::root(&parsed);
    let valid_from = root.parsed::<Period>("valid_from", "\"2022-01\"");
    let valid_until = root.parsed::<Period>("valid_until", "\"2022-12\"");
    if let (Some(from), Some(until)) = (&valid_from, &valid_until)
        && from.value > until.value
    {
        until.problem("`valid_until` lies before `valid_from`", "swap the two");
    }
    let says = root.has("valid_from") || root.has("valid_until");
    let (valid_from, valid_until) = (valid_from.map(|from| from.value), valid_until.map(|until| until.value));
    match folder.filter(|_| !says) {
        Some(year) => Pipeline { parsed, valid_from: Period::new(year, 1), valid_until: Period::new(year, 12) },
        None => Pipeline { parsed, valid_from, valid_until },
    }
}

impl Pipeline {
    /// The file's name without its folder.
    pub fn name(&self) -> &str {
        self.parsed.document.file().rsplit('/').next().unwrap_or("")
    }

    /// Whether it is in force in `period`.
    pub fn covers(&self, period: Period) -> bool {
        self.valid_from.is_none_or(|from| from <= period) && self.valid_until.is_none_or(|until| period <= until)
    }

    /// The year it begins in; `[plan] year` where it does not say so, but never one after its end.
    pub fn year(&self, plan_year: i32) -> i32 {
        match (self.valid_from, self.valid_until) {
            (Some(from), _) => from.year(),
            (None, Some(until)) => plan_year.min(until.year()),
            (None, None) => plan_year,
        }
    }

    /// The number of its measure, as written.
    pub fn number(&self) -> Option<u32> {
        self.parsed.root.get("number").and_then(|node| match &node.value {
            Value::Integer(number) => u32::try_from(*number).ok(),
            _ => None,
        })
    }

    /// The codes of its datasets, as written.
    pub fn datasets(&self) -> impl Iterator<Item = &str> {
        let list = self.parsed.root.get("dataset").map(|node| &node.value);
        let items = if let Some(Value::List(items)) = list { items.as_slice() } else { &[] };
        let codes = items.iter().filter_map(|item| if let Value::Table(entries) = &item.value { entries.get("code") } else { None });
        codes.filter_map(|node| if let Value::Text(code) = &node.value { Some(code.as_str()) } else { None })
    }
}

/// The files of a set.
pub fn chosen<'a>(files: &'a [Pipeline], mask: &Mask) -> Vec<&'a Pipeline> {
    files.iter().zip(mask).filter(|(_, valid)| **valid).map(|(file, _)| file).collect()
}

/// The year of the plan that `files` make: the latest one of them begins in.
///
/// One without validity goes with the others; `[plan] year` is the year of a plan whose files say nothing.
pub fn year(files: &[&Pipeline], plan_year: i32) -> i32 {
    let began = files.iter().filter_map(|file| file.valid_from).map(Period::year).max();
    began.unwrap_or_else(|| files.iter().map(|file| file.year(plan_year)).min().unwrap_or(plan_year))
}

/// Reports a period that no file covers.
pub fn report_none(files: &[Pipeline], period: Period, problems: &Problems) {
    if !files.is_empty() && !files.iter().any(|file| file.covers(period)) {
        let message = format!("no file is valid in {period}");
        Document::new("pipelines", "", problems).problem(0..0, message, "widen `valid_from` and `valid_until`, or name another period");
    }
}

/// Which of the files are in force.
pub type Mask = Vec<bool>;

/// The files in force in `period`.
pub fn mask(files: &[Pipeline], period: Period) -> Mask {
    files.iter().map(|file| file.covers(period)).collect()
}

/// Every different set of files from the January of `year` on, the one of its December last.
pub fn choose(files: &[Pipeline], year: i32) -> Vec<Mask> {
    let later = starts(files).into_iter().filter(|start| start.year() > year).map(|start| mask(files, start));
    // After the last file has ended there is no plan to look at.
    let later = later.filter(|mask| mask.contains(&true));
    let own = (1..=12).filter_map(|month| Period::new(year, month)).map(|month| mask(files, month));
    let mut sets: Vec<Mask> = Vec::new();
    for mask in later.chain(own) {
        sets.retain(|known| *known != mask);
        sets.push(mask);
    }
    if sets.is_empty() {
        // The settings give no year: check all of them together.
        return vec![vec![true; files.len()]];
    }
    sets
}

/// The periods from which on another set of files is in force, ascending.
fn starts(files: &[Pipeline]) -> Vec<Period> {
    let mut starts: Vec<Period> = files.iter().flat_map(|file| [file.valid_from, file.valid_until.map(Period::next)]).flatten().collect();
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// The sets of files in force, each from a period on (the first from the beginning), oldest first.
pub fn spans(files: &[Pipeline]) -> Vec<(Option<Period>, Mask)> {
    let starts = starts(files);
    let before = starts.first().map(|first| first.previous());
    let covering = |period: Option<Period>| files.iter().map(|file| period.is_none_or(|period| file.covers(period))).collect();
    std::iter::once((None, covering(before))).chain(starts.iter().map(|start| (Some(*start), covering(Some(*start))))).collect()
}
