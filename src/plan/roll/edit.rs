//! One pipeline file over New Year, as text: `toml_edit` keeps every comment and the layout.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value, value};

use crate::model::Period;

/// What becomes of an indicator's target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// A target of every year, from nought or from last year's final figure.
    StartsAgain { base: Option<String> },
    /// A target by a later year, from its base where it has one.
    GoesOn { until: i64, base: Option<String> },
    /// A target of a later year.
    Waits { year: i64 },
    /// Followed without a target from now on, with that note.
    Tracking { note: String },
}

/// An indicator and what becomes of its target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turned {
    pub code: String,
    pub title: String,
    pub turn: Turn,
}

/// The file's text with its validity ending in `last`.
pub fn closed(text: &str, last: Period) -> Result<String, String> {
    let mut document = parse(text)?;
    set_root(&mut document, "valid_until", last);
    Ok(document.to_string())
}

/// The file's text as it begins in `first`. Its way to later years began in `began`.
pub fn opened(text: &str, first: Period, began: i32, bases: &BTreeMap<String, Decimal>) -> Result<(String, Vec<Turned>), String> {
    let mut document = parse(text)?;
    document.remove("valid_until");
    set_root(&mut document, "valid_from", first);
    let mut turned = Vec::new();
    match document.get_mut("indicator") {
        Some(Item::ArrayOfTables(tables)) => {
            for table in tables.iter_mut() {
                let said = turn(table, first.year(), began, bases);
                if let Some((Turned { turn: Turn::Tracking { .. }, .. }, Some(target))) = &said {
                    keep_as_comment(table, target);
                }
                turned.extend(said.map(|(turned, _)| turned));
            }
        }
        Some(Item::Value(Value::Array(tables))) => {
            for table in tables.iter_mut().filter_map(Value::as_inline_table_mut) {
                turned.extend(turn(table, first.year(), began, bases).map(|(turned, _)| turned));
            }
        }
        _ => {}
    }
    Ok((document.to_string(), turned))
}

fn parse(text: &str) -> Result<DocumentMut, String> {
    text.parse::<DocumentMut>().map_err(|error| error.message().to_owned())
}

/// Sets a month of the file's head; what is there keeps its place.
fn set_root(document: &mut DocumentMut, key: &str, month: Period) {
    let mut month = Value::from(month.to_string());
    match document.get_mut(key).and_then(Item::as_value_mut) {
        Some(present) => {
            month.decor_mut().clone_from(present.decor());
            *present = month;
        }
        None => {
            document.insert(key, value(month));
        }
    }
}

/// Turns one indicator; `None` without a target. A target that is over comes back as it was.
fn turn(table: &mut dyn TableLike, year: i32, began: i32, bases: &BTreeMap<String, Decimal>) -> Option<(Turned, Option<Item>)> {
    let text = |key: &str| table.get(key).and_then(Item::as_str).unwrap_or_default().to_owned();
    let (code, title) = (text("code"), text("title"));
    let target = table.get_mut("target")?.as_table_like_mut()?;
    let number = |target: &dyn TableLike, key: &str| target.get(key).and_then(Item::as_integer);
    let base = target.get("base").map(|base| base.as_str().map_or_else(|| base.to_string().trim().to_owned(), str::to_owned));
    let is_every = target.get("year").and_then(Item::as_str) == Some("every");
    let year = i64::from(year);
    let turn = match (number(target, "by"), number(target, "year")) {
        (Some(until), _) if until >= year => {
            if !target.contains_key("since") {
                append(target, "since", i64::from(began).into());
            }
            Turn::GoesOn { until, base }
        }
        (None, Some(of)) if of >= year => Turn::Waits { year: of },
        (None, None) if is_every => match (base, bases.get(&code)) {
            (None, _) => Turn::StartsAgain { base: None },
            (Some(_), Some(last)) => {
                let last = last.normalize().to_string();
                target.insert("base", value(last.as_str()));
                Turn::StartsAgain { base: Some(last) }
            }
            (Some(_), None) => Turn::Tracking { note: format!("{}年底基数尚未取得，目标待明确", year - 1) },
        },
        (by, of) => Turn::Tracking { note: format!("{}年目标已到期，待明确", by.or(of).unwrap_or(year - 1)) },
    };
    let mut over = None;
    if let Turn::Tracking { note } = &turn {
        over = table.remove("target");
        table.remove("tracking");
        add_note(table, note);
        table.insert("tracking", value(true));
    }
    Some((Turned { code, title, turn }, over))
}

/// Adds a key behind the others; the blank before the end of `{ … }` stays there.
fn append(table: &mut dyn TableLike, key: &str, mut value: Value) {
    let last = table.iter_mut().last();
    if let Some(last) = last.and_then(|(_, item)| item.as_value_mut()) {
        let blank = last.decor().suffix().and_then(|suffix| suffix.as_str()).filter(|suffix| suffix.trim().is_empty());
        if let Some(blank) = blank.map(str::to_owned) {
            last.decor_mut().set_suffix("");
            value = value.decorated(" ", blank);
        }
    }
    table.insert(key, Item::Value(value));
}

/// Adds a note behind the others, laid out like the last of them.
fn add_note(table: &mut dyn TableLike, note: &str) {
    let Some(notes) = table.get_mut("notes").and_then(Item::as_array_mut) else {
        table.insert("notes", value(Array::from_iter([note])));
        return;
    };
    let prefix = notes.iter().last().and_then(|last| last.decor().prefix()?.as_str().map(str::to_owned));
    let Some((_, indent)) = prefix.as_deref().and_then(|prefix| prefix.rsplit_once('\n')) else {
        notes.push(note);
        return;
    };
    // A comment behind the last note stays with it.
    let behind = notes
        .trailing()
        .as_str()
        .and_then(|trailing| trailing.rsplit_once('\n'))
        .map(|(behind, rest)| (behind.to_owned(), rest.to_owned()));
    let (behind, end) = behind.unwrap_or_default();
    notes.push_formatted(Value::from(note).decorated(format!("{behind}\n{indent}"), ""));
    notes.set_trailing(format!("\n{end}"));
}

/// Leaves the target that is over in the file as a comment, for whoever writes the new one.
fn keep_as_comment(table: &mut Table, target: &Item) {
    let lines = match target {
        Item::Table(target) => told(target, "indicator.target"),
        other => format!("target = {}", other.to_string().trim()),
    };
    let comments: Vec<String> = lines
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .map(|line| if line.starts_with('#') { line.to_owned() } else { format!("# {line}") })
        .collect();
    if let Some(last) = table.get_mut("tracking").and_then(Item::as_value_mut) {
        last.decor_mut().set_suffix(format!("\n\n{}", comments.join("\n")));
    }
}

/// A table as it was written, with its comments and the tables inside it.
fn told(table: &Table, name: &str) -> String {
    let text = |raw: Option<&toml_edit::RawString>| raw.and_then(|raw| raw.as_str()).unwrap_or_default().to_owned();
    let head = format!("{}\n[{name}]{}", text(table.decor().prefix()), text(table.decor().suffix()));
    let inner = table.iter().filter_map(|(key, inner)| match inner {
        Item::Table(inner) if !inner.is_dotted() => Some(told(inner, &format!("{name}.{key}"))),
        _ => None,
    });
    let inner: String = inner.collect();
    format!("{head}\n{table}{inner}")
}
