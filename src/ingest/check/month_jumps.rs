//! `month-jumps`: one city's month is far above its own usual one, and the others' are not.
//!
//! Held against the median of its earlier months of the year, times what the other cities did this month against theirs; with
//! fewer than two earlier months, against last year's column. The numbers stand in `config/checks.toml`.

use rust_decimal::Decimal;

use crate::ingest::check::course::{Course, courses};
use crate::ingest::check::size::{exceeds, is_share, median, sum};
use crate::ingest::check::table::Table;
use crate::ingest::check::wording::{self, amount};
use crate::model::quantity::{Dimension, divide, round};
use crate::model::{Finding, FindingCode};
use crate::plan::checks::Numbers;
use crate::plan::{Accumulation, ColumnSpec, Shape};

/// What a row came to and what was to be expected, per month.
struct Jump {
    row: usize,
    now: Decimal,
    expected: Decimal,
    /// Against last year instead of its own months.
    against_last_year: bool,
}

/// Looks at every amount that runs over the year in a table of cities.
pub fn check(table: &Table) -> Vec<Finding> {
    let asked = |spec| jumps(table, spec, table.numbers().jump_times).into_iter().map(move |jump| finding(table, spec, &jump));
    columns(table).flat_map(asked).collect()
}

/// Months that stand out and are not asked about: over three times the usual, in words.
pub fn near(table: &Table) -> Vec<String> {
    let mut told = Vec::new();
    for spec in columns(table) {
        let asked: Vec<usize> = jumps(table, spec, table.numbers().jump_times).iter().map(|jump| jump.row).collect();
        let near = jumps(table, spec, table.numbers().swap_times).into_iter().filter(|jump| !asked.contains(&jump.row));
        told.extend(near.map(|jump| format!("{}。", words(table, spec, &jump))));
    }
    told
}

/// Amounts that run over the year in a table of cities.
fn columns<'a>(table: &Table<'a>) -> impl Iterator<Item = &'a ColumnSpec> {
    let runs = matches!(table.dataset.accumulation, Accumulation::Flow | Accumulation::Cumulative);
    let looked_at = table.dataset.shape == Shape::Matrix && runs;
    table.amounts().filter(move |spec| looked_at && spec.month_of.is_none() && spec.last_year_of.is_none())
}

/// Months over `times` the usual one, or over `swap_times` where two digits changed places.
fn jumps(table: &Table, spec: &ColumnSpec, times: Decimal) -> Vec<Jump> {
    let numbers = table.numbers();
    let courses = courses(table, spec);
    let Some(total) = sum(courses.iter().map(|course| course.now)) else { return Vec::new() };
    let found = courses.iter().filter_map(|course| {
        if course.earlier.len() >= 2 {
            against_own_months(table, spec, course, &courses, (total, times))
        } else {
            against_last_year(table, spec, course.row, times)
        }
    });
    found
        .filter(|jump| !is_counted(spec) || jump.now.checked_sub(jump.expected).is_some_and(|excess| excess >= numbers.jump_count))
        .collect()
}

fn against_own_months(
    table: &Table,
    spec: &ColumnSpec,
    course: &Course,
    all: &[Course],
    (total, times): (Decimal, Decimal),
) -> Option<Jump> {
    let numbers = table.numbers();
    let own = usual(course)?;
    let others = all.iter().filter(|other| other.row != course.row);
    let pace = median(others.filter_map(|other| other.now.checked_div(usual(other)?)).collect());
    // Cities that fell back altogether say nothing of this one.
    let pace = pace.filter(|pace| *pace > Decimal::ZERO).unwrap_or(Decimal::ONE);
    // Counts come in batches, city by city: that the others wait for theirs makes no city's month less usual.
    let pace = if is_counted(spec) { pace.max(Decimal::ONE) } else { pace };
    let expected = own.checked_mul(pace)?;
    let largest = *course.earlier.iter().max()?;
    let excess = course.now.checked_sub(expected)?;
    let stands_out = exceeds(course.now, numbers.jump_largest_times, largest) && is_share(excess, numbers.jump_share_pct, total);
    let swapped = || exceeds(course.now, numbers.swap_times, expected) && is_swapped(table, spec, course, expected, numbers);
    (stands_out && (exceeds(course.now, times, expected) || swapped())).then_some(Jump {
        row: course.row,
        now: course.now,
        expected,
        against_last_year: false,
    })
}

/// The median of a city's earlier months; `None` where it usually has nothing.
fn usual(course: &Course) -> Option<Decimal> {
    (course.earlier.len() >= 2).then(|| median(course.earlier.clone())).flatten().filter(|usual| *usual > Decimal::ZERO)
}

