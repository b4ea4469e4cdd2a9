//! The year's months of a measure's indicators, as a table of its own below the figures: what the charts and the 年内走势 of 指标明细
//! are drawn from, and what is read where no chart is shown.
//!
//! ```text
//! 指标             │ 项目     │ 单位 │ 1—2月 │ 3月  │ 4月  │ …
//! 6.2 技术改造投资 │ 完成进度 │ %    │  14.2 │ 22.9 │ 30.1 │     to date, of the year's target
//! 6.2 技术改造投资 │ 序时进度 │ %    │  16.7 │ 25.0 │ 33.3 │
//! 2.4 …            │ 累计     │ 家   │    12 │   19 │   — │      where nothing is measured against a pace
//! ```

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::figures;
use crate::model::{IndicatorRow, Period, SeriesPoint};
use crate::present::captions;
use crate::present::theme::Element;
use crate::report::edition::{Edition, HEADER_ROW};
use crate::report::table::{Cell, Row, Table, column};

/// The columns before the first month's.
const BEFORE_MONTHS: u16 = 3;

/// The year's months of a measure.
pub struct Months<'a> {
    pub table: Table,
    /// The sheet row of its header.
    pub header: u32,
    /// The indicators with months that follow each other, as charts show them.
    pub courses: Vec<Course<'a>>,
}

/// One indicator's cells: figures without a gap up to the latest.
#[derive(Debug, Clone, Copy)]
pub struct Course<'a> {
    pub row: &'a IndicatorRow,
    /// The sheet row of its figures; the one below holds its pace, where it has one.
    pub line: u32,
    pub paced: bool,
    pub first: u16,
    pub last: u16,
}

impl<'a> Months<'a> {
    /// The months of measure `number`; `None` while there are fewer than two.
    pub fn of(edition: &Edition<'a>, number: u32) -> Option<Self> {
        let rows: Vec<&'a IndicatorRow> = edition.rows_of(number).filter(|row| !row.series.is_empty()).collect();
        let told = |point: &&SeriesPoint| point.completion_pct.or(point.year_to_date).is_some();
        let periods: BTreeSet<Period> = rows.iter().flat_map(|row| &row.series).filter(told).map(|point| point.period).collect();
        if periods.len() < 2 {
            return None;
        }
        // Below the figures, an empty row and the title.
        let header = HEADER_ROW + 1 + figures::height(edition, number) + 2;
        let mut lines = Vec::new();
        let mut courses = Vec::new();
        for row in rows {
            let paced = row.series.iter().any(|point| point.completion_pct.is_some() && point.pace_pct.is_some());
            let value = |point: &SeriesPoint| if paced { point.completion_pct } else { point.year_to_date };
            let line = header + 1 + u32::try_from(lines.len()).unwrap_or(u32::MAX / 2);
            let figure = |value: Option<Decimal>| if paced { Cell::percent(value) } else { Cell::number(value, row.decimals) };
            if let Some((first, last)) = run(&periods, row, value) {
                courses.push(Course { row, line, paced, first, last });
            }
            let (word, unit) = if paced { ("完成进度", "%") } else { ("累计", row.unit.as_str()) };
            lines.push(of_row(row, (word, unit), periods.iter().map(|period| figure(at(row, *period).and_then(value)))));
            if paced {
                let pace = periods.iter().map(|period| Cell::percent(at(row, *period).and_then(|point| point.pace_pct)));
                lines.push(of_row(row, ("序时进度", "%"), pace));
            }
        }
        let mut columns = vec![column("指标", 20, 36), column("项目", 10, 10), column("单位", 6, 8)];
        columns.extend(periods.iter().map(|period| column(label(*period, &periods), 8, 8)));
        let table = Table { name: format!("months_{number:02}"), columns, rows: lines, empty: "" };
        Some(Self { table, header, courses })
    }
}

/// `3月`; of an earlier year than the latest month's `2022年3月`, as where a quarter of last year is shown in spring.
fn label(period: Period, periods: &BTreeSet<Period>) -> String {
    let label = captions::month_label(period);
    let is_latest_year = periods.last().is_none_or(|last| last.year() == period.year());
    if is_latest_year { label } else { format!("{}年{label}", period.year()) }
}

fn of_row(row: &IndicatorRow, (word, unit): (&str, &str), figures: impl Iterator<Item = Cell>) -> Row {
    let name = Cell::text(Element::Text, format!("{} {}", row.code, row.title));
    [name, Cell::text(Element::Text, word), Cell::text(Element::Centre, unit)].into_iter().chain(figures).collect::<Vec<_>>().into()
}

fn at(row: &IndicatorRow, period: Period) -> Option<&SeriesPoint> {
    row.series.iter().find(|point| point.period == period)
}

/// The columns of the latest figures that follow each other: a chart would draw a word in a gap as nought.
fn run(periods: &BTreeSet<Period>, row: &IndicatorRow, value: impl Fn(&SeriesPoint) -> Option<Decimal>) -> Option<(u16, u16)> {
    let columns = (BEFORE_MONTHS..).zip(periods).map(|(column, period)| (column, at(row, *period).and_then(&value).is_some()));
    let columns: Vec<(u16, bool)> = columns.collect();
    let latest = columns.iter().rev().skip_while(|(_, there)| !there).take_while(|(_, there)| *there).map(|(column, _)| *column);
    let (last, first) = (latest.clone().next()?, latest.last()?);
    (first < last).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use rust_decimal::dec;

    use super::*;
    use crate::model::Light;
    use crate::present::sample;

    fn point(month: u32, completion_pct: Option<Decimal>) -> SeriesPoint {
        let period = Period::new(2022, month).unwrap();
        SeriesPoint { period, year_to_date: completion_pct, month: None, completion_pct, pace_pct: Some(dec!(25.0)) }
    }

    #[test]
    fn months_of_two_years_have_names_of_their_own() {
        let periods: BTreeSet<_> = ["2022-03", "2022-12", "2023-02", "2023-03"].map(|period| period.parse().unwrap()).into();
        let labels: Vec<_> = periods.iter().map(|period| label(*period, &periods)).collect();
        assert_eq!(labels, ["2022年3月", "2022年12月", "1—2月", "3月"]);
    }

    #[test]
    fn a_chart_never_draws_a_gap() {
        let periods: BTreeSet<_> = (2..=6).map(|month| Period::new(2022, month).unwrap()).collect();
        let run = |months: &[(u32, Option<Decimal>)]| {
            let series = months.iter().map(|(month, value)| point(*month, *value)).collect();
            super::run(&periods, &IndicatorRow { series, ..sample::row("6.2", Light::Green) }, |point| point.completion_pct)
        };
        assert_eq!(run(&[(2, Some(dec!(8))), (3, Some(dec!(9))), (4, Some(dec!(9)))]), Some((3, 5)));
        assert_eq!(run(&[(2, Some(dec!(8))), (3, None), (4, Some(dec!(9))), (5, Some(dec!(9)))]), Some((5, 6)));
        assert_eq!(run(&[(3, Some(dec!(9))), (6, Some(dec!(9)))]), None, "quarters do not follow each other");
    }
}
