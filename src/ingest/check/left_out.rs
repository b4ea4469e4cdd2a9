//! The account's part of rows that were read but that indicators leave out: of another year, or out of scope.
//!
//! They stay among the table's rows and sums.

use polars::prelude::PolarsResult;

use crate::model::account::{Account, LeftOut, Why};
use crate::model::{CellRef, Observations};
use crate::plan::{Plan, counted};

/// Adds to each table of `account` the rows that indicators of `plan` leave out. Conditions are evaluated with Polars: call it from a
/// blocking thread.
///
/// # Errors
///
/// When a condition cannot be evaluated over the observations.
pub fn leave_out(plan: &Plan, observations: &[Observations], account: &mut Account) -> PolarsResult<()> {
    for one in observations {
        let left = counted::left_out(plan, one)?;
        let of_year = left.another_year.into_iter().chain(left.undated).map(|left| (left.row, Why::AnotherYear, left.indicators));
        let outside = left.out_of_scope.into_iter().map(|(row, codes)| (row, Why::OutOfScope, codes));
        let mut rows: Vec<(usize, Why, Vec<String>)> = of_year.chain(outside).collect();
        rows.sort_unstable();
        for (sheet, area, why, indicators) in joined(one, rows) {
            if let Some(table) = account.tables.iter_mut().find(|table| table.dataset == one.dataset && table.sheet == sheet) {
                table.left_out.push(LeftOut { cells: area.to_string(), why, indicators });
            }
        }
    }
    Ok(())
}

/// From the first cell to the last.
#[derive(Clone, Copy)]
struct Area(CellRef, CellRef);

impl std::fmt::Display for Area {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.0, self.1)
    }
}

/// Rows one below the other that the same indicators leave out, as one area each.
fn joined(observations: &Observations, rows: Vec<(usize, Why, Vec<String>)>) -> Vec<(String, Area, Why, Vec<String>)> {
    let mut joined: Vec<(String, Area, Why, Vec<String>)> = Vec::new();
    for (row, why, indicators) in rows {
        let Some(Area(first, last)) = area(observations, row) else { continue };
        let sheet = observations.sheet_of(row);
        match joined.last_mut() {
            Some((on, Area(from, to), reason, codes))
                if on == sheet && *reason == why && *codes == indicators && to.row + 1 == first.row && from.column == first.column =>
            {
                *to = CellRef::new(last.row, to.column.max(last.column));
            }
            _ => joined.push((sheet.to_owned(), Area(first, last), why, indicators)),
        }
    }
    joined
}

/// The cells of one row; key cells that a merge fills down stand above it and are not among them.
fn area(observations: &Observations, row: usize) -> Option<Area> {
    let cells = observations.cells.get(row)?.iter().flatten();
    let line = cells.clone().map(|cell| cell.row).max()?;
    let columns = cells.filter(|cell| cell.row == line).map(|cell| cell.column);
    Some(Area(CellRef::new(line, columns.clone().min()?), CellRef::new(line, columns.max()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::check::sample;
    use crate::model::account::TableAccount;

    #[test]
    fn rows_left_out_are_areas_with_their_indicators() {
        let dataset = sample::records();
        let row = |code: &'static str, day: &'static str| [code, "甲", "330100", "省级重点", "", "", day];
        let rows = [row("P-1", "2022-01-01"), row("P-2", "2020-01-01"), row("P-3", "2020-01-01"), row("P-4", ""), row("P-5", "2022-02-01")];
        let rows: Vec<&[&str]> = rows.iter().map(<[&str; 7]>::as_slice).collect();
        let now = sample::table(&dataset, &rows);
        let table = TableAccount {
            dataset: now.dataset.clone(),
            sheet: now.sheet.clone(),
            rows: 5,
            sums: std::collections::BTreeMap::new(),
            left_out: Vec::new(),
        };
        let mut account = Account { tables: vec![table], ..Account::default() };
        leave_out(&sample::counting_plan(&dataset, "level = '省级重点'", "started_on"), &[now], &mut account).unwrap();
        let left: Vec<_> =
            account.tables[0].left_out.iter().map(|left| (left.cells.as_str(), left.why, left.indicators.join(" "))).collect();
        assert_eq!(left, [("A6:G8", Why::AnotherYear, "6.9".to_owned())]);
    }
}
