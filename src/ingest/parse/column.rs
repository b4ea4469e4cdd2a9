//! One column of a table: its cells parsed, its conversions gathered into one finding a kind.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::ingest::grid::{Cell, Grid, Value};
use crate::ingest::layout::body::{Body, Spot};
use crate::ingest::reading::PercentCell;
use crate::model::quantity::round;
use crate::model::{Column, Finding, FindingCode, Period, Unit, Values};
use crate::plan::heading::headings;
use crate::plan::{ColumnSpec, ColumnType, Dataset};

use super::Context;
use super::choice::{choice, flag};
use super::coercion::{Fault, Kind, Kinds};
use super::date::date;
use super::format_words::{is_about, seen};
use super::number::{Units, is_converted, is_percent, number};
use super::percent::percent_cell;
use super::text::{comparable, text};

/// Excel keeps this many digits; what a float shows beyond is noise.
const SIGNIFICANT_DIGITS: u32 = 15;

/// A column and all it is read with.
pub struct Reader<'a> {
    pub grid: &'a Grid,
    pub dataset: &'a Dataset,
    pub spec: &'a ColumnSpec,
    /// Its position among the dataset's columns.
    pub at: usize,
    /// The sheet's unit, where it is not the column's.
    pub unit: Option<&'a Unit>,
    pub context: Context<'a>,
}

/// Reads the column over all data rows; of a column in % tells how its cells look.
pub fn parse_column(reader: &Reader, body: &Body, findings: &mut Vec<Finding>) -> (Column, Vec<PercentCell>) {
    let mut notes = Notes { reader, kinds: BTreeMap::new(), rounded: Vec::new(), percents: Vec::new(), findings };
    let spots: Vec<Spot> = body.rows.iter().map(|row| row.get(reader.at).copied().flatten()).collect();
    for (row, spec) in &body.filled {
        if *spec == reader.at {
            let cell = spots.get(*row).copied().flatten().and_then(|(row, column)| reader.grid.cell(row, column));
            if let Some(cell) = cell {
                notes.kind(Kind::FilledDown, cell);
            }
        }
    }
    let cells: Vec<Option<&Cell>> = spots.iter().map(|spot| spot.and_then(|(row, column)| reader.grid.cell(row, column))).collect();
    let gazetteer = reader.context.gazetteer;
    let spec = reader.spec;
    let values = match spec.kind {
        ColumnType::Text => Values::Text(notes.each(&cells, |cell, kinds| text(&cell.value, kinds).map(|t| t.map(|t| reader.item(t))))),
        ColumnType::Choice => Values::Text(notes.each(&cells, |cell, kinds| choice(&cell.value, &spec.choices, kinds))),
        ColumnType::Date => Values::Date(notes.each(&cells, |cell, kinds| date(&reader.grid.dated(&cell.value), reader.data(), kinds))),
        ColumnType::Flag => Values::Flag(notes.each(&cells, |cell, kinds| flag(&cell.value, kinds))),
        ColumnType::Region => Values::Region(notes.each(&cells, |cell, kinds| gazetteer.region(&cell.value, kinds))),
        ColumnType::Decimal => Values::Decimal(notes.numbers(&cells)),
        ColumnType::Integer => {
            let whole = notes.numbers(&cells);
            Values::Integer(whole.into_iter().map(|number| number.and_then(|number| number.to_i64())).collect())
        }
    };
    let percents = notes.finish();
    (Column { name: spec.name.clone(), values }, percents)
}

