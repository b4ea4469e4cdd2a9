//! `percent-unclear`: numbers in a column in % that may be fractions: is 0.125 12.5 % or 0.125 %?
//!
//! A cell is marked that wears a percent sign. Of a column with marked cells the others are asked about that lie within ±1; without
//! any, the whole column is asked where three values or more all lie within ±1, or where its hundredfold is nearer to what is known:
//! last month's table, the one this file replaces, and the growth that the amounts in the file make.
//!
//! A column of growth that is nearer to them with 100 taken off holds indices of which last year is 100 (108.9), and is asked about once.

use std::collections::HashMap;

use rust_decimal::{Decimal, dec};

use crate::ingest::check::growth;
use crate::ingest::check::table::{Table, number};
use crate::ingest::check::wording;
use crate::ingest::reading::{PercentCell, PercentMark};
use crate::model::quantity::Dimension;
use crate::model::{CellRef, Finding, FindingCode, TotalRow};
use crate::plan::ColumnSpec;

/// So many points two figures may be apart and still be of one kind.
const NEAR: Decimal = dec!(2);
/// Growth moves more than a share from month to month; 100 points it does not.
const INDEX_NEAR: Decimal = dec!(30);
/// Headings of growth.
const GROWTH: [&str; 4] = ["增长", "增速", "增幅", "同比"];
/// A column of one or two values is asked only where it is this far from what is known.
const FAR: Decimal = dec!(5);
/// So many values make a column.
const VALUES_MIN: usize = 3;

/// Where a number stands in its table.
#[derive(Clone, Copy)]
enum Spot<'a> {
    Row(usize),
    Total(&'a TotalRow),
}

/// A number of a column in %, and the figures it should be near to.
struct Figure<'a> {
    cell: &'a PercentCell,
    spot: Spot<'a>,
    known: Vec<Decimal>,
}

/// Looks at every column in %.
pub fn check<'a>(table: &Table<'a>, tables: &[Table<'a>]) -> Vec<Finding> {
    let is_percent = |spec: &&ColumnSpec| spec.unit.as_ref().is_some_and(|unit| unit.dimension() == Dimension::Percent);
    let mut findings = Vec::new();
    for spec in table.numeric().filter(is_percent) {
        let figures = figures(table, tables, spec);
        if let Some(finding) = index(table, spec, &figures) {
            findings.push(finding);
            continue;
        }
        let mixed = figures.iter().any(|figure| figure.cell.mark == PercentMark::Marked);
        let asked = figures.iter().filter(|figure| !figure.cell.value.is_zero() && figure.cell.mark != PercentMark::Marked);
        if mixed {
            findings.extend(asked.filter(|figure| figure.is_small()).filter_map(|figure| finding(table, spec, figure, true)));
        } else if may_be_fractions(&figures) {
            findings.extend(asked.filter_map(|figure| finding(table, spec, figure, false)));
        }
    }
    findings
}

/// The column's finding where its figures, with 100 taken off, are those that are known.
fn index(table: &Table, spec: &ColumnSpec, figures: &[Figure]) -> Option<Finding> {
    let label = wording::label(spec);
    GROWTH.iter().find(|word| label.contains(**word))?;
    let rows = figures.iter().filter(|figure| matches!(figure.spot, Spot::Row(_)) && !figure.known.is_empty());
    let (mut compared, mut as_index, mut as_it_stands, mut first) = (0, 0, 0, None);
    for figure in rows {
        let without = figure.cell.value.checked_sub(Decimal::ONE_HUNDRED)?;
        compared += 1;
        as_it_stands += usize::from(figure.is_near(Decimal::ONE));
        if figure.known.iter().any(|known| gap(without, *known).is_some_and(|gap| gap <= INDEX_NEAR)) {
            as_index += 1;
            first = first.or(Some((figure, without)));
        }
    }
    let (figure, without) = first.filter(|_| as_it_stands == 0 && as_index * 2 > compared)?;
    let (value, without) = (figure.cell.value.normalize(), without.normalize());
    let Spot::Row(row) = figure.spot else { return None };
    let message = format!(
        "“{}”整栏疑似为以上年同期为100的指数，表内{value}是增长{without}%还是{value}%？现按{value}%读取；如为指数，请整栏减去100后填报（本格为{without}）；如确为{value}%，请说明情况。",
        table.caption(spec)
    );
    let finding = Finding { row_key: None, ..table.at_cell(FindingCode::PercentUnclear, row, spec, message) };
    Some(Finding { found: Some(value.to_string()), expected: Some(without.to_string()), ..finding })
}

