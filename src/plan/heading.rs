//! Headings: what a column is called in a reporting month, told from the dataset's data month.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{ColumnSpec, Dataset};
use crate::model::{Period, Unit};

/// What a column is called in one reporting month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headings {
    /// Label paths (upper heading first) under which the column is found, as written, before comparing.
    pub accepted: Vec<Vec<String>>,
    /// Its name in messages: without its bracketed unit, and without the upper heading unless two columns would then read alike.
    pub shown: String,
    /// Its first label as the form prints it: `完成投资/1—6月累计（亿元）`.
    pub full: String,
}

impl Headings {
    /// The lowest heading of [`Headings::full`], with its unit: `1—6月累计（亿元）`.
    #[must_use]
    pub fn lower(&self) -> &str {
        lower(&self.full)
    }
}

/// `{month}月` in a label, and `1—{month}月` with whatever joins the two.
static PHRASE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(1月?[—–\-－~～至到])?\{month\}月").ok());
/// A label that names its months itself: `1—2月产量`.
static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"1月?[—–\-－~～至到]0?(\d{1,2})月").ok());
/// All dashes and waves compare alike; 至 and 到 do not.
const JOINERS: [&str; 3] = ["—", "至", "到"];

/// What `column` is called when `dataset` is handed in for `reporting`. A heading of another month than the data month is not accepted.
#[must_use]
pub fn headings(dataset: &Dataset, column: &ColumnSpec, reporting: Period) -> Headings {
    let data = reporting.back(dataset.lag);
    let merged = dataset.january_merged && data.month() == 2;
    let mut accepted = Vec::new();
    let dated = column.labels.iter().flat_map(|label| last_year(dataset, column, label, data));
    for form in column.labels.iter().flat_map(|label| forms(dataset, column, label, data, merged)).chain(dated) {
        let path: Vec<String> = form.split('/').filter(|part| !part.trim().is_empty()).map(str::to_owned).collect();
        if !path.is_empty() && !accepted.contains(&path) {
            accepted.push(path);
        }
    }
    let full = written(first(column), data, merged);
    let alike = dataset.columns.iter().filter(|other| lower(first(other)) == lower(first(column))).count() > 1;
    let shown = without_unit(&if alike { full.replace('/', "") } else { lower(&full).to_owned() });
    Headings { accepted, shown, full }
}

/// `1—6月`; `1月` for January.
#[must_use]
pub fn months(data: Period) -> String {
    if data.month() == 1 { "1月".to_owned() } else { format!("1—{}月", data.month()) }
}

/// Every way of writing the label's months, the form's own first; none where it names another month than the data month.
fn forms(dataset: &Dataset, column: &ColumnSpec, label: &str, data: Period, merged: bool) -> Vec<String> {
    if !label.contains("{month}") {
        // Beside a label with {month} one like 1—2月产量 is meant for that month alone.
        let follows = column.labels.iter().any(|other| other.contains("{month}"));
        return if follows && names_another(label, data) { Vec::new() } else { vec![label.to_owned()] };
    }
    let alone = format!("{}月", data.month());
    let ranged = ranged(label);
    let spellings = if ranged == label {
        ranges(data)
    } else if merged && !is_taken(dataset, column, &ranged) {
        ranges(data).into_iter().chain([alone.clone()]).collect()
    } else {
        vec![alone.clone()]
    };
    let year = data.year().to_string();
    let dated = |spelling: &String| {
        ["", year.as_str(), "本", "今"].map(|of| if of.is_empty() { spelling.clone() } else { format!("{of}年{spelling}") })
    };
    let since: &[&str] = if ranged == label { &SINCE_JANUARY } else { &[] };
    let phrases = spellings.iter().flat_map(dated).chain(since.iter().map(|word| (*word).to_owned()));
    let other = |is_range| if is_range { months(data) } else { alone.clone() };
    phrases
        .map(|phrase| fill(label, data, |is_range| if is_range == (ranged == label) { phrase.clone() } else { other(is_range) }))
        .collect()
}

