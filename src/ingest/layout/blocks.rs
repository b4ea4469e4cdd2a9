//! Blocks: the rows of each chosen heading, and which blocks make up one table.
//!
//! Blocks join where that is certain: no row of one is a row of another. What repeats a block row for row is a duplicate; what says
//! something else about the same rows is a rival, and the sender is asked which counts.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::ingest::grid::{Cell, Grid};
use crate::ingest::parse::coercion::Kinds;
use crate::ingest::parse::date::date;
use crate::ingest::parse::region::{Gazetteer, Place};
use crate::ingest::parse::text::comparable;
use crate::model::Period;
use crate::plan::{ColumnSpec, ColumnType, Dataset};

use super::body::{self, Extent, Spot};
use super::candidates::Candidate;
use super::caption::{self, Caption, Titled};
use super::choose::Choice;
use super::{Block, Table};

/// What blocks are cut from.
pub struct Cut<'a> {
    pub grids: &'a [Grid],
    pub datasets: &'a [&'a Dataset],
    pub candidates: &'a [Candidate],
    pub choice: &'a Choice,
    pub gazetteer: &'a Gazetteer,
    pub period: Period,
}

/// A row by its key, with all its cells in words.
type Rows = BTreeMap<String, Vec<String>>;

impl Cut<'_> {
    /// A dataset's table from its main block and the further ones.
    #[must_use]
    pub fn table(&self, dataset: usize, main: usize, further: impl Iterator<Item = usize>, hidden: Vec<Block>) -> Table {
        let mut table = Table { dataset, blocks: Vec::new(), duplicates: Vec::new(), rivals: Vec::new(), extracts: Vec::new(), hidden };
        let blocks = self.blocks(std::iter::once(main).chain(further));
        // Nearly every list stands in one piece: its rows need not be put in words to be compared with those of another.
        if blocks.len() == 1 {
            return Table { blocks, ..table };
        }
        let mut read = Rows::new();
        let mut repeated = Vec::new();
        for block in blocks {
            let rows = self.rows(dataset, &block);
            let shared = rows.iter().filter(|(key, _)| read.contains_key(*key)).count();
            let same = rows.iter().filter(|(key, cells)| read.get(*key) == Some(cells)).count();
            let on_main_sheet = table.blocks.first().is_some_and(|first| first.sheet == block.sheet && first.span == block.span);
            if table.blocks.is_empty() || shared == 0 || (on_main_sheet && shared * 2 < rows.len().min(read.len())) {
                read.extend(rows);
                table.blocks.push(block);
            } else if same == rows.len() {
                repeated.push((block, rows));
            } else {
                table.rivals.push(block);
            }
        }
        let (duplicates, parts): (Vec<_>, Vec<_>) = repeated.into_iter().partition(|(block, rows)| {
            rows.len() == read.len() || table.blocks.iter().any(|other| other.body.rows.len() == block.body.rows.len())
        });
        table.duplicates.extend(duplicates.into_iter().map(|(block, _)| block));
        // Some of the rows once more are an older copy, or an extract: nobody can tell which. All of them in parts are the list again.
        let together: BTreeSet<&String> = parts.iter().flat_map(|(_, rows)| rows.keys()).collect();
        let again = if together.len() == read.len() { &mut table.duplicates } else { &mut table.extracts };
        again.extend(parts.iter().map(|(block, _)| block.clone()));
        self.pass_on_captions(&mut table.blocks);
        // Pages without rows say nothing; they stay with the table so that their headings are accounted for.
        table
    }

    /// The blocks of candidates, in the order given.
    #[must_use]
    pub fn blocks(&self, of: impl Iterator<Item = usize>) -> Vec<Block> {
        of.filter_map(|at| self.block(self.candidates.get(at)?)).collect()
    }

    fn block(&self, candidate: &Candidate) -> Option<Block> {
        let grid = self.grids.get(candidate.sheet)?;
        let dataset = self.datasets.get(candidate.dataset)?;
        let heading = candidate.heading.clone();
        let span = self.span(candidate);
        let beside = |other: &&Candidate| other.left() <= span.1 && span.0 <= other.right();
        let below = self.others(candidate).filter(beside).filter(|other| other.heading.top > heading.bottom);
        let end = below
            .min_by_key(|other| (other.heading.top, other.titled))
            .map_or(u32::MAX, |next| before_captions(grid, heading.bottom, next));
        let body = match &candidate.across {
            Some(body) => body.clone(),
            None => body::body(grid, dataset, &heading, Extent { end, span }, self.period.back(dataset.lag).year(), self.gazetteer),
        };
        let above = self.others(candidate).map(|other| other.heading.bottom).filter(|bottom| *bottom < heading.top).max();
        let captions = self.captions(grid, candidate, span);
        let top = above.map_or(0, |above| before_captions(grid, above, candidate));
        let rows = (top, end.saturating_sub(1));
        Some(Block { sheet: candidate.sheet, heading, body, captions, rows, span, across: candidate.across.is_some() })
    }

    /// The unit lines of a block: its own, else those of the page before it.
    fn captions(&self, grid: &Grid, candidate: &Candidate, span: (u32, u32)) -> Vec<Caption> {
        let above = |of: &Candidate| self.others(of).map(|other| other.heading.bottom).filter(|bottom| *bottom < of.heading.top).max();
        let earlier =
            self.others(candidate).filter(|other| other.dataset == candidate.dataset && other.heading.bottom < candidate.heading.top);
        let mut earlier: Vec<&Candidate> = earlier.collect();
        earlier.sort_by_key(|other| std::cmp::Reverse(other.heading.bottom));
        let pages = std::iter::once(candidate).chain(earlier);
        let found = pages.map(|page| caption::captions(grid, above(page), page.heading.top, span));
        found.into_iter().find(|captions| !captions.is_empty()).unwrap_or_default()
    }

    /// A page on another sheet that says no unit is read in that of the first one, which is asked about.
    fn pass_on_captions(&self, blocks: &mut [Block]) {
        let Some((first, rest)) = blocks.split_first_mut() else { return };
        let Some(name) = self.grids.get(first.sheet).map(|grid| grid.name.clone()) else { return };
        for block in rest.iter_mut().filter(|block| block.captions.is_empty() && block.sheet != first.sheet) {
            let passed = first.captions.iter().cloned().map(|caption| Caption { sheet: Some(name.clone()), ..caption });
            block.captions = passed.collect();
        }
    }

    /// Candidates on the same sheet that stand somewhere else.
    fn others(&self, candidate: &Candidate) -> impl Iterator<Item = &Candidate> {
        self.candidates.iter().filter(move |other| other.sheet == candidate.sheet && !candidate.overlaps(other))
    }

    /// The columns a block may use: up to chosen blocks that stand wholly to its left and right.
    fn span(&self, candidate: &Candidate) -> (u32, u32) {
        let chosen = self.choice.main.iter().flatten().chain(&self.choice.further).chain(&self.choice.hidden);
        let beside: Vec<&Candidate> =
            chosen.filter_map(|at| self.candidates.get(*at)).filter(|other| other.sheet == candidate.sheet).collect();
        let right = beside.iter().map(|other| other.left()).filter(|left| *left > candidate.right()).min();
        let left = beside.iter().map(|other| other.right()).filter(|right| *right < candidate.left()).max();
        (left.map_or(0, |left| left + 1), right.map_or(u32::MAX, |right| right.saturating_sub(1)))
    }

    /// The rows of a block by key; rows without a key are told apart by their place, so that they never match.
    fn rows(&self, dataset: usize, block: &Block) -> Rows {
        let (Some(dataset), Some(grid)) = (self.datasets.get(dataset), self.grids.get(block.sheet)) else { return Rows::new() };
        let keys: Vec<usize> = (0..dataset.columns.len())
            .filter(|at| {
                dataset
                    .columns
                    .get(*at)
                    .is_some_and(|spec| dataset.key.contains(&spec.name) || (dataset.key.is_empty() && spec.kind == ColumnType::Region))
            })
            .collect();
        let text =
            |spot: Spot| spot.and_then(|(row, column)| grid.cell(row, column)).map(|cell| comparable(&cell.shown())).unwrap_or_default();
        let name = |text: String| match self.gazetteer.find(&text) {
            Some(Place::City(code) | Place::County(code)) => code.0.clone(),
            _ => text,
        };
        // What a cell says, however it is written: another spelling of a date or an amount is no other content.
        let data = self.period.back(dataset.lag);
        let said = |(spec, spot): (&ColumnSpec, &Spot)| {
            let cell = spot.and_then(|(row, column)| grid.cell(row, column));
            cell.map(|cell| self.said(grid, spec, cell, data)).unwrap_or_default()
        };
        let row = |(at, spots): (usize, &Vec<Spot>)| {
            let key: Vec<String> = keys.iter().filter_map(|key| spots.get(*key).copied()).map(text).map(name).collect();
            let key = key.join("|");
            let key = if key.trim_matches('|').is_empty() { format!("#{}!{at}", block.sheet) } else { key };
            (key, dataset.columns.iter().zip(spots).map(said).collect())
        };
        block.body.rows.iter().enumerate().map(row).collect()
    }

    fn said(&self, grid: &Grid, spec: &ColumnSpec, cell: &Cell, data: Period) -> String {
        let text = comparable(&cell.shown());
        match spec.kind {
            ColumnType::Date => {
                let day = date(&grid.dated(&cell.value), data, &mut Kinds::default()).ok().flatten();
                day.map_or(text, |day| day.to_string())
            }
            ColumnType::Integer | ColumnType::Decimal => {
                let number = text.replace(',', "").parse::<Decimal>().ok();
                number.map_or(text, |number| number.normalize().to_string())
            }
            ColumnType::Region => self.gazetteer.city(&text).map_or(text, |city| city.0.clone()),
            _ => text,
        }
    }
}

/// Title and unit lines right above the next table belong to it.
fn before_captions(grid: &Grid, bottom: u32, next: &Candidate) -> u32 {
    let titled = match next.titled {
        Titled::ByTitle(distance) | Titled::BySheet(distance) => next.heading.top.saturating_sub(distance),
        Titled::No => u32::MAX,
    };
    let mut end = next.heading.top;
    while end > bottom + 1 {
        let cells = grid.row(end - 1);
        let texts = cells.iter().all(|cell| cell.text().is_some());
        if cells.len() > 2 || !texts || !(end > titled || cells.iter().all(is_caption)) {
            break;
        }
        end -= 1;
    }
    end
}

/// Words of title and unit lines; a name without any of them is a row of the table above.
fn is_caption(cell: &Cell) -> bool {
    let key = cell.text().map(comparable).unwrap_or_default();
    [":", "单位", "表", "情况", "清单", "名单", "附件", "续", "年", "月"].iter().any(|word| key.contains(word))
}
