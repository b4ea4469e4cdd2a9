//! Observations as a Polars frame, so that the plan's SQL expressions can read them.
//!
//! One frame column per declared column, in declared order: decimals as `Decimal(38, scale)` (the declared decimals, or those
//! of the value with most, where values were converted and stay exact), integers as `Int64`, text and
//! choices as `String`, dates as `Date`, flags as `Boolean`, regions as `String` (their code). Two columns follow: `_department`
//! (`String`) and `_row` (`Int64`, the row's index in its own observations), then `_year_from` and `_year_to` (`Date`, the ends of
//! the data month's year, which `counts_in` compares with). A column that the observations lack is null throughout.
//! This file evaluates nothing.

use chrono::NaiveDate;
use polars::prelude::{
    Column as FrameColumn, DataFrame, Int128Chunked, IntoColumn, IntoSeries, NamedFrom, NewChunkedArray, PolarsResult, Series, polars_bail,
    polars_err,
};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::model::quantity::round;
use crate::model::{Column, Observations, Values};
use crate::plan::counts_in::{YEAR_FROM, YEAR_TO};
use crate::plan::{ColumnSpec, ColumnType, Dataset};

/// The column that names the department a row came from.
pub const DEPARTMENT: &str = "_department";

/// The column that holds the row's index in its own observations.
pub const ROW: &str = "_row";

/// The digits of a decimal column.
pub const PRECISION: usize = 38;

/// No column has more decimals: fen in a column of 万亿元 are fourteen, and sums, products keep room to the left of the point.
const SCALE_MAX: u32 = 16;

/// Sets the rows of several observations of one dataset one below the other, in the order given.
///
/// # Errors
///
/// When a column's values are of another kind than the plan declares (observations of an older plan), or do not fit.
pub fn frame(dataset: &Dataset, observations: &[&Observations]) -> PolarsResult<DataFrame> {
    let height = observations.iter().map(|table| table.rows()).sum();
    let mut columns: Vec<FrameColumn> = Vec::with_capacity(dataset.columns.len() + 4);
    for spec in &dataset.columns {
        columns.push(series(spec, observations)?.into_column());
    }
    let departments: Vec<&str> =
        observations.iter().flat_map(|table| std::iter::repeat_n(table.department.0.as_str(), table.rows())).collect();
    let rows: Vec<i64> = observations.iter().flat_map(|table| (0_i64..).take(table.rows())).collect();
    columns.push(Series::new(DEPARTMENT.into(), departments).into_column());
    columns.push(Series::new(ROW.into(), rows).into_column());
    for (name, month, day) in [(YEAR_FROM, 1, 1), (YEAR_TO, 12, 31)] {
        let end = |table: &&Observations| NaiveDate::from_ymd_opt(table.period.back(dataset.lag).year(), month, day);
        let ends: Vec<Option<NaiveDate>> = observations.iter().flat_map(|table| std::iter::repeat_n(end(table), table.rows())).collect();
        columns.push(Series::new(name.into(), ends).into_column());
    }
    DataFrame::new(height, columns)
}

/// Whether the observations can stand in the dataset's frame: no column holds values of another kind than declared.
#[must_use]
pub fn fits(dataset: &Dataset, observations: &Observations) -> bool {
    dataset.columns.iter().all(|spec| observations.column(&spec.name).is_none_or(|column| holds(spec.kind, &column.values)))
}

/// Whether the observations' frame can be made, told without making it.
///
/// # Errors
///
/// As [`frame`].
pub fn try_frame(dataset: &Dataset, observations: &Observations) -> PolarsResult<()> {
    for spec in &dataset.columns {
        match spec.kind {
            ColumnType::Decimal => drop(decimals(spec, &[observations])?),
            ColumnType::Integer => drop(integers(spec, &[observations])?),
            _ => drop(gather(spec, &[observations], |_, _| Ok(None::<()>))?),
        }
    }
    Ok(())
}

