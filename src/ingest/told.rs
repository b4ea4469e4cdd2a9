//! What reading has to tell of sheets and headings: tables that are missing, headings that do not fit, sheets of others.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::model::account::Why;
use crate::model::{Finding, FindingCode, Place, Severity};
use crate::plan::heading::headings;
use crate::plan::{Dataset, Frequency, form};

use super::account::part::Whole;
use super::grid::{Broken, Cell, Grid, Value, a1};
use super::layout::heading::Bound;
use super::layout::{Block, Found, bears_name};
use super::parse::Context;
use super::parse::text::comparable;
use super::protocol::{Header, Request};

/// A finding about a dataset.
pub fn of(dataset: &Dataset, finding: Finding) -> Finding {
    Finding { dataset: Some(dataset.code.clone()), ..finding }
}

fn sheet_name(dataset: &Dataset) -> &str {
    dataset.sheets.first().map_or(dataset.title.as_str(), String::as_str)
}

/// A table that is due is not there.
pub fn missing_sheet(dataset: &Dataset, request: &Request) -> Finding {
    let message = format!("未见“{}”表：此前已通过的继续有效，未报过的按未报送处理", sheet_name(dataset));
    of(dataset, Finding::new(FindingCode::MissingSheet, Place { file: request.file.clone(), ..Place::default() }, message))
}

/// Nothing at all was recognised.
pub fn no_dataset(own: &[&Dataset], not_due: &[Finding], request: &Request) -> Finding {
    let names: Vec<&str> = own.iter().map(|dataset| sheet_name(dataset)).collect();
    let mut said: Vec<&str> = not_due.iter().map(|told| told.message.as_str()).collect();
    let none = format!("未识别出任何应报送的表（应有：{}），请使用下发的调度表填报", names.join("、"));
    said.push(&none);
    let message = said.join("；");
    Finding::new(FindingCode::NoDataset, Place { file: request.file.clone(), ..Place::default() }, message)
}

/// The sheet is there, its heading is not.
pub fn no_heading(grid: &Grid, dataset: &Dataset, context: Context) -> Finding {
    if let Some(finding) = broken(grid, dataset, context) {
        return finding;
    }
    let required = dataset.columns.iter().filter(|column| column.required && !column.labels.is_empty());
    let labels = required.map(|column| headings(dataset, column, context.period).full).collect::<Vec<_>>().join("、");
    let message = format!("未找到表头行，请保留表样的栏目名称（{labels}）");
    let finding = Finding { expected: Some(labels), ..Finding::new(FindingCode::MissingHeading, context.place(grid, None), message) };
    of(dataset, finding)
}

/// A sheet that could not be read to its end.
pub fn broken(grid: &Grid, dataset: &Dataset, context: Context) -> Option<Finding> {
    let message = match grid.broken? {
        Broken::ErrorValue => "表中有无法读取的错误值（如#SPILL!、#CALC!），其后内容未能读取，请修正公式或粘贴为数值",
        Broken::Damaged => "工作表已损坏，未能读完，请另存为新的.xlsx后重新报送",
    };
    Some(of(dataset, Finding::new(FindingCode::ErrorValue, context.place(grid, None), message)))
}

