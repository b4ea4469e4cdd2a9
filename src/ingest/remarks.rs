//! 情况说明: the words by which a department explains its figures on the form itself, and the tick that nothing is new.
//!
//! A column explains its row, a row of a table with the cities across its column, the total row and a line below the table the
//! table. Words are only gathered here; what they answer is decided where the findings are known.

use crate::model::CellRef;
use crate::plan::Dataset;
use crate::plan::form::{NOTHING_NEW, REMARKS, is_remarks};

use super::grid::{Cell, Grid};
use super::layout::{Block, Found};
use super::parse::text::{comparable, trimmed};
pub use super::reading::{About, Remark};

/// Shorter texts explain nothing.
const CHARS_MIN: usize = 4;
/// Nor do these, however long they are written.
const EMPTY: [&str; 9] = ["无", "没有", "同上", "—", "/", "无情况说明", "无特殊情况", "无需说明", "无说明"];
/// How a box is ticked.
const TICKS: [&str; 10] = ["√", "✓", "✔", "v", "V", "是", "y", "Y", "☑", "1"];

/// The remarks of all tables, in the order of the datasets.
#[must_use]
pub fn remarks(grids: &[Grid], datasets: &[&Dataset], found: &[Found]) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for (dataset, found) in datasets.iter().zip(found) {
        let Found::Table(table) = found else { continue };
        for block in &table.blocks {
            let Some(grid) = grids.get(block.sheet) else { continue };
            let of_block = if block.across { across(grid, block) } else { down(grid, block) };
            let all = of_block.into_iter().chain(lines(grid, block)).chain(ticked(grid, block));
            remarks.extend(all.map(|(cell, about, text)| Remark {
                dataset: dataset.code.clone(),
                sheet: grid.name.clone(),
                cell,
                about,
                text,
            }));
        }
    }
    remarks
}

type Said = (CellRef, About, String);

/// The column beside the rows and the total rows.
fn down(grid: &Grid, block: &Block) -> Vec<Said> {
    let Some(column) = block.heading.extra.iter().find(|extra| is_remarks(&extra.text)).map(|extra| extra.column) else {
        return Vec::new();
    };
    let own = |spots: &Vec<Option<(u32, u32)>>| spots.iter().flatten().map(|(row, _)| *row).max();
    let rows = block.body.rows.iter().filter_map(own).map(|row| (row, false));
    let totals = block.body.totals.iter().map(|total| (total.row, true));
    let said = rows.chain(totals).flat_map(|(row, is_total)| {
        let cell = grid.cell(row, column);
        let words = cell.and_then(Cell::text).and_then(words);
        let place = CellRef::new(row, column);
        let of_row = words.clone().map(|text| (place, About::Row(row), text));
        [of_row, words.filter(|_| is_total).map(|text| (place, About::Table, text))]
    });
    said.flatten().collect()
}

/// The row below the cities.
fn across(grid: &Grid, block: &Block) -> Vec<Said> {
    let rows = block.body.left_out.iter().map(|(row, _)| *row);
    let of_row = rows.flat_map(|row| {
        let cells = grid.row(row);
        let is_row = cells.len() > 1 && cells.first().and_then(Cell::text).is_some_and(is_remarks);
        let words = cells.iter().skip(1).filter(move |_| is_row);
        words.filter_map(move |cell| Some((CellRef::new(row, cell.column), About::Column(cell.column), words_of(cell)?)))
    });
    of_row.collect()
}

fn words_of(cell: &Cell) -> Option<String> {
    words(cell.text()?)
}

/// Lines 情况说明：… below the rows.
fn lines(grid: &Grid, block: &Block) -> Vec<Said> {
    let last = block.body.last_row;
    let rows = block.body.left_out.iter().map(|(row, _)| *row).filter(|row| *row > last);
    let said = rows.filter_map(|row| {
        let cells = grid.row(row);
        let first = cells.first()?.text()?;
        let (head, rest) = first.split_once([':', '：'])?;
        if comparable(head) != REMARKS {
            return None;
        }
        let beside = cells.iter().skip(1).filter_map(Cell::text);
        let text: Vec<&str> = std::iter::once(rest).chain(beside).map(trimmed).filter(|text| !text.is_empty()).collect();
        Some((CellRef::new(row, cells.first()?.column), About::Table, words(&text.join("；"))?))
    });
    said.collect()
}

/// 本月无新增, ticked above the heading.
fn ticked(grid: &Grid, block: &Block) -> Option<Said> {
    let is_tick = |text: &str| TICKS.contains(&trimmed(text));
    let top = block.rows.0.min(block.heading.top);
    (top..block.heading.top).find_map(|row| {
        let cells = grid.row(row);
        let at = cells.iter().position(|cell| cell.text().is_some_and(|text| comparable(text).contains(NOTHING_NEW)))?;
        let label = cells.get(at)?.text()?;
        let inside = ["☑", "✓", "✔"].iter().any(|mark| label.contains(mark)) || label.rsplit([':', '：']).next().is_some_and(is_tick);
        let beside = cells.get(at + 1).is_some_and(|cell| is_tick(&cell.shown()));
        (inside || beside)
            .then(|| (CellRef::new(row, cells.get(at).map_or(0, |cell| cell.column)), About::NothingNew, NOTHING_NEW.to_owned()))
    })
}

/// What is worth keeping of a cell.
pub(super) fn words(text: &str) -> Option<String> {
    let text = trimmed(text);
    let bare: String = comparable(text).chars().filter(|c| c.is_alphanumeric()).collect();
    (bare.chars().count() >= CHARS_MIN && !EMPTY.contains(&bare.as_str())).then(|| text.to_owned())
}
