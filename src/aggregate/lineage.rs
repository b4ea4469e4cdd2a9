//! Lineage: the files, sheets and cells a figure was read from.
//!
//! Each printed figure has its own: the value to date, the same period of last year, published growth; of the province, of each
//! region, of each department that has a part in a list. For a figure to date all months' files are named; for a ratio the columns
//! of both sums; for a derived figure those of its terms. Rows that an expression's filter leaves out are not named.

use super::course::Point;
use super::evaluate::{Place, matching_rows};
use super::exact::{Exact, Level};
use super::reader::{Reader, year_months};
use super::{AggregateError, beyond};
use crate::model::{Accepted, CellRef, Period, SourceItem, SourceRef, Values};
use crate::plan::{self, Calculation, ColumnType, Dataset, Expression, Indicator, Shape, filter};

mod cells;
mod source;
mod published;

use source::sourced;

/// Where an indicator's figures were read; only printed figures have sources.
pub struct Trail {
    pub province: Vec<SourceRef>,
    /// In the plan's order; empty where the indicator shows no regions.
    pub regions: Vec<Vec<SourceRef>>,
    /// Of what belongs to no city.
    pub own: Vec<SourceRef>,
    /// In the order of the point's departments; empty lists where one department hands in all.
    pub departments: Vec<Vec<SourceRef>>,
}

/// The cells read in one accepted set: (row, column) in its observations.
struct Reading<'a> {
    dataset: &'a Dataset,
    accepted: &'a Accepted,
    cells: Vec<(usize, usize)>,
    /// The cells of a table of cities, outside their rows, that its whole leans on: the total row's, those of 省本级.
    beyond: Vec<CellRef>,
}

/// Follows an indicator's figures at `point` back to their cells.
pub fn trail(reader: &Reader<'_>, indicator: &Indicator, point: &Point) -> Result<Trail, AggregateError> {
    let now = readings(reader, indicator, point.data, Level::ThisYear)?;
    let then = readings(reader, indicator, point.data, Level::LastYear)?;
    let of = |place: Place<'_>, figures: &Exact| -> Vec<SourceRef> {
        let mut sources = Vec::new();
        if figures.value.is_some() {
            sources.extend(now.iter().filter_map(|reading| reading.sources(SourceItem::YearToDate, place)).flatten());
        }
        if figures.last_year.is_some() {
            sources.extend(then.iter().filter_map(|reading| reading.sources(SourceItem::LastYear, place)).flatten());
        }
        if figures.reported_growth.is_some() {
            sources.extend(published::source(reader, indicator, point.data, place));
        }
        sources
    };
    let shared = now.iter().any(|reading| reading.dataset.from.len() > 1 && reading.dataset.shape != Shape::Matrix);
    let departments = point.departments.iter().map(|(code, value)| {
        let figures = Exact { value: value.filter(|_| shared), ..Exact::default() };
        of(Place::Department(code), &figures)
    });
    let regions = reader.plan.regions.iter().zip(&point.regions);
    Ok(Trail {
        province: of(Place::Province, &point.province),
        regions: regions.map(|(region, figures)| of(Place::Region(&region.code), figures)).collect(),
        own: point.own.as_ref().map(|figures| of(Place::Region(&plan::own::own().code), figures)).unwrap_or_default(),
        departments: departments.collect(),
    })
}

/// Everything read for one level of an indicator, each accepted set once.
fn readings<'a>(reader: &Reader<'a>, indicator: &Indicator, data: Period, level: Level) -> Result<Vec<Reading<'a>>, AggregateError> {
    let mut readings = Vec::new();
    gather(reader, indicator, data, level, &mut readings)?;
    for reading in &mut readings {
        reading.cells.sort_unstable();
        reading.cells.dedup();
    }
    Ok(readings)
}

