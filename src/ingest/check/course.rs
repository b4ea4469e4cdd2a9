//! The course of a row over the year: what it came to in single months, from the tables accepted so far and the one under check.

use std::rc::Rc;

use rust_decimal::Decimal;

use crate::ingest::check::keys::Keyed;
use crate::ingest::check::table::{Table, number};
use crate::model::{Observations, Period};
use crate::plan::{Accumulation, ColumnSpec, Frequency};

/// A row's amounts per month: a difference of two cumulatives over the months between them; 1—2月 counts as two.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// The row of the table under check.
    pub row: usize,
    /// Oldest first.
    pub earlier: Vec<Decimal>,
    pub now: Decimal,
    /// The months that `now` is spread over.
    pub span: Decimal,
}

/// The courses of all rows that have a value in that column.
pub fn courses(table: &Table, spec: &ColumnSpec) -> Vec<Course> {
    let earlier: Vec<(&Observations, Rc<Keyed>)> =
        table.year.iter().map(|observations| (*observations, table.keyed(observations))).collect();
    let here = table.keyed(table.now);
    let mut courses = Vec::new();
    for row in 0..table.now.rows() {
        let (Some(Some(key)), Some(now)) = (here.of_rows.get(row), table.value(row, spec)) else { continue };
        let points = earlier.iter().filter_map(|(observations, rows)| {
            Some((observations.period.back(table.dataset.lag), number(observations, *rows.first.get(key)?, spec)?))
        });
        let months = months(table, points.chain([(table.data(), now)]));
        let Some(((now, span), earlier)) = months.and_then(|months| months.split_last().map(|(last, rest)| (*last, rest.to_vec()))) else {
            continue;
        };
        courses.push(Course { row, earlier: earlier.into_iter().map(|(amount, _)| amount).collect(), now, span });
    }
    courses
}

/// Amounts per month with the months they are spread over; `None` on overflow.
fn months(table: &Table, points: impl Iterator<Item = (Period, Decimal)>) -> Option<Vec<(Decimal, Decimal)>> {
    let flow = table.dataset.accumulation == Accumulation::Flow;
    let (mut month, mut total) = (0, Decimal::ZERO);
    let mut amounts = Vec::new();
    for (data, value) in points {
        let span = if flow { span_of_flow(table, data) } else { data.month().checked_sub(month).filter(|span| *span > 0)? };
        let amount = if flow { value } else { value.checked_sub(total)? };
        (month, total) = (data.month(), value);
        let span = Decimal::from(span);
        amounts.push((amount.checked_div(span)?, span));
    }
    Some(amounts)
}

fn span_of_flow(table: &Table, data: Period) -> u32 {
    match table.dataset.frequency {
        Frequency::Quarter => 3,
        Frequency::Month if table.dataset.january_merged && data.month() == 2 => 2,
        Frequency::Month => 1,
    }
}

#[cfg(test)]
mod tests {
    use rust_decimal::dec;

    use super::*;
    use crate::ingest::check::sample;

    #[test]
    fn a_month_is_a_difference_and_a_gap_is_spread() {
        let dataset = sample::matrix();
        let plan = sample::plan(&dataset);
        let of = |month: u32, total: &str| {
            let mut table = sample::table(&dataset, &[&["330100", "", total, ""]]);
            table.period = Period::new(2022, month).unwrap();
            table
        };
        let (february, may, june) = (of(2, "20"), of(5, "80"), of(6, "95"));
        let mut table = sample::under_check(&plan, &dataset, &june);
        table.year = vec![&february, &may];
        let spec = dataset.column("paid_total").unwrap();
        assert_eq!(courses(&table, spec), [Course { row: 0, earlier: vec![dec!(10), dec!(20)], now: dec!(15), span: dec!(1) }]);
    }
}
