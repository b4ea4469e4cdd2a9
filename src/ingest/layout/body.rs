//! The rows under a heading: which are data, which are totals, and where the table ends.

use crate::ingest::grid::{Cell, Grid};
use crate::ingest::parse::region::{Gazetteer, Place};
use crate::ingest::parse::text::comparable;
use crate::plan::{ColumnType, Dataset, Shape};

use super::heading::Heading;
use super::label::label;
use super::words::{RowWord, row_word};

/// A cell's place, or `None` where the sheet lacks the column.
pub type Spot = Option<(u32, u32)>;

/// A 合计 row as it stands on the sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Total {
    pub label: String,
    pub row: u32,
    /// One for each of the dataset's columns.
    pub spots: Vec<Spot>,
}

/// Where the values of a table stand.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Body {
    /// For each data row, one place for each of the dataset's columns.
    pub rows: Vec<Vec<Spot>>,
    /// Data rows and columns that take over the cell above (merged key cells).
    pub filled: Vec<(usize, usize)>,
    pub totals: Vec<Total>,
    pub last_row: u32,
}

/// Reads the rows below `heading`, down to `end` (exclusive).
#[must_use]
pub fn body(grid: &Grid, dataset: &Dataset, heading: &Heading, end: u32, gazetteer: &Gazetteer) -> Body {
    let reader = Reader { grid, dataset, heading, gazetteer };
    let mut body = Body { last_row: heading.bottom, ..Body::default() };
    let mut previous = heading.bottom;
    for (row, cells) in grid.rows().filter(|(row, _)| (heading.bottom + 1..end).contains(row)) {
        let after_gap = row > previous + 1;
        if is_numbering(cells) || reader.repeats_heading(row) {
            previous = row;
            continue;
        }
        match reader.word(row, cells, after_gap) {
            RowWord::Foot => break,
            // Rows may go on behind a note; its own further lines are notes as long as the gap is not closed.
            RowWord::Note => continue,
            RowWord::Group | RowWord::Part => {}
            RowWord::Total => body.totals.push(Total { label: first_text(cells), row, spots: reader.spots(row) }),
            RowWord::Data if reader.is_blank(row) => {}
            RowWord::Data => {
                let spots = reader.fill_down(row, body.rows.last(), &mut body.filled, body.rows.len());
                body.rows.push(spots);
                body.last_row = row;
            }
        }
        previous = row;
    }
    reader.drop_counties(&mut body);
    body
}

/// The words of a row's first cell with words.
fn first_text(cells: &[Cell]) -> String {
    cells.iter().find_map(Cell::text).unwrap_or_default().to_owned()
}

/// 甲 乙 1 2 3: the row of column numbers below some headings.
fn is_numbering(cells: &[Cell]) -> bool {
    cells.first().and_then(Cell::text).is_some_and(|text| matches!(comparable(text).as_str(), "甲" | "栏次" | "列次"))
}

struct Reader<'a> {
    grid: &'a Grid,
    dataset: &'a Dataset,
    heading: &'a Heading,
    gazetteer: &'a Gazetteer,
}