/// Whether two neighbouring digits, changed over, bring the month near the expected one: 72.2 for 27.2.
fn is_swapped(table: &Table, spec: &ColumnSpec, course: &Course, expected: Decimal, numbers: &Numbers) -> bool {
    let Some(value) = table.value(course.row, spec) else { return false };
    let digits = value.to_string();
    let other = |at: usize| {
        let mut swapped: Vec<char> = digits.chars().collect();
        let (left, right) = (*swapped.get(at)?, *swapped.get(at + 1)?);
        if left == right || !left.is_ascii_digit() || !right.is_ascii_digit() {
            return None;
        }
        swapped.swap(at, at + 1);
        let meant: Decimal = swapped.into_iter().collect::<String>().parse().ok()?;
        course.now.checked_add(meant.checked_sub(value)?.checked_div(course.span)?)
    };
    let near = |month: Decimal| {
        !exceeds(month, numbers.swap_high, expected)
            && !exceeds(expected, Decimal::ONE, month.checked_div(numbers.swap_low).unwrap_or(month))
    };
    (0..digits.len()).filter_map(other).any(near)
}

fn against_last_year(table: &Table, spec: &ColumnSpec, row: usize, times: Decimal) -> Option<Jump> {
    let numbers = table.numbers();
    let base = table.dataset.columns.iter().find(|base| base.last_year_of.as_deref() == Some(spec.name.as_str()))?;
    let growth = |row: usize| {
        let (now, was) = (table.value(row, spec)?, table.value(row, base).filter(|was| *was > Decimal::ZERO)?);
        now.checked_div(was)
    };
    let others: Vec<Decimal> = (0..table.now.rows()).filter(|other| *other != row).filter_map(growth).collect();
    let (now, was, own) = (table.value(row, spec)?, table.value(row, base)?, growth(row)?);
    if others.len() < 2 {
        return None;
    }
    let pace = median(others).filter(|pace| *pace > Decimal::ZERO)?;
    let expected = was.checked_mul(pace)?;
    let total = sum((0..table.now.rows()).filter_map(|row| table.value(row, spec)))?;
    let is_large = is_share(now.checked_sub(expected)?, numbers.jump_share_pct, total);
    (is_large && exceeds(own, times, pace)).then_some(Jump { row, now, expected, against_last_year: true })
}

/// Whether the column counts things: a few more are no jump, however small the usual number.
fn is_counted(spec: &ColumnSpec) -> bool {
    spec.unit.as_ref().is_none_or(|unit| matches!(unit.dimension(), Dimension::Count | Dimension::Person))
}

fn finding(table: &Table, spec: &ColumnSpec, jump: &Jump) -> Finding {
    let message = format!("{}，请核对；如属实请说明原因。", words(table, spec, jump));
    let expected = Some(wording::number(spec, round(jump.expected, spec.decimals)));
    Finding { expected, ..table.at_cell(FindingCode::MonthJumps, jump.row, spec, message) }
}

/// What the month came to, and what was to be expected.
fn words(table: &Table, spec: &ColumnSpec, jump: &Jump) -> String {
    let city = table.key_words(jump.row).1;
    let value = table.value(jump.row, spec).map(|value| amount(spec, value)).unwrap_or_default();
    let times = divide(jump.now, jump.expected, 1).map(|times| times.to_string()).unwrap_or_default();
    let caption = table.caption(spec);
    if jump.against_last_year {
        format!("“{city}”{caption}{value}，按其余各市的增长估算约为{}，为估算的{times}倍", about(spec, jump.expected))
    } else {
        format!(
            "“{city}”{caption}{value}，由此推算本月为{}，按其今年以来各月水平约为{}，为{times}倍",
            about(spec, jump.now),
            about(spec, jump.expected)
        )
    }
}

