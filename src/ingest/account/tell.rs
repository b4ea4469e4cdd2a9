//! What the account has to tell the sender: cells nobody read, sheets that compete, hidden sheets, struck-through and covered cells.

use std::collections::BTreeMap;

use crate::ingest::grid::{Cell, Grid, a1};
use crate::ingest::layout::{Block, Found, Table};
use crate::ingest::parse::Context;
use crate::model::{Finding, FindingCode, Place, Severity};
use crate::plan::Dataset;

use super::denied::denied;
use super::named::{named, of, rows_named};
use super::{Read, Stray};

/// All findings of the account, by sheet.
#[must_use]
pub fn findings(read: &Read, strays: &[Stray], context: Context) -> Vec<Finding> {
    let mut findings = unread(read, strays, context);
    for (dataset, found) in read.datasets.iter().zip(read.found) {
        match found {
            Found::Table(table) => findings.extend(of_table(read, dataset, table, context)),
            Found::Hidden(blocks) => findings.extend(only_hidden(read, dataset, blocks, context)),
            Found::NoHeading(_) | Found::Missing => {}
        }
    }
    findings
}

/// One finding a sheet, or two: rows that may belong to a table are asked about, everything else is told.
fn unread(read: &Read, strays: &[Stray], context: Context) -> Vec<Finding> {
    let mut by_sheet: BTreeMap<(usize, bool), Vec<&Stray>> = BTreeMap::new();
    // A sheet whose heading was not found has a finding of its own.
    let headless: Vec<usize> =
        read.found.iter().filter_map(|found| if let Found::NoHeading(sheet) = found { Some(*sheet) } else { None }).collect();
    for stray in strays.iter().filter(|stray| !headless.contains(&stray.sheet) && !competes(read, stray)) {
        by_sheet.entry((stray.sheet, stray.like.is_none())).or_default().push(stray);
    }
    let told = by_sheet.into_iter().filter_map(|((sheet, harmless), strays)| {
        let grid = read.grids.get(sheet)?;
        let first = strays.first()?;
        let cells: Vec<String> = strays.iter().map(|stray| stray.area.to_string()).collect();
        let place = context.place(grid, Some((first.area.top, first.area.left)));
        if harmless {
            return self::harmless(place, &cells);
        }
        let rows: usize = strays.iter().map(|stray| stray.area.filled_rows(grid)).sum();
        Some(data_like(first.like.and_then(|at| read.datasets.get(at))?, place, &cells, rows))
    });
    told.collect()
}

/// Whether a block stands there that is asked about as a whole.
fn competes(read: &Read, stray: &Stray) -> bool {
    let tables = read.found.iter().filter_map(|found| if let Found::Table(table) = found { Some(table) } else { None });
    let mut blocks = tables.flat_map(|table| table.rivals.iter().chain(&table.extracts));
    let holds = |row: u32| (stray.area.top..=stray.area.bottom).contains(&row);
    blocks.any(|block| {
        block.sheet == stray.sheet && (holds(block.heading.top) || block.body.rows.iter().flatten().flatten().any(|(row, _)| holds(*row)))
    })
}

/// Areas that belong to no table: told. `None` where there is none.
#[must_use]
pub fn harmless<T: AsRef<str>>(place: Place, cells: &[T]) -> Option<Finding> {
    if cells.is_empty() {
        return None;
    }
    let cells = named(cells.iter().map(|cells| cells.as_ref().to_owned()));
    let message = format!("{cells}不在任何表样内，未读取；如属应报数据，请按表样填入相应的表。");
    let finding = Finding { severity: Severity::Note, ..Finding::new(FindingCode::UnreadCells, place, message) };
    Some(Finding { found: Some(cells), ..finding })
}

/// Areas with rows of a dataset, maybe: asked about.
#[must_use]
pub fn data_like(dataset: &Dataset, place: Place, cells: &[String], rows: usize) -> Finding {
    let cells = named(cells.iter().cloned());
    let sheet = dataset.sheets.first().unwrap_or(&dataset.title);
    let message = format!(
        "{cells}共{rows}行未被读取，疑似应计入“{sheet}”：如应计入，请接在“{sheet}”表最后一行下方（或使其表头与该表一致）后重新报送；确不应计入的，请说明。"
    );
    Finding { dataset: Some(dataset.code.clone()), found: Some(cells), ..Finding::new(FindingCode::UnreadCells, place, message) }
}

fn of_table(read: &Read, dataset: &Dataset, table: &Table, context: Context) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    findings.extend(rivals(read, dataset, table, context));
    for block in &table.duplicates {
        if let Some(grid) = read.grids.get(block.sheet) {
            let message = format!("与“{}”内容相同，只读取一次。", main_sheet(read, table));
            findings.push(of(dataset, Finding::new(FindingCode::DuplicateSheet, context.place(grid, None), message)));
        }
    }
    if table.rows() == 0 && !table.hidden.is_empty() {
        findings.extend(only_hidden(read, dataset, &table.hidden, context));
    } else {
        for block in &table.hidden {
            if let Some(grid) = read.grids.get(block.sheet) {
                let message =
                    format!("为隐藏的工作表（{}行），未读取；以可见的“{}”表为准。", block.body.rows.len(), main_sheet(read, table));
                findings.push(of(dataset, Finding::new(FindingCode::HiddenSheet, context.place(grid, None), message)).with(Severity::Note));
            }
        }
    }
    for block in &table.blocks {
        if let Some(grid) = read.grids.get(block.sheet) {
            findings.extend([struck, denied, hidden_rows, covered].into_iter().filter_map(|told| told(grid, dataset, block, context)));
        }
    }
    findings
}

