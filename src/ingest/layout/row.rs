//! One row under a heading, weighed: its words against what its cells hold.
//!
//! In a list a row whose required cells are all filled with what belongs there is data, whatever its name begins with; a foot line
//! has one filled cell; behind a gap a row is data only when at least half of the required cells (two at least) fit.

use std::collections::BTreeSet;

use regex::Regex;

use crate::ingest::grid::{Cell, Grid, Value};
use crate::ingest::parse::region::{Gazetteer, Place};
use crate::ingest::parse::text::{comparable, is_placeholder};
use crate::model::Unit;
use crate::plan::form::WORDS_ON;
use crate::plan::{ColumnSpec, ColumnType, Dataset, Shape};

use super::heading::Heading;
use super::label::{label, may_be};
use super::section::is_section;
use super::spot::Spot;
use super::words::{RowWord, is_carried, is_own, is_signature_label, row_word};

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    Data,
    Total,
    /// 省本级, 跨市 in a table of regions.
    Own,
    OfWhich,
    Foot,
    /// 以下空白.
    BlankMark,
    /// A heading between rows, or one repeated on a later page.
    Heading,
    /// A lone name that heads rows of a list: 第五批, 新增企业, a city.
    Section,
    /// 甲 1 2 3 …
    ColumnNumbers,
    /// Nothing under any heading of the table.
    Outside,
    /// Neither data nor anything known.
    Unread,
}

/// What stood before a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Before {
    /// Blank rows lie between, or a foot line.
    pub gap: bool,
    /// The row before is a heading row.
    pub heading: bool,
}

/// A table's rows are read with this.
pub struct Rows<'a> {
    pub grid: &'a Grid,
    pub dataset: &'a Dataset,
    pub heading: &'a Heading,
    pub gazetteer: &'a Gazetteer,
    /// The sheet columns that belong to the table, inclusive.
    pub span: (u32, u32),
    patterns: Vec<Option<Regex>>,
    items: BTreeSet<String>,
    /// Sheet column and compared text of each heading cell that is bound.
    headings: Vec<(u32, String)>,
    required: usize,
}

/// Longer lone texts are remarks, not names.
const NAME_CHARS_MAX: usize = 40;

impl<'a> Rows<'a> {
    /// Prepares what every row is held against.
    #[must_use]
    pub fn new(grid: &'a Grid, dataset: &'a Dataset, heading: &'a Heading, gazetteer: &'a Gazetteer, span: (u32, u32)) -> Self {
        let pattern = |spec: &ColumnSpec| spec.pattern.as_deref().and_then(|pattern| Regex::new(pattern).ok());
        let text = |row, column| grid.cell(row, column).and_then(Cell::text).map(label);
        let bound = heading.bound.iter().flatten();
        Self {
            grid,
            dataset,
            heading,
            gazetteer,
            span,
            patterns: dataset.columns.iter().map(pattern).collect(),
            items: dataset.items.iter().map(|item| comparable(item)).collect(),
            headings: bound.filter_map(|bound| Some((bound.column, text(bound.row, bound.column)?))).collect(),
            required: dataset.columns.iter().filter(|spec| spec.required).count(),
        }
    }