/// Required columns that are missing, columns found twice, columns nobody asked for.
pub fn heading_findings(grid: &Grid, dataset: &Dataset, table: &Block, context: Context) -> Vec<Finding> {
    let mut findings = Vec::new();
    let heading = &table.heading;
    for (at, spec) in dataset.columns.iter().enumerate() {
        let label = headings(dataset, spec, context.period).full.replace('/', "—");
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
    let extra = heading.extra.iter().filter(|extra| !is_customary(&extra.text));
    // A number in a data row: notes on a correction and its date are none.
    let holds_numbers = |column: u32| {
        let lines = table.body.rows.iter().filter_map(|row| row.iter().flatten().next());
        lines.filter_map(|(line, _)| grid.cell(*line, column)).any(is_number)
    };
    let is_corrected = |extra: &&Bound| CORRECTED.iter().any(|word| extra.text.contains(word)) && holds_numbers(extra.column);
    let (corrected, extra): (Vec<_>, Vec<_>) = extra.partition(is_corrected);
    for one in corrected {
        let message = format!(
            "“{}”栏不在表样内，未读取，疑为更正后的数：如应以该栏为准，请填入表样的相应栏后重新报送；现有各栏无误的，请说明",
            one.text
        );
        let place = context.place(grid, Some((one.row, one.column)));
        let finding = Finding::new(FindingCode::ExtraColumn, place, message).with(Severity::Explain);
        findings.push(of(dataset, Finding { found: Some(one.text.clone()), ..finding }));
    }
    if let Some(first) = extra.first() {
        let names: Vec<String> = extra.iter().map(|extra| format!("“{}”", extra.text)).collect();
        let message = format!("{}栏不在表样内，未读取", names.concat());
        let place = context.place(grid, Some((first.row, first.column)));
        findings.push(of(dataset, Finding { found: Some(names.concat()), ..Finding::new(FindingCode::ExtraColumn, place, message) }));
    }
    findings
}

/// Words of a column that may hold the figures that are meant.
const CORRECTED: [&str; 7] = ["修正", "更正", "订正", "调整后", "核定", "核实后", "修订后"];

fn is_number(cell: &Cell) -> bool {
    matches!(cell.value, Value::Number(_)) || cell.text().is_some_and(|text| text.trim().parse::<Decimal>().is_ok())
}

/// Columns that forms have beside the dataset's own, ours among them: nobody is told that they are not read.
fn is_customary(text: &str) -> bool {
    if form::is_past(text) || form::is_remarks(text) {
        return true;
    }
    ["序号", "编号", "备注", "计量单位", "单位", "no", "no."].contains(&comparable(text.rsplit('/').next().unwrap_or(text)).as_str())
}

/// Sheets on which no table stands, with their position.
fn unused<'a>(grids: &'a [Grid], found: &[Found]) -> impl Iterator<Item = (usize, &'a Grid)> + use<'a> {
    let used: Vec<usize> = found.iter().flat_map(Found::sheets).collect();
    grids.iter().enumerate().filter(move |(at, _)| !used.contains(at))
}

/// Sheets that bear the name of another department's table, by their position, with a finding each where a person sees them.
#[must_use]
pub fn foreign(
    grids: &[Grid],
    header: &Header,
    own: &[&Dataset],
    found: &[Found],
    context: Context,
) -> (BTreeMap<usize, Whole>, Vec<Finding>) {
    let mut whole = BTreeMap::new();
    let mut findings = Vec::new();
    for (at, grid) in unused(grids, found).filter(|(_, grid)| !own.iter().any(|dataset| bears_name(grid, dataset))) {
        let other = header.datasets.iter().find(|dataset| bears_name(grid, dataset) && !dataset.from.contains(context.department));
        let Some(other) = other else { continue };
        whole.insert(at, Whole(Why::Foreign));
        if grid.visible {
            let message = format!("第{}张表“{}”不由本单位报送，未读取", at + 1, grid.name);
            findings.push(of(other, Finding::new(FindingCode::ForeignDataset, context.place(grid, None), message)));
        }
    }
    (whole, findings)
}

/// Sheets of tables that the department hands in for other months, by their position, with a note each.
#[must_use]
pub fn not_due(grids: &[Grid], header: &Header, found: &[Found], context: Context) -> (BTreeMap<usize, Whole>, Vec<Finding>) {
    let mut whole = BTreeMap::new();
    let mut findings = Vec::new();
    for (at, grid) in unused(grids, found) {
        let is_this = |dataset: &&Dataset| dataset.from.contains(context.department) && bears_name(grid, dataset);
        let mut these = header.datasets.iter().filter(is_this).peekable();
        let Some(other) = these.peek().copied().filter(|_| these.all(|dataset| dataset.data_period(context.period).is_none())) else {
            continue;
        };
        whole.insert(at, Whole(Why::NotDue));
        if grid.visible {
            let message = format!("“{}”表{}，未读取", grid.name, why_not(other));
            findings.push(of(other, Finding::new(FindingCode::UnreadCells, context.place(grid, None), message)).with(Severity::Note));
        }
    }
    (whole, findings)
}

/// Why nothing is handed in: the months that are due.
fn why_not(dataset: &Dataset) -> &'static str {
    match dataset.frequency {
        Frequency::Quarter => "按季度报送，本月不报",
        Frequency::Month => "1月不单独报送，请在2月数据中按1—2月合并报送",
    }
}
