//! One workbook from bytes to typed tables: identity, secrecy, layout, parse, account. Runs in the worker.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::account::Why;
use crate::model::{CellRef, Finding, FindingCode, Observations, Place, Refusal};
use crate::plan::Dataset;

use super::account::part::Whole;
use super::account::{self, tell};
use super::grid::Grid;
use super::identity::{HIDDEN_SHEET, Identity, identify};
use super::layout::{self, Block, Found, Table};
use super::margins;
use super::parse::region::Gazetteer;
use super::parse::text::comparable;
use super::parse::{Context, parse};
use super::protocol::{Header, Reply, Request};
use super::secrecy::{is_mark, is_marked_name};
use super::sheet::Book;
use super::title;
use super::told::{broken, foreign, heading_findings, missing_sheet, no_dataset, no_heading, of};

/// The sheet of our own findings in a returned workbook is never data.
const FINDINGS_SHEET: &str = "数据审核意见";

/// Reads one workbook.
#[must_use]
pub fn read(request: &Request, bytes: Vec<u8>, header: &Header, gazetteer: &Gazetteer) -> Reply {
    read_book(request, bytes, header, gazetteer).unwrap_or_else(Reply::Refused)
}

fn read_book(request: &Request, bytes: Vec<u8>, header: &Header, gazetteer: &Gazetteer) -> Result<Reply, Refusal> {
    if is_marked_name(&request.file) || margins::is_marked(request.format, &bytes) {
        return Err(Refusal::SuspectedSecret);
    }
    let mut book = Book::open(request.format, bytes, &header.caps)?;
    if book.sheets.iter().any(is_secret) {
        return Err(Refusal::SuspectedSecret);
    }
    let Identity { department, period, mut findings } = identify(request, &book.sheets, header)?;
    book.sheets.iter_mut().for_each(Grid::uncover);
    let own: Vec<&Dataset> = header.datasets.iter().filter(|d| d.from.contains(&department) && d.data_period(period).is_some()).collect();
    let context = Context { file: &request.file, department: &department, period, gazetteer, counted: &header.counted };

    let sheets = std::mem::take(&mut book.sheets);
    let system = system(&sheets);
    let found = layout::find(&sheets, &system, &own, period, gazetteer);
    let mut observations = Vec::new();
    for (dataset, found) in own.iter().zip(&found) {
        match found {
            // What only hidden sheets hold is told by the account.
            Found::Hidden(_) => {}
            Found::Missing => findings.push(missing_sheet(dataset, request)),
            Found::NoHeading(sheet) => findings.extend(sheets.get(*sheet).map(|grid| no_heading(grid, dataset, context))),
            Found::Table(table) => observations.extend(read_table(&mut book, &sheets, dataset, table, context, &mut findings)),
        }
    }
    title::tell(&sheets, &own, &found, context, &mut findings);
    if found.iter().all(|found| *found == Found::Missing) {
        // Where nothing at all is recognised, one finding says so.
        findings.retain(|finding| finding.code != FindingCode::MissingSheet);
        findings.push(no_dataset(&own, request));
    }
    let (mut whole, others) = foreign(&sheets, header, &own, &found, context);
    whole.extend(system.into_iter().map(|at| (at, Whole(Why::System))));
    let read = account::Read { grids: &sheets, datasets: &own, found: &found, gazetteer, whole: hidden(&found, whole) };
    let (account, strays) = account::account(&read, &observations);
    findings.extend(tell::findings(&read, &strays, context));
    findings.extend(others);
    Ok(Reply::Read { department, period, observations, findings, account, facts: Vec::new() })
}

fn is_secret(grid: &Grid) -> bool {
    is_marked_name(&grid.name) || grid.cells().filter_map(|cell| cell.text()).any(is_mark)
}

/// Sheets of our own, by their position: no tables, whatever stands on them.
fn system(grids: &[Grid]) -> BTreeSet<usize> {
    let is_own = |grid: &Grid| grid.name == HIDDEN_SHEET || comparable(&grid.name) == FINDINGS_SHEET;
    grids.iter().enumerate().filter(|(_, grid)| is_own(grid)).map(|(at, _)| at).collect()
}

/// Reads all blocks of a table; `None` where its headings do not let it be read.
fn read_table(
    book: &mut Book,
    sheets: &[Grid],
    dataset: &Dataset,
    table: &Table,
    context: Context,
    findings: &mut Vec<Finding>,
) -> Option<Observations> {
    let mut whole: Option<Observations> = None;
    for block in &table.blocks {
        let grid = sheets.get(block.sheet)?;
        let heading = heading_findings(grid, dataset, block, context);
        let readable = !heading.iter().any(Finding::returns_file);
        findings.extend(heading);
        if !readable {
            return None;
        }
        let (observations, told) = parse(grid, dataset, block, context);
        for one in told {
            // A unit line holds for the pages behind it, and is asked about once.
            if one.code != FindingCode::UnitUnknown || !findings.contains(&one) {
                findings.push(one);
            }
        }
        findings.extend(broken(grid, dataset, context));
        let blank = blank_required(grid, dataset, block);
        findings.extend(without_value(book, &grid.name, dataset, &blank, context));
        match &mut whole {
            None => whole = Some(observations),
            // A later page without rows has nothing to say.
            Some(whole) if observations.rows() > 0 || !observations.totals.is_empty() => whole.append(observations),
            Some(_) => {}
        }
    }
    whole
}

/// Hidden sheets whose tables are left out, besides those that are wholly something else.
fn hidden(found: &[Found], mut whole: BTreeMap<usize, Whole>) -> BTreeMap<usize, Whole> {
    for found in found {
        let blocks = match found {
            Found::Table(table) => &table.hidden,
            Found::Hidden(blocks) => blocks,
            Found::NoHeading(_) | Found::Missing => continue,
        };
        for block in blocks {
            whole.entry(block.sheet).or_insert(Whole(Why::Hidden));
        }
    }
    whole
}

/// Cells of required columns that hold nothing.
fn blank_required(grid: &Grid, dataset: &Dataset, table: &Block) -> Vec<(usize, (u32, u32))> {
    let required: Vec<usize> = (0..dataset.columns.len()).filter(|at| dataset.columns.get(*at).is_some_and(|spec| spec.required)).collect();
    let rows = table.body.rows.iter();
    rows.flat_map(|row| required.iter().filter_map(|at| row.get(*at).copied().flatten().map(|spot| (*at, spot))))
        .filter(|(_, (row, column))| grid.cell(*row, *column).is_none())
        .collect()
}

/// Formulas whose value was never saved arrive as blanks; only a second pass tells them apart.
fn without_value(book: &mut Book, sheet: &str, dataset: &Dataset, blank: &[(usize, (u32, u32))], context: Context) -> Vec<Finding> {
    if blank.is_empty() {
        return Vec::new();
    }
    let formulas: BTreeSet<(u32, u32)> = book.formulas(sheet);
    let hits = blank.iter().filter(|(_, spot)| formulas.contains(spot));
    let finding = |(at, (row, column)): &(usize, (u32, u32))| {
        let place = Place { file: context.file.to_owned(), sheet: Some(sheet.to_owned()), cell: Some(CellRef::new(*row, *column)) };
        let message = "公式未保存计算结果，请在Excel或WPS中打开、重新计算并保存，或粘贴为数值";
        let column = dataset.columns.get(*at).map(|spec| spec.name.clone());
        of(dataset, Finding { column, ..Finding::new(FindingCode::FormulaWithoutValue, place, message) })
    };
    hits.map(finding).collect()
}

#[cfg(test)]
mod tests;