impl Reader<'_> {
    fn finding(&self, code: FindingCode, cell: &Cell, message: String) -> Finding {
        Finding {
            dataset: Some(self.dataset.code.clone()),
            column: Some(self.spec.name.clone()),
            found: Some(Finding::kept(cell.shown())),
            ..Finding::new(code, self.context.place(self.grid, Some((cell.row, cell.column))), message)
        }
    }

    fn is_counted(&self) -> bool {
        self.context.counted.contains(&(self.dataset.code.clone(), self.spec.name.clone()))
    }

    /// The data month.
    fn data(&self) -> Period {
        self.context.period.back(self.dataset.lag)
    }

    fn named(&self) -> String {
        headings(self.dataset, self.spec, self.context.period).lower().to_owned()
    }

    /// Form items come back in the form's own spelling, whatever numbers or 其中 stand before them.
    fn item(&self, text: String) -> String {
        if self.dataset.items.is_empty() || !self.dataset.key.contains(&self.spec.name) {
            return text;
        }
        let key = comparable(&text);
        let bare =
            key.trim_start_matches("其中:").trim_start_matches(|c: char| c.is_ascii_digit() || ".、()一二三四五六七八九十".contains(c));
        self.dataset.items.iter().find(|item| [key.as_str(), bare].contains(&comparable(item).as_str())).cloned().unwrap_or(text)
    }
}

/// The conversions and faults of one column while it is read.
struct Notes<'a, 'b> {
    reader: &'a Reader<'a>,
    /// Kind → how often, and the first cell with its content.
    kinds: BTreeMap<Kind, (usize, Cell)>,
    rounded: Vec<(Cell, Decimal)>,
    percents: Vec<PercentCell>,
    findings: &'b mut Vec<Finding>,
}

impl Notes<'_, '_> {
    fn kind(&mut self, kind: Kind, cell: &Cell) {
        self.kinds.entry(kind).or_insert_with(|| (0, cell.clone())).0 += 1;
    }

    fn each<T>(&mut self, cells: &[Option<&Cell>], read: impl Fn(&Cell, &mut Kinds) -> Result<Option<T>, Fault>) -> Vec<Option<T>> {
        cells
            .iter()
            .map(|cell| {
                let cell = (*cell)?;
                let mut kinds = Kinds::default();
                match read(cell, &mut kinds) {
                    Ok(value) => {
                        self.told(&kinds, cell);
                        value
                    }
                    Err(fault) => {
                        self.fault(&fault, cell);
                        None
                    }
                }
            })
            .collect()
    }

    /// Conversions are noted, once a kind; what leaves a doubt is asked, cell by cell.
    fn told(&mut self, kinds: &Kinds, cell: &Cell) {
        if kinds.0.is_empty() {
            return;
        }
        let (label, found) = (self.reader.named(), shortened(&seen(cell)));
        for kind in &kinds.0 {
            let (code, message) = match kind {
                Kind::Approximate if self.reader.is_counted() => (
                    FindingCode::ApproximateNumber,
                    format!("“{label}”填的是“{found}”，是约数，请改填准确数；确无准确数的，请说明（暂按其中数字计）"),
                ),
                Kind::Noted => (
                    FindingCode::RegionNoted,
                    format!("“{label}”填的是“{found}”，带有括号说明，暂计入括号前的设区市，请删去说明；范围确与该市不同的，请说明"),
                ),
                kind => {
                    self.kind(*kind, cell);
                    continue;
                }
            };
            self.findings.push(self.reader.finding(code, cell, message));
        }
    }

    fn numbers(&mut self, cells: &[Option<&Cell>]) -> Vec<Option<Decimal>> {
        let units = Units { column: self.reader.spec.unit.as_ref(), sheet: self.reader.unit };
        let optional = !self.reader.spec.required;
        let spec = self.reader.spec;
        let values = self.each(cells, |cell, kinds| match number(&cell.value, cell.percent(), units, kinds) {
            // What no decimal or whole number holds is no blank cell.
            Err(_) if is_endless(cell) => Err(too_large(spec)),
            Ok(Some(value)) if spec.kind == ColumnType::Integer && value.to_i64().is_none() => Err(too_large(spec)),
            // 持平 and the like: words where a figure may be left out are no figure.
            Err(fault) if optional && fault.code == FindingCode::UnreadableNumber && is_wording(cell) => {
                kinds.add(Kind::Placeholder);
                Ok(None)
            }
            other => {
                if is_about(cell) {
                    kinds.add(Kind::Approximate);
                }
                let converted = is_converted(&cell.value, units, kinds);
                other.map(|value| value.map(|value| (value, converted)))
            }
        });
        if is_percent(self.reader.spec.unit.as_ref()) {
            let read = values.iter().zip(cells).filter_map(|(value, cell)| Some(((*value)?.0, (*cell)?)));
            self.percents = read.map(|(value, cell)| percent_cell(self.reader.grid, &self.reader.spec.name, cell, value)).collect();
        }
        let rounded = values.iter().zip(cells).map(|(value, cell)| {
            let (value, converted) = (*value)?;
            let kept = cell.map_or(value, |cell| kept(value, &cell.value, self.reader.spec, converted));
            if let Some(cell) = cell.filter(|cell| kept != meant(value, &cell.value)) {
                self.rounded.push((cell.clone(), kept));
            }
            Some(kept)
        });
        rounded.collect()
    }

