//! Our own forms, known again: the hidden sheet, the first sheet, and whether the plan has moved on since.

use crate::model::{DepartmentCode, Finding, FindingCode, Place};
use crate::plan::Dataset;
use crate::plan::form::{GUIDE_HEADS, GUIDE_SHEET, HIDDEN_SHEET, KEY_TABLE, version};

use super::grid::{Grid, Value};
use super::parse::text::{comparable, trimmed};

/// So many of the guide's heads are enough to know it.
const HEADS_MIN: usize = 4;

/// The hidden sheet of our own forms.
#[must_use]
pub fn hidden(grids: &[Grid]) -> Option<&Grid> {
    grids.iter().find(|grid| grid.name == HIDDEN_SHEET)
}

/// The form's first sheet. One on which somebody has put figures is a sheet like any other.
#[must_use]
pub fn guide(grids: &[Grid]) -> Option<usize> {
    grids.iter().position(|grid| {
        let heads = grid.rows().filter_map(|(row, _)| grid.cell(row, 0)?.text()).map(comparable);
        let known = heads.filter(|head| GUIDE_HEADS.iter().any(|word| comparable(word) == *head)).count();
        let is_text = grid.cells().all(|cell| matches!(cell.value, Value::Text(_)));
        comparable(&grid.name) == GUIDE_SHEET && known >= HEADS_MIN && is_text
    })
}

/// The first line of the form's first sheet: `2022年7月调度表　省经信厅`.
#[must_use]
pub fn guide_title(grids: &[Grid]) -> Option<&str> {
    let grid = grids.get(guide(grids)?)?;
    let (_, cells) = grid.rows().next()?;
    cells.first()?.text()
}

/// The value beside a key in the hidden sheet.
#[must_use]
pub fn entry(grid: &Grid, key: &str) -> Option<String> {
    let (row, _) = grid.rows().find(|(row, _)| grid.cell(*row, 0).and_then(|cell| cell.text()).is_some_and(|text| trimmed(text) == key))?;
    match &grid.cell(row, 1)?.value {
        Value::Text(text) => Some(trimmed(text).to_owned()),
        Value::Date(date) => Some(date.format("%Y-%m").to_string()),
        _ => None,
    }
}

/// A form that was drawn before a table of it was changed: it is read as the tables are now, and told.
#[must_use]
pub fn outdated(grids: &[Grid], file: &str, department: &DepartmentCode, own: &[&Dataset]) -> Option<Finding> {
    let hidden = hidden(grids)?;
    let sheet = |dataset: &&&Dataset| format!("“{}”", dataset.sheets.first().unwrap_or(&dataset.title));
    let drawn = |dataset: &&&Dataset| entry(hidden, &format!("{KEY_TABLE}{}", dataset.code));
    let is_ours = own.iter().any(|dataset| drawn(&dataset).is_some());
    let changed: Vec<String> =
        own.iter().filter(|dataset| drawn(dataset).is_some_and(|drawn| drawn != version(dataset))).map(|d| sheet(&d)).collect();
    let added: Vec<String> = own.iter().filter(|dataset| is_ours && drawn(dataset).is_none()).map(|dataset| sheet(&dataset)).collect();
    let parts: Vec<String> = [(&changed, "有改动"), (&added, "为新增")]
        .into_iter()
        .filter(|(names, _)| !names.is_empty())
        .map(|(names, what)| format!("{}{what}", names.concat()))
        .collect();
    if parts.is_empty() {
        return None;
    }
    let found = parts.join("，");
    let message = format!("所用调度表是方案调整前下发的：{found}，已按现行表样读取。请对照新下发的调度表核对这几张表，下次请用新表。");
    let place = Place { file: file.to_owned(), ..Place::default() };
    let finding = Finding::new(FindingCode::OutdatedForm, place, message);
    Some(Finding { found: Some(format!("{department} {found}")), ..finding })
}

#[cfg(test)]
mod tests {
    use rust_decimal::dec;

    use super::*;
    use crate::ingest::grid::Cell;

    fn sheet(name: &str, column: &[&str]) -> Grid {
        let mut grid = Grid::new(name, true);
        for (row, text) in (0u32..).zip(column) {
            grid.put(Cell { row, column: 0, value: Value::Text((*text).to_owned()), look: None });
        }
        grid
    }

    #[test]
    fn the_first_sheet_is_known_by_its_heads_and_only_while_it_holds_no_figure() {
        let mut guide = sheet("填报说明", &["2022年7月调度表　省经信厅", "何时报", "报给谁", "怎样报", "黄色格"]);
        assert_eq!(guide_title(std::slice::from_ref(&guide)), Some("2022年7月调度表　省经信厅"));
        assert_eq!(self::guide(&[sheet("填报说明", &["一、指标解释", "何时报"])]), None, "a department's own");
        guide.put(Cell { row: 9, column: 1, value: Value::Number(dec!(262)), look: None });
        assert_eq!(self::guide(&[guide]), None);
    }
}
