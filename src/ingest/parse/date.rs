//! Dates as officers type them.

use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::ingest::grid::Value;
use crate::ingest::sheet::serial_day;
use crate::model::FindingCode;

use super::coercion::{Fault, Kind, Kinds};
use super::text::{half_width, is_placeholder, trimmed};

/// Reads a date cell; `year` completes dates written without one.
///
/// # Errors
///
/// What is no day of the calendar (6月31日).
pub fn date(value: &Value, year: i32, kinds: &mut Kinds) -> Result<Option<NaiveDate>, Fault> {
    match value {
        Value::Date(date) => Ok(Some(*date)),
        Value::Text(text) if trimmed(text).is_empty() => Ok(None),
        Value::Text(text) if is_placeholder(text) => {
            kinds.add(Kind::Placeholder);
            Ok(None)
        }
        Value::Text(text) => from_text(text, year, kinds).map(Some).ok_or_else(unreadable),
        Value::Number(number) => from_number(*number, kinds).map(Some).ok_or_else(unreadable),
        Value::Error(_) => Err(Fault::error_value()),
        Value::Bool(_) => Err(unreadable()),
    }
}

fn unreadable() -> Fault {
    Fault { code: FindingCode::UnreadableDate, expected: "日历上存在的日期，如2022-06-30".to_owned() }
}

static DATE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?:(\d{4})[年./-])?(\d{1,2})(?:[月./-](?:(\d{1,2})[日号]?)?)?$").ok());
static DIGITS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^((?:19|20)\d{2})(\d{2})(\d{2})?$").ok());

fn from_text(text: &str, default_year: i32, kinds: &mut Kinds) -> Option<NaiveDate> {
    let half = half_width(text);
    // A time of day after the date is dropped.
    let half = trimmed(&half).split_once(" 00:00").map_or_else(|| half.clone(), |(day, _)| day.to_owned());
    let text: String = half.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some(parts) = DIGITS.as_ref()?.captures(&text) {
        kinds.add(Kind::DigitsDate);
        return day(number(&parts, 1)?, number(&parts, 2)?, number(&parts, 3), kinds);
    }
    let parts = DATE.as_ref()?.captures(&text)?;
    // `6` alone is no date; `6月30日` is, in the period's year.
    let month = number(&parts, 2)?;
    if parts.get(1).is_none() {
        number(&parts, 3)?;
        if !text.contains('月') {
            return None;
        }
        kinds.add(Kind::YearAdded);
    }
    kinds.add(Kind::TextDate);
    let year = number(&parts, 1).and_then(|year| i32::try_from(year).ok()).unwrap_or(default_year);
    day(u32::try_from(year).ok()?, month, number(&parts, 3), kinds)
}

fn number(parts: &regex::Captures, at: usize) -> Option<u32> {
    parts.get(at)?.as_str().parse().ok()
}

fn day(year: u32, month: u32, day: Option<u32>, kinds: &mut Kinds) -> Option<NaiveDate> {
    if day.is_none() {
        kinds.add(Kind::MonthDate);
    }
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day.unwrap_or(1))
}

/// `20220630` and `2022.6` are typed dates; a five-digit whole number is Excel's serial of a day between 1982 and 2064.
fn from_number(number: Decimal, kinds: &mut Kinds) -> Option<NaiveDate> {
    let number = number.normalize();
    if number.scale() == 0 {
        let whole = number.to_u32()?;
        if (30_000..=60_000).contains(&whole) {
            kinds.add(Kind::SerialDate);
            return serial_day(number);
        }
        return from_text(&whole.to_string(), 0, kinds);
    }
    // 2022.1 may have been typed as 2022.10: not to be guessed.
    let text = number.to_string();
    if text.ends_with(".1") { None } else { from_text(&text, 0, kinds) }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use rust_decimal::dec;

    use super::*;

    fn read(value: &Value) -> Result<Option<String>, FindingCode> {
        date(value, 2022, &mut Kinds::default()).map(|date| date.map(|date| date.to_string())).map_err(|fault| fault.code)
    }

    #[rstest]
    #[case("2022年6月30日", "2022-06-30")]
    #[case("2022年6月", "2022-06-01")]
    #[case("2022.6.30", "2022-06-30")]
    #[case("2022/6/30", "2022-06-30")]
    #[case("2022-06-30 00:00:00", "2022-06-30")]
    #[case("２０２２－０６－３０", "2022-06-30")]
    #[case("20220630", "2022-06-30")]
    #[case("202206", "2022-06-01")]
    #[case("6月30日", "2022-06-30")]
    fn reads(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(read(&Value::Text(text.to_owned())), Ok(Some(expected.to_owned())));
    }

    #[rstest]
    #[case("6月31日")]
    #[case("2022年6月31日")]
    #[case("2022-13-01")]
    #[case("上半年")]
    #[case("6")]
    #[case("6.30")]
    fn refuses(#[case] text: &str) {
        assert_eq!(read(&Value::Text(text.to_owned())), Err(FindingCode::UnreadableDate));
    }

    #[test]
    fn numbers_are_serials_or_typed_digits() {
        assert_eq!(read(&Value::Number(dec!(44742))), Ok(Some("2022-06-30".to_owned())));
        assert_eq!(read(&Value::Number(dec!(20220630))), Ok(Some("2022-06-30".to_owned())));
        assert_eq!(read(&Value::Number(dec!(2022.6))), Ok(Some("2022-06-01".to_owned())));
        assert_eq!(read(&Value::Number(dec!(2022.1))), Err(FindingCode::UnreadableDate));
        assert_eq!(read(&Value::Number(dec!(7))), Err(FindingCode::UnreadableDate));
    }
}