fn main_sheet<'a>(read: &'a Read, table: &Table) -> &'a str {
    table.blocks.first().and_then(|block| read.grids.get(block.sheet)).map_or("", |grid| grid.name.as_str())
}

/// Blocks that fit as well and say something else, or say some of it again: the sender has to say which counts.
fn rivals(read: &Read, dataset: &Dataset, table: &Table, context: Context) -> Vec<Finding> {
    let (main, rows) = (main_sheet(read, table), table.rows());
    let name = dataset.sheets.first().unwrap_or(&dataset.title);
    let counts = format!("请只保留应报的一张，其余删除后重新报送；如确以“{main}”为准，请说明。");
    let differ = format!("与“{main}”（{rows}行）都可作“{name}”，内容不同：{counts}");
    let repeat = format!("各行在“{main}”（{rows}行）中都有，内容相同，只是其中一部分：{counts}");
    let told = [(&table.rivals, differ), (&table.extracts, repeat)];
    told.into_iter().filter_map(|(blocks, message)| rival(read, dataset, blocks, &message, context)).collect()
}

fn rival(read: &Read, dataset: &Dataset, blocks: &[Block], message: &str, context: Context) -> Option<Finding> {
    let first = blocks.first()?;
    let grid = read.grids.get(first.sheet)?;
    let corner = |block: &Block| (block.heading.top, block.heading.bound.iter().flatten().map(|bound| bound.column).min().unwrap_or(0));
    let with_rows = |block: &Block| {
        let name = read.grids.get(block.sheet).map_or("", |grid| grid.name.as_str());
        let (row, column) = corner(block);
        format!("“{name}”{}（{}行）", a1(row, column), block.body.rows.len())
    };
    let others = blocks.iter().map(with_rows).collect::<Vec<_>>().join("、");
    let place = context.place(grid, Some(corner(first)));
    let finding = Finding::new(FindingCode::SheetsCompete, place, format!("{others}{message}"));
    Some(Finding { found: Some(others), ..of(dataset, finding) })
}

/// Rows stand in hidden sheets alone.
fn only_hidden(read: &Read, dataset: &Dataset, blocks: &[Block], context: Context) -> Option<Finding> {
    let block = blocks.iter().find(|block| !block.body.rows.is_empty())?;
    let grid = read.grids.get(block.sheet)?;
    let (name, rows) = (dataset.sheets.first().unwrap_or(&dataset.title), block.body.rows.len());
    let message = format!(
        "“{name}”没有可见的数据，而隐藏的“{}”表有{rows}行：如应报送，请取消隐藏（并删去空表）后重新报送；如确无数据，请说明。",
        grid.name
    );
    let finding = Finding::new(FindingCode::HiddenSheet, context.place(grid, None), message);
    Some(Finding { found: Some(format!("{rows}行")), ..of(dataset, finding) })
}

/// Rows with a line through a cell that was read: deleted by hand, or not.
fn struck(grid: &Grid, dataset: &Dataset, block: &Block, context: Context) -> Option<Finding> {
    let cells = block.body.rows.iter().flatten().flatten().filter_map(|(row, column)| grid.cell(*row, *column));
    let struck: Vec<&Cell> = cells.filter(|cell| cell.look.as_ref().is_some_and(|look| look.struck)).collect();
    let first = struck.first()?;
    let rows = rows_named(struck.iter().map(|cell| cell.row));
    let message = format!("{rows}加有删除线，现仍计入：已作废的请整行删除后重新报送；仍然有效的，请去掉删除线或说明。");
    let finding = Finding::new(FindingCode::StruckThrough, context.place(grid, Some((first.row, first.column))), message);
    Some(Finding { found: Some(rows), ..of(dataset, finding) })
}

/// Rows that a filter or a fold hides are data like any other.
fn hidden_rows(grid: &Grid, dataset: &Dataset, block: &Block, context: Context) -> Option<Finding> {
    if grid.hidden_rows.is_empty() {
        return None;
    }
    let rows = block.body.rows.iter().filter_map(|spots| spots.iter().flatten().map(|(row, _)| *row).max());
    let hidden: Vec<u32> = rows.filter(|row| grid.hidden_rows.contains(row)).collect();
    let first = *hidden.first()?;
    let message = format!("{}被筛选或隐藏，已一并计入；如不应计入，请删除后重新报送。", rows_named(hidden.iter().copied()));
    let column = block.heading.bound.iter().flatten().map(|bound| bound.column).min().unwrap_or(0);
    Some(of(dataset, Finding::new(FindingCode::HiddenRows, context.place(grid, Some((first, column))), message)))
}

/// What stands under a merged area is seen by nobody and is no data.
fn covered(grid: &Grid, dataset: &Dataset, block: &Block, context: Context) -> Option<Finding> {
    let under = |cell: &&Cell| block.body.rows.iter().flatten().flatten().any(|spot| *spot == (cell.row, cell.column));
    let covered: Vec<&Cell> = grid.covered.iter().filter(under).collect();
    let first = covered.first()?;
    let cells = named(covered.iter().map(|cell| a1(cell.row, cell.column)));
    let message = format!("{cells}被合并单元格遮住，其中的内容未作数据读取；如属应报数据，请取消合并后重新报送。");
    let finding = Finding::new(FindingCode::CoveredCells, context.place(grid, Some((first.row, first.column))), message);
    Some(Finding { found: Some(first.shown()), ..of(dataset, finding) })
}
