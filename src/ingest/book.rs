//! One workbook from bytes to typed tables: identity, secrecy, layout, parse. Runs in the worker.

use std::collections::BTreeSet;

use crate::model::{Account, CellRef, Finding, FindingCode, Place, Refusal};
use crate::plan::Dataset;

use super::grid::{Broken, Grid, a1};
use super::identity::{HIDDEN_SHEET, Identity, identify};
use super::layout::{self, Found, Table};
use super::margins;
use super::parse::region::Gazetteer;
use super::parse::text::comparable;
use super::parse::{Context, parse};
use super::protocol::{Header, Reply, Request};
use super::secrecy::{is_mark, is_marked_name};
use super::sheet::Book;

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
    book.sheets.retain(|grid| grid.name != HIDDEN_SHEET && comparable(&grid.name) != FINDINGS_SHEET);
    let own: Vec<&Dataset> = header.datasets.iter().filter(|d| d.from.contains(&department) && d.data_period(period).is_some()).collect();
    let context = Context { file: &request.file, department: &department, period, gazetteer };
    let found = layout::find(&book.sheets, &own, period, gazetteer);
    let mut observations = Vec::new();
    for (dataset, found) in own.iter().zip(&found) {
        match found {
            Found::Missing => findings.push(missing_sheet(dataset, request)),
            Found::NoHeading(sheet) => findings.extend(book.sheets.get(*sheet).map(|grid| no_heading(grid, dataset, context))),
            Found::Table(table) => {
                let Some(grid) = book.sheets.get(table.sheet) else { continue };
                let heading = heading_findings(grid, dataset, table, context);
                let readable = !heading.iter().any(Finding::returns_file);
                findings.extend(heading);
                if readable {
                    let (table_observations, table_findings) = parse(grid, dataset, table, context);
                    findings.extend(table_findings);
                    let blank = blank_required(grid, dataset, table);
                    let name = grid.name.clone();
                    findings.extend(broken(grid, dataset, context));
                    findings.extend(without_value(&mut book, &name, dataset, &blank, context));
                    observations.push(table_observations);
                }
            }
        }
    }
    let any = found.iter().any(|found| *found != Found::Missing);
    if !any {
        // Where nothing at all is recognised, one finding says so.
        findings.retain(|finding| finding.code != FindingCode::MissingSheet);
        findings.push(no_dataset(&own, request));
    }
    findings.extend(foreign(&book.sheets, header, &own, &found, context));
    Ok(Reply::Read { department, period, observations, findings, account: Account::default(), facts: Vec::new() })
}

fn is_secret(grid: &Grid) -> bool {
    is_marked_name(&grid.name) || grid.cells().filter_map(|cell| cell.text()).any(is_mark)
}

fn of(dataset: &Dataset, finding: Finding) -> Finding {
    Finding { dataset: Some(dataset.code.clone()), ..finding }
}

fn sheet_name(dataset: &Dataset) -> &str {
    dataset.sheets.first().map_or(dataset.title.as_str(), String::as_str)
}

fn missing_sheet(dataset: &Dataset, request: &Request) -> Finding {
    let message = format!("未见“{}”表：此前已通过的继续有效，未报过的按未报送处理", sheet_name(dataset));
    of(dataset, Finding::new(FindingCode::MissingSheet, Place { file: request.file.clone(), ..Place::default() }, message))
}

fn no_dataset(own: &[&Dataset], request: &Request) -> Finding {
    let names: Vec<&str> = own.iter().map(|dataset| sheet_name(dataset)).collect();
    let message = format!("未识别出任何应报送的表（应有：{}），请使用下发的调度表填报", names.join("、"));
    Finding::new(FindingCode::NoDataset, Place { file: request.file.clone(), ..Place::default() }, message)
}

fn no_heading(grid: &Grid, dataset: &Dataset, context: Context) -> Finding {
    if let Some(finding) = broken(grid, dataset, context) {
        return finding;
    }
    let labels: Vec<&str> = dataset.columns.iter().filter(|c| c.required).filter_map(|c| c.labels.first()).map(String::as_str).collect();
    let month = context.period.month().to_string();
    let labels = labels.join("、").replace("{month}", &month);
    let message = format!("未找到表头行，请保留表样的栏目名称（{labels}）");
    let finding = Finding { expected: Some(labels), ..Finding::new(FindingCode::MissingHeading, context.place(grid, None), message) };
    of(dataset, finding)
}

