//! `unit-factor`: a figure is a power of ten away from what it was: 万元 for 亿元, 辆 for 万辆, a point too far.
//!
//! A whole column is told once, by its median, whatever the factor. A single cell is told only close to a power of ten. Held against
//! last month of the same year (flows: the year's median; last year's column: this year's beside it); in the year's first month only
//! whole columns of amounts that run over the year are, against last year's month.

use rust_decimal::{Decimal, dec};

use crate::ingest::check::course::courses;
use crate::ingest::check::size::{exceeds, median};
use crate::ingest::check::table::{Table, number};
use crate::ingest::check::wording::{self, amount};
use crate::model::quantity::round;
use crate::model::{Finding, FindingCode, Unit};
use crate::plan::{Accumulation, ColumnSpec, Shape};

/// Which way a figure is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Off {
    TooLarge,
    TooSmall,
}

/// A row's amount and what it is held against.
#[derive(Debug, Clone, Copy)]
struct Pair {
    row: usize,
    now: Decimal,
    was: Decimal,
    /// A flow's smallest and largest earlier month: what it was once it may be again.
    range: Option<(Decimal, Decimal)>,
}

/// The powers of ten that units and slips are apart by, with their words.
const POWERS: [(Decimal, &str, &str); 5] = [
    (dec!(10), "10", "十"),
    (dec!(100), "100", "百"),
    (dec!(1000), "1000", "千"),
    (dec!(10000), "1万", "万"),
    (dec!(100000000), "1亿", "亿"),
];

/// So many rows make a column's median worth comparing, from so many units of its last decimal on.
const ROWS_MIN: usize = 3;
const COLUMN_BASE_UNITS: Decimal = dec!(10);

/// Compares every amount with what was known; a column that is off throughout is told once.
pub fn check(table: &Table) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for spec in table.amounts() {
        let (pairs, word) = pairs(table, spec);
        let is_told = |own: &&ColumnSpec| findings.iter().any(|told| told.row_key.is_none() && told.column.as_ref() == Some(&own.name));
        let own = spec.last_year_of.as_ref().and_then(|name| table.dataset.column(name)).filter(|own| !is_told(own));
        let beside = own.and_then(|own| column(table, spec, &beside(table, spec, own), "本期"));
        if let Some(finding) = beside.or_else(|| column(table, spec, &pairs, &word)) {
            findings.push(finding);
        } else if spec.month_of.is_none() {
            // A month's own amount is held against its cumulative's step (`month-differs`).
            findings.extend(pairs.iter().filter_map(|pair| cell(table, spec, pair, &word)));
        }
    }
    findings
}

/// What the column's amounts are held against, and its name.
fn pairs(table: &Table, spec: &ColumnSpec) -> (Vec<Pair>, String) {
    let runs = table.cumulative().any(|other| other.name == spec.name)
        || (table.dataset.accumulation == Accumulation::Cumulative && spec.last_year_of.is_some());
    if table.dataset.accumulation == Accumulation::Flow {
        let of = courses(table, spec).into_iter();
        let pairs = of.filter_map(|course| {
            Some(Pair { range: range(&course.earlier), row: course.row, now: course.now, was: median(course.earlier)? })
        });
        return (pairs.collect(), "今年以来各月".to_owned());
    }
    if let Some((previous, then)) = table.previous_of_year() {
        // A cumulative amount grows by itself: it is held against last month's stretched to this one.
        let stretched = |was: Decimal| match (runs, Decimal::from(then.month())) {
            (true, months) if table.dataset.shape != Shape::Records => {
                was.checked_mul(Decimal::from(table.data().month()))?.checked_div(months)
            }
            _ => Some(was),
        };
        let pair = |(row, earlier): (usize, usize)| {
            Some(Pair { row, now: table.value(row, spec)?, was: stretched(number(previous, earlier, spec)?)?, range: None })
        };
        return (table.matched(previous).into_iter().filter_map(pair).collect(), table.previous_word().to_owned());
    }
    let year_earlier = table.year_earlier.filter(|_| runs && table.dataset.shape != Shape::Records);
    let pairs = year_earlier.map(|was| {
        let pair = |(row, earlier): (usize, usize)| {
            Some(Pair { row, now: table.value(row, spec)?, was: number(was, earlier, spec)?, range: None })
        };
        table.matched(was).into_iter().filter_map(pair).collect()
    });
    (pairs.unwrap_or_default(), LAST_YEAR.to_owned())
}

const LAST_YEAR: &str = "上年同期";

/// Last year's column against this year's.
fn beside(table: &Table, spec: &ColumnSpec, own: &ColumnSpec) -> Vec<Pair> {
    (0..table.now.rows())
        .filter_map(|row| Some(Pair { row, now: table.value(row, spec)?, was: table.value(row, own)?, range: None }))
        .collect()
}

