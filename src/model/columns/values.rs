//! A column's values: which rows hold one, then those values one behind the other.

use std::collections::HashMap;

use chrono::{Datelike as _, NaiveDate};
use rust_decimal::Decimal;

use crate::model::{RegionCode, Values};

use super::bytes::{Damaged, Input, Output};

const TEXT: u8 = 0;
const INTEGER: u8 = 1;
const DECIMAL: u8 = 2;
const DATE: u8 = 3;
const FLAG: u8 = 4;
const REGION: u8 = 5;

/// Texts one behind the other, or a list of different ones and which of them each is.
const EACH: u8 = 0;
const LISTED: u8 = 1;

/// Decimals of one scale, or each with its own.
const ONE_SCALE: u8 = 0;
const SCALES: u8 = 1;
/// The sign, above a scale.
const NEGATIVE: u8 = 0x80;

/// Writes a column's values.
pub fn write(out: &mut Output, values: &Values) {
    match values {
        Values::Text(values) => {
            out.0.push(TEXT);
            texts(out, values, String::as_str);
        }
        Values::Region(values) => {
            out.0.push(REGION);
            texts(out, values, |region| region.0.as_str());
        }
        Values::Integer(values) => {
            out.0.push(INTEGER);
            valid(out, values);
            for value in values.iter().flatten() {
                out.signed(i128::from(*value));
            }
        }
        Values::Decimal(values) => {
            out.0.push(DECIMAL);
            valid(out, values);
            decimals(out, values);
        }
        Values::Date(values) => {
            out.0.push(DATE);
            valid(out, values);
            for value in values.iter().flatten() {
                out.signed(i128::from(value.num_days_from_ce()));
            }
        }
        Values::Flag(values) => {
            out.0.push(FLAG);
            valid(out, values);
            let flags: Vec<bool> = values.iter().flatten().copied().collect();
            out.bits(flags.into_iter());
        }
    }
}

fn valid<T>(out: &mut Output, values: &[Option<T>]) {
    out.bits(values.iter().map(Option::is_some));
}

fn texts<T>(out: &mut Output, values: &[Option<T>], text: impl Fn(&T) -> &str + Copy) {
    valid(out, values);
    let mut list: Vec<&str> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let texts = values.iter().flatten().map(text);
    let codes: Vec<usize> = texts
        .clone()
        .map(|text| {
            *places.entry(text).or_insert_with(|| {
                list.push(text);
                list.len() - 1
            })
        })
        .collect();
    if list.len() > codes.len() / 2 {
        out.0.push(EACH);
        for text in texts {
            out.text(text);
        }
        return;
    }
    out.0.push(LISTED);
    out.count(list.len());
    for text in list {
        out.text(text);
    }
    for code in codes {
        out.count(code);
    }
}

fn decimals(out: &mut Output, values: &[Option<Decimal>]) {
    let values = || values.iter().flatten();
    let scale = values().next().map_or(0, Decimal::scale);
    // A zero may have a sign, which its mantissa does not tell.
    if values().all(|value| value.scale() == scale && !(value.is_zero() && value.is_sign_negative())) {
        out.0.push(ONE_SCALE);
        out.number(scale);
        for value in values() {
            out.signed(value.mantissa());
        }
        return;
    }
    out.0.push(SCALES);
    for value in values() {
        let sign = if value.is_sign_negative() { NEGATIVE } else { 0 };
        out.0.push(u8::try_from(value.scale()).unwrap_or_default() | sign);
        out.number(value.mantissa().unsigned_abs());
    }
}

/// Reads a column's values back.
///
/// # Errors
/// [`Damaged`].
pub fn read(from: &mut Input<'_>) -> Result<Values, Damaged> {
    let kind = from.byte()?;
    let valid = from.bits()?;
    Ok(match kind {
        TEXT => Values::Text(texts_of(from, &valid, str::to_owned)?),
        REGION => Values::Region(texts_of(from, &valid, |text| RegionCode(text.to_owned()))?),
        INTEGER => Values::Integer(each(&valid, || whole(from))?),
        DECIMAL => Values::Decimal(decimals_of(from, &valid)?),
        DATE => Values::Date(each(&valid, || {
            let day = whole(from)?.try_into().map_err(|_| Damaged("no day"))?;
            NaiveDate::from_num_days_from_ce_opt(day).ok_or(Damaged("no day"))
        })?),
        FLAG => {
            let mut flags = from.bits()?.into_iter();
            Values::Flag(each(&valid, || flags.next().ok_or(Damaged("cut short")))?)
        }
        _ => return Err(Damaged("a kind of column that is not known")),
    })
}

/// A value for each row that holds one.
fn each<T>(valid: &[bool], mut value: impl FnMut() -> Result<T, Damaged>) -> Result<Vec<Option<T>>, Damaged> {
    valid.iter().map(|is_valid| if *is_valid { value().map(Some) } else { Ok(None) }).collect()
}

fn whole(from: &mut Input<'_>) -> Result<i64, Damaged> {
    i64::try_from(from.signed()?).map_err(|_| Damaged("a number too large"))
}

fn texts_of<T: Clone>(from: &mut Input<'_>, valid: &[bool], of: impl Fn(&str) -> T) -> Result<Vec<Option<T>>, Damaged> {
    if from.byte()? == EACH {
        return each(valid, || from.text().map(&of));
    }
    let length = from.count()?;
    // Read one by one: a count may say more than there is.
    let mut list: Vec<T> = Vec::new();
    for _ in 0..length {
        list.push(of(from.text()?));
    }
    each(valid, || list.get(from.count()?).cloned().ok_or(Damaged("a text that is not listed")))
}

fn decimals_of(from: &mut Input<'_>, valid: &[bool]) -> Result<Vec<Option<Decimal>>, Damaged> {
    let no_decimal = |_| Damaged("no decimal");
    if from.byte()? == ONE_SCALE {
        let scale = from.short()?;
        return each(valid, || Decimal::try_from_i128_with_scale(from.signed()?, scale).map_err(no_decimal));
    }
    each(valid, || {
        let scale = from.byte()?;
        let mantissa = i128::try_from(from.number()?).map_err(|_| Damaged("no decimal"))?;
        let mut value = Decimal::try_from_i128_with_scale(mantissa, u32::from(scale & !NEGATIVE)).map_err(no_decimal)?;
        value.set_sign_negative(scale & NEGATIVE != 0);
        Ok(value)
    })
}
