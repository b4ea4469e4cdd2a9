//! Dates as officers type them.

use std::sync::LazyLock;

use chrono::{Months, NaiveDate};
use regex::Regex;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::ingest::grid::Value;
use crate::ingest::sheet::serial_day;
use crate::model::{FindingCode, Period};

use super::coercion::{Fault, Kind, Kinds};
use super::text::{half_width, is_placeholder, trimmed};

/// Reads a date cell of the data month `data`, whose year completes dates written without one.
///
/// # Errors
///
/// What is no day of the calendar (6月31日).
pub fn date(value: &Value, data: Period, kinds: &mut Kinds) -> Result<Option<NaiveDate>, Fault> {
    match value {
        Value::Date(day) => Ok(Some(*day)),
        Value::Text(text) if trimmed(text).is_empty() => Ok(None),
        Value::Text(text) if is_placeholder(text) => {
            kinds.add(Kind::Placeholder);
            Ok(None)
        }
        Value::Text(text) => from_text(text, data, kinds).map(Some).ok_or_else(unreadable),
        Value::Number(number) => from_number(*number, data, kinds).map(Some).ok_or_else(unreadable),
        Value::Error(_) => Err(Fault::error_value()),
        Value::Bool(_) => Err(unreadable()),
    }
}

fn unreadable() -> Fault {
    Fault { code: FindingCode::UnreadableDate, expected: "日历上存在的日期，如2022-06-30".to_owned() }
}

static DATE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(?:(\d{4})[年./-])?(\d{1,2})(?:[月./-](?:(\d{1,2})[日号]?)?)?$").ok());
/// A time of day behind a date: as typed, as systems export it, as Chinese Excel shows it.
static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?: (?P<day>.*?[日号]) \s* | (?P<bare>.*?\d) (?: T | \s+ | \s*[上下]午\s* ) )
          (?:\s*(?:上午|下午|凌晨|早上|晚上|中午|[AaPp][Mm])\s*)?
          (?:[01]?\d|2[0-4]) (?: :[0-5]\d (?: :[0-5]\d (?:[.,]\d{1,9})? )? | 时(?:[0-5]?\d分(?:[0-5]?\d秒)?)? )
          (?:\s*[AaPp][Mm])? (?:\s*(?:Z|[+-][01]\d:?[0-5]\d))? $",
    )
    .ok()
});
static DIGITS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^((?:19|20)\d{2})(\d{2})(\d{2})?$").ok());

fn from_text(text: &str, data: Period, kinds: &mut Kinds) -> Option<NaiveDate> {
    let half = half_width(text);
    let dated = TIME
        .as_ref()?
        .captures(trimmed(&half))
        .and_then(|found| Some(found.name("day").or_else(|| found.name("bare"))?.as_str().to_owned()));
    if dated.is_some() {
        kinds.add(Kind::TimeOfDay);
    }
    let text: String = dated.unwrap_or(half).chars().filter(|c| !c.is_whitespace()).collect();
    if text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return serial_of_text(&text, data, kinds);
    }
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
    let year = number(&parts, 1).and_then(|year| i32::try_from(year).ok()).unwrap_or(data.year());
    day(u32::try_from(year).ok()?, month, number(&parts, 3), kinds)
}

/// Five digits typed as text are the serial of a day in the year up to the end of the data month, or nothing that can be read.
fn serial_of_text(text: &str, data: Period, kinds: &mut Kinds) -> Option<NaiveDate> {
    let day = serial_day(Decimal::from_str_exact(text).ok()?)?;
    let end = data.last_day();
    let from = end.checked_sub_months(Months::new(12))?;
    if day <= from || day > end {
        return None;
    }
    kinds.add(Kind::SerialDate);
    Some(day)
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
fn from_number(number: Decimal, data: Period, kinds: &mut Kinds) -> Option<NaiveDate> {
    let number = number.normalize();
    if number.scale() == 0 {
        let whole = number.to_u32()?;
        if (30_000..=60_000).contains(&whole) {
            kinds.add(Kind::SerialDate);
            return serial_day(number);
        }
        return if whole < 100_000 { None } else { from_text(&whole.to_string(), data, kinds) };
    }
    // 2022.1 may have been typed as 2022.10: not to be guessed.
    let text = number.to_string();
    if text.ends_with(".1") { None } else { from_text(&text, data, kinds) }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use rust_decimal::dec;

    use super::*;

    fn read(value: &Value) -> Result<Option<String>, FindingCode> {
        date(value, Period::new(2022, 6).unwrap(), &mut Kinds::default())
            .map(|date| date.map(|date| date.to_string()))
            .map_err(|fault| fault.code)
    }

    #[rstest]
    #[case("2022年6月30日", "2022-06-30")]
    #[case("2022年6月", "2022-06-01")]
    #[case("2022.6.30", "2022-06-30")]
    #[case("2022/6/30", "2022-06-30")]
    #[case("2022-06-30 00:00:00", "2022-06-30")]
    #[case("2022-01-10 08:30:00", "2022-01-10")]
    #[case("2022/1/10 8:30", "2022-01-10")]
    #[case("2022年1月10日 08:30", "2022-01-10")]
    #[case("2022年1月10日8时30分", "2022-01-10")]
    #[case("2022-01-10T08:30:00", "2022-01-10")]
    #[case("2022-01-10T08:30:00.000", "2022-01-10")]
    #[case("2022-01-10T08:30:00.000+08:00", "2022-01-10")]
    #[case("2022-01-10T08:30:00Z", "2022-01-10")]
    #[case("2022-01-10 上午 8:30", "2022-01-10")]
    #[case("2022年1月10日下午3:30:15", "2022-01-10")]
    #[case("2022-01-10 8:30 PM", "2022-01-10")]
    #[case("2022-01-10　２３：５９：５９", "2022-01-10")]
    #[case("44742", "2022-06-30")]
    #[case("44378", "2021-07-01")]
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
    #[case("44743")]
    #[case("44377")]
    #[case("12345")]
    #[case("2022-01-10 25:00")]
    #[case("2022-01-10 2022-01-11")]
    #[case("2022-01-10 8:61")]
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