fn gather<'a>(
    reader: &Reader<'a>,
    indicator: &Indicator,
    data: Period,
    level: Level,
    readings: &mut Vec<Reading<'a>>,
) -> Result<(), AggregateError> {
    let (dataset, expressions, to_date) = match &indicator.calculation {
        Calculation::Simple { dataset, value, last_year, to_date, .. } => match level {
            Level::ThisYear => (dataset, vec![value], *to_date),
            Level::LastYear => (dataset, last_year.iter().collect(), *to_date),
        },
        Calculation::Ratio { dataset, numerator, denominator, last_numerator, last_denominator } => match level {
            Level::ThisYear => (dataset, vec![numerator, denominator], false),
            Level::LastYear => (dataset, last_numerator.iter().chain(last_denominator).collect(), false),
        },
        Calculation::Derived { terms } => {
            for (code, _) in terms {
                if let Some(term) = reader.plan.indicator(code) {
                    gather(reader, term, data, level, readings)?;
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
                reader.fits(dataset, accepted)?;
                let cells = read(dataset, expression, predicate.as_deref(), accepted)?;
                let beyond = if beyond::is_sum(expression) {
                    beyond::cells(reader.plan, dataset, &accepted.observations, &expression.columns)
                } else {
                    Vec::new()
                };
                match readings.iter_mut().find(|reading| std::ptr::eq(reading.accepted, *accepted)) {
                    Some(reading) => {
                        reading.cells.extend(cells);
                        reading.beyond.extend(beyond);
                    }
                    None => readings.push(Reading { dataset, accepted, cells, beyond }),
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
    let kept = matching_rows(dataset, expression, predicate, observations)?;
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

impl Reading<'_> {
    /// One file's part in a place's figure, by sheet; `None` where it has none.
    fn sources(&self, item: SourceItem, place: Place<'_>) -> Option<Vec<SourceRef>> {
        let observations = &self.accepted.observations;
        let mut regions = observations.columns.iter().filter(|column| matches!(column.values, Values::Region(_)));
        let cells: Vec<(usize, usize)> = match place {
            Place::Department(code) if observations.department != *code => return None,
            Place::Province | Place::Cities | Place::Department(_) => self.cells.clone(),
            // What belongs to no city of a table of cities is the whole less their rows.
            Place::Region(code) if *code == plan::own::own().code && self.dataset.shape == Shape::Matrix => {
                if self.beyond.is_empty() {
                    return None;
                }
                self.cells.clone()
            }
            Place::Region(code) => {
                let regions = regions.next()?;
                self.cells.iter().copied().filter(|(row, _)| regions.region(*row) == Some(code)).collect()
            }
        };
        let rows = count_rows(&cells);
        // In an accepted list no row of a place means nought: what is named is where it was looked for.
        if rows == 0 && self.dataset.shape == Shape::Records {
            let wanted = |name: &str| match place {
                Place::Region(_) => self.dataset.column(name).is_some_and(|column| column.kind == ColumnType::Region),
                _ => self.dataset.key.first().is_some_and(|key| key == name),
            };
            let column = observations.columns.iter().position(|column| wanted(&column.name))?;
            let searched: Vec<_> = (0..observations.rows()).map(|row| (row, column)).collect();
            return Some(by_sheet(self.accepted, item, &searched, &[]).into_iter().map(|source| SourceRef { rows: 0, ..source }).collect());
        }
        let is_city = matches!(place, Place::Region(code) if *code != plan::own::own().code);
        let beyond = if is_city { &[][..] } else { &self.beyond };
        (rows > 0).then(|| by_sheet(self.accepted, item, &cells, beyond))
    }
}

fn count_rows(cells: &[(usize, usize)]) -> u32 {
    let mut rows = 0_u32;
    let mut last = None;
    for (row, _) in cells {
        if last != Some(row) {
            rows = rows.saturating_add(1);
            last = Some(row);
        }
    }
    rows
}

/// One file's part as it is set down, one entry for each sheet its rows stand on.
/// The total row's cells stand with the first.
fn by_sheet(accepted: &Accepted, item: SourceItem, cells: &[(usize, usize)], beyond: &[CellRef]) -> Vec<SourceRef> {
    let mut sheets: Vec<(&str, Vec<(usize, usize)>)> = Vec::new();
    for cell in cells {
        let sheet = accepted.observations.sheet_of(cell.0);
        match sheets.iter_mut().find(|(known, _)| *known == sheet) {
            Some((_, cells)) => cells.push(*cell),
            None => sheets.push((sheet, vec![*cell])),
        }
    }
    sheets
        .iter()
        .enumerate()
        .map(|(nth, (sheet, cells))| {
            let beyond = if nth == 0 { beyond } else { &[] };
            SourceRef { sheet: (*sheet).to_owned(), ..sourced(accepted, item, cells, beyond, count_rows(cells)) }
        })
        .collect()
}
