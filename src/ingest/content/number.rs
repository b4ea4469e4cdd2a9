//! Numbers as officers type them, to exact decimals in the column's unit. A cell holds one number: what may be two is unreadable.

use std::str::FromStr;
use std::sync::LazyLock;

use chinese_number::from_chinese_to_i64_ten_thousand;
use regex::Regex;
use rust_decimal::Decimal;

use crate::ingest::grid::Value;
use crate::model::quantity::Dimension;
use crate::model::{FindingCode, Unit};

use super::coercion::{Fault, Kind, Kinds};
use super::text::{half_width, is_placeholder, trimmed};
use super::worded::{Worded, without_between, without_words};

/// The units a column's cells may be in.
#[derive(Debug, Clone, Copy)]
pub struct Units<'a> {
    /// The unit values are kept in.
    pub column: Option<&'a Unit>,
    /// The unit the sheet says, when it says another one.
    pub sheet: Option<&'a Unit>,
}

/// Reads a cell as an exact number in the column's unit, not yet rounded.
///
/// # Errors
///
/// What cannot be a number, or is one of another kind of unit.
pub fn number(value: &Value, percent: Option<bool>, units: Units, kinds: &mut Kinds) -> Result<Option<Decimal>, Fault> {
    match value {
        Value::Number(number) if percent == Some(true) && is_percent(units.column) => {
            kinds.add(Kind::PercentFormat);
            number.checked_mul(Decimal::ONE_HUNDRED).map(Some).ok_or_else(|| unreadable(units))
        }
        Value::Number(number) => from_sheet_unit(*number, units).map(Some),
        Value::Text(text) => from_text(text, units, kinds),
        Value::Error(_) => Err(Fault::error_value()),
        Value::Bool(_) | Value::Date(_) => Err(unreadable(units)),
    }
}

/// Whether the number was typed in another unit than the column's: it then stays exact, whatever the column's decimals.
#[must_use]
pub fn is_converted(value: &Value, units: Units, kinds: &Kinds) -> bool {
    let by_cell = kinds.0.contains(&Kind::Suffix) || kinds.0.contains(&Kind::CellUnit);
    let by_sheet = units.sheet.is_some() && !kinds.0.contains(&Kind::OwnUnit);
    by_cell || (by_sheet && matches!(value, Value::Number(_) | Value::Text(_)))
}

/// Whether values of this unit are percentages.
pub fn is_percent(unit: Option<&Unit>) -> bool {
    unit.is_some_and(|unit| unit.dimension() == Dimension::Percent)
}

fn unreadable(units: Units) -> Fault {
    let unit = units.column.map(|unit| format!("（单位：{}）", unit.name())).unwrap_or_default();
    Fault { code: FindingCode::UnreadableNumber, expected: format!("一个数字{unit}；未报请留空，确为零请填0") }
}

fn from_sheet_unit(number: Decimal, units: Units) -> Result<Decimal, Fault> {
    match (units.sheet, units.column) {
        (Some(sheet), Some(column)) => sheet.convert(number, column).ok_or_else(|| unreadable(units)),
        _ => Ok(number),
    }
}

