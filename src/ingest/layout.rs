//! Layout: finds each dataset's table on the sheets of a workbook. Nothing is parsed here.

pub mod across;
pub mod body;
pub mod caption;
pub mod heading;
pub mod label;
pub mod words;

use crate::model::{Period, Unit};
use crate::plan::Dataset;

use super::grid::Grid;
use super::parse::region::Gazetteer;
use super::parse::text::comparable;

use body::Body;
use caption::Titled;
use heading::{Heading, Texts};

/// A dataset's table, found.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The position among the datasets given.
    pub dataset: usize,
    /// The position among the sheets given.
    pub sheet: usize,
    pub heading: Heading,
    pub body: Body,
    /// `单位：…` captions above it, with their places.
    pub captions: Vec<(Unit, (u32, u32))>,
}

/// What became of one dataset.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    Table(Box<Table>),
    /// Its sheet is there (position), its headings are not.
    NoHeading(usize),
    Missing,
}

struct Candidate {
    dataset: usize,
    sheet: usize,
    /// 2: the sheet bears the dataset's name; 1: its name contains it; 0: neither.
    name: u8,
    /// A title line above the heading names the dataset.
    titled: Titled,
    complete: bool,
    heading: Heading,
    across: Option<Body>,
}

/// Finds the tables of `datasets`, in their order.
#[must_use]
pub fn find(grids: &[Grid], datasets: &[&Dataset], period: Period, gazetteer: &Gazetteer) -> Vec<Found> {
    let mut candidates = candidates(grids, datasets, period, gazetteer);
    candidates.sort_by_key(|c| (2 - c.name, !c.complete, c.titled, usize::MAX - c.heading.matched, c.heading.top));
    let mut chosen: Vec<Option<usize>> = vec![None; datasets.len()];
    for (at, candidate) in candidates.iter().enumerate() {
        let taken = chosen.iter().flatten().filter_map(|at| candidates.get(*at)).any(|other| overlaps(candidate, other));
        if chosen.get(candidate.dataset).is_some_and(Option::is_none) && !taken && is_acceptable(candidate, &candidates) {
            chosen[candidate.dataset] = Some(at);
        }
    }
    let found = |dataset: usize| {
        if let Some(candidate) = chosen.get(dataset).copied().flatten().and_then(|at| candidates.get(at)) {
            return Found::Table(Box::new(table(candidate, &candidates, grids, datasets, gazetteer)));
        }
        let named = (0..grids.len()).find(|sheet| grids.get(*sheet).is_some_and(|g| g.visible && name_level(g, datasets[dataset]) == 2));
        named.map_or(Found::Missing, Found::NoHeading)
    };
    (0..datasets.len()).map(found).collect()
}

fn candidates(grids: &[Grid], datasets: &[&Dataset], period: Period, gazetteer: &Gazetteer) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (sheet, grid) in grids.iter().enumerate().filter(|(_, grid)| grid.visible) {
        let texts = Texts::of(grid);
        for (at, dataset) in datasets.iter().enumerate() {
            let headings: Vec<(Heading, Option<Body>)> = if dataset.regions_across {
                across::find(grid, dataset, period, gazetteer).into_iter().map(|a| (a.heading, Some(a.body))).collect()
            } else {
                heading::find(grid, &texts, dataset, period).into_iter().map(|heading| (heading, None)).collect()
            };
            let required = dataset.columns.iter().filter(|column| column.required).count();
            found.extend(headings.into_iter().map(|(heading, across)| Candidate {
                dataset: at,
                sheet,
                name: name_level(grid, dataset),
                titled: caption::titled(grid, heading.top, dataset),
                complete: heading.required == required,
                heading,
                across,
            }));
        }
    }
    found
}

/// A sheet that does not bear the dataset's name must show it by title or by unmistakable headings.
fn is_acceptable(candidate: &Candidate, all: &[Candidate]) -> bool {
    if candidate.name > 0 {
        return true;
    }
    let rival = |other: &&Candidate| {
        other.dataset != candidate.dataset && overlaps(candidate, other) && other.heading.matched >= candidate.heading.matched
    };
    candidate.complete && (candidate.titled != Titled::No || (candidate.heading.matched >= 3 && all.iter().find(rival).is_none()))
}

fn overlaps(a: &Candidate, b: &Candidate) -> bool {
    let columns = |c: &Candidate| {
        let mut columns: Vec<u32> = c.heading.bound.iter().flatten().map(|bound| bound.column).collect();
        columns.sort_unstable();
        (columns.first().copied().unwrap_or(0), columns.last().copied().unwrap_or(0))
    };
    let ((a_left, a_right), (b_left, b_right)) = (columns(a), columns(b));
    a.sheet == b.sheet && a.heading.top <= b.heading.bottom && b.heading.top <= a.heading.bottom && a_left <= b_right && b_left <= a_right
}

fn name_level(grid: &Grid, dataset: &Dataset) -> u8 {
    let name = comparable(&grid.name);
    let bare = name.trim_start_matches(|c: char| c.is_ascii_digit() || ".、-_()附件表一二三四五六七八九十".contains(c));
    dataset.sheets.iter().map(|sheet| comparable(sheet)).fold(0, |level, sheet| {
        let contained = name.contains(&sheet) && sheet.chars().count() >= 3;
        let this = if sheet == name || sheet == bare { 2 } else { u8::from(contained) };
        level.max(this)
    })
}

fn table(candidate: &Candidate, all: &[Candidate], grids: &[Grid], datasets: &[&Dataset], gazetteer: &Gazetteer) -> Table {
    let grid = &grids[candidate.sheet];
    let dataset = datasets[candidate.dataset];
    let heading = candidate.heading.clone();
    let others = || all.iter().filter(|other| other.sheet == candidate.sheet && !overlaps(candidate, other));
    let next = others().map(|other| other.heading.top).filter(|top| *top > heading.bottom).min();
    let end = next.map_or(u32::MAX, |next| before_captions(grid, heading.bottom, next));
    let body = candidate.across.clone().unwrap_or_else(|| body::body(grid, dataset, &heading, end, gazetteer));
    let above = others().map(|other| other.heading.bottom).filter(|bottom| *bottom < heading.top).max();
    let captions = caption::units(grid, above, heading.top);
    Table { dataset: candidate.dataset, sheet: candidate.sheet, heading, body, captions }
}

/// Title and unit lines right above the next table belong to it.
fn before_captions(grid: &Grid, bottom: u32, next: u32) -> u32 {
    let mut end = next;
    while end > bottom + 1 {
        let cells = grid.row(end - 1);
        if cells.len() > 2 || cells.iter().any(|cell| cell.text().is_none()) {
            break;
        }
        end -= 1;
    }
    end
}
