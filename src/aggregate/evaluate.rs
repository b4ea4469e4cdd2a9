//! Evaluation: the plan's SQL over one dataset, with Polars.
//!
//! All reporting periods of a dataset stand in one frame, and three grouped passes give every expression for the province, each
//! region and each department. Sums come back as scaled integers, never through floating point. Quotients are not formed here.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use polars::prelude::{
    AnyValue, BooleanChunked, Column, DataFrame, DataType, Expr, IntoColumn, IntoLazy, NamedFrom, NewChunkedArray, PolarsResult, Series,
    col, len,
};
use polars::sql::sql_expr;
use rust_decimal::Decimal;

use super::{AggregateError, beyond};
use crate::model::{Accepted, DepartmentCode, Observations, Period, RegionCode};
use crate::plan::counted::{self, LeftOut};
use crate::plan::frame::{DEPARTMENT, frame};
use crate::plan::{ColumnSpec, ColumnType, Dataset, Expression, Plan, Shape, filter};

/// The frame column that tells the reporting periods apart: year × 100 + month.
const PERIOD: &str = "_period";

/// The frame column of rows that belong to no city.
const BEYOND: &str = "_beyond";

/// Whose rows a value is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    Province,
    /// The cities alone, without what belongs to none of them.
    Cities,
    Region(&'a RegionCode),
    Department(&'a DepartmentCode),
}

/// The values of one dataset's expressions, by reporting period and place.
#[derive(Debug, Default)]
pub struct Evaluated {
    /// SQL text → position in every list of values.
    positions: BTreeMap<String, usize>,
    province: BTreeMap<Period, Vec<Option<Decimal>>>,
    /// Where the province has more than its cities: theirs alone.
    cities: BTreeMap<Period, Vec<Option<Decimal>>>,
    regions: BTreeMap<Period, BTreeMap<RegionCode, Vec<Option<Decimal>>>>,
    departments: BTreeMap<Period, BTreeMap<DepartmentCode, Vec<Option<Decimal>>>>,
    /// Per expression, what no rows at all mean: nought in an accepted list, missing elsewhere.
    without_rows: Vec<Option<Decimal>>,
}

impl Evaluated {
    /// The value of `expression` for an accepted `period`; `None` is missing.
    #[must_use]
    pub fn value(&self, expression: &Expression, period: Period, place: Place<'_>) -> Option<Decimal> {
        let at = *self.positions.get(&expression.sql)?;
        let values = match place {
            Place::Province => self.province.get(&period),
            Place::Cities => self.cities.get(&period).or_else(|| self.province.get(&period)),
            Place::Region(code) => self.regions.get(&period).and_then(|regions| regions.get(code)),
            Place::Department(code) => self.departments.get(&period).and_then(|departments| departments.get(code)),
        };
        match values {
            Some(values) => values.get(at).copied().flatten(),
            None => self.without_rows.get(at).copied().flatten(),
        }
    }
}

/// Evaluates `expressions` over all accepted `months` of `dataset`; a panic inside Polars becomes an error.
pub fn evaluate(
    plan: &Plan,
    dataset: &Dataset,
    expressions: &[&Expression],
    months: &BTreeMap<Period, Vec<&Accepted>>,
) -> Result<Evaluated, AggregateError> {
    catch_unwind(AssertUnwindSafe(|| passes(plan, dataset, expressions, months)))
        .unwrap_or_else(|_| Err(AggregateError::Panicked { dataset: dataset.code.clone() }))
}

/// The rows of one table that meet `predicate`, which is `expression`'s, and lie inside the dataset's scope; `None` where every row does. A panic becomes an error.
pub fn matching_rows(
    dataset: &Dataset,
    expression: &Expression,
    predicate: Option<&str>,
    observations: &Observations,
) -> Result<Option<Vec<bool>>, AggregateError> {
    if predicate.is_none() && !counted::has_scope(dataset) {
        return Ok(None);
    }
    let pass = || -> PolarsResult<Option<Vec<bool>>> {
        let frame = frame(&slim(dataset, &[expression]), &[observations])?;
        let inside = counted::inside(dataset, &frame)?;
        let Some(predicate) = predicate else { return Ok(inside) };
        let selected = frame.lazy().select([sql_expr(predicate)?.alias("kept")]).collect()?;
        let kept = selected.column("kept")?.as_materialized_series().rechunk();
        let kept = kept.bool()?.iter().enumerate();
        let is_inside = |row: usize| inside.as_ref().is_none_or(|inside| inside.get(row) == Some(&true));
        Ok(Some(kept.map(|(row, kept)| kept == Some(true) && is_inside(row)).collect()))
    };
    match catch_unwind(AssertUnwindSafe(pass)) {
        Ok(rows) => rows.map_err(|source| AggregateError::Frame { dataset: dataset.code.clone(), source }),
        Err(_) => Err(AggregateError::Panicked { dataset: dataset.code.clone() }),
    }
}

/// The rows of one table that indicators leave out; a panic inside Polars becomes an error.
pub fn left_out(plan: &Plan, dataset: &Dataset, observations: &Observations) -> Result<LeftOut, AggregateError> {
    match catch_unwind(AssertUnwindSafe(|| counted::left_out(plan, observations))) {
        Ok(left) => left.map_err(|source| AggregateError::Frame { dataset: dataset.code.clone(), source }),
        Err(_) => Err(AggregateError::Panicked { dataset: dataset.code.clone() }),
    }
}

fn passes(
    plan: &Plan,
    dataset: &Dataset,
    expressions: &[&Expression],
    months: &BTreeMap<Period, Vec<&Accepted>>,
) -> Result<Evaluated, AggregateError> {
    let fault = |source| AggregateError::Frame { dataset: dataset.code.clone(), source };
    let positions: BTreeMap<String, usize> = expressions.iter().enumerate().map(|(at, one)| (one.sql.clone(), at)).collect();
    let without_rows = expressions.iter().map(|one| zero_where_empty(dataset, one).then_some(Decimal::ZERO)).collect();
    let mut evaluated = Evaluated { positions, without_rows, ..Evaluated::default() };
    if expressions.is_empty() || months.is_empty() {
        return Ok(evaluated);
    }
    let (frame, beyond) = year_frame(plan, &slim(dataset, expressions), months).map_err(fault)?;
    let wanted = wanted(dataset, expressions).map_err(fault)?;
    let region = dataset.columns.iter().find(|column| column.kind == ColumnType::Region).map(|column| column.name.as_str());

    for (period, _, values) in grouped(&frame, None, &wanted, dataset, expressions)? {
        evaluated.province.insert(period, values);
    }
    if beyond {
        let cities = frame.clone().lazy().filter(col(BEYOND).not()).collect().map_err(fault)?;
        for (period, _, values) in grouped(&cities, None, &wanted, dataset, expressions)? {
            // Only sums take in what belongs to no city: it is no region to be counted, and no smallest or largest value.
            let whole = evaluated.province.entry(period).or_default();
            for ((whole, of_cities), expression) in whole.iter_mut().zip(&values).zip(expressions) {
                if !beyond::is_sum(expression) {
                    *whole = *of_cities;
                }
            }
            evaluated.cities.insert(period, values);
        }
    }
    for (period, code, values) in grouped(&frame, Some(DEPARTMENT), &wanted, dataset, expressions)? {
        evaluated.departments.entry(period).or_default().insert(DepartmentCode(code), values);
    }
    if let Some(region) = region {
        for (period, code, values) in grouped(&frame, Some(region), &wanted, dataset, expressions)? {
            evaluated.regions.entry(period).or_default().insert(RegionCode(code), values);
        }
    }
    Ok(evaluated)
}

/// The dataset with no more columns than the expressions and the rules of its scope read: names and remarks need not be copied.
fn slim(dataset: &Dataset, expressions: &[&Expression]) -> Dataset {
    if dataset.rules.iter().any(|rule| rule.out_of_scope) {
        return dataset.clone();
    }
    let read = |column: &ColumnSpec| {
        matches!(column.kind, ColumnType::Region | ColumnType::Date) || expressions.iter().any(|one| one.columns.contains(&column.name))
    };
    Dataset { columns: dataset.columns.iter().filter(|column| read(column)).cloned().collect(), ..dataset.clone() }
}

/// All reporting periods one below the other, and whether rows of no city were added to those of a table of cities.
fn year_frame(plan: &Plan, dataset: &Dataset, months: &BTreeMap<Period, Vec<&Accepted>>) -> PolarsResult<(DataFrame, bool)> {
    let mut year: Option<DataFrame> = None;
    let mut any = false;
    for (period, accepted) in months {
        let added: Vec<Option<Observations>> = accepted.iter().map(|one| beyond::added(plan, dataset, &one.observations)).collect();
        any |= added.iter().any(Option::is_some);
        let tables: Vec<(&Observations, bool)> = accepted
            .iter()
            .zip(&added)
            .flat_map(|(one, added)| std::iter::once((&one.observations, false)).chain(added.iter().map(|added| (added, true))))
            .collect();
        let mut month = frame(dataset, &tables.iter().map(|(table, _)| *table).collect::<Vec<_>>())?;
        let beyond: Vec<bool> = tables.iter().flat_map(|(table, beyond)| std::iter::repeat_n(*beyond, table.rows())).collect();
        month.with_column(Series::new(BEYOND.into(), beyond).into_column())?;
        if let Some(inside) = counted::inside(dataset, &month)? {
            month = month.filter(&BooleanChunked::from_slice("inside".into(), &inside))?;
        }
        let keys = vec![number(*period); month.height()];
        month.with_column(Series::new(PERIOD.into(), keys).into_column())?;
        match &mut year {
            None => year = Some(month),
            Some(year) => {
                year.vstack_mut(&month)?;
            }
        }
    }
    let mut year = year.unwrap_or_default();
    year.rechunk_mut_par();
    Ok((year, any))
}

/// The expressions; then, to tell "none" from "not filled in", how many rows each counts and how many of their numeric cells are filled.
fn wanted(dataset: &Dataset, expressions: &[&Expression]) -> PolarsResult<Vec<Expr>> {
    let mut wanted = Vec::with_capacity(expressions.len() * 3);
    for (at, expression) in expressions.iter().enumerate() {
        let kept = filter::predicate(&expression.sql).map(sql_expr).transpose()?;
        wanted.push(sql_expr(&expression.sql)?.alias(format!("_value{at}")));
        wanted.push(kept.clone().map_or_else(len, Expr::sum).alias(format!("_kept{at}")));
        for (nth, column) in numeric_columns(dataset, expression).enumerate() {
            let cells = kept.clone().map_or_else(|| col(column), |kept| col(column).filter(kept));
            wanted.push(cells.count().alias(format!("_filled{at}_{nth}")));
        }
    }
    Ok(wanted)
}

/// The numeric columns `expression` reads.
fn numeric_columns<'a>(dataset: &'a Dataset, expression: &'a Expression) -> impl Iterator<Item = &'a str> {
    expression
        .columns
        .iter()
        .map(String::as_str)
        .filter(|name| dataset.column(name).is_some_and(|column| matches!(column.kind, ColumnType::Decimal | ColumnType::Integer)))
}

type Group = (Period, String, Vec<Option<Decimal>>);

fn grouped(
    frame: &DataFrame,
    key: Option<&str>,
    wanted: &[Expr],
    dataset: &Dataset,
    expressions: &[&Expression],
) -> Result<Vec<Group>, AggregateError> {
    let fault = |source| AggregateError::Frame { dataset: dataset.code.clone(), source };
    let keys: Vec<Expr> = std::iter::once(PERIOD).chain(key).map(col).collect();
    let table = frame.clone().lazy().group_by(keys).agg(wanted).collect().map_err(fault)?;
    let column = |name: &str| table.column(name).map(Column::rechunk).map_err(fault);
    let periods = column(PERIOD)?;
    let codes = key.map(column).transpose()?;
    let values = (0..expressions.len()).map(|at| column(&format!("_value{at}"))).collect::<Result<Vec<_>, _>>()?;
    let kept = (0..expressions.len()).map(|at| column(&format!("_kept{at}"))).collect::<Result<Vec<_>, _>>()?;
    let mut filled = Vec::with_capacity(expressions.len());
    for (at, expression) in expressions.iter().enumerate() {
        let counts = 0..numeric_columns(dataset, expression).count();
        filled.push(counts.map(|nth| column(&format!("_filled{at}_{nth}"))).collect::<Result<Vec<_>, _>>()?);
    }
    let mut groups = Vec::with_capacity(table.height());
    for row in 0..table.height() {
        let Some(period) = period_at(&periods, row).map_err(fault)? else { continue };
        let code = match &codes {
            None => String::new(),
            // Rows of no one region (cross-city projects) count for the province alone.
            Some(codes) => match codes.get(row).map_err(fault)?.get_str() {
                Some(code) => code.to_owned(),
                None => continue,
            },
        };
        let mut settled = Vec::with_capacity(expressions.len());
        for (at, expression) in expressions.iter().enumerate() {
            let (Some(value), Some(kept), Some(filled)) = (values.get(at), kept.get(at), filled.get(at)) else { continue };
            let value = exact(dataset, expression, &value.get(row).map_err(fault)?)?;
            let none = all_zero(std::slice::from_ref(kept), row).map_err(fault)?;
            let blank = !none && !filled.is_empty() && all_zero(filled, row).map_err(fault)?;
            settled.push(value.or_else(|| (zero_where_empty(dataset, expression) && !blank).then_some(Decimal::ZERO)));
        }
        groups.push((period, code, settled));
    }
    Ok(groups)
}

/// Whether no row that counts means nought: in an accepted list, for sums and counts (a list without rows has no smallest value).
fn zero_where_empty(dataset: &Dataset, expression: &Expression) -> bool {
    let sql = expression.sql.to_ascii_uppercase();
    dataset.shape == Shape::Records && !sql.contains("MIN(") && !sql.contains("MAX(")
}

fn all_zero(counts: &[Column], row: usize) -> PolarsResult<bool> {
    for count in counts {
        if count.get(row)?.extract::<u64>() != Some(0) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Without zeros behind the last figure: a frame's decimals follow its longest value, a sum seldom needs them.
fn without_zeros(mut units: i128, mut scale: u32) -> (i128, u32) {
    while scale > 0 && units % 10 == 0 {
        (units, scale) = (units / 10, scale - 1);
    }
    (units, scale)
}

/// Reads a value back without leaving the integers.
fn exact(dataset: &Dataset, expression: &Expression, value: &AnyValue<'_>) -> Result<Option<Decimal>, AggregateError> {
    let inexact = || AggregateError::Inexact {
        dataset: dataset.code.clone(),
        expression: expression.source.clone(),
        found: value.dtype().to_string(),
    };
    let (units, scale) = match value {
        AnyValue::Null => return Ok(None),
        AnyValue::Decimal(units, _, scale) => (*units, u32::try_from(*scale).map_err(|_| inexact())?),
        other if DataType::is_integer(&other.dtype()) => (other.extract::<i128>().ok_or_else(inexact)?, 0),
        _ => return Err(inexact()),
    };
    let (units, scale) = without_zeros(units, scale);
    Decimal::try_from_i128_with_scale(units, scale).map(Some).map_err(|_| inexact())
}

fn number(period: Period) -> i32 {
    period.year() * 100 + i32::try_from(period.month()).unwrap_or_default()
}

fn period_at(periods: &Column, row: usize) -> PolarsResult<Option<Period>> {
    let number = periods.get(row)?.extract::<i32>().unwrap_or_default();
    Ok(u32::try_from(number % 100).ok().and_then(|month| Period::new(number / 100, month)))
}