static NUMBER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^([+-]?)((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)([Ee][+-]?\d{1,2})?(.*)$").ok());
/// Blanks that separate thousands: one between groups of three, as in 1 234 567.8.
static SPACED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\d{1,3}(?: \d{3})+(?:\.\d+)?$").ok());
/// (3.50), as accounts write what is negative.
static ACCOUNT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\(([\d,]*\.?\d+%?)\)$").ok());
/// A unit in brackets behind a number: 12.5(亿元).
static BRACKETED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\(([^()\d]+)\)$").ok());

fn from_text(original: &str, units: Units, kinds: &mut Kinds) -> Result<Option<Decimal>, Fault> {
    if trimmed(original).is_empty() {
        return Ok(None);
    }
    if is_placeholder(original) {
        kinds.add(Kind::Placeholder);
        return Ok(None);
    }
    let half = half_width(original);
    if half != original && original.chars().any(|c| ('\u{FF01}'..='\u{FF5E}').contains(&c) && !matches!(c, '％' | '（' | '）')) {
        kinds.add(Kind::FullWidth);
    }
    let text = without_blanks(trimmed(&half), kinds).ok_or_else(|| unreadable(units))?;
    let account = ACCOUNT.as_ref().and_then(|pattern| pattern.captures(&text)).and_then(|found| Some(found.get(1)?.as_str()));
    let Worded { rest: text, negative: sign } = match account {
        Some(inner) => {
            kinds.add(Kind::Parentheses);
            Worded { rest: inner, negative: Some(true) }
        }
        None => without_words(&text, kinds),
    };
    let negative = sign == Some(true);
    if let Some(number) = from_chinese(text, kinds) {
        return from_sheet_unit(if negative { -number } else { number }, units).map(Some);
    }
    let captures = NUMBER.as_ref().and_then(|pattern| pattern.captures(text)).ok_or_else(|| unreadable(units))?;
    let part = |at: usize| captures.get(at).map_or("", |found| found.as_str());
    if sign.is_some() && !part(1).is_empty() {
        return Err(unreadable(units));
    }
    let digits = part(2);
    if digits.contains(',') {
        kinds.add(Kind::Separators);
    }
    let plain = format!("{}{}", part(1), digits.replace(',', ""));
    let plain = plain.trim_end_matches('.');
    let number = if part(3).is_empty() { Decimal::from_str(plain) } else { Decimal::from_scientific(&format!("{plain}{}", part(3))) };
    let number = number.map_err(|_| unreadable(units))?;
    let number = if negative { -number } else { number };
    let suffix = without_between(part(4), kinds);
    if suffix == "(核减)" || suffix == "(冲减)" {
        // The words agree with a sign, and with nothing else.
        kinds.add(Kind::Worded);
        return if number.is_sign_negative() { from_sheet_unit(number, units).map(Some) } else { Err(unreadable(units)) };
    }
    with_suffix(number, &suffix, units, kinds).map(Some)
}

/// The text without blanks; `None` where blanks or line breaks stand between digits and separate no thousands.
fn without_blanks(text: &str, kinds: &mut Kinds) -> Option<String> {
    let unified = |c: char| match c {
        '−' | '－' | '﹣' => '-',
        '\n' | '\r' | '\t' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        c if c.is_whitespace() => ' ',
        other => other,
    };
    let text: String = text.chars().map(unified).collect();
    let is_of_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\n');
    for run in text.split(|c: char| !is_of_number(c)).map(str::trim).filter(|run| run.contains([' ', '\n'])) {
        if !SPACED.as_ref()?.is_match(run) {
            return None;
        }
        kinds.add(Kind::Separators);
    }
    Some(text.chars().filter(|c| !c.is_whitespace()).collect())
}

fn from_chinese(text: &str, kinds: &mut Kinds) -> Option<Decimal> {
    let all = !text.is_empty() && text.chars().all(|c| "零〇一二两三四五六七八九十百千万亿".contains(c));
    // A lone 万 or 亿 is a unit that lost its figure.
    if !all || text.chars().all(|c| "百千万亿".contains(c)) {
        return None;
    }
    let number = from_chinese_to_i64_ten_thousand(text.replace('两', "二")).ok()?;
    kinds.add(Kind::ChineseNumeral);
    Some(Decimal::from(number))
}

fn with_suffix(number: Decimal, suffix: &str, units: Units, kinds: &mut Kinds) -> Result<Decimal, Fault> {
    if suffix.is_empty() {
        kinds.add(Kind::TextNumber);
        return from_sheet_unit(number, units);
    }
    if suffix == "%" {
        kinds.add(Kind::PercentSign);
        return if is_percent(units.column) { Ok(number) } else { Err(unreadable(units)) };
    }
    let suffix = BRACKETED.as_ref().and_then(|pattern| pattern.captures(suffix)?.get(1)).map_or(suffix, |inner| inner.as_str());
    let suffix = if suffix == "个百分点" { "百分点" } else { suffix };
    if let Some(unit) = Unit::parse(suffix) {
        let base = base_unit(unit.dimension()).filter(|_| matches!(unit.dimension(), Dimension::Count | Dimension::Person));
        let column = units.column.or(base.as_ref()).ok_or_else(|| unreadable(units))?;
        let own = unit.convert(Decimal::ONE, column) == Some(Decimal::ONE);
        kinds.add(if own { Kind::OwnUnit } else { Kind::CellUnit });
        return unit.convert(number, column).ok_or_else(|| unreadable(units));
    }
    let (power, rest) = scale_word(suffix).ok_or_else(|| unreadable(units))?;
    let scaled = number.checked_mul(Decimal::from(10_u64.pow(power))).ok_or_else(|| unreadable(units))?;
    kinds.add(Kind::Suffix);
    let Some(column) = units.column else { return if rest.is_empty() { Ok(scaled) } else { Err(unreadable(units)) } };
    let base = if rest.is_empty() { base_unit(column.dimension()) } else { Unit::parse(rest) };
    base.and_then(|base| base.convert(scaled, column)).ok_or_else(|| unreadable(units))
}

fn scale_word(suffix: &str) -> Option<(u32, &str)> {
    Unit::prefixes().find_map(|(word, power)| suffix.strip_prefix(word).map(|rest| (power, rest)))
}

/// The unit a bare 万 or 亿 multiplies; `None` where such a word makes no sense.
fn base_unit(dimension: Dimension) -> Option<Unit> {
    let name = match dimension {
        Dimension::Yuan => "元",
        Dimension::Dollar => "美元",
        Dimension::Kilowatt => "千瓦",
        Dimension::Tonne => "吨",
        Dimension::Vehicle => "辆",
        Dimension::Count => "个",
        Dimension::Person => "人",
        Dimension::Day => "天",
        Dimension::Percent | Dimension::PercentagePoint => return None,
    };
    Unit::parse(name)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use rust_decimal::dec;

    use super::*;

    fn read(text: &str, unit: &str) -> Result<Option<Decimal>, FindingCode> {
        let column = Unit::parse(unit);
        let units = Units { column: column.as_ref(), sheet: None };
        number(&Value::Text(text.to_owned()), None, units, &mut Kinds::default()).map_err(|fault| fault.code)
    }

    #[rstest]
    #[case("1,234.5", "亿元", dec!(1234.5))]
    #[case("１２３．４", "亿元", dec!(123.4))]
    #[case("－12.30", "亿元", dec!(-12.30))]
    #[case("12.3亿", "亿元", dec!(12.3))]
    #[case("12.3亿", "万元", dec!(123000))]
    #[case("1.2万亿", "亿元", dec!(12000))]
    #[case("12000万元", "亿元", dec!(1.2))]
    #[case("3.5万美元", "万美元", dec!(3.5))]
    #[case("1.2万", "项", dec!(12000))]
    #[case("15 项", "家", dec!(15))]
    #[case("12.3%", "%", dec!(12.3))]
    #[case("12.3％", "%", dec!(12.3))]
    #[case("下降3.2%", "%", dec!(-3.2))]
    #[case("一百二十三", "家", dec!(123))]
    #[case("十二万", "元", dec!(120000))]
    #[case("1.5E3", "家", dec!(1500))]
    #[case("\u{A0}7 ", "家", dec!(7))]
    #[case("1 234 567.8", "亿元", dec!(1234567.8))]
    #[case("12 345", "家", dec!(12345))]
    #[case("12\u{A0}345", "家", dec!(12345))]
    #[case("12\u{2009}345", "家", dec!(12345))]
    #[case("12\u{202F}345", "家", dec!(12345))]
    #[case("１２　３４５", "家", dec!(12345))]
    #[case("12 345 万元", "亿元", dec!(1.2345))]
    #[case("- 3.5", "亿元", dec!(-3.5))]
    #[case("12 %", "%", dec!(12))]
    #[case("(3.50)", "亿元", dec!(-3.50))]
    #[case("（3.50）", "亿元", dec!(-3.50))]
    #[case("（1,203.50）", "亿元", dec!(-1203.50))]
    #[case("(3.5%)", "%", dec!(-3.5))]
    #[case("12.5（亿元）", "亿元", dec!(12.5))]
    #[case("12.5百万元", "亿元", dec!(0.125))]
    #[case("核减3.50", "亿元", dec!(-3.50))]
    #[case("冲减3.50亿元", "亿元", dec!(-3.50))]
    #[case("负3.5", "亿元", dec!(-3.5))]
    #[case("-3.5（核减）", "亿元", dec!(-3.5))]
    #[case("3万个", "家", dec!(30000))]
    fn reads(#[case] text: &str, #[case] unit: &str, #[case] expected: Decimal) {
        assert_eq!(read(text, unit), Ok(Some(expected)));
    }

    #[rstest]
    #[case("—")]
    #[case("－")]
    #[case("/")]
    #[case("无")]
    #[case("　")]
    fn nothing_is_missing_and_never_zero(#[case] text: &str) {
        assert_eq!(read(text, "亿元"), Ok(None));
    }

    #[rstest]
    #[case("持平", "亿元")]
    #[case("1,23", "亿元")]
    #[case("12.3%", "亿元")]
    #[case("12家", "亿元")]
    #[case("12..3", "亿元")]
    #[case("五十来家", "家")]
    #[case("下降-3", "%")]
    #[case("亿", "亿元")]
    #[case("8\n2", "个")]
    #[case("8\r\n2", "个")]
    #[case("1 234\n567", "个")]
    #[case("50　31", "个")]
    #[case("1 2", "个")]
    #[case("12 34", "个")]
    #[case("1  234", "个")]
    #[case("1234 567", "个")]
    #[case("12 .5", "亿元")]
    #[case("12. 5", "亿元")]
    #[case("1, 234", "亿元")]
    #[case("8 个 2", "个")]
    #[case("8+2", "个")]
    #[case("8；2", "个")]
    #[case("8/2", "个")]
    #[case("8、2", "个")]
    #[case("8，2", "个")]
    #[case("8-2", "个")]
    #[case("8—2", "个")]
    #[case("8~2", "个")]
    #[case("8和2", "个")]
    #[case("8(2)", "个")]
    #[case("(8)(2)", "个")]
    #[case("(8)2", "个")]
    #[case("52（含3家）", "家")]
    #[case("12.5(2021)", "亿元")]
    #[case("12.5（含税）", "亿元")]
    #[case("3.5（核减）", "亿元")]
    #[case("3万户", "家")]
    #[case("15人", "家")]
    #[case("9999999999999999999999999999999", "元")]
    fn refuses(#[case] text: &str, #[case] unit: &str) {
        assert_eq!(read(text, unit), Err(FindingCode::UnreadableNumber));
    }

    #[rstest]
    #[case("约50", dec!(50))]
    #[case("大约50个", dec!(50))]
    #[case("50个左右", dec!(50))]
    #[case("50上下", dec!(50))]
    #[case("50余", dec!(50))]
    #[case("近300", dec!(300))]
    #[case("将近300家", dec!(300))]
    #[case("300多家", dec!(300))]
    #[case("超过300", dec!(300))]
    #[case("超300", dec!(300))]
    #[case("逾300家", dec!(300))]
    #[case("不足300", dec!(300))]
    #[case("300家以上", dec!(300))]
    #[case("300以下", dec!(300))]
    #[case("1.2万余家", dec!(12000))]
    #[case("五十余", dec!(50))]
    fn what_is_about_a_number_is_marked(#[case] text: &str, #[case] expected: Decimal) {
        let column = Unit::parse("家");
        let mut kinds = Kinds::default();
        let got = number(&Value::Text(text.to_owned()), None, Units { column: column.as_ref(), sheet: None }, &mut kinds);
        assert_eq!(got, Ok(Some(expected)));
        assert!(kinds.0.contains(&Kind::Approximate), "{kinds:?}");
    }

    #[rstest]
    #[case("44000539元", true)]
    #[case("4.4万", true)]
    #[case("4.4万元", false)]
    #[case("4.4", false)]
    fn what_was_typed_in_another_unit_is_converted(#[case] text: &str, #[case] expected: bool) {
        let column = Unit::parse("万元");
        let (value, units) = (Value::Text(text.to_owned()), Units { column: column.as_ref(), sheet: None });
        let mut kinds = Kinds::default();
        number(&value, None, units, &mut kinds).unwrap();
        assert_eq!(is_converted(&value, units, &kinds), expected);
    }

    #[test]
    fn a_percent_format_counts_in_a_percent_column_only() {
        let percent = Unit::parse("%");
        let units = Units { column: percent.as_ref(), sheet: None };
        let cell = Value::Number(dec!(0.123));
        assert_eq!(number(&cell, Some(true), units, &mut Kinds::default()), Ok(Some(dec!(12.3))));
        assert_eq!(number(&cell, Some(false), units, &mut Kinds::default()), Ok(Some(dec!(0.123))));
        assert_eq!(number(&cell, Some(true), Units { column: None, sheet: None }, &mut Kinds::default()), Ok(Some(dec!(0.123))));
    }

    #[test]
    fn the_unit_of_the_sheet_converts_exactly() {
        let (wan, yi) = (Unit::parse("万元"), Unit::parse("亿元"));
        let units = Units { column: yi.as_ref(), sheet: wan.as_ref() };
        assert_eq!(number(&Value::Number(dec!(12345.67)), None, units, &mut Kinds::default()), Ok(Some(dec!(1.234567))));
    }
}