/// Whether a column without any mark may hold fractions.
fn may_be_fractions(figures: &[Figure]) -> bool {
    let filled = || figures.iter().filter(|figure| !figure.cell.value.is_zero());
    let hundredfold = filled().filter(|figure| figure.is_near(Decimal::ONE_HUNDRED)).count();
    let as_they_stand = filled().filter(|figure| figure.is_near(Decimal::ONE)).count();
    let rows = figures.iter().filter(|figure| matches!(figure.spot, Spot::Row(_))).count();
    if rows < VALUES_MIN {
        return hundredfold > as_they_stand && filled().any(|figure| figure.is_far() && figure.is_near(Decimal::ONE_HUNDRED));
    }
    // Small figures as every month: nothing speaks for fractions.
    let compared = filled().filter(|figure| !figure.known.is_empty()).count();
    let usual = hundredfold == 0 && compared >= VALUES_MIN && as_they_stand == compared;
    hundredfold > as_they_stand || (filled().next().is_some() && figures.iter().all(Figure::is_small) && !usual)
}

impl Figure<'_> {
    fn is_small(&self) -> bool {
        self.cell.value.abs() <= Decimal::ONE
    }

    /// Whether `times` the figure is near to what is known.
    fn is_near(&self, times: Decimal) -> bool {
        let value = self.cell.value.checked_mul(times);
        value.is_some_and(|value| self.known.iter().any(|known| gap(value, *known).is_some_and(|gap| gap <= NEAR)))
    }

    fn is_far(&self) -> bool {
        self.known.iter().any(|known| gap(self.cell.value, *known).is_some_and(|gap| gap >= FAR))
    }
}

fn gap(one: Decimal, other: Decimal) -> Option<Decimal> {
    one.checked_sub(other).map(|gap| gap.abs())
}

/// The column's numbers as the reader found them, total rows among them.
fn figures<'a>(table: &Table<'a>, tables: &[Table<'a>], spec: &ColumnSpec) -> Vec<Figure<'a>> {
    let cells = table.facts.iter().flat_map(|facts| &facts.percents).filter(|cell| cell.column == spec.name);
    let spots = spots(table, spec);
    let mut known: HashMap<usize, Vec<Decimal>> = HashMap::new();
    for one in growth::computed(table, tables, spec) {
        known.entry(one.row).or_default().push(one.growth);
    }
    for earlier in [table.previous_of_year().map(|(previous, _)| previous), table.replaced].into_iter().flatten() {
        for (row, there) in table.matched(earlier) {
            known.entry(row).or_default().extend(number(earlier, there, spec));
        }
    }
    let figure = |cell: &'a PercentCell| {
        let spot = *spots.get(&(cell.sheet.as_str(), cell.cell))?;
        let known = if let Spot::Row(row) = spot { known.get(&row).cloned().unwrap_or_default() } else { Vec::new() };
        Some(Figure { cell, spot, known })
    };
    cells.filter_map(figure).collect()
}

/// What stands where in the column.
fn spots<'a>(table: &Table<'a>, spec: &ColumnSpec) -> HashMap<(&'a str, CellRef), Spot<'a>> {
    let now = table.now;
    let totals = now.totals.iter().filter_map(|total| {
        let cell = now.total_cell(total, &spec.name)?;
        Some(((now.sheet_of_part(total.part), cell), Spot::Total(total)))
    });
    let rows = (0..now.rows()).filter_map(|row| Some(((now.sheet_of(row), now.cell(row, &spec.name)?), Spot::Row(row))));
    totals.chain(rows).collect()
}

/// Asks what the number means; `mixed`: others of the column are marked.
fn finding(table: &Table, spec: &ColumnSpec, figure: &Figure, mixed: bool) -> Option<Finding> {
    let small = figure.cell.value.normalize();
    let large = small.checked_mul(Decimal::ONE_HUNDRED)?.normalize();
    let why = if mixed { "有的数带百分号，有的不带" } else { "的数都不带百分号" };
    let remedy = match figure.cell.mark {
        // Excel stores 12.5% as 0.125 with a format that this file does not tell.
        PercentMark::Unknown => format!("请改为{large}（不带百分号）"),
        PercentMark::Bare | PercentMark::Marked => format!("请改为{large}，或将本栏全部设为百分比格式"),
    };
    let message = format!(
        "“{}”栏{why}，表内{small}是{large}%还是{small}%？现按{small}%读取；如为{large}%，{remedy}；如确为{small}%，请说明情况。",
        table.caption(spec)
    );
    let finding = match figure.spot {
        Spot::Row(row) => table.at_cell(FindingCode::PercentUnclear, row, spec, message),
        Spot::Total(total) => table.at_total(FindingCode::PercentUnclear, total, spec, message),
    };
    Some(Finding { found: Some(small.to_string()), expected: Some(large.to_string()), ..finding })
}

#[cfg(test)]
mod tests;