    /// The filled cells of a row that belong to the table.
    #[must_use]
    pub fn cells(&self, row: u32) -> &'a [Cell] {
        let cells = self.grid.row(row);
        let from = cells.partition_point(|cell| cell.column < self.span.0);
        let to = cells.partition_point(|cell| cell.column <= self.span.1);
        cells.get(from..to).unwrap_or_default()
    }

    /// Tells what the row is.
    #[must_use]
    pub fn kind(&self, row: u32, before: Before) -> RowKind {
        let cells = self.cells(row);
        if before.heading && is_numbering(cells, self.headings.len()) {
            return RowKind::ColumnNumbers;
        }
        if before.heading && self.is_unit_row(cells) {
            return RowKind::Heading;
        }
        if self.repeats_heading(row) {
            return RowKind::Heading;
        }
        // 制表：王五 | 审核：李四, 经办人 | 王五 | 联系电话 | …: nobody's data twice over.
        if cells.iter().filter_map(Cell::text).filter(|text| is_signature_label(text)).count() >= 2 {
            return RowKind::Foot;
        }
        if self.is_section(cells) {
            return RowKind::Section;
        }
        // A sum that is carried to the next page is no row, whatever its cells hold.
        if cells.iter().find_map(Cell::text).into_iter().chain(self.key_text(row)).any(is_carried) {
            return RowKind::Total;
        }
        let fitting = self.fitting(row);
        if self.dataset.shape == Shape::Records && fitting == self.required && fitting > 0 {
            return RowKind::Data;
        }
        let word = self.word(row, cells);
        if word == RowWord::Data && self.is_blank(row) {
            return if cells.len() == 1 && cells.iter().all(|cell| cell.text().is_some_and(|text| !is_name(text))) {
                RowKind::Foot
            } else {
                RowKind::Outside
            };
        }
        match word {
            RowWord::Blank => RowKind::BlankMark,
            RowWord::Total => RowKind::Total,
            RowWord::Own => RowKind::Own,
            RowWord::OfWhich => RowKind::OfWhich,
            RowWord::Foot if cells.len() == 1 || !self.is_likely(fitting) => RowKind::Foot,
            RowWord::Group if cells.len() <= 2 => RowKind::Heading,
            RowWord::Foot | RowWord::Group | RowWord::Data => self.data(row, cells, fitting, before),
        }
    }

    fn data(&self, row: u32, cells: &[Cell], fitting: usize, before: Before) -> RowKind {
        if let [cell] = cells
            && let Some(kind) = self.lone(cell, before)
        {
            return kind;
        }
        let known = self.key_place(row).is_some() || self.key_text(row).is_some_and(|text| self.is_item(text));
        if known || self.is_likely(fitting) {
            return RowKind::Data;
        }
        if cells.iter().all(|cell| cell.text().is_some_and(|text| comparable(text).contains(':'))) {
            return RowKind::Foot;
        }
        if before.gap { RowKind::Unread } else { RowKind::Data }
    }

    /// A single filled cell under several headings is a remark, unless it looks like the name of a row.
    fn lone(&self, cell: &Cell, before: Before) -> Option<RowKind> {
        let text = cell.text()?;
        if self.heading.bound.iter().flatten().count() < 2 {
            return None;
        }
        let spec = self.heading.bound.iter().position(|bound| bound.as_ref().is_some_and(|bound| bound.column == cell.column));
        let is_key = spec.is_some_and(|spec| self.is_key(spec));
        if self.is_merged_across(cell) {
            return Some(if self.is_item(text) { RowKind::Data } else { RowKind::Heading });
        }
        match self.dataset.shape {
            Shape::Matrix if is_key && self.gazetteer.find(text).is_some() => None,
            Shape::Form if is_key && (self.is_item(text) || !before.gap) => None,
            Shape::Records if is_key && !before.gap && is_name(text) => None,
            Shape::Matrix if is_key && !before.gap && !is_remark(text) => None,
            _ => Some(RowKind::Foot),
        }
    }

    /// The row's word: by its first text, else by its key or region, which may stand behind a running number or a group name.
    fn word(&self, row: u32, cells: &[Cell]) -> RowWord {
        let shape = self.dataset.shape;
        let first = cells.iter().find_map(Cell::text).unwrap_or_default();
        if self.is_item(first) {
            return RowWord::Data;
        }
        let word = row_word(first, self.gazetteer, shape);
        if word != RowWord::Data {
            return word;
        }
        let labels = (0..self.heading.bound.len()).filter(|spec| self.is_key(*spec) || self.is_region(*spec));
        let texts = labels.filter_map(|spec| self.cell(row, spec)?.text()).filter(|text| !self.is_item(text));
        let words = texts.map(|text| row_word(text, self.gazetteer, shape));
        words.into_iter().find(|word| matches!(word, RowWord::Total | RowWord::OfWhich | RowWord::Own)).unwrap_or(RowWord::Data)
    }

    /// A section of a list of several columns; what is merged across the table is a heading anyway.
    fn is_section(&self, cells: &[Cell]) -> bool {
        let [cell] = cells else { return false };
        let is_list = self.dataset.shape == Shape::Records && self.heading.bound.iter().flatten().count() >= 2;
        is_list && cell.text().is_some_and(|text| is_section(text, self.gazetteer)) && !self.is_merged_across(cell)
    }

    fn is_merged_across(&self, cell: &Cell) -> bool {
        let across = |m: &&crate::ingest::grid::Merge| m.top == cell.row && m.left == cell.column && m.right >= m.left + 2;
        self.grid.merges.iter().flatten().any(|merge| across(&merge))
    }

    /// Whether a table of cities or items has this row's already.
    #[must_use]
    pub fn repeats_a_row(&self, row: u32, read: &[Vec<Spot>]) -> bool {
        let Some(key) = (0..self.heading.bound.len()).find(|spec| self.is_key(*spec)).filter(|_| self.dataset.shape != Shape::Records)
        else {
            return false;
        };
        let name = |cell: &Cell| {
            let text = comparable(&cell.shown());
            self.gazetteer.city(&text).map_or(text, |city| city.0.clone())
        };
        let Some(own) = self.cell(row, key).map(name) else { return false };
        let cell = |spots: &Vec<Spot>| spots.get(key).copied().flatten().and_then(|(row, column)| self.grid.cell(row, column));
        read.iter().filter_map(cell).any(|cell| name(cell) == own)
    }

    /// Whether a row of words on what is behind names its indicator and says nothing about it.
    #[must_use]
    pub fn is_unsaid(&self, row: u32) -> bool {
        let mut words = (0..self.heading.bound.len())
            .filter(|spec| !self.is_key(*spec) && self.dataset.columns.get(*spec).is_some_and(|column| column.required));
        self.dataset.code == WORDS_ON && words.all(|spec| self.cell(row, spec).is_none())
    }

    /// How many required cells of a row hold what belongs there.
    #[must_use]
    pub fn fitting(&self, row: u32) -> usize {
        let specs = self.dataset.columns.iter().enumerate().filter(|(_, spec)| spec.required);
        specs.filter(|(at, spec)| self.cell(row, *at).is_some_and(|cell| self.fits(*at, spec, cell))).count()
    }

    /// Whether so many fitting cells make a row of the table likely: half of the required ones, two at least.
    #[must_use]
    pub fn is_likely(&self, fitting: usize) -> bool {
        fitting >= self.required.div_ceil(2).max(2).min(self.required.max(1))
    }

    fn fits(&self, at: usize, spec: &ColumnSpec, cell: &Cell) -> bool {
        let text = cell.text();
        if text.is_some_and(is_placeholder) {
            return false;
        }
        let numeral = |text: &str| comparable(text).trim_start_matches(['-', '+', '(', '约']).starts_with(|c: char| c.is_ascii_digit());
        match spec.kind {
            ColumnType::Text => match self.patterns.get(at).and_then(Option::as_ref) {
                Some(pattern) => pattern.is_match(cell.shown().trim()),
                None => text.is_none_or(|text| !text.trim().is_empty()),
            },
            ColumnType::Region => text.is_some_and(|text| self.gazetteer.find(text).is_some() || is_own(text)),
            ColumnType::Integer | ColumnType::Decimal => text.map_or(matches!(cell.value, Value::Number(_)), numeral),
            ColumnType::Date => text.map_or(matches!(cell.value, Value::Date(_) | Value::Number(_)), numeral),
            ColumnType::Choice => {
                let key = comparable(&cell.shown());
                spec.choices.iter().any(|choice| comparable(choice) == key)
            }
            ColumnType::Flag => true,
        }
    }

    /// A row of units right below the heading, each the one of its column: any other unit leaves the row to be asked about.
    fn is_unit_row(&self, cells: &[Cell]) -> bool {
        let own = |cell: &Cell| {
            let text = comparable(cell.text()?);
            let spec = self.heading.bound.iter().position(|bound| bound.as_ref().is_some_and(|bound| bound.column == cell.column));
            let unit = spec.and_then(|spec| self.dataset.columns.get(spec)?.unit.as_ref());
            let is_own = unit.is_some_and(|unit| Unit::parse(text.trim_matches(['(', ')'])).as_ref() == Some(unit));
            (is_own || matches!(text.as_str(), "单位" | "计量单位" | "-" | "/" | "—")).then_some(is_own)
        };
        let owns: Option<Vec<bool>> = cells.iter().map(own).collect();
        owns.is_some_and(|owns| owns.contains(&true))
    }

    /// Headings repeated at a page break: two of them at least, each in its own column.
    fn repeats_heading(&self, row: u32) -> bool {
        let same = |(column, heading): &&(u32, String)| {
            let text = self.grid.cell(row, *column).and_then(Cell::text);
            text.is_some_and(|text| may_be(text, heading) && text.chars().count() <= 60 && label(text) == *heading)
        };
        self.headings.iter().filter(same).take(2).count() == 2
    }

    /// What lies under one of the table's headings.
    #[must_use]
    pub fn cell(&self, row: u32, spec: usize) -> Option<&'a Cell> {
        self.grid.cell(row, self.heading.bound.get(spec)?.as_ref()?.column)
    }

    fn is_blank(&self, row: u32) -> bool {
        (0..self.heading.bound.len()).all(|spec| self.cell(row, spec).is_none())
    }

    /// The city or county that a table of regions has in a row.
    fn key_place(&self, row: u32) -> Option<&Place> {
        let region = (0..self.heading.bound.len()).find(|spec| self.is_region(*spec)).filter(|_| self.dataset.shape == Shape::Matrix)?;
        self.gazetteer.find(self.cell(row, region)?.text()?)
    }

    fn key_text(&self, row: u32) -> Option<&str> {
        (0..self.heading.bound.len()).find(|spec| self.is_key(*spec)).and_then(|spec| self.cell(row, spec)?.text())
    }

    fn is_item(&self, text: &str) -> bool {
        !self.items.is_empty() && self.items.contains(&comparable(text))
    }

    /// Whether a column is one of those that identify a row.
    #[must_use]
    pub fn is_key(&self, spec: usize) -> bool {
        self.dataset.columns.get(spec).is_some_and(|column| self.dataset.key.contains(&column.name))
    }

    /// Whether a column names the city.
    #[must_use]
    pub fn is_region(&self, spec: usize) -> bool {
        self.dataset.columns.get(spec).is_some_and(|column| column.kind == ColumnType::Region)
    }
}

