//! `last-year-swapped`: this year's cumulative column and the one of last year stand in each other's place.
//!
//! Growth to date changes slowly from month to month: where it turns into its opposite in nearly every row, and by as much, the columns
//! were exchanged.

use rust_decimal::{Decimal, dec};

use crate::ingest::check::table::{Table, number};
use crate::ingest::check::wording::amount;
use crate::model::{Finding, FindingCode};
use crate::plan::ColumnSpec;

/// So many rows with a growth of at least so many percent are held against last month's.
const ROWS_MIN: usize = 3;
const GROWTH_MIN: Decimal = dec!(1);

/// A row's growth to date, last month and now, in percent.
struct Pair {
    row: usize,
    was: Decimal,
    now: Decimal,
}

impl Pair {
    /// The opposite of last month's, within half of it.
    fn turned(&self) -> bool {
        let sum = self.was.checked_add(self.now).map(|sum| sum.abs());
        sum.zip(self.was.abs().checked_div(dec!(2))).is_some_and(|(sum, half)| sum <= half)
    }
}

/// Looks at every cumulative column with one of last year.
pub fn check(table: &Table) -> Vec<Finding> {
    let own = table.cumulative();
    own.filter_map(|own| {
        let spec = table.amounts().find(|spec| spec.last_year_of.as_ref() == Some(&own.name))?;
        let pairs = pairs(table, own, spec);
        let turned = pairs.iter().filter(|pair| pair.turned()).count();
        // Four rows out of five.
        let first = pairs.first().filter(|_| pairs.len() >= ROWS_MIN && turned * 5 >= pairs.len() * 4)?;
        let message = format!(
            "“{}”与“{}”疑似填反：{}行中有{turned}行的增减与上月相反且幅度相近（本行{}，上年同期{}），请核对；如属实请说明原因。",
            table.caption(own),
            table.caption(spec),
            pairs.len(),
            amount(own, table.value(first.row, own)?),
            amount(spec, table.value(first.row, spec)?),
        );
        Some(Finding { row_key: None, ..table.at_cell(FindingCode::LastYearSwapped, first.row, own, message) })
    })
    .collect()
}

fn pairs(table: &Table, own: &ColumnSpec, spec: &ColumnSpec) -> Vec<Pair> {
    let Some((previous, _)) = table.previous_of_year() else { return Vec::new() };
    let pair = |(row, earlier): (usize, usize)| {
        let was = growth(number(previous, earlier, own)?, number(previous, earlier, spec)?)?;
        let now = growth(table.value(row, own)?, table.value(row, spec)?)?;
        (was.abs() >= GROWTH_MIN).then_some(Pair { row, was, now })
    };
    table.matched(previous).into_iter().filter_map(pair).collect()
}

/// Against the mean of the two, so that exchanged figures make exactly the opposite.
fn growth(now: Decimal, was: Decimal) -> Option<Decimal> {
    let mean = now.checked_add(was)?.checked_div(dec!(2))?;
    now.checked_sub(was)?.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(mean)
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};

    fn told(now: [[&str; 2]; 3]) -> Vec<String> {
        let dataset = sample::matrix();
        let table = |values: [[&str; 2]; 3]| {
            let rows: Vec<[&str; 4]> =
                ["330100", "330200", "330300"].iter().zip(values).map(|(city, [own, last])| [*city, "", own, last]).collect();
            sample::table(&dataset, &rows.iter().map(<[&str; 4]>::as_slice).collect::<Vec<_>>())
        };
        let mut may = [table([["210", "190"], ["200", "185"], ["95", "99"]])];
        may[0].period = sample::june().previous();
        let past = Past { previous: may.iter().collect(), year: may.iter().collect(), ..Past::default() };
        let told = sample::told(&dataset, &table(now), &past);
        told.into_iter().filter(|line| line.starts_with("last-year-swapped")).collect()
    }

    #[test]
    fn exchanged_columns_are_asked_about_once() {
        assert_eq!(
            told([["230", "255"], ["222", "240"], ["118", "112"]]),
            [
                "last-year-swapped C5 “1—6月累计”与“上年同期累计”疑似填反：3行中有3行的增减与上月相反且幅度相近（本行230.00亿元，上年同期255.00亿元），请核对；如属实请说明原因。"
            ]
        );
    }

    #[test]
    fn a_bad_month_is_no_exchange() {
        assert!(told([["230", "231"], ["222", "223"], ["118", "121"]]).is_empty());
        assert!(told([["255", "230"], ["240", "222"], ["112", "118"]]).is_empty(), "as last month");
    }
}