fn series(spec: &ColumnSpec, observations: &[&Observations]) -> PolarsResult<Series> {
    let name = spec.name.as_str();
    Ok(match spec.kind {
        ColumnType::Decimal => {
            let (scaled, scale) = decimals(spec, observations)?;
            let integers = Int128Chunked::from_slice_options(name.into(), &scaled);
            integers.into_decimal(PRECISION, scale.to_usize().unwrap_or_default())?.into_series()
        }
        ColumnType::Integer => Series::new(name.into(), integers(spec, observations)?),
        ColumnType::Text | ColumnType::Choice | ColumnType::Region => {
            let texts: Vec<Option<&str>> = gather(spec, observations, |column, row| {
                Ok(match &column.values {
                    Values::Text(values) => values.get(row).and_then(Option::as_deref),
                    _ => column.region(row).map(|region| region.0.as_str()),
                })
            })?;
            Series::new(name.into(), texts)
        }
        ColumnType::Date => Series::new(
            name.into(),
            gather(spec, observations, |column, row| match &column.values {
                Values::Date(values) => Ok(values.get(row).copied().flatten()),
                _ => Ok(None),
            })?,
        ),
        ColumnType::Flag => Series::new(
            name.into(),
            gather(spec, observations, |column, row| match &column.values {
                Values::Flag(values) => Ok(values.get(row).copied().flatten()),
                _ => Ok(None),
            })?,
        ),
    })
}

/// The values as integers of units of the column's last decimal, and how many decimals it has.
fn decimals(spec: &ColumnSpec, observations: &[&Observations]) -> PolarsResult<(Vec<Option<i128>>, u32)> {
    let values = gather(spec, observations, |column, row| Ok(column.decimal(row)))?;
    // Most have no more than the declared ones, and need not be looked at for zeros behind the last figure.
    let own = |value: &Decimal| if value.scale() <= spec.decimals { value.scale() } else { value.normalize().scale() };
    let scale = values.iter().flatten().map(own).fold(spec.decimals, u32::max).min(SCALE_MAX);
    let scaled = values.into_iter().map(|value| value.map(|value| scaled(spec, value, scale)).transpose());
    Ok((scaled.collect::<PolarsResult<Vec<_>>>()?, scale))
}

fn integers(spec: &ColumnSpec, observations: &[&Observations]) -> PolarsResult<Vec<Option<i64>>> {
    gather(spec, observations, |column, row| column.decimal(row).map(|value| whole(spec, value)).transpose())
}