/// 甲 乙 1 2 3, (1) (2), A B C, `3=1+2`: column numbers, with or without a word before them; two are enough where no more columns are bound.
fn is_numbering(cells: &[Cell], columns: usize) -> bool {
    const WORDS: [&str; 6] = ["甲", "栏次", "列次", "栏号", "列号", "编号"];
    const STEMS: [&str; 4] = ["甲", "乙", "丙", "丁"];
    let bare = |cell: &Cell| comparable(&cell.shown()).trim_matches(['(', ')']).to_owned();
    let first = cells.first().map(bare).unwrap_or_default();
    // A list may begin with a firm called 甲: then something else than numbers follows.
    if WORDS.contains(&first.as_str()) && cells.iter().skip(1).map(bare).all(|text| is_mark(&text) || STEMS.contains(&text.as_str())) {
        return true;
    }
    let letters = cells.iter().map(bare).take_while(|text| matches!(text.as_bytes(), [b'a'..=b'z' | b'A'..=b'Z'])).count();
    if letters >= 2 && cells.iter().skip(letters).map(bare).all(|text| is_mark(&text)) {
        return true;
    }
    let number = |cell: &Cell| {
        let text = comparable(&cell.shown());
        let own = text.split_once('=').map_or(text.as_str(), |(own, _)| own);
        own.trim_matches(['(', ')']).parse::<u32>().ok()
    };
    let numbers: Option<Vec<u32>> = cells.iter().map(number).collect();
    numbers.is_some_and(|numbers| {
        numbers.len() >= columns.clamp(2, 3)
            && numbers.first() <= Some(&1)
            && numbers.windows(2).all(|pair| matches!(pair, [a, b] if *b == a + 1))
    })
}

/// A column's number, perhaps with what it is reckoned from.
fn is_mark(text: &str) -> bool {
    let own = text.split_once('=').map_or(text, |(own, _)| own);
    !own.is_empty() && own.chars().all(|c| c.is_ascii_digit() || c.is_ascii_alphabetic()) && own.len() <= 2
}

/// A lone text that may be the name of a row whose other cells were forgotten.
fn is_name(text: &str) -> bool {
    text.chars().count() <= NAME_CHARS_MAX && !is_remark(text)
}

fn is_remark(text: &str) -> bool {
    let key = comparable(text);
    key.contains([':', ',', ';', '。', '、'])
        || ["以下", "以上", "上述", "续", "注", "说明", "备注", "另"].iter().any(|word| key.starts_with(word))
}

#[cfg(test)]
mod tests;
