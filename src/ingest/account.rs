//! The account of cells: where each filled cell of a workbook went. Built from what layout found; runs in the worker.
//!
//! Every cell of every sheet gets exactly one [`Part`]; what is left over is unread, and told.

pub mod area;
mod laid_out;
pub mod part;
pub mod known;
pub mod timeless;
pub mod shape;
pub mod likeness;
mod named;
mod denied;
pub mod tell;
pub mod remembered;

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::model::account::{LeftOut, SheetLeftOut, TableAccount, Unread};
use crate::model::{Account, Observations, Unit};

use area::Area;
use part::{Part, parts};

pub use laid_out::Read;

/// Cells that nobody read, close together on one sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    /// The position among the sheets.
    pub sheet: usize,
    pub area: Area,
    /// The dataset (position) whose rows may stand there.
    pub like: Option<usize>,
}

/// The account, and the stray areas in the order of the sheets.
#[must_use]
pub fn account(read: &Read, observations: &[Observations]) -> (Account, Vec<Stray>) {
    let mut account = Account { tables: tables(read, observations), ..Account::default() };
    let mut strays = Vec::new();
    for (sheet, grid) in read.grids.iter().enumerate() {
        let parted = parts(read, sheet, grid);
        for (part, areas) in &parted.areas {
            for area in areas {
                let cells = area.to_string();
                match part {
                    // A table whose headings do not let it be read: nobody read its values.
                    Part::Value(dataset) if !is_read(read, observations, *dataset) => {
                        account.unread.push(Unread { sheet: grid.name.clone(), cells, rows: area.filled_rows(grid), data_like: true });
                    }
                    Part::Left(why, Some(dataset)) => {
                        let code = read.datasets.get(*dataset).map(|dataset| dataset.code.as_str());
                        let table = account.tables.iter_mut().find(|t| Some(t.dataset.as_str()) == code && t.sheet == grid.name);
                        match table {
                            Some(table) => table.left_out.push(LeftOut { cells, why: *why, indicators: Vec::new() }),
                            None => account.left_out.push(SheetLeftOut { sheet: grid.name.clone(), cells, why: *why }),
                        }
                    }
                    Part::Left(why, None) => account.left_out.push(SheetLeftOut { sheet: grid.name.clone(), cells, why: *why }),
                    Part::Value(_) | Part::Unread => {}
                }
            }
        }
        for area in parted.strays {
            let like = likeness::like(read, sheet, grid, &area);
            account.unread.push(Unread {
                sheet: grid.name.clone(),
                cells: area.to_string(),
                rows: area.filled_rows(grid),
                data_like: like.is_some(),
            });
            strays.push(Stray { sheet, area, like });
        }
    }
    (account, strays)
}

fn is_read(read: &Read, observations: &[Observations], dataset: usize) -> bool {
    read.datasets.get(dataset).is_some_and(|dataset| observations.iter().any(|table| table.dataset == dataset.code))
}

/// One entry for each sheet a table's rows stand on.
fn tables(read: &Read, observations: &[Observations]) -> Vec<TableAccount> {
    let mut tables = Vec::new();
    for table in observations {
        let Some(dataset) = read.datasets.iter().find(|dataset| dataset.code == table.dataset) else { continue };
        let mut by_sheet: BTreeMap<&str, Vec<usize>> = BTreeMap::from([(table.sheet.as_str(), Vec::new())]);
        for row in 0..table.rows() {
            by_sheet.entry(table.sheet_of(row)).or_default().push(row);
        }
        for (sheet, rows) in by_sheet {
            let sums = dataset.columns.iter().filter_map(|spec| {
                let is_ratio = spec.unit.as_ref().is_some_and(Unit::is_ratio);
                let column = table.column(&spec.name).filter(|column| column.is_number() && !is_ratio)?;
                let sum = rows.iter().filter_map(|row| column.decimal(*row)).try_fold(Decimal::ZERO, Decimal::checked_add)?;
                Some((spec.name.clone(), sum))
            });
            tables.push(TableAccount {
                dataset: table.dataset.clone(),
                sheet: sheet.to_owned(),
                rows: rows.len(),
                sums: sums.collect(),
                left_out: Vec::new(),
            });
        }
    }
    tables
}
