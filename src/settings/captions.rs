//! `config/captions.toml`: the office's own words for sheet titles, column headings, light words and notes. Optional.
//!
//! A caption is named by the words the program ships with; what has no line stays as shipped.

use std::collections::BTreeMap;
use std::path::Path;

use super::document::{At, Document, Problems};
use super::suggest;
use super::table::Table;
use super::value::Entries;

mod known;

pub use known::{HEADINGS, LIGHTS, NOTES, SHEETS};

/// The file the captions stand in.
pub const FILE: &str = "config/captions.toml";

/// The longest name Excel takes for a sheet, in characters.
const TAB_CHARS_MAX: usize = 31;

/// Words in place of the shipped ones; empty without the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Captions {
    sheets: BTreeMap<String, String>,
    headings: BTreeMap<String, String>,
    lights: BTreeMap<String, String>,
    notes: BTreeMap<String, String>,
}

impl Captions {
    /// Those of nobody: everything as shipped.
    #[must_use]
    pub const fn shipped() -> Self {
        Self { sheets: BTreeMap::new(), headings: BTreeMap::new(), lights: BTreeMap::new(), notes: BTreeMap::new() }
    }

    /// Its tables by name, for a version's digest: a new one does not compile until it stands here.
    #[must_use]
    pub fn tables(&self) -> [(&'static str, &BTreeMap<String, String>); 4] {
        let Self { sheets, headings, lights, notes } = self;
        [("sheets", sheets), ("headings", headings), ("lights", lights), ("notes", notes)]
    }

    /// The shipped ones with other notes.
    #[cfg(test)]
    pub(crate) fn of_notes<const N: usize>(notes: [(&str, &str); N]) -> Self {
        let notes = notes.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
        Self { notes, ..Self::shipped() }
    }

    /// A sheet's name.
    #[must_use]
    pub fn sheet<'a>(&'a self, shipped: &'a str) -> &'a str {
        self.sheets.get(shipped).map_or(shipped, String::as_str)
    }

    /// A column's heading.
    #[must_use]
    pub fn heading<'a>(&'a self, shipped: &'a str) -> &'a str {
        self.headings.get(shipped).map_or(shipped, String::as_str)
    }

    /// A light's word.
    #[must_use]
    pub fn light<'a>(&'a self, shipped: &'a str) -> &'a str {
        self.lights.get(shipped).map_or(shipped, String::as_str)
    }

    /// The text of a row of 说明, where the office wrote its own.
    #[must_use]
    pub fn note(&self, name: &str) -> Option<&str> {
        self.notes.get(name).map(String::as_str)
    }
}

/// A file that names every caption, each line put out of force: what `init` lays down to start from.
#[must_use]
pub fn commented() -> String {
    let mut lines = vec![
        "# The office's own words (docs/texts.md). Take the `#` off a line and change what stands right of `=`;".to_owned(),
        "# what has no line stays as the program ships it. `wenjin check` tells what it does not know.".to_owned(),
    ];
    for (table, about, words) in [
        ("sheets", "tabs and titles", SHEETS),
        ("headings", "of columns; those that name months cannot be changed", HEADINGS),
        ("lights", "in books and mails; sentences say 红灯 and 黄灯 as ever", LIGHTS),
    ] {
        lines.push(format!("\n[{table}]  # {about}"));
        lines.extend(words.iter().map(|word| format!("# \"{word}\" = \"{word}\"")));
    }
    lines.push("\n[notes]  # rows of the sheet 说明: the whole text of one".to_owned());
    lines.extend(NOTES.iter().map(|name| format!("# \"{name}\" = \"…\"")));
    lines.join("\n") + "\n"
}

/// Reads the file, if there is one.
pub(super) fn read(workspace: &Path, problems: &Problems) -> Captions {
    if !workspace.join(FILE).exists() {
        return Captions::shipped();
    }
    let Some(parsed) = Document::open(workspace, FILE, problems) else { return Captions::shipped() };
    let root = Table::root(&parsed);
    let empty = Entries::new();
    let [sheets, headings, lights, notes] = [("sheets", SHEETS), ("headings", HEADINGS), ("lights", LIGHTS), ("notes", NOTES)]
        .map(|(key, known)| words(&root.table_or(key, &empty), key, known));
    tabs(&sheets);
    differ(&sheets, SHEETS, "sheets");
    differ(&headings, HEADINGS, "columns");
    root.finish();
    let plain = |words: BTreeMap<String, At<String>>| words.into_iter().map(|(shipped, word)| (shipped, word.value)).collect();
    Captions { sheets: plain(sheets), headings: plain(headings), lights: plain(lights), notes: plain(notes) }
}

/// One table: shipped words → the office's.
fn words(table: &Table<'_>, title: &str, known: &'static [&'static str]) -> BTreeMap<String, At<String>> {
    let mut words = BTreeMap::new();
    for key in table.open_keys() {
        let Some(shipped) = known.iter().copied().find(|word| *word == key.value) else {
            key.problem(format!("`[{title}]` has no caption `{}`", key.value), suggest::hint(&key.value, known.iter().copied()));
            continue;
        };
        if let Some(text) = table.text(shipped) {
            if text.value.trim().is_empty() || text.value.chars().any(char::is_control) {
                text.problem(format!("`{shipped}` is empty or more than one line"), "write its words on one line, or leave it out");
            } else {
                words.insert(shipped.to_owned(), text);
            }
        }
    }
    words
}

/// Sheet names have to be such that Excel takes them.
fn tabs(sheets: &BTreeMap<String, At<String>>) {
    for name in sheets.values() {
        if name.value.chars().count() > TAB_CHARS_MAX || name.value.contains(['[', ']', ':', '*', '?', '/', '\\', '\'']) {
            name.problem(
                format!("`{}` cannot name a sheet", name.value),
                format!("at most {TAB_CHARS_MAX} characters, none of [ ] : * ? / \\ '"),
            );
        }
    }
}

/// Excel refuses two sheets, or two columns of a table, of one name.
fn differ(words: &BTreeMap<String, At<String>>, known: &[&str], what: &str) {
    for (shipped, word) in words {
        let taken = known.iter().any(|other| other != shipped && !words.contains_key(*other) && *other == word.value)
            || words.iter().any(|(other, taken)| other != shipped && taken.value == word.value);
        if taken {
            word.problem(format!("two {what} would be named `{}`", word.value), "give each a name of its own");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (Captions, Vec<crate::model::Problem>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("config")).unwrap();
        std::fs::write(folder.path().join(FILE), text).unwrap();
        let problems = Problems::default();
        let captions = read(folder.path(), &problems);
        (captions, problems.take())
    }

    #[test]
    fn words_replace_the_shipped_ones_and_the_rest_stays() {
        let (captions, problems) = read_text(
            "[sheets]\n\"总览\" = \"综合情况\"\n[headings]\n\"责任单位\" = \"牵头单位\"\n[lights]\n\"红\" = \"红灯\"\n[notes]\n\"四舍五入\" = \"尾数可能有出入。\"\n",
        );
        assert_eq!(problems, []);
        assert_eq!((captions.sheet("总览"), captions.sheet("说明")), ("综合情况", "说明"));
        assert_eq!((captions.heading("责任单位"), captions.light("红"), captions.light("黄")), ("牵头单位", "红灯", "黄"));
        assert_eq!((captions.note("四舍五入"), captions.note("出处")), (Some("尾数可能有出入。"), None));
    }

    #[test]
    fn the_commented_file_changes_nothing_and_every_line_of_it_may_be_used() {
        assert_eq!(read_text(&commented()), (Captions::shipped(), vec![]));
        let used: String = commented()
            .lines()
            .map(|line| line.strip_prefix("# \"").map_or(line.to_owned(), |rest| format!("\"{rest}")))
            .map(|line| line + "\n")
            .collect();
        let (captions, problems) = read_text(&used);
        assert_eq!(problems, []);
        assert_eq!((captions.sheet("总览"), captions.note("出处")), ("总览", Some("…")));
    }

    #[test]
    fn without_the_file_nothing_changes() {
        let folder = tempfile::tempdir().unwrap();
        let problems = Problems::default();
        assert_eq!(read(folder.path(), &problems), Captions::shipped());
        assert_eq!(problems.take(), []);
    }

    #[rstest::rstest]
    #[case("[headings]\n\"责任单元\" = \"牵头单位\"", "2:1", "`[headings]` has no caption `责任单元`", "did you mean `责任单位`?")]
    #[case("[heading]\n", "1:2", "the file has no key `heading`", "did you mean `headings`?")]
    #[case("[lights]\n\"红\" = 3", "2:7", "`红` is an integer, not a text", "")]
    #[case("[lights]\n\"红\" = \"\"", "2:7", "`红` is empty", "leave it out")]
    #[case("[sheets]\n\"总览\" = \"情况/总览\"", "2:8", "cannot name a sheet", "at most 31")]
    #[case("[sheets]\n\"总览\" = \"说明\"", "2:8", "two sheets would be named `说明`", "of its own")]
    fn what_is_no_caption_is_told_with_place_and_remedy(
        #[case] text: &str,
        #[case] place: &str,
        #[case] message: &str,
        #[case] hint: &str,
    ) {
        let (_, problems) = read_text(text);
        let [problem] = problems.as_slice() else { panic!("{problems:?}") };
        let (line, column) = problem.line_column();
        assert_eq!(format!("{line}:{column}"), place);
        assert!(problem.message.contains(message), "{}", problem.message);
        assert!(problem.hint.as_ref().unwrap().contains(hint), "{:?}", problem.hint);
    }
}
