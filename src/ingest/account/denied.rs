//! Rows of a list or a table that say of themselves that they do not count: 是否纳入 answered 否, a remark 不计入, a name 示例：….

use std::collections::BTreeMap;

use crate::ingest::grid::{Cell, Grid, a1};
use crate::ingest::layout::Block;
use crate::ingest::layout::denial::{asks_whether, in_brackets, is_example, is_no, remark_denies};
use crate::ingest::parse::Context;
use crate::model::{Finding, FindingCode};
use crate::plan::{ColumnType, Dataset};

use super::named::{of, rows_named};

/// So many ways of saying it are quoted.
const WAYS_MAX: usize = 3;
/// So much of a remark is quoted.
const QUOTED_CHARS: usize = 30;

/// Asks about the rows of a block that deny themselves; they count as they stand.
#[must_use]
pub fn denied(grid: &Grid, dataset: &Dataset, block: &Block, context: Context) -> Option<Finding> {
    if block.across {
        return None;
    }
    let rows = block.body.rows.iter().filter_map(|spots| Some((spots.iter().flatten().map(|(row, _)| *row).max()?, spots)));
    let denying: Vec<(u32, &Cell, String)> = rows
        .filter_map(|(row, spots)| {
            let (cell, words) = by_remark(grid, block, row).or_else(|| by_name(grid, dataset, spots))?;
            Some((row, cell, words))
        })
        .collect();
    let (_, first, _) = denying.first()?;
    let mut ways: BTreeMap<&str, String> = BTreeMap::new();
    for (_, cell, words) in &denying {
        ways.entry(words).or_insert_with(|| format!("“{words}”（{}）", a1(cell.row, cell.column)));
    }
    let rows = rows_named(denying.iter().map(|(row, ..)| *row));
    let some: Vec<String> = ways.values().take(WAYS_MAX).cloned().collect();
    let more = if ways.len() > WAYS_MAX { "等" } else { "" };
    let message =
        format!("{rows}注明{}{more}，现仍计入：确不应计入的，请整行删除后重新报送；应当计入的，请改正所注内容或说明。", some.join("、"));
    let finding = Finding::new(FindingCode::DeniedRows, context.place(grid, Some((first.row, first.column))), message);
    Some(of(dataset, Finding { found: Some(format!("{rows}{}", some.join("、"))), ..finding }))
}

/// A cell of the row outside the form's own columns that denies it.
fn by_remark<'a>(grid: &'a Grid, block: &Block, row: u32) -> Option<(&'a Cell, String)> {
    let heading = &block.heading;
    let is_own = |cell: &&Cell| heading.bound.iter().flatten().any(|bound| bound.column == cell.column);
    let in_span = |cell: &&Cell| (block.span.0..=block.span.1).contains(&cell.column);
    grid.row(row).iter().filter(in_span).filter(|cell| !is_own(cell)).find_map(|cell| {
        let label = heading.extra.iter().find(|extra| extra.column == cell.column).map(|extra| extra.text.as_str());
        let shown = cell.shown();
        if label.is_some_and(asks_whether) && is_no(&shown) {
            return Some((cell, format!("{}：{shown}", label.unwrap_or_default())));
        }
        remark_denies(cell.text()?).then(|| (cell, quoted(&shown)))
    })
}

/// A name that is an example, or bears a note that denies the row.
fn by_name<'a>(grid: &'a Grid, dataset: &Dataset, spots: &[Option<(u32, u32)>]) -> Option<(&'a Cell, String)> {
    let texts = dataset.columns.iter().zip(spots).filter(|(spec, _)| spec.kind == ColumnType::Text);
    texts.into_iter().find_map(|(spec, spot)| {
        let cell = spot.and_then(|(row, column)| grid.cell(row, column))?;
        let text = cell.text()?;
        let noted = dataset.key.contains(&spec.name) && in_brackets(text).any(remark_denies);
        (is_example(text) || noted).then(|| (cell, quoted(text)))
    })
}

fn quoted(text: &str) -> String {
    let mut short: String = text.trim().chars().take(QUOTED_CHARS).collect();
    if short.len() < text.trim().len() {
        short.push('…');
    }
    short
}