/// Reads one column of all observations, blank where they lack it.
fn gather<'a, T>(
    spec: &ColumnSpec,
    observations: &[&'a Observations],
    read: impl Fn(&'a Column, usize) -> PolarsResult<Option<T>>,
) -> PolarsResult<Vec<Option<T>>> {
    let mut values = Vec::with_capacity(observations.iter().map(|table| table.rows()).sum());
    for table in observations {
        let Some(column) = table.column(&spec.name) else {
            values.extend((0..table.rows()).map(|_| None));
            continue;
        };
        if !holds(spec.kind, &column.values) {
            polars_bail!(SchemaMismatch: "column `{}` of dataset `{}` holds values of another kind than declared", spec.name, table.dataset);
        }
        for row in 0..table.rows() {
            values.push(read(column, row)?);
        }
    }
    Ok(values)
}

fn holds(kind: ColumnType, values: &Values) -> bool {
    match kind {
        ColumnType::Text | ColumnType::Choice => matches!(values, Values::Text(_)),
        ColumnType::Integer | ColumnType::Decimal => matches!(values, Values::Integer(_) | Values::Decimal(_)),
        ColumnType::Date => matches!(values, Values::Date(_)),
        ColumnType::Flag => matches!(values, Values::Flag(_)),
        ColumnType::Region => matches!(values, Values::Region(_)),
    }
}

/// The value as an integer of units of the frame's last decimal.
fn scaled(spec: &ColumnSpec, value: Decimal, scale: u32) -> PolarsResult<i128> {
    let value = round(value, scale);
    // A value of so many digits that it cannot carry the decimals keeps a smaller scale.
    if value.scale() != scale {
        polars_bail!(ComputeError: "a value of column `{}` has too many digits for {scale} decimals", spec.name);
    }
    Ok(value.mantissa())
}

fn whole(spec: &ColumnSpec, value: Decimal) -> PolarsResult<i64> {
    let whole = if value.is_integer() { value.to_i64() } else { None };
    whole.ok_or_else(|| polars_err!(ComputeError: "a value of column `{}` is no whole number of 64 bits", spec.name))
}

#[cfg(test)]
mod tests {
    use polars::prelude::IntoLazy;
    use polars::prelude::{AnyValue, DataType};
    use polars::sql::sql_expr;
    use rust_decimal::dec;

    use super::*;
    use crate::model::{DepartmentCode, Period, RegionCode};
    use crate::plan::{Accumulation, Frequency, Shape, TotalRule};

    fn spec(name: &str, kind: ColumnType, decimals: u32) -> ColumnSpec {
        ColumnSpec {
            name: name.to_owned(),
            labels: vec![],
            kind,
            unit: None,
            decimals,
            required: false,
            unique: false,
            min: None,
            max: None,
            pattern: None,
            choices: vec![],
            last_year_of: None,
            month_of: None,
        }
    }

    fn dataset(columns: Vec<ColumnSpec>) -> Dataset {
        Dataset {
            code: "t".to_owned(),
            title: String::new(),
            measure: None,
            from: vec![],
            sheets: vec![],
            shape: Shape::Records,
            accumulation: Accumulation::Cumulative,
            frequency: Frequency::Month,
            lag: 0,
            due_day: 8,
            january_merged: false,
            columns,
            key: vec![],
            total_rule: TotalRule::Equal,
            items: vec![],
            regions_across: false,
            rules: vec![],
            may_be_empty: false,
            list_year: false,
        }
    }

    fn table(department: &str, columns: Vec<(&str, Values)>, rows: usize) -> Observations {
        let columns: Vec<Column> = columns.into_iter().map(|(name, values)| Column { name: name.to_owned(), values }).collect();
        Observations {
            dataset: "t".to_owned(),
            department: DepartmentCode(department.to_owned()),
            period: Period::new(2022, 6).unwrap(),
            sheet: "表".to_owned(),
            cells: vec![vec![None; columns.len()]; rows],
            columns,
            totals: vec![],
            parts: vec![],
        }
    }

    #[test]
    fn every_kind_of_column_keeps_its_type_and_its_blanks() {
        let dataset = dataset(vec![
            spec("region", ColumnType::Region, 0),
            spec("paid", ColumnType::Decimal, 2),
            spec("count", ColumnType::Integer, 0),
            spec("day", ColumnType::Date, 0),
            spec("started", ColumnType::Flag, 0),
            spec("note", ColumnType::Text, 0),
        ]);
        let day = NaiveDate::from_ymd_opt(2022, 6, 30).unwrap();
        let jxt = table(
            "jxt",
            vec![
                ("region", Values::Region(vec![Some(RegionCode("330100".to_owned())), None])),
                ("paid", Values::Decimal(vec![Some(dec!(1.5)), None])),
                ("count", Values::Integer(vec![Some(7), None])),
                ("day", Values::Date(vec![Some(day), None])),
                ("started", Values::Flag(vec![Some(true), None])),
                ("note", Values::Text(vec![Some("甲".to_owned()), None])),
            ],
            2,
        );
        // A department whose sheet lacks all columns but one still has its rows.
        let fgw = table("fgw", vec![("paid", Values::Decimal(vec![Some(dec!(2))]))], 1);
        let got = frame(&dataset, &[&jxt, &fgw]).unwrap();
        let types: Vec<DataType> = got.columns().iter().map(|column| column.dtype().clone()).collect();
        assert_eq!(
            types,
            [
                DataType::String,
                DataType::Decimal(38, 2),
                DataType::Int64,
                DataType::Date,
                DataType::Boolean,
                DataType::String,
                DataType::String,
                DataType::Int64,
                DataType::Date,
                DataType::Date
            ]
        );
        assert_eq!(got.column("paid").unwrap().get(0).unwrap(), AnyValue::Decimal(150, 38, 2));
        assert_eq!(got.column("paid").unwrap().get(2).unwrap(), AnyValue::Decimal(200, 38, 2));
        for name in ["region", "paid", "count", "day", "started", "note"] {
            assert_eq!(got.column(name).unwrap().get(1).unwrap(), AnyValue::Null, "{name}");
        }
        assert_eq!(got.column(DEPARTMENT).unwrap().get(2).unwrap(), AnyValue::String("fgw"));
        assert_eq!(got.column(ROW).unwrap().get(2).unwrap(), AnyValue::Int64(0));
    }

    #[test]
    fn sums_stay_exact() {
        let dataset = dataset(vec![spec("paid", ColumnType::Decimal, 2)]);
        let table = table("jxt", vec![("paid", Values::Decimal(vec![Some(dec!(0.1)), Some(dec!(0.2)), None]))], 3);
        let got = frame(&dataset, &[&table]).unwrap().lazy().select([sql_expr("SUM(paid)").unwrap()]).collect().unwrap();
        assert_eq!(got.columns()[0].get(0).unwrap(), AnyValue::Decimal(30, 38, 2));
    }

    #[test]
    fn converted_values_stay_exact_beside_typed_ones() {
        let dataset = dataset(vec![spec("paid", ColumnType::Decimal, 2)]);
        let table = table("jxt", vec![("paid", Values::Decimal(vec![Some(dec!(4400.0539)), Some(dec!(0.10)), None]))], 3);
        let got = frame(&dataset, &[&table]).unwrap().lazy().select([sql_expr("SUM(paid)").unwrap()]).collect().unwrap();
        assert_eq!(got.columns()[0].get(0).unwrap(), AnyValue::Decimal(44_001_539, 38, 4));
    }

    #[test]
    fn columns_of_unlike_decimals_compare_and_multiply_exactly() {
        let dataset = dataset(vec![spec("paid", ColumnType::Decimal, 2), spec("planned", ColumnType::Decimal, 2)]);
        let paid = Values::Decimal(vec![Some(dec!(4400.0539)), Some(dec!(0.10))]);
        let planned = Values::Decimal(vec![Some(dec!(4400.05)), Some(dec!(0.10))]);
        let table = table("jxt", vec![("paid", paid), ("planned", planned)], 2);
        let of = |sql: &str| {
            let got = frame(&dataset, &[&table]).unwrap().lazy().select([sql_expr(sql).unwrap().alias("x")]).collect().unwrap();
            let values: Vec<String> = got.columns()[0].as_materialized_series().iter().map(|value| value.to_string()).collect();
            values.join(" ")
        };
        assert_eq!(of("paid <= planned"), "false true");
        assert_eq!(of("paid - planned"), "0.0039 0.0000");
        assert_eq!(of("SUM(paid * 10)"), "44001.5390");
    }

    #[test]
    fn values_of_another_kind_are_refused_instead_of_lost() {
        let dataset = dataset(vec![spec("paid", ColumnType::Decimal, 2)]);
        let text = table("jxt", vec![("paid", Values::Text(vec![Some("12".to_owned())]))], 1);
        assert!(frame(&dataset, &[&text]).is_err());
        assert!(try_frame(&dataset, &text).is_err());
        let long = table("jxt", vec![("paid", Values::Decimal(vec![Some(Decimal::MAX)]))], 1);
        assert!(frame(&dataset, &[&long]).is_err());
        assert!(try_frame(&dataset, &long).is_err());
    }

    #[test]
    fn an_empty_list_is_a_frame_without_rows() {
        let dataset = dataset(vec![spec("paid", ColumnType::Decimal, 2)]);
        let got = frame(&dataset, &[]).unwrap();
        assert_eq!((got.height(), got.width()), (0, 5));
    }
}
