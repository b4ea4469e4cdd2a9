//! Heading rows: wherever they stand on the sheet, one to three rows high, columns in any order.

use std::collections::{BTreeMap, BTreeSet};

use crate::ingest::grid::{Cell, Grid, Merge};
use crate::ingest::parse::nfkc::plain;
use crate::ingest::parse::text::comparable;
use crate::plan::Dataset;

use super::label::{Path, bracketed_units, label, may_be};
use super::units::Units;

/// A dataset's column found on the sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// The heading's cell.
    pub row: u32,
    pub column: u32,
    /// The heading as written, upper and lower part joined by `/`.
    pub text: String,
    /// The units in its brackets.
    pub units: Option<Units>,
    /// They stand in an upper heading, which may speak of its other columns.
    pub by_upper: bool,
}

/// A heading that matches a dataset.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Heading {
    pub top: u32,
    pub bottom: u32,
    /// One entry for each of the dataset's columns.
    pub bound: Vec<Option<Bound>>,
    /// Dataset columns that several headings match equally well.
    pub ambiguous: Vec<(usize, Vec<Bound>)>,
    /// Headings that match no column.
    pub extra: Vec<Bound>,
    /// Required columns found.
    pub required: usize,
    pub matched: usize,
}

/// The short texts of a sheet's rows that may be headings, ready for comparing with them.
pub struct Texts(BTreeMap<u32, BTreeMap<u32, String>>);

/// A heading's rows: three at most, and the parts under them.
const HEADING_ROWS: u32 = 4;

/// Longer texts are notes, not headings.
const HEADING_CHARS_MAX: usize = 60;

impl Texts {
    /// Reads the texts of the rows that hold one of `labels`, and of those below that may belong to their headings: data rows need not
    /// be read as headings.
    #[must_use]
    pub fn of(grid: &Grid, labels: &[Vec<Vec<Path>>]) -> Self {
        let known: BTreeSet<&str> = labels.iter().flatten().flatten().flatten().map(String::as_str).collect();
        let begins: BTreeSet<char> = known.iter().filter_map(|label| label.chars().next()).collect();
        let short = |cell: &Cell| cell.text().filter(|text| text.chars().count() <= HEADING_CHARS_MAX).map(label);
        let is_label = |text: &str| {
            let begun = text.chars().any(|c| plain(c).is_none_or(|c| begins.contains(&c.to_ascii_lowercase())));
            // Dashes and waves come to one another in a heading.
            let begun = begun || begins.contains(&'-');
            begun
                && text.chars().count() <= HEADING_CHARS_MAX
                && known.iter().any(|label| may_be(text, label))
                && known.contains(label(text).as_str())
        };
        let mut rows: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
        let mut until = 0;
        for (row, cells) in grid.rows() {
            if cells.iter().filter_map(Cell::text).any(is_label) {
                until = row.saturating_add(HEADING_ROWS);
            }
            if row < until {
                let texts = cells.iter().filter_map(|cell| Some((cell.column, short(cell)?)));
                rows.insert(row, texts.filter(|(_, text)| !text.is_empty()).collect());
            }
        }
        Self(rows)
    }

    fn at(&self, row: u32, column: u32) -> Option<&str> {
        self.0.get(&row)?.get(&column).map(String::as_str)
    }

    /// The nearest text at or to the left of a place: upper headings reach rightwards to the next one.
    fn reaching(&self, row: u32, column: u32) -> Option<&str> {
        self.0.get(&row)?.range(..=column).next_back().map(|(_, text)| text.as_str())
    }
}

/// Half of a dataset's columns, two at the least: so many headings tell a table, whatever its sheet is called.
#[must_use]
pub fn half(dataset: &Dataset) -> usize {
    dataset.columns.len().div_ceil(2).max(2)
}

/// Finds every place where at least half of a dataset's columns, or all that are required (two at the least), have their headings,
/// best first; `labels` are those [`declared`](super::label::declared) for it.
#[must_use]
pub fn find(grid: &Grid, texts: &Texts, dataset: &Dataset, labels: &[Vec<Path>]) -> Vec<Heading> {
    let known: BTreeSet<&str> = labels.iter().flatten().flatten().map(String::as_str).collect();
    let required = dataset.columns.iter().filter(|column| column.required).count();
    let half = half(dataset);
    let least = half.min(required.max(2));
    let mut found: Vec<Heading> = Vec::new();
    for (&row, cells) in &texts.0 {
        if !cells.values().any(|text| known.contains(text.as_str())) {
            continue;
        }
        for height in 1..=3u32 {
            found.extend(bind(grid, texts, dataset, labels, (row, row + height - 1), ALL_COLUMNS, least));
        }
    }
    found.retain(|heading| heading.matched >= half || heading.required == required);
    // More columns first; of equals the lower heading, so that a title above is not taken for an upper row.
    found.sort_by_key(|h| (usize::MAX - h.required, usize::MAX - h.matched, h.bottom - h.top, h.top));
    let mut kept: Vec<Heading> = Vec::new();
    for heading in found {
        if kept.iter().all(|other| heading.bottom < other.top || heading.top > other.bottom) {
            kept.push(heading);
        }
    }
    kept.into_iter()
        .map(|heading| with_parts(grid, texts, dataset, labels, heading))
        .flat_map(|heading| match side_by_side(&heading) {
            Some(windows) => {
                let rows = (heading.top, heading.bottom);
                let blocks: Vec<Heading> =
                    windows.iter().filter_map(|window| bind(grid, texts, dataset, labels, rows, *window, 0)).collect();
                if blocks.iter().all(|block| block.required == required && block.ambiguous.is_empty()) { blocks } else { vec![heading] }
            }
            None => vec![heading],
        })
        .collect()
}