impl Reader<'_> {
    fn spots(&self, row: u32) -> Vec<Spot> {
        self.heading.bound.iter().map(|bound| bound.as_ref().map(|bound| (row, bound.column))).collect()
    }

    fn cell(&self, row: u32, spec: usize) -> Option<&Cell> {
        self.grid.cell(row, self.heading.bound.get(spec)?.as_ref()?.column)
    }

    fn is_blank(&self, row: u32) -> bool {
        (0..self.heading.bound.len()).all(|spec| self.cell(row, spec).is_none())
    }

    fn columns(&self) -> usize {
        self.heading.bound.iter().flatten().count()
    }

    fn word(&self, row: u32, cells: &[Cell], after_gap: bool) -> RowWord {
        let cities = self.dataset.shape == Shape::Matrix;
        let first = first_text(cells);
        if self.is_item(&first) {
            return RowWord::Data;
        }
        let word = row_word(&first, self.gazetteer, cities);
        if word == RowWord::Group && cells.len() > 2 && !self.is_blank(row) {
            return RowWord::Data;
        }
        if word != RowWord::Data {
            return word;
        }
        // The label may stand behind a running number or a merged group name.
        let key = (0..self.dataset.columns.len()).find(|spec| self.is_label(*spec)).and_then(|spec| self.cell(row, spec)?.text());
        if let Some(key) = key.filter(|key| !self.is_item(key)) {
            let word = row_word(key, self.gazetteer, cities);
            if matches!(word, RowWord::Total | RowWord::Part) {
                return word;
            }
        }
        self.lone_text(cells, after_gap).unwrap_or(RowWord::Data)
    }

    /// A single text under a table of several columns: a note after a gap, a group name where it is merged across.
    fn lone_text(&self, cells: &[Cell], after_gap: bool) -> Option<RowWord> {
        let [cell] = cells else { return None };
        cell.text()?;
        if self.columns() < 3 {
            return None;
        }
        let merges = self.grid.merges.as_deref().unwrap_or_default();
        let across = merges.iter().any(|m| m.top == cell.row && m.left == cell.column && m.right >= m.left + 2);
        let known = self.dataset.shape == Shape::Matrix && cell.text().is_some_and(|text| self.gazetteer.find(text).is_some());
        if across {
            Some(RowWord::Group)
        } else if after_gap && !known {
            Some(RowWord::Note)
        } else {
            None
        }
    }

    fn is_item(&self, text: &str) -> bool {
        let key = comparable(text);
        self.dataset.items.iter().any(|item| comparable(item) == key)
    }

    fn is_label(&self, spec: usize) -> bool {
        self.dataset.columns.get(spec).is_some_and(|column| self.dataset.key.contains(&column.name))
    }

    /// Headings repeated at a page break.
    fn repeats_heading(&self, row: u32) -> bool {
        let repeated = self.heading.bound.iter().flatten().filter(|bound| {
            let text = self.grid.cell(row, bound.column).and_then(Cell::text).map(label);
            text.is_some() && text == self.grid.cell(bound.row, bound.column).and_then(Cell::text).map(label)
        });
        repeated.count() >= 2
    }

    /// Merged or omitted key cells take over the cell above; other columns never do.
    fn fill_down(&self, row: u32, above: Option<&Vec<Spot>>, filled: &mut Vec<(usize, usize)>, at: usize) -> Vec<Spot> {
        let mut spots = self.spots(row);
        for (spec, spot) in spots.iter_mut().enumerate() {
            let region = self.dataset.columns.get(spec).is_some_and(|column| column.kind == ColumnType::Region);
            let Some((row, column)) = *spot else { continue };
            if !(self.is_label(spec) || region) || self.grid.cell(row, column).is_some() {
                continue;
            }
            let source = if self.grid.merges.is_some() {
                self.grid.anchor(row, column).filter(|place| *place != (row, column) && place.0 > self.heading.bottom)
            } else {
                above.and_then(|above| above.get(spec).copied().flatten())
            };
            if let Some(source) = source.filter(|(row, column)| self.grid.cell(*row, *column).is_some()) {
                *spot = Some(source);
                filled.push((at, spec));
            }
        }
        spots
    }

    /// In a table of cities a county below its city is an "of which" row; a county without its city is left for a finding.
    fn drop_counties(&self, body: &mut Body) {
        let region = self.dataset.columns.iter().position(|column| column.kind == ColumnType::Region);
        let (Shape::Matrix, Some(region)) = (self.dataset.shape, region) else { return };
        let place = |spots: &[Spot]| {
            let (row, column) = spots.get(region).copied().flatten()?;
            self.gazetteer.find(self.grid.cell(row, column)?.text()?)
        };
        let cities: Vec<_> = body
            .rows
            .iter()
            .filter_map(|row| place(row))
            .filter_map(|p| if let Place::City(code) = p { Some(code.clone()) } else { None })
            .collect();
        let keep: Vec<bool> =
            body.rows.iter().map(|row| !matches!(place(row), Some(Place::County(city)) if cities.contains(city))).collect();
        let mut kept = keep.iter();
        body.rows.retain(|_| kept.next().copied().unwrap_or(true));
        // Filled-down keys do not occur among cities and counties; their row numbers would have moved.
        if keep.contains(&false) {
            body.filled.clear();
        }
    }
}
