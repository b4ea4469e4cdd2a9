//! Candidates: every heading on every sheet that may be a dataset's.

use std::collections::BTreeSet;

use crate::ingest::grid::Grid;
use crate::ingest::parse::region::Gazetteer;
use crate::ingest::parse::text::comparable;
use crate::model::Period;
use crate::plan::Dataset;

use super::across;
use super::body::Body;
use super::caption::{self, Titled};
use super::denial;
use super::heading::{self, Heading, Texts};
use super::label::{Path, declared};

/// A heading that may be a dataset's.
pub struct Candidate {
    pub dataset: usize,
    pub sheet: usize,
    pub visible: bool,
    /// 2: the sheet bears the dataset's name; 1: its name contains it; 0: neither.
    pub name: u8,
    /// A title line above the heading names the dataset.
    pub titled: Titled,
    /// Every required column is there.
    pub complete: bool,
    /// Its sheet or its title says that these rows do not belong to the list.
    pub denied: bool,
    pub heading: Heading,
    /// The body, where cities stand across.
    pub across: Option<Body>,
}

/// All candidates, the surest first.
#[must_use]
pub fn candidates(grids: &[Grid], skip: &BTreeSet<usize>, datasets: &[&Dataset], period: Period, gazetteer: &Gazetteer) -> Vec<Candidate> {
    let labels: Vec<Vec<Vec<Path>>> = datasets.iter().map(|dataset| declared(dataset, period)).collect();
    let mut found = Vec::new();
    for (sheet, grid) in grids.iter().enumerate().filter(|(sheet, _)| !skip.contains(sheet)) {
        let texts = Texts::of(grid, &labels);
        for (at, (dataset, labels)) in datasets.iter().zip(&labels).enumerate() {
            let headings: Vec<(Heading, Option<Body>)> = if dataset.regions_across {
                across::find(grid, dataset, labels, gazetteer).into_iter().map(|a| (a.heading, Some(a.body))).collect()
            } else {
                heading::find(grid, &texts, dataset, labels).into_iter().map(|heading| (heading, None)).collect()
            };
            let required = dataset.columns.iter().filter(|column| column.required).count();
            let (half, name) = (heading::half(dataset), name_level(grid, dataset));
            // What is required alone tells a table only on a sheet of its name.
            let headings = headings.into_iter().filter(|(heading, _)| heading.matched >= half || name == 2);
            found.extend(headings.map(|(heading, across)| Candidate {
                dataset: at,
                sheet,
                visible: grid.visible,
                name,
                titled: caption::titled(grid, heading.top, dataset),
                complete: heading.required == required,
                denied: denial::is_denied(grid, heading.top, period.back(dataset.lag).year()),
                heading,
                across,
            }));
        }
    }
    found.sort_by_key(|c| (2 - c.name, !c.complete, c.titled, usize::MAX - c.heading.matched, c.sheet, c.heading.top, c.left()));
    found
}

impl Candidate {
    /// A sheet that does not bear the dataset's name must show it by title or by unmistakable headings.
    #[must_use]
    pub fn is_acceptable(&self, all: &[Self]) -> bool {
        if self.name > 0 {
            return true;
        }
        let rival = |other: &&Self| other.dataset != self.dataset && self.overlaps(other) && other.heading.matched >= self.heading.matched;
        self.complete && (self.titled != Titled::No || (self.heading.matched >= 3 && all.iter().find(rival).is_none()))
    }

    /// Whether two candidates claim the same place of a sheet.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.sheet == other.sheet
            && self.heading.top <= other.heading.bottom
            && other.heading.top <= self.heading.bottom
            && self.left() <= other.right()
            && other.left() <= self.right()
    }

    /// The leftmost column with a heading of the dataset.
    #[must_use]
    pub fn left(&self) -> u32 {
        self.columns().min().unwrap_or(0)
    }

    /// The rightmost column with a heading of the dataset; the last city's where cities stand across.
    #[must_use]
    pub fn right(&self) -> u32 {
        let cities = self.across.iter().flat_map(|body| body.rows.iter().flatten().flatten().map(|(_, column)| *column));
        self.columns().chain(cities).max().unwrap_or(0)
    }

    fn columns(&self) -> impl Iterator<Item = u32> {
        let several = self.heading.ambiguous.iter().flat_map(|(_, hits)| hits.iter());
        self.heading.bound.iter().flatten().chain(several).map(|bound| bound.column)
    }
}

/// How surely a sheet's name names the dataset: 2 it is its name, 1 its name contains it, 0 neither.
#[must_use]
pub fn name_level(grid: &Grid, dataset: &Dataset) -> u8 {
    let name = comparable(&grid.name);
    let bare = name.trim_start_matches(|c: char| c.is_ascii_digit() || ".、-_()附件表一二三四五六七八九十".contains(c));
    dataset.sheets.iter().map(|sheet| comparable(sheet)).fold(0, |level, sheet| {
        let contained = name.contains(&sheet) && sheet.chars().count() >= 3;
        let this = if sheet == name || sheet == bare { 2 } else { u8::from(contained) };
        level.max(this)
    })
}

/// Whether a sheet bears exactly one of the dataset's names.
#[must_use]
pub fn bears_name(grid: &Grid, dataset: &Dataset) -> bool {
    dataset.sheets.iter().any(|name| comparable(name) == comparable(&grid.name))
}