/// An estimate is printed in the column's places.
fn about(spec: &ColumnSpec, value: Decimal) -> String {
    amount(spec, round(value, spec.decimals))
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};
    use crate::model::{Observations, Period};
    use crate::plan::{ColumnType, Dataset};

    /// Cumulatives of three cities for the months from March on, the last of them June's.
    fn year(dataset: &Dataset, cities: [[&str; 4]; 3]) -> Vec<Observations> {
        let names = ["330100", "330200", "330300"];
        let table = |at: usize| {
            let rows: Vec<Vec<&str>> = names.iter().zip(&cities).map(|(name, city)| vec![*name, "", city[at], ""]).collect();
            let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
            let mut table = sample::table(dataset, &rows);
            table.period = Period::new(2022, u32::try_from(at).unwrap() + 3).unwrap();
            table
        };
        (0..4).map(table).collect()
    }

    fn told(dataset: &Dataset, cities: [[&str; 4]; 3]) -> Vec<String> {
        let mut tables = year(dataset, cities);
        let june = tables.pop().unwrap();
        sample::told(dataset, &june, &Past { year: tables.iter().collect(), ..Past::default() })
    }

    const HANGZHOU: [&str; 4] = ["90", "120", "150", "185"];
    const NINGBO: [&str; 4] = ["60", "80", "100", "121"];

    #[test]
    fn a_city_that_jumps_is_named_at_its_cell() {
        let told = told(&sample::matrix(), [HANGZHOU, NINGBO, ["13.5", "18", "22.5", "72.2"]]);
        let expected = "month-jumps C7 “温州”1—6月累计72.20亿元，由此推算本月为49.70亿元，按其今年以来各月水平约为4.99亿元，为10.0倍，请核对；如属实请说明原因。";
        assert_eq!(told, [expected]);
    }

    #[test]
    fn what_all_cities_do_is_no_jump_and_a_small_one_may_be_fourfold() {
        let dataset = sample::matrix();
        assert!(told(&dataset, [HANGZHOU, NINGBO, ["13.5", "18", "22.5", "40.5"]]).is_empty(), "fourfold");
        assert!(told(&dataset, [["90", "120", "150", "390"], ["60", "80", "100", "265"], ["13.5", "18", "22.5", "60"]]).is_empty(), "冲量");
        assert!(told(&dataset, [HANGZHOU, NINGBO, ["0.3", "0.4", "0.5", "3.1"]]).is_empty(), "under 5 % of the province's month");
    }

    #[test]
    fn a_fourfold_month_is_for_the_operator_alone() {
        let near = |last: [&str; 4]| {
            let dataset = sample::matrix();
            let mut tables = year(&dataset, [HANGZHOU, NINGBO, last]);
            let june = tables.pop().unwrap();
            let past = Past { year: tables.iter().collect(), ..Past::default() };
            crate::ingest::check::near_jumps(&sample::plan(&dataset), &june, june.period, &past)
        };
        let said = "“温州”1—6月累计40.50亿元，由此推算本月为18.00亿元，按其今年以来各月水平约为4.99亿元，为3.6倍。";
        assert_eq!(near(["13.5", "18", "22.5", "40.5"]), [said]);
        assert!(near(["13.5", "18", "22.5", "72.2"]).is_empty(), "that one is asked");
        assert!(near(["13.5", "18", "22.5", "35"]).is_empty(), "not threefold");
    }

    #[test]
    fn threefold_is_enough_where_two_digits_changed_places() {
        let dataset = sample::matrix();
        assert_eq!(
            told(&dataset, [HANGZHOU, NINGBO, ["13.5", "18", "22.5", "42.5"]]).len(),
            0,
            "24.5 would be a month of 2, but 20 is not yet fourfold and a half"
        );
        assert_eq!(told(&dataset, [HANGZHOU, NINGBO, ["16.2", "21.6", "27", "53"]]).len(), 1, "35 is a month of 8, as usual");
        assert_eq!(told(&dataset, [HANGZHOU, NINGBO, ["16.2", "21.6", "27", "55"]]).len(), 0);
    }

    #[test]
    fn counted_things_may_come_in_batches() {
        let mut dataset = sample::matrix();
        for spec in dataset.columns.iter_mut().skip(1) {
            (spec.unit, spec.kind, spec.decimals) = (crate::model::Unit::parse("家"), ColumnType::Integer, 0);
        }
        assert!(told(&dataset, [["3", "4", "5", "6"], ["3", "4", "5", "6"], ["3", "4", "5", "14"]]).is_empty());
        assert_eq!(told(&dataset, [["3", "4", "5", "6"], ["3", "4", "5", "6"], ["3", "4", "5", "17"]]).len(), 1);
        let waiting = ["30", "40", "50", "52"];
        assert!(told(&dataset, [waiting, waiting, ["10", "20", "30", "75"]]).is_empty(), "the others wait for their batch");
    }

    #[test]
    fn a_first_month_is_held_against_last_year() {
        let dataset = sample::matrix();
        let table = |last: &str| {
            sample::table(&dataset, &[&["330100", "", "262", "240"], &["330200", "", "250.50", "230"], &["330300", "", last, "110"]])
        };
        assert!(sample::told(&dataset, &table("500"), &Past::default()).is_empty());
        assert_eq!(sample::told(&dataset, &table("1202.5"), &Past::default()).len(), 1);
    }
}