fn broken(grid: &Grid, dataset: &Dataset, context: Context) -> Option<Finding> {
    let message = match grid.broken? {
        Broken::ErrorValue => "表中有无法读取的错误值（如#SPILL!、#CALC!），其后内容未能读取，请修正公式或粘贴为数值",
        Broken::Damaged => "工作表已损坏，未能读完，请另存为新的.xlsx后重新报送",
    };
    Some(of(dataset, Finding::new(FindingCode::ErrorValue, context.place(grid, None), message)))
}

/// Required columns that are missing, columns found twice, columns nobody asked for.
fn heading_findings(grid: &Grid, dataset: &Dataset, table: &Table, context: Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    let month = context.period.month().to_string();
    let heading = &table.heading;
    for (at, spec) in dataset.columns.iter().enumerate() {
        let label = spec.labels.first().map_or(spec.name.clone(), |label| label.replace("{month}", &month).replace('/', "—"));
        if let Some((_, hits)) = heading.ambiguous.iter().find(|(column, _)| *column == at) {
            let cells: Vec<String> = hits.iter().map(|hit| a1(hit.row, hit.column)).collect();
            let message = format!("有多栏都可作“{label}”（{}），请只保留一栏", cells.join("、"));
            let place = context.place(grid, hits.first().map(|hit| (hit.row, hit.column)));
            let finding = Finding {
                column: Some(spec.name.clone()),
                found: Some(cells.join("、")),
                ..Finding::new(FindingCode::AmbiguousColumn, place, message)
            };
            findings.push(of(dataset, finding));
        } else if spec.required && heading.bound.get(at).is_none_or(Option::is_none) {
            let message = format!("缺少“{label}”栏，请按表样补上该栏并填报");
            let place = context.place(grid, heading.bound.iter().flatten().next().map(|bound| (bound.row, bound.column)));
            let finding = Finding {
                column: Some(spec.name.clone()),
                expected: Some(label),
                ..Finding::new(FindingCode::MissingColumn, place, message)
            };
            findings.push(of(dataset, finding));
        }
    }
    let extra: Vec<_> = heading.extra.iter().filter(|extra| !is_customary(&extra.text)).collect();
    if let Some(first) = extra.first() {
        let names: Vec<String> = extra.iter().map(|extra| format!("“{}”", extra.text)).collect();
        let message = format!("{}栏不在表样内，未读取", names.concat());
        let place = context.place(grid, Some((first.row, first.column)));
        findings.push(of(dataset, Finding { found: Some(names.concat()), ..Finding::new(FindingCode::ExtraColumn, place, message) }));
    }
    findings
}

fn is_customary(text: &str) -> bool {
    ["序号", "编号", "备注", "计量单位", "单位", "no", "no."].contains(&comparable(text.rsplit('/').next().unwrap_or(text)).as_str())
}

/// Cells of required columns that hold nothing.
fn blank_required(grid: &Grid, dataset: &Dataset, table: &Table) -> Vec<(usize, (u32, u32))> {
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

/// Sheets that bear the name of another department's table.
fn foreign(grids: &[Grid], header: &Header, own: &[&Dataset], found: &[Found], context: Context) -> Vec<Finding> {
    let used: Vec<usize> =
        found.iter().filter_map(|found| if let Found::Table(table) = found { Some(table.sheet) } else { None }).collect();
    let bears = |dataset: &Dataset, grid: &Grid| dataset.sheets.iter().any(|name| comparable(name) == comparable(&grid.name));
    let mut findings = Vec::new();
    for (at, grid) in grids.iter().enumerate().filter(|(at, grid)| grid.visible && !used.contains(at)) {
        if own.iter().any(|dataset| bears(dataset, grid)) {
            continue;
        }
        let other = header.datasets.iter().find(|dataset| bears(dataset, grid) && !dataset.from.contains(context.department));
        if let Some(other) = other {
            let message = format!("第{}张表“{}”不由本单位报送，未读取", at + 1, grid.name);
            findings.push(of(other, Finding::new(FindingCode::ForeignDataset, context.place(grid, None), message)));
        }
    }
    findings
}

#[cfg(test)]
mod tests;
