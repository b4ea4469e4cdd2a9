//! One workbook from bytes to typed tables: identity, secrecy, layout, parse, account. Runs in the worker.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::account::Why;
use crate::model::{Finding, FindingCode, Observations, Refusal};
use crate::plan::Dataset;
use crate::plan::form::HIDDEN_SHEET;

use super::account::part::Whole;
use super::account::{self, remembered, tell};
use super::computed;
use super::form;
use super::grid::Grid;
use super::identity::{Identity, identify};
use super::layout::{self, Block, Found, Table};
use super::mark::{said, wanted};
use super::parse::region::Gazetteer;
use super::parse::text::comparable;
use super::parse::{Context, parse, scaled};
use super::protocol::{Header, Reply, Request};
use super::reading::{Facts, Scaled};
use super::remarks;
use super::secrecy::{is_mark, is_marked_name};
use super::sheet::Book;
use super::sniff::Format;
use super::survey::survey;
use super::title;
use super::told::{broken, foreign, heading_findings, missing_sheet, no_dataset, no_heading, not_due, of};
use super::unlock;

/// Reads one workbook.
#[must_use]
pub fn read(request: &Request, bytes: Vec<u8>, header: &Header, gazetteer: &Gazetteer) -> Reply {
    read_book(request, bytes, header, gazetteer).unwrap_or_else(Reply::Refused)
}

fn read_book(request: &Request, bytes: Vec<u8>, header: &Header, gazetteer: &Gazetteer) -> Result<Reply, Refusal> {
    let (format, bytes) = match request.format {
        Format::Locked => unlock::unlocked(bytes, &header.limits)?,
        format => (format, bytes),
    };
    let survey = survey(format, bytes);
    if survey.marked || is_marked_name(&request.file) {
        return Err(Refusal::SuspectedSecret);
    }
    let mut book = Book::open(format, survey, &header.limits)?;
    if book.sheets.iter().any(is_secret) {
        return Err(Refusal::SuspectedSecret);
    }
    let Identity { department, period, mut findings } = identify(request, &book.sheets, header)?;
    book.sheets.iter_mut().for_each(Grid::uncover);
    let own: Vec<&Dataset> = header.datasets.iter().filter(|d| d.from.contains(&department) && d.data_period(period).is_some()).collect();
    let context = Context { file: &request.file, department: &department, period, gazetteer, counted: &header.counted };

    let mut sheets = std::mem::take(&mut book.sheets);
    let system = system(&sheets);
    let found = layout::find(&sheets, &system, &own, period, gazetteer);
    computed::fill_totals(&mut sheets, &own, &found, book.placeholders);
    findings.extend(computed::findings(&sheets, &own, &found, book.placeholders, context));
    let mut observations = Vec::new();
    let mut facts = Vec::new();
    for (dataset, found) in own.iter().zip(&found) {
        match found {
            // What only hidden sheets hold is told by the account.
            Found::Hidden(_) => {}
            Found::Missing => findings.push(missing_sheet(dataset, request)),
            Found::NoHeading(sheet) => findings.extend(sheets.get(*sheet).map(|grid| no_heading(grid, dataset, context))),
            Found::Table(table) => {
                if let Some((read, known)) = read_table(&mut book, &sheets, dataset, table, context, &mut findings) {
                    observations.push(read);
                    facts.push(known);
                }
            }
        }
    }
    title::tell(&sheets, &own, &found, context, &mut findings);
    findings.extend(title::lists_of_another_year(&sheets, &own, &found, context));
    let (not_due, early) = not_due(&sheets, header, &found, context);
    if found.iter().all(|found| *found == Found::Missing) {
        // Where nothing at all is recognised, one finding says so.
        findings.retain(|finding| finding.code != FindingCode::MissingSheet);
        findings.push(no_dataset(&own, &early, request));
    }
    let (mut whole, others) = foreign(&sheets, header, &own, &found, context);
    whole.extend(not_due);
    whole.extend(system.into_iter().map(|at| (at, Whole(Why::System))));
    let read = account::Read { grids: &sheets, datasets: &own, found: &found, gazetteer, whole: hidden(&found, whole) };
    let (account, strays) = account::account(&read, &observations);
    let stray_rows = strays.iter().filter_map(|stray| remembered::rows(read.grids.get(stray.sheet)?, stray, gazetteer)).collect();
    findings.extend(tell::findings(&read, &strays, context));
    findings.extend(others.into_iter().chain(early));
    findings.extend(form::outdated(&sheets, &request.file, &department, &own));
    let remarks = remarks::remarks(&sheets, &own, &found);
    let said = said::said(&sheets);
    Ok(Reply::Read { department, period, observations, packed: Vec::new(), findings, account, facts, strays: stray_rows, remarks, said })
}