/// A label of last year's column in other words: 上年同期累计 as 去年同期累计, and with its months written out (2021年1—6月累计, 上年1—6月累计)
/// where the column that it is held against names its months by itself.
fn last_year(dataset: &Dataset, column: &ColumnSpec, label: &str, data: Period) -> Vec<String> {
    let base = column.last_year_of.as_ref().and_then(|name| dataset.columns.iter().find(|other| other.name == *name));
    let (Some(named), Some(word)) = (base.map(first), LAST_YEAR.iter().find(|word| label.contains(**word))) else { return Vec::new() };
    let same = if word.ends_with("同月") { "同月" } else { "同期" };
    let months = match (named.contains("{month}"), ranged(named) == named) {
        (true, true) => ranges(data),
        (true, false) => vec![format!("{}月", data.month())],
        (false, _) => Vec::new(),
    };
    let year = (data.year() - 1).to_string();
    let of = |months: &str| ["上", "去", year.as_str()].map(|year| label.replace(word, &format!("{year}年{months}")));
    months.iter().map(String::as_str).chain([same]).flat_map(of).collect()
}

/// Words for the months from January on.
const SINCE_JANUARY: [&str; 5] = ["自年初", "年初以来", "今年以来", "本年", "今年"];
/// Words for the same months of last year.
const LAST_YEAR: [&str; 4] = ["上年同期", "去年同期", "上年同月", "去年同月"];

/// January to the data month, in every accepted writing.
fn ranges(data: Period) -> Vec<String> {
    let month = data.month();
    if month == 1 {
        return vec!["1月".to_owned()];
    }
    let mut ranges: Vec<String> =
        JOINERS.iter().flat_map(|joiner| [format!("1{joiner}{month}月"), format!("1月{joiner}{month}月")]).collect();
    let words: &[&str] = match month {
        3 => &["一季度", "第一季度"],
        6 => &["上半年"],
        9 => &["前三季度"],
        12 => &["全年"],
        _ => &[],
    };
    ranges.extend(words.iter().map(|word| (*word).to_owned()));
    ranges
}

/// The label with its months as the form prints them.
fn written(label: &str, data: Period, merged: bool) -> String {
    fill(label, data, |is_range| if is_range || merged { months(data) } else { format!("{}月", data.month()) })
}

fn fill(label: &str, data: Period, phrase: impl Fn(bool) -> String) -> String {
    let Some(pattern) = PHRASE.as_ref().filter(|_| label.contains("{month}")) else { return label.to_owned() };
    pattern.replace_all(label, |found: &Captures| phrase(found.get(1).is_some())).replace("{month}", &data.month().to_string())
}

/// `{month}月` as the range that begins in January.
fn ranged(label: &str) -> String {
    let Some(pattern) = PHRASE.as_ref() else { return label.to_owned() };
    let range = |found: &Captures| if found.get(1).is_some() { found[0].to_owned() } else { "1—{month}月".to_owned() };
    pattern.replace_all(label, range).into_owned()
}

/// Whether another column bears that label: where January is merged, 1—2月 may be the cumulative column's own.
fn is_taken(dataset: &Dataset, column: &ColumnSpec, label: &str) -> bool {
    dataset.columns.iter().filter(|other| other.name != column.name).any(|other| other.labels.iter().any(|one| one == label))
}

fn names_another(label: &str, data: Period) -> bool {
    let month = NAMED.as_ref().and_then(|pattern| pattern.captures(label)).and_then(|found| found[1].parse::<u32>().ok());
    month.is_some_and(|month| month != data.month())
}

fn first(column: &ColumnSpec) -> &str {
    column.labels.first().map_or(column.name.as_str(), String::as_str)
}

fn lower(label: &str) -> &str {
    label.rsplit('/').next().unwrap_or(label)
}

fn without_unit(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let Some(open) = text.rfind(['（', '(']) else { return text };
    let (head, tail) = text.split_at(open);
    let inside = tail.trim_matches(['（', '(', '）', ')']);
    if Unit::parse(inside).is_some() && !head.is_empty() { head.to_owned() } else { text }
}

#[cfg(test)]
mod tests;
