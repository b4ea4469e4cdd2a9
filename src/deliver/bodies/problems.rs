//! Whether the office's own templates can be used: compiled and filled with specimens before a month depends on them.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use minijinja::ErrorKind;
use minijinja::value::{Serde, Value};
use regex::Regex;

use super::{Template, environment, fill, kinds, specimen};
use crate::model::Problem;
use crate::settings::{Templates, suggest, templates};

/// What must not stand in a mail: it would be fetched when the mail is read, or run, or be refused by mail servers.
static FOREIGN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?i)<\s*(script|iframe|link|object|embed|form|base)\b|\b(src|srcset|background|poster)\s*=\s*["']?\s*(https?:)?//|url\(\s*["']?\s*(https?:)?//|@import"#).ok()
});

/// Every problem of `templates`: unknown files, syntax, unknown names, what a letter must show and must not fetch.
#[must_use]
pub fn problems(templates: &Templates) -> Vec<Problem> {
    let mut found = Vec::new();
    let kinds = kinds();
    let shipped: Vec<Template> = kinds.iter().flat_map(|(kind, _)| kind.templates()).collect();
    for name in templates.keys() {
        if !shipped.iter().any(|template| template.name == name) {
            let hint = suggest::hint(name, shipped.iter().map(|template| template.name));
            found.push(Draft { name, source: "" }.problem(0..0, "there is no mail template of that name", hint));
        }
    }
    for (kind, specimens) in &kinds {
        for template in kind.templates() {
            if let Some(source) = templates.get(template.name) {
                let is_subject = template.name == kind.subject.name;
                found.extend(of_template(&template, source, specimens, is_subject));
            }
        }
    }
    found
}

/// A template under examination.
#[derive(Clone, Copy)]
struct Draft<'a> {
    name: &'a str,
    source: &'a str,
}

impl Draft<'_> {
    fn problem(self, span: Range<usize>, message: impl Into<String>, hint: impl Into<String>) -> Problem {
        Problem {
            file: format!("{}/{}", templates::FOLDER, self.name),
            span,
            source: Arc::from(self.source),
            message: message.into(),
            hint: Some(hint.into()),
        }
    }

    /// Where `words` stand, else the file as a whole.
    fn place(self, words: &str) -> Range<usize> {
        self.source.find(words).map_or(0..0, |at| at..at + words.len())
    }

    fn broken(self, error: &minijinja::Error, names: &BTreeSet<String>) -> Problem {
        let span = error.range().filter(|span| span.end <= self.source.len()).unwrap_or_else(|| self.line(error.line()));
        let words = self.source.get(span.clone()).unwrap_or_default().trim();
        let last = words.rsplit('.').next().unwrap_or_default();
        if error.kind() == ErrorKind::UndefinedError {
            return self.problem(span, format!("a mail has no `{words}`"), suggest::hint(last, names.iter().map(String::as_str)));
        }
        let message = error.detail().map_or_else(|| error.kind().to_string(), ToOwned::to_owned);
        self.problem(span, message, "see docs/texts.md; the shipped template shows how it is written")
    }

    /// The bytes of a 1-based line.
    fn line(self, line: Option<usize>) -> Range<usize> {
        let Some(line) = line.and_then(|line| line.checked_sub(1)) else { return 0..0 };
        let start = self.source.split_inclusive('\n').take(line).map(str::len).sum::<usize>();
        let length = self.source.get(start..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
        start..start + length
    }
}

/// What is wrong with one template.
fn of_template(template: &Template, source: &str, specimens: &[serde_json::Value], is_subject: bool) -> Vec<Problem> {
    let draft = Draft { name: template.name, source };
    let mut names = BTreeSet::new();
    for specimen in specimens {
        name_all(specimen, &mut names);
    }
    match unknown_names(draft, specimens, &names) {
        Ok(found) if found.is_empty() => {}
        Ok(found) => return found,
        Err(error) => return vec![draft.broken(&error, &names)],
    }
    let mut found = Vec::new();
    for specimen in specimens {
        match fill(template, source, &Value::from(Serde(specimen))) {
            Ok(said) => {
                found.extend(must_show(draft, &said, specimen, is_subject));
                if template.is_html() {
                    found.extend(must_not_hold(draft, &said));
                }
            }
            Err(error) => found.push(draft.broken(&error, &names)),
        }
    }
    found.dedup();
    found
}

/// Every name a mail knows, at any depth.
pub(super) fn name_all(value: &serde_json::Value, names: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(entries) => {
            for (name, value) in entries {
                names.insert(name.clone());
                name_all(value, names);
            }
        }
        serde_json::Value::Array(values) => {
            for value in values {
                name_all(value, names);
            }
        }
        _ => {}
    }
}

/// Names at the top that no mail has: found wherever they stand, also in a branch no specimen takes.
fn unknown_names(draft: Draft<'_>, specimens: &[serde_json::Value], names: &BTreeSet<String>) -> Result<Vec<Problem>, minijinja::Error> {
    let mut environment = environment()?;
    environment.add_template(draft.name, draft.source)?;
    let used = environment.get_template(draft.name)?.undeclared_variables(false);
    let globals: BTreeSet<String> = environment.globals().map(|(name, _)| name.to_owned()).collect();
    let known = |name: &str| specimens.iter().any(|specimen| specimen.get(name).is_some()) || globals.contains(name) || name == "loop";
    let unknown: BTreeSet<String> = used.into_iter().filter(|name| !known(name)).collect();
    let tell = |name: &String| {
        let hint = suggest::hint(name, names.iter().map(String::as_str));
        draft.problem(draft.place(name), format!("a mail has no `{name}`"), hint)
    };
    Ok(unknown.iter().map(tell).collect())
}

/// The mark, the sample mark and the note are no matter of taste: a body shows them, a subject at least the sample mark.
fn must_show(draft: Draft<'_>, said: &str, specimen: &serde_json::Value, is_subject: bool) -> Vec<Problem> {
    let wanted: &[&str] = if is_subject { &["sample"] } else { &["mark", "sample", "note"] };
    let missing = |name: &&&str| specimen.get(**name).and_then(serde_json::Value::as_str).is_some_and(|text| !said.contains(text));
    let tell = |name: &&str| draft.problem(0..0, format!("this template no longer shows `{name}`"), format!("put `{{{{ {name} }}}}` back"));
    wanted.iter().filter(missing).map(tell).collect()
}

/// Nothing is fetched, nothing runs, and what departments wrote stays text.
fn must_not_hold(draft: Draft<'_>, said: &str) -> Vec<Problem> {
    let mut found = Vec::new();
    if let Some(foreign) = FOREIGN.as_ref().and_then(|foreign| foreign.find(said)) {
        let words = foreign.as_str();
        found.push(draft.problem(
            draft.place(words),
            format!("`{words}` has no place in a mail"),
            "a mail holds no scripts and fetches nothing; pictures are embedded by `cid:`",
        ));
    }
    if said.contains(specimen::FOREIGN_MARKUP) {
        found.push(draft.problem(
            draft.place("autoescape"),
            "texts of departments would be taken for HTML",
            "leave escaping on: no `{% autoescape false %}`",
        ));
    }
    found
}