fn is_secret(grid: &Grid) -> bool {
    is_marked_name(&grid.name) || grid.cells().filter_map(|cell| cell.text()).any(is_mark)
}

/// Sheets of our own, by their position: no tables, whatever stands on them.
fn system(grids: &[Grid]) -> BTreeSet<usize> {
    // The sheet of our own findings in a returned workbook is never data, nor is one of its name.
    let is_own = |grid: &Grid| grid.name == HIDDEN_SHEET || comparable(&grid.name) == wanted::SHEET || said::is_ours(grid);
    let own = grids.iter().enumerate().filter(|(_, grid)| is_own(grid)).map(|(at, _)| at);
    own.chain(form::guide(grids)).collect()
}

/// What the checks need to know of a table's cells.
fn scaled_columns(sheets: &[Grid], dataset: &Dataset, table: &Table, context: Context) -> Vec<Scaled> {
    let mut scaled: Vec<Scaled> = Vec::new();
    for block in &table.blocks {
        let further = sheets.get(block.sheet).map(|grid| scaled::scaled(grid, dataset, block, context)).unwrap_or_default();
        scaled.extend(further.into_iter().filter(|one| !scaled.iter().any(|known| known.column == one.column)).collect::<Vec<_>>());
    }
    scaled
}

/// Reads all blocks of a table; `None` where its headings do not let it be read.
fn read_table(
    book: &mut Book,
    sheets: &[Grid],
    dataset: &Dataset,
    table: &Table,
    context: Context,
    findings: &mut Vec<Finding>,
) -> Option<(Observations, Facts)> {
    let mut whole: Option<Observations> = None;
    let mut facts = Facts { dataset: dataset.code.clone(), scaled: scaled_columns(sheets, dataset, table, context), percents: Vec::new() };
    for block in &table.blocks {
        let grid = sheets.get(block.sheet)?;
        let heading = heading_findings(grid, dataset, block, context);
        // A column beside the form's own is asked about; the form's own are read all the same.
        let readable = !heading.iter().any(|one| one.returns_file() && one.code != FindingCode::ExtraColumn);
        findings.extend(heading);
        if !readable {
            return None;
        }
        let (observations, known, told) = parse(grid, dataset, block, context);
        facts.percents.extend(known.percents);
        for one in told {
            // A unit line holds for the pages behind it, and is asked about once.
            if one.code != FindingCode::UnitUnknown || !findings.contains(&one) {
                findings.push(one);
            }
        }
        findings.extend(broken(grid, dataset, context));
        findings.extend(without_value(book, grid, dataset, block, context));
        match &mut whole {
            None => whole = Some(observations),
            // A later page without rows has nothing to say.
            Some(whole) if observations.rows() > 0 || !observations.totals.is_empty() => whole.append(observations),
            Some(_) => {}
        }
    }
    whole.map(|whole| (whole, facts))
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

/// Cells of data rows that hold nothing.
fn blank(grid: &Grid, table: &Block) -> impl Iterator<Item = (usize, (u32, u32))> {
    let spots = table.body.rows.iter().flat_map(|row| row.iter().enumerate());
    spots.filter_map(|(at, spot)| Some((at, (*spot)?))).filter(|(_, (row, column))| grid.cell(*row, *column).is_none())
}

/// Formulas whose value was never saved arrive as blanks. Where the format does not tell them from formulas that came to nothing,
/// only those of required columns are told.
fn without_value(book: &mut Book, grid: &Grid, dataset: &Dataset, table: &Block, context: Context) -> Vec<Finding> {
    let counts = |at: usize| book.tells_saved_values() || dataset.columns.get(at).is_some_and(|spec| spec.required);
    let blank: Vec<(usize, (u32, u32))> = blank(grid, table).filter(|(at, _)| counts(*at)).collect();
    if blank.is_empty() {
        return Vec::new();
    }
    let formulas = book.without_value(grid);
    let hits = blank.iter().filter(|(_, spot)| formulas.contains(spot));
    let finding = |(at, (row, column)): &(usize, (u32, u32))| {
        let place = context.place(grid, Some((*row, *column)));
        let message = "公式未保存计算结果，请在Excel或WPS中打开、重新计算并保存，或粘贴为数值";
        let column = dataset.columns.get(*at).map(|spec| spec.name.clone());
        of(dataset, Finding { column, ..Finding::new(FindingCode::FormulaWithoutValue, place, message) })
    };
    hits.map(finding).collect()
}

#[cfg(test)]
mod tests;