    fn fault(&mut self, fault: &Fault, cell: &Cell) {
        let (label, found) = (self.reader.named(), shortened(&cell.shown()));
        let message = match fault.code {
            FindingCode::UnreadableNumber => format!("“{label}”填的是“{found}”，不是可读的数字，请改为{}", fault.expected),
            FindingCode::UnreadableDate => format!("“{label}”填的是“{found}”，不是有效日期，请改为{}", fault.expected),
            FindingCode::ErrorValue => format!("“{label}”为错误值{found}，请改为{}", fault.expected),
            FindingCode::CountyForCity => format!("“{label}”填的是县（市、区）“{found}”，请改填所属设区市"),
            FindingCode::RoundedCode => format!("“{label}”为“{found}”，长编码已被Excel舍入，请改为{}", fault.expected),
            FindingCode::OutOfRange => format!("“{label}”填的是“{found}”，{}，请核对修改", fault.expected),
            _ => format!("“{label}”填的是“{found}”，请改为以下之一：{}", fault.expected),
        };
        let mut finding = self.reader.finding(fault.code, cell, message);
        finding.expected = Some(fault.expected.clone());
        self.findings.push(finding);
    }

    fn finish(self) -> Vec<PercentCell> {
        if self.kinds.is_empty() && self.rounded.is_empty() {
            return self.percents;
        }
        let label = self.reader.named();
        for (kind, (count, cell)) in &self.kinds {
            let times = if *count > 1 { format!("{count}处") } else { String::new() };
            let message = format!("“{label}”{times}{}", kind.words());
            self.findings.push(self.reader.finding(FindingCode::Coercion, cell, message));
        }
        for (cell, kept) in &self.rounded {
            let message = format!("“{label}”{}，按{}位小数四舍五入为{kept}", shortened(&cell.shown()), kept.scale());
            let mut finding = self.reader.finding(FindingCode::Rounded, cell, message);
            finding.expected = Some(kept.to_string());
            self.findings.push(finding);
        }
        self.percents
    }
}

/// A number beyond what a decimal holds; the reader hands it over as its digits.
fn is_endless(cell: &Cell) -> bool {
    let digits = if let Value::Error(text) = &cell.value { text.trim_start_matches('-') } else { "" };
    digits.starts_with(|first: char| first.is_ascii_digit())
}

fn too_large(spec: &ColumnSpec) -> Fault {
    let unit = spec.unit.as_ref().map_or("", Unit::name);
    Fault { code: FindingCode::OutOfRange, expected: format!("绝对值不应大于{}{unit}", spec.size_max()) }
}

/// The value that is kept: in the column's decimals, but exact where it was converted from another unit.
#[must_use]
pub fn kept(value: Decimal, cell: &Value, spec: &ColumnSpec, converted: bool) -> Decimal {
    let is_whole = spec.kind == ColumnType::Integer;
    let rounded = round(value, if is_whole { 0 } else { spec.decimals });
    let meant = meant(value, cell);
    if converted && !is_whole && rounded != meant { meant.normalize() } else { rounded }
}

/// The value without the noise of a float.
fn meant(value: Decimal, cell: &Value) -> Decimal {
    if matches!(cell, Value::Text(_)) { value } else { value.round_sf(SIGNIFICANT_DIGITS).unwrap_or(value) }
}

fn is_wording(cell: &Cell) -> bool {
    cell.text().is_some_and(|text| !text.chars().any(char::is_numeric))
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
