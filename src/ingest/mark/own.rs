//! Our sheet as it came back: what was kept hidden on it, read from the part itself, since other programs move texts and styles about.

use std::collections::BTreeMap;

use super::list::{CARRIER, Carrier, HEADINGS, KEY, NAMES, RECORD};
use super::parts::{Parts, Unfit};
use super::wanted::SHEET;
use super::workbook::Workbook;
use super::xml::{Kind, walk};
use crate::model::CellRef;

/// Our sheet.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// Its place among the sheets.
    pub place: usize,
    pub part: String,
    pub carriers: Vec<Carrier>,
    pub record: String,
}

/// Whether a sheet may be ours by its name: also a copy of it, `数据审核意见 (2)`.
#[must_use]
pub fn is_named(name: &str) -> bool {
    name.trim().strip_prefix(SHEET).is_some_and(|rest| rest.is_empty() || rest.trim().starts_with(['(', '（']))
}

/// The first sheet of ours, known by its name and its key, or by its headings where the hidden columns are gone.
///
/// # Errors
/// A part cannot be read.
pub fn find(parts: &mut Parts, workbook: &Workbook) -> Result<Option<Own>, Unfit> {
    for (place, sheet) in workbook.sheets.iter().enumerate().filter(|(_, sheet)| is_named(&sheet.name)) {
        let text = parts.text(&sheet.part)?;
        let shared = match workbook.relations.first("sharedStrings").map(|one| one.part.clone()) {
            Some(part) => strings(&parts.text(&part)?).ok_or(Unfit::Part)?,
            None => Vec::new(),
        };
        let cells = cells(&text, &shared).ok_or(Unfit::Part)?;
        let key = cells.iter().find(|(_, (text, _))| text == KEY).map(|(cell, _)| cell.column);
        let headings = cells.values().filter(|(text, _)| HEADINGS.contains(&text.trim())).count();
        if let Some(column) = key {
            return Ok(Some(Own { place, part: sheet.part.clone(), ..hidden(&cells, column) }));
        }
        if headings >= HEADINGS.len() - 2 {
            return Ok(Some(Own { place, part: sheet.part.clone(), ..Own::default() }));
        }
    }
    Ok(None)
}

type Cells = BTreeMap<CellRef, (String, usize)>;

fn hidden(cells: &Cells, key: u32) -> Own {
    let column = |wanted: u32| key + wanted - NAMES;
    let text = |row: u32, wanted: u32| cells.get(&CellRef::new(row, column(wanted))).map(|(text, _)| text.as_str());
    let mut own = Own::default();
    for cell in cells.keys().filter(|cell| cell.column == column(CARRIER)) {
        let place = text(cell.row, CARRIER + 1).and_then(|place| place.parse().ok());
        let (Some(sheet), Some(place)) = (text(cell.row, CARRIER), place) else { continue };
        let former = cells.get(&CellRef::new(cell.row, column(CARRIER + 2))).map_or(0, |(_, style)| *style);
        own.carriers.push(Carrier { sheet: sheet.to_owned(), cell: place, former });
    }
    let pieces = cells.iter().filter(|(cell, _)| cell.column == column(RECORD));
    own.record = pieces.map(|(_, (text, _))| text.as_str()).collect();
    own
}

/// Every cell's text and format.
fn cells(text: &str, shared: &[String]) -> Option<Cells> {
    let mut cells = Cells::new();
    let (mut place, mut style, mut kind) = (None::<CellRef>, 0, String::new());
    let (mut words, mut from) = (String::new(), 0);
    walk(text, |tag| match (tag.local(), tag.kind) {
        ("c", Kind::Open | Kind::Empty) => {
            place = tag.value("r").and_then(|place| place.parse().ok());
            style = tag.number("s").unwrap_or(0);
            kind = tag.value("t").unwrap_or_default();
            words.clear();
            if tag.kind == Kind::Empty {
                cells.extend(place.map(|place| (place, (String::new(), style))));
            }
        }
        ("v" | "t", Kind::Open) => from = tag.at.end,
        ("v" | "t", Kind::Close) => words.push_str(&unescaped(text.get(from..tag.at.start).unwrap_or_default())),
        ("c", Kind::Close) => {
            let said = match kind.as_str() {
                "s" => words.trim().parse().ok().and_then(|at: usize| shared.get(at).cloned()).unwrap_or_default(),
                _ => words.clone(),
            };
            cells.extend(place.take().map(|place| (place, (said, style))));
        }
        _ => {}
    })?;
    Some(cells)
}

/// The shared texts.
fn strings(text: &str) -> Option<Vec<String>> {
    let (mut all, mut words, mut from, mut aloud) = (Vec::new(), String::new(), 0, false);
    walk(text, |tag| match (tag.local(), tag.kind) {
        ("si", Kind::Open) => words.clear(),
        ("si", Kind::Empty) => all.push(String::new()),
        ("si", Kind::Close) => all.push(std::mem::take(&mut words)),
        // How a word is read aloud is no part of it.
        ("rPh", kind) => aloud = kind == Kind::Open,
        ("t", Kind::Open) => from = tag.at.end,
        ("t", Kind::Close) if !aloud => words.push_str(&unescaped(text.get(from..tag.at.start).unwrap_or_default())),
        _ => {}
    })?;
    Some(all)
}

fn unescaped(raw: &str) -> String {
    quick_xml::escape::unescape(raw).map_or_else(|_| raw.to_owned(), std::borrow::Cow::into_owned)
}