/// A heading with the row of parts under its merged cells (总投资 over 合计 and 其中：设备), where there is one.
fn with_parts(grid: &Grid, texts: &Texts, dataset: &Dataset, labels: &[Vec<Path>], heading: Heading) -> Heading {
    let below = heading.bottom + 1;
    let cells = grid.row(below);
    let is_under_merge = |column: u32| {
        let over =
            |merge: &Merge| merge.bottom == heading.bottom && (merge.left..=merge.right).contains(&column) && merge.right > merge.left;
        grid.merges.iter().flatten().any(over)
    };
    let is_part = |column: u32| {
        let part = texts.at(below, column).unwrap_or_default();
        // Unmerged: 其中… beside the heading that it is a part of, perhaps 合计 below that itself.
        let has_own = texts.at(heading.bottom, column).is_some();
        is_under_merge(column) || if has_own { WHOLE.contains(&part) } else { part.starts_with("其中") }
    };
    let all = cells.iter().all(|cell| texts.at(below, cell.column).is_some() && is_part(cell.column));
    let any = cells.iter().any(|cell| is_under_merge(cell.column) || texts.at(heading.bottom, cell.column).is_none());
    if !any || !all || heading.bottom - heading.top >= 2 {
        return heading;
    }
    let whole = bind(grid, texts, dataset, labels, (heading.top, below), ALL_COLUMNS, heading.matched);
    whole.filter(|whole| whole.required >= heading.required).unwrap_or(heading)
}

/// Sheet columns, inclusive.
type Window = (u32, u32);

const ALL_COLUMNS: Window = (0, u32::MAX);

/// Where the same headings stand several times in one row, the columns of each block; `None` for a single one.
///
/// One repeated heading is an ambiguous column; two or more are blocks side by side.
fn side_by_side(heading: &Heading) -> Option<Vec<Window>> {
    if heading.ambiguous.len() < 2 {
        return None;
    }
    let once = heading.bound.iter().enumerate().filter_map(|(spec, bound)| Some((bound.as_ref()?.column, spec)));
    let twice = heading.ambiguous.iter().flat_map(|(spec, hits)| hits.iter().map(|hit| (hit.column, *spec)));
    let found: BTreeSet<(u32, usize)> = once.chain(twice).collect();
    let mut starts: Vec<u32> = Vec::new();
    let mut seen = BTreeSet::new();
    for (column, spec) in found {
        if starts.is_empty() || !seen.insert(spec) {
            seen = BTreeSet::from([spec]);
            starts.push(column);
        }
    }
    let starts = with_unbound(heading, &starts);
    let ends = starts.iter().skip(1).map(|start| start.saturating_sub(1)).chain([u32::MAX]);
    let windows: Vec<Window> = starts.iter().copied().zip(ends).collect();
    (windows.len() > 1).then_some(windows)
}

/// Where blocks begin, with the headings beside the first bound one that nobody reads and that each block repeats, as 序号.
fn with_unbound(heading: &Heading, starts: &[u32]) -> Vec<u32> {
    let text = |column: u32| heading.extra.iter().find(|extra| extra.column == column).map(|extra| comparable(&extra.text));
    let Some(&first) = starts.first() else { return Vec::new() };
    let before: Vec<String> = (0..first).rev().map_while(text).collect();
    let repeated = |start: u32| {
        let own = (0..start).rev().map_while(text);
        u32::try_from(own.zip(&before).take_while(|(own, first)| own == *first).count()).unwrap_or(0)
    };
    // What stands to the left of the first block belongs to nobody else.
    std::iter::once(0).chain(starts.iter().skip(1).map(|start| start.saturating_sub(repeated(*start)))).collect()
}

/// A heading over a sheet column: the row of its lowest text, the column, the texts from top to bottom.
type Over<'a> = (u32, u32, Vec<&'a str>);