fn column(table: &Table, spec: &ColumnSpec, pairs: &[Pair], word: &str) -> Option<Finding> {
    let filled: Vec<&Pair> = pairs.iter().filter(|pair| !pair.now.is_zero() && !pair.was.is_zero()).collect();
    let first = filled.first()?;
    let now = median(filled.iter().map(|pair| pair.now.abs()).collect())?;
    let was = median(filled.iter().map(|pair| pair.was.abs()).collect())?;
    let times = table.numbers().power_column_times;
    let way = if exceeds_or_equals(now, times, was) {
        Off::TooLarge
    } else if exceeds_or_equals(was, times, now) {
        Off::TooSmall
    } else {
        return None;
    };
    if filled.len() < ROWS_MIN || now.max(was) < unit(spec)?.checked_mul(COLUMN_BASE_UNITS)? {
        return None;
    }
    let message = format!("“{}”整列{}", table.caption(spec), message(table, spec, (now, was), first, way, word));
    Some(Finding { row_key: None, ..table.at_cell(FindingCode::UnitFactor, first.row, spec, message) })
}

fn exceeds_or_equals(large: Decimal, times: Decimal, small: Decimal) -> bool {
    small.checked_mul(times).is_some_and(|bound| large >= bound)
}

fn cell(table: &Table, spec: &ColumnSpec, pair: &Pair, word: &str) -> Option<Finding> {
    let numbers = table.numbers();
    if word == LAST_YEAR || was_so_before(pair) || pair.was.abs() < unit(spec)?.checked_mul(numbers.power_base_units)? {
        return None;
    }
    let (_, way) = power(pair.now, pair.was, numbers.power_cell_times).filter(|(power, _)| !is_ordinary(table, spec, *power))?;
    Some(table.at_cell(FindingCode::UnitFactor, pair.row, spec, message(table, spec, (pair.now, pair.was), pair, way, word)))
}

fn range(earlier: &[Decimal]) -> Option<(Decimal, Decimal)> {
    earlier.iter().copied().filter(|month| !month.is_zero()).min().zip(earlier.iter().copied().max())
}

/// Whether the amount is within twice what a volatile row was in some month of the year.
fn was_so_before(pair: &Pair) -> bool {
    let two = Decimal::TWO;
    let within = |(least, most): (Decimal, Decimal)| Some(pair.now <= most.checked_mul(two)? && pair.now.checked_mul(two)? >= least);
    pair.range.and_then(within).unwrap_or(false)
}

/// A project's own amount may well grow tenfold in its second month; ten thousandfold it does not.
fn is_ordinary(table: &Table, spec: &ColumnSpec, power: Decimal) -> bool {
    table.dataset.shape == Shape::Records && table.cumulative().any(|other| other.name == spec.name) && power < dec!(10000)
}

/// The unit of the last decimal.
fn unit(spec: &ColumnSpec) -> Option<Decimal> {
    Decimal::try_new(1, spec.decimals).ok()
}

/// The power of ten that `now` is away from `was`, within that factor.
fn power(now: Decimal, was: Decimal, within: Decimal) -> Option<(Decimal, Off)> {
    let (now, was) = (now.abs(), was.abs());
    let (large, small, way) = if now > was { (now, was, Off::TooLarge) } else { (was, now, Off::TooSmall) };
    if small.is_zero() {
        return None;
    }
    let near = |power: Decimal| {
        let low = small.checked_mul(power)?.checked_div(within)?;
        Some(low <= large && !exceeds(large, within, small.checked_mul(power)?))
    };
    POWERS.into_iter().find(|(power, ..)| near(*power) == Some(true)).map(|(power, ..)| (power, way))
}

/// What is off by how much; `sizes` are those compared, the first of a column stands for it.
fn message(table: &Table, spec: &ColumnSpec, sizes: (Decimal, Decimal), shown: &Pair, way: Off, word: &str) -> String {
    let power = power(sizes.0, sizes.1, table.numbers().power_cell_times).map(|(power, _)| power);
    let unit =
        power.and_then(|power| meant(spec, power, way)).map_or_else(|| "疑似单位有误".to_owned(), |unit| format!("疑似单位为{unit}"));
    let words = POWERS.into_iter().find(|(known, ..)| Some(*known) == power);
    let ratio =
        |large: Decimal, small: Decimal| large.checked_div(small).map(|ratio| round(ratio.abs(), 0).to_string()).unwrap_or_default();
    let size = match (way, words) {
        (Off::TooLarge, Some((_, times, _))) => format!("约为{word}的{times}倍"),
        (Off::TooLarge, None) => format!("约为{word}的{}倍", ratio(sizes.0, sizes.1)),
        (Off::TooSmall, Some((.., part))) => format!("约为{word}的{part}分之一"),
        (Off::TooSmall, None) => format!("约为{word}的{}分之一", ratio(sizes.1, sizes.0)),
    };
    let was = wording::amount(spec, round(shown.was, spec.decimals));
    format!("{unit}（{size}），请核对单位和小数点：本栏{}，{word}约{was}；如属实请说明原因。", amount(spec, shown.now))
}

