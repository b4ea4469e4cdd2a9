//! Lineage: the files, sheets and cells a figure was read from.
//!
//! For a figure to date all months' files are named; for a ratio the columns of both sums; for a derived figure those of its terms.
//! Rows that an expression's filter leaves out are not named.

use super::evaluate::matching_rows;
use super::reader::{Reader, year_months};
use super::{AggregateError, filter};
use crate::model::{Accepted, Period, RegionCode, SourceRef, Values};
use crate::plan::{Calculation, ColumnType, Dataset, Expression, Indicator};

mod cells;

/// Where a figure was read: for the province and for each region in the plan's order.
pub struct Trail {
    pub province: Vec<SourceRef>,
    pub regions: Vec<Vec<SourceRef>>,
}

/// The cells read in one accepted set: (row, column) in its observations.
struct Reading<'a> {
    accepted: &'a Accepted,
    cells: Vec<(usize, usize)>,
}

/// Follows an indicator's figures at `data` back to their cells.
pub fn trail(reader: &Reader<'_>, indicator: &Indicator, data: Period) -> Result<Trail, AggregateError> {
    let mut readings = Vec::new();
    gather(reader, indicator, data, &mut readings)?;
    for reading in &mut readings {
        reading.cells.sort_unstable();
        reading.cells.dedup();
    }
    let regions = if indicator.by_region { reader.plan.regions.as_slice() } else { &[] };
    Ok(Trail {
        province: readings.iter().filter_map(|reading| source(reading.accepted, &reading.cells)).collect(),
        regions: regions.iter().map(|region| of_region(&readings, &region.code)).collect(),
    })
}

fn gather<'a>(reader: &Reader<'a>, indicator: &Indicator, data: Period, readings: &mut Vec<Reading<'a>>) -> Result<(), AggregateError> {
    let (dataset, expressions, to_date) = match &indicator.calculation {
        Calculation::Simple { dataset, value, to_date, .. } => (dataset, vec![value], *to_date),
        Calculation::Ratio { dataset, numerator, denominator, .. } => (dataset, vec![numerator, denominator], false),
        Calculation::Derived { terms } => {
            for (code, _) in terms {
                if let Some((_, term)) = reader.plan.indicators().find(|(_, term)| term.code == *code) {
                    gather(reader, term, data, readings)?;
                }
            }
            return Ok(());
        }
    };
    let Some(dataset) = reader.plan.dataset(dataset) else { return Ok(()) };
    let months = if to_date { year_months(dataset, data) } else { vec![data] };
    for reporting in months.into_iter().filter_map(|month| reader.reporting(dataset, month)) {
        for expression in &expressions {
            let predicate = filter::predicate(&expression.sql);
            for accepted in reader.accepted(dataset, reporting) {
                let cells = read(dataset, expression, predicate.as_deref(), accepted)?;
                match readings.iter_mut().find(|reading| std::ptr::eq(reading.accepted, *accepted)) {
                    Some(reading) => reading.cells.extend(cells),
                    None => readings.push(Reading { accepted, cells }),
                }
            }
        }
    }
    Ok(())
}

/// The cells of one accepted set that an expression reads.
fn read(
    dataset: &Dataset,
    expression: &Expression,
    predicate: Option<&str>,
    accepted: &Accepted,
) -> Result<Vec<(usize, usize)>, AggregateError> {
    let observations = &accepted.observations;
    let kept = predicate.map(|predicate| matching_rows(dataset, &[observations], predicate)).transpose()?;
    let columns: Vec<usize> = named_columns(dataset, expression)
        .iter()
        .filter_map(|name| observations.columns.iter().position(|column| column.name == **name))
        .collect();
    let rows = (0..observations.rows()).filter(|row| kept.as_ref().is_none_or(|kept| kept.get(*row) == Some(&true)));
    Ok(rows.flat_map(|row| columns.iter().map(move |column| (row, *column))).collect())
}

/// The columns whose cells are named: the numbers an expression reads, else whatever it reads, else the key.
fn named_columns<'a>(dataset: &'a Dataset, expression: &'a Expression) -> Vec<&'a String> {
    let numeric =
        |name: &&String| dataset.column(name).is_some_and(|column| matches!(column.kind, ColumnType::Decimal | ColumnType::Integer));
    let numbers: Vec<&String> = expression.columns.iter().filter(numeric).collect();
    if !numbers.is_empty() {
        return numbers;
    }
    if expression.columns.is_empty() { dataset.key.iter().collect() } else { expression.columns.iter().collect() }
}

fn of_region(readings: &[Reading<'_>], code: &RegionCode) -> Vec<SourceRef> {
    let of_reading = |reading: &Reading<'_>| {
        let regions = reading.accepted.observations.columns.iter().find(|column| matches!(column.values, Values::Region(_)))?;
        let cells: Vec<_> = reading.cells.iter().copied().filter(|(row, _)| regions.region(*row) == Some(code)).collect();
        source(reading.accepted, &cells)
    };
    readings.iter().filter_map(of_reading).collect()
}

/// One file's part; `None` where nothing was read in it.
fn source(accepted: &Accepted, cells: &[(usize, usize)]) -> Option<SourceRef> {
    let observations = &accepted.observations;
    let mut rows = 0_u32;
    let mut last = None;
    for (row, _) in cells {
        if last != Some(row) {
            rows = rows.saturating_add(1);
            last = Some(row);
        }
    }
    let references = cells.iter().filter_map(|(row, column)| observations.cells.get(*row)?.get(*column)).map(String::as_str);
    let source = SourceRef {
        department: observations.department.clone(),
        file: accepted.file.clone(),
        hash: accepted.hash.clone(),
        sheet: observations.sheet.clone(),
        cells: cells::compressed(references),
        rows,
        received_at: accepted.received_at,
    };
    (rows > 0).then_some(source)
}