/// Binds the dataset's columns to the headings of some rows; `None` where fewer than `least` are found.
fn bind(
    grid: &Grid,
    texts: &Texts,
    dataset: &Dataset,
    labels: &[Vec<Path>],
    (top, bottom): (u32, u32),
    (left, right): Window,
    least: usize,
) -> Option<Heading> {
    let columns = columns(texts, top, bottom).into_iter().filter(|column| (left..=right).contains(column));
    let paths: Vec<Over> = columns
        .filter_map(|column| {
            let (row, path) = path(texts, top, bottom, column)?;
            Some((row, column, path))
        })
        .collect();
    let hits = hits(&paths, labels);
    let matched = hits.iter().filter(|hits| !hits.is_empty()).count();
    // Most rows of a sheet are no headings: nothing more is worked out for them.
    if matched < least {
        return None;
    }
    let bound = |(row, column, _): &Over| bound(grid, (top, *row), *column);
    let mut heading = Heading { top, bottom, matched, ..Heading::default() };
    for (spec, hits) in hits.iter().enumerate() {
        heading.bound.push(if let [one] = hits.as_slice() { Some(bound(one)) } else { None });
        if hits.len() > 1 {
            heading.ambiguous.push((spec, hits.iter().map(|hit| bound(hit)).collect()));
        }
    }
    let claimed: BTreeSet<u32> = hits.iter().flatten().map(|(_, column, _)| *column).collect();
    heading.extra = paths.iter().filter(|(_, column, _)| !claimed.contains(column)).map(bound).collect();
    heading.required = dataset.columns.iter().zip(&hits).filter(|(column, hits)| column.required && !hits.is_empty()).count();
    Some(heading)
}

/// For each of the dataset's columns the headings that match it best, none of them claimed by a column that it matches better.
fn hits<'p, 't>(paths: &'p [Over<'t>], labels: &[Vec<Path>]) -> Vec<Vec<&'p Over<'t>>> {
    let best = |path: &[&str], accepted: &[Path]| accepted.iter().filter_map(|label| match_rank(path, label)).min();
    let ranks: Vec<Vec<Option<u8>>> =
        labels.iter().map(|accepted| paths.iter().map(|(_, _, path)| best(path, accepted)).collect()).collect();
    let mut hits: Vec<Vec<&Over>> = vec![Vec::new(); labels.len()];
    let mut claimed = BTreeSet::new();
    for rank in 0..=2 {
        for (hits, ranks) in hits.iter_mut().zip(&ranks).filter(|(hits, _)| hits.is_empty()) {
            let fitting = paths.iter().zip(ranks).filter(|((_, column, _), own)| **own == Some(rank) && !claimed.contains(column));
            hits.extend(fitting.map(|(path, _)| path));
            claimed.extend(hits.iter().map(|(_, column, _)| *column));
        }
    }
    hits
}

fn columns(texts: &Texts, top: u32, bottom: u32) -> BTreeSet<u32> {
    (top..=bottom).filter_map(|row| texts.0.get(&row)).flat_map(|cells| cells.keys().copied()).collect()
}

/// The texts over a column from top to bottom, and the row of its own lowest one.
fn path(texts: &Texts, top: u32, bottom: u32, column: u32) -> Option<(u32, Vec<&str>)> {
    let lowest = (top..=bottom).rev().find(|row| texts.at(*row, column).is_some())?;
    let mut path: Vec<&str> = Vec::new();
    for row in top..=lowest {
        let text = if row == lowest { texts.at(row, column) } else { texts.reaching(row, column) };
        if let Some(text) = text
            && path.last() != Some(&text)
        {
            path.push(text);
        }
    }
    Some((lowest, path))
}

/// What the first of several parts under one heading is called where it is the whole.
const WHOLE: [&str; 8] = ["合计", "小计", "总计", "总额", "总数", "总量", "合计数", "全部"];

/// 0: the whole path; 1: the same words, differently split; 2: the lower row alone, or the whole of what stands over parts.
fn match_rank(path: &[&str], label: &[String]) -> Option<u8> {
    if path.len() == label.len() && path.iter().zip(label).all(|(a, b)| a == b) {
        Some(0)
    } else if is_same_words(path, label) {
        Some(1)
    } else if path.len() > label.len() && path.iter().rev().zip(label.iter().rev()).all(|(a, b)| a == b) {
        Some(2)
    } else {
        let over = path.split_last().filter(|(last, _)| WHOLE.contains(*last)).map(|(_, over)| over);
        let is_whole = over.is_some_and(|over| over.len() == label.len() && over.iter().zip(label).all(|(a, b)| a == b));
        is_whole.then_some(2)
    }
}

fn is_same_words(path: &[&str], label: &[String]) -> bool {
    let length = |parts: &mut dyn Iterator<Item = usize>| parts.sum::<usize>();
    length(&mut path.iter().map(|part| part.len())) == length(&mut label.iter().map(String::len)) && path.concat() == label.concat()
}

fn bound(grid: &Grid, (top, row): (u32, u32), column: u32) -> Bound {
    let own = |row: u32| grid.cell(row, column).and_then(|cell| cell.text());
    let written = |row: u32| {
        let text = if let Some(text) = own(row) {
            Some(text)
        } else {
            grid.row(row).iter().rfind(|cell| cell.column <= column).and_then(|cell| cell.text())
        };
        text.map(|text| text.split_whitespace().collect::<String>())
    };
    let parts: Vec<String> = (top..row).filter_map(written).chain(own(row).map(|text| text.split_whitespace().collect())).collect();
    let units = |row: u32| written(row).and_then(|text| bracketed_units(&text));
    let lowest = own(row).and_then(bracketed_units);
    let by_upper = lowest.is_none();
    Bound { row, column, text: parts.join("/"), units: lowest.or_else(|| (top..=row).rev().find_map(units)), by_upper }
}