/// The unit the figure was probably written in: a power of ten smaller or larger than the column's.
fn meant(spec: &ColumnSpec, power: Decimal, way: Off) -> Option<String> {
    let own = spec.unit.as_ref()?;
    let ratio = match way {
        Off::TooLarge => Decimal::ONE.checked_div(power)?,
        Off::TooSmall => power,
    };
    Unit::names().find(|name| Unit::parse(name.as_str()).and_then(|unit| unit.convert(Decimal::ONE, own)) == Some(ratio))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::check::{Past, sample};
    use crate::model::Observations;

    fn told(rows: [&[&str]; 3]) -> Vec<String> {
        let may = [sample::investment_of_may()];
        sample::told(
            &sample::matrix(),
            &sample::table(&sample::matrix(), &rows),
            &Past { previous: may.iter().collect(), ..Past::default() },
        )
    }

    const NINGBO: &[&str] = &["330200", "50", "250.50", "230"];

    #[test]
    fn a_value_in_万元_among_亿元_is_asked_about_once() {
        let told = told([&["330100", "60", "2620000", "240"], NINGBO, &["330300", "40", "0.01", "110"]]);
        assert_eq!(
            told,
            [
                "out-of-range C5 1—6月累计2620000.00亿元，不应大于100000亿元，请核对修改。",
                "unit-factor C7 疑似单位为万亿元（约为上月的万分之一），请核对单位和小数点：本栏0.01亿元，上月约96.30亿元；如属实请说明原因。"
            ]
        );
    }

    #[test]
    fn a_whole_column_in_another_unit_is_told_once() {
        let told = told([&["330100", "60", "2620000", "240"], &["330200", "50", "2505000", "230"], &["330300", "40", "1202500", "110"]]);
        let own: Vec<&String> = told.iter().filter(|line| line.contains(" C5 ")).collect();
        assert_eq!(own.len(), 1, "{told:?}");
        assert!(own[0].contains("“1—6月累计”整列疑似单位为万元（约为上月的1万倍）"), "{own:?}");
    }

    #[test]
    fn last_year_s_column_is_held_against_this_year_s() {
        let rows: [&[&str]; 3] =
            [&["330100", "60", "262", "2400000"], &["330200", "50", "250.50", "2300000"], &["330300", "40", "120.25", "1100000"]];
        let told = sample::told(&sample::matrix(), &sample::table(&sample::matrix(), &rows), &Past::default());
        assert_eq!(told.len(), 1);
        assert!(told[0].starts_with("unit-factor D5 “上年同期累计”整列疑似单位为万元（约为本期的1万倍）"), "{told:?}");
    }

    #[test]
    fn a_flow_is_held_against_the_year_s_median() {
        let mut dataset = sample::matrix();
        dataset.accumulation = Accumulation::Flow;
        dataset.columns.truncate(3);
        dataset.columns.remove(1);
        let of = |month: u32, values: [&str; 3]| {
            let rows: [&[&str]; 3] = [&["330100", values[0]], &["330200", values[1]], &["330300", values[2]]];
            Observations { period: crate::model::Period::new(2022, month).unwrap(), ..sample::table(&dataset, &rows) }
        };
        let year = [of(3, ["12", "11", "10"]), of(4, ["30", "9", "9"]), of(5, ["14", "10", "12"])];
        let past = || Past { year: year.iter().collect(), previous: year.iter().skip(2).collect(), ..Past::default() };
        assert!(sample::told(&dataset, &of(6, ["40", "30", "31"]), &past()).is_empty(), "冲量");
        assert!(
            sample::told(&dataset, &of(6, ["140", "10", "11"]), &past()).iter().any(|line| line.starts_with("unit-factor")),
            "a slipped point"
        );
    }

    #[test]
    fn growth_is_no_unit() {
        let of = |now, was| power(now, was, dec!(1.6));
        assert_eq!(of(dec!(6), dec!(1)), None);
        assert_eq!(of(dec!(6.25), dec!(1)), Some((dec!(10), Off::TooLarge)));
        assert_eq!(of(dec!(16.1), dec!(1)), None);
        assert_eq!(of(dec!(0.001), dec!(9)), Some((dec!(10000), Off::TooSmall)));
        assert_eq!((of(dec!(0), dec!(5)), of(dec!(5), dec!(0))), (None, None));
        assert_eq!(of(Decimal::MAX, Decimal::MAX), None);
    }
}
