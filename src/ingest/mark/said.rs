//! What a department typed into 情况说明 on our sheet, read back from any format.

use super::list::{HEADINGS, KEY};
use super::own::is_named;
use crate::ingest::grid::{Cell, Grid};
use crate::ingest::parse::text::{comparable, trimmed};
pub use crate::ingest::reading::Said;
use crate::ingest::remarks::words;
use crate::model::CellRef;

/// Whether a sheet is ours: by its name, with its key or its headings.
#[must_use]
pub fn is_ours(grid: &Grid) -> bool {
    is_named(&grid.name) && (grid.cells().any(|cell| cell.text() == Some(KEY)) || heading(grid).is_some())
}

/// The row of the headings, and the column of each.
fn heading(grid: &Grid) -> Option<(u32, [Option<u32>; 9])> {
    grid.rows().find_map(|(row, cells)| {
        let column =
            |word: &str| cells.iter().find(|cell| cell.text().is_some_and(|text| comparable(text) == word)).map(|cell| cell.column);
        let columns = HEADINGS.map(column);
        (columns.iter().flatten().count() >= HEADINGS.len() - 2).then_some((row, columns))
    })
}

/// Everything that was typed on our sheets.
#[must_use]
pub fn said(grids: &[Grid]) -> Vec<Said> {
    grids.iter().filter(|grid| is_ours(grid)).flat_map(on_sheet).collect()
}

fn on_sheet(grid: &Grid) -> Vec<Said> {
    let Some((top, columns)) = heading(grid) else { return Vec::new() };
    let [.., sheet, cell, problem, _, _, _, text] = columns;
    let Some(typed) = text else { return Vec::new() };
    let names = grid.cells().find(|cell| cell.text() == Some(KEY)).map(|cell| cell.column);
    let said = grid.rows().filter(|(row, _)| *row > top).filter_map(|(row, _)| {
        let at = |column: Option<u32>| column.and_then(|column| grid.cell(row, column)).map(Cell::shown).unwrap_or_default();
        let text = words(&at(Some(typed)))?;
        let cells = at(cell);
        let first: String = cells.chars().take_while(char::is_ascii_alphanumeric).collect();
        let names = at(names).split_whitespace().filter_map(|name| u64::from_str_radix(name, 16).ok()).collect();
        Some(Said {
            names,
            sheet: trimmed(&at(sheet)).to_owned(),
            cell: first.parse().ok(),
            several: cells.len() > first.len(),
            problem: at(problem),
            text,
            on: grid.name.clone(),
            at: CellRef::new(row, typed),
        })
    });
    said.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::grid::Value;

    fn sheet(rows: &[&[&str]]) -> Grid {
        let mut grid = Grid::new("数据审核意见", true);
        for (row, texts) in (0..).zip(rows) {
            for (column, text) in (0..).zip(*texts).filter(|(_, text)| !text.is_empty()) {
                grid.put(Cell { row, column, value: Value::Text((*text).to_owned()), look: None });
            }
        }
        grid
    }

    #[test]
    fn what_was_typed_is_read_with_what_it_is_about() {
        let grid = sheet(&[
            &["数据审核意见", "", "", "", "", "", "", "", "", KEY],
            &HEADINGS,
            &["1", "▲ 请说明", "投资", "C5等3处", "累计少于上月", "", "", "", "核减两个项目", "00000000000000ff 0000000000000001"],
            &["2", "▲ 请说明", "投资", "C6", "累计少于上月", "", "", "", "无"],
            &["3", "■ 须修改", "投资", "C7", "未填", "", "", "", "—"],
        ]);
        let said = said(&[grid]);
        assert_eq!(said.len(), 1, "无 and — explain nothing");
        assert_eq!((said[0].names.as_slice(), said[0].cell, said[0].text.as_str()), (&[255, 1][..], "C5".parse().ok(), "核减两个项目"));
    }

    #[test]
    fn a_sheet_of_that_name_that_is_not_ours_is_left() {
        assert!(!is_ours(&sheet(&[&["本单位数据审核意见"]])));
        assert!(is_ours(&sheet(&[&HEADINGS])), "the hidden column may be lost");
    }
}
