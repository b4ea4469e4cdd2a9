//! Last year's own course as pace: what part of its whole year stood at the end of the same month.

use super::cover::Cover;
use super::evaluate::Place;
use super::exact::{self, Level};
use super::own;
use super::reader::Reader;
use crate::model::{Fraction, Period};
use crate::plan::{Calculation, Indicator};

/// The part (0 to 1) of last year's whole that stood at the month of `data`.
///
/// `None` where month or whole year were not reported by all, stand on different bases, or do not rise from one to the other.
pub fn share(reader: &Reader<'_>, indicator: &Indicator, data: Period) -> Option<Fraction> {
    let december = Period::new(data.year() - 1, 12)?;
    let (month, month_own) = level(reader, indicator, data.year_earlier())?;
    let (whole, whole_own) = level(reader, indicator, december)?;
    let rises = whole.is_positive() && month >= Fraction::ZERO && month <= whole;
    if rises && month_own == whole_own { month.checked_div(whole) } else { None }
}

/// An indicator's year to date at `data`, and whether it holds what belongs to no city.
fn level(reader: &Reader<'_>, indicator: &Indicator, data: Period) -> Option<(Fraction, bool)> {
    let (Calculation::Simple { dataset, .. } | Calculation::Ratio { dataset, .. }) = &indicator.calculation else {
        return summed(reader, indicator, data);
    };
    let dataset = reader.plan.dataset(dataset)?;
    let value = exact::level(reader, indicator, data, Place::Province, Level::ThisYear)?;
    let whole = Cover::at(reader, indicator, dataset, data).is_full();
    whole.then(|| (value, own::basis(reader, indicator, dataset, data, Level::ThisYear).own))
}

fn summed(reader: &Reader<'_>, indicator: &Indicator, data: Period) -> Option<(Fraction, bool)> {
    let Calculation::Derived { terms } = &indicator.calculation else { return None };
    terms.iter().try_fold((Fraction::ZERO, false), |(sum, own), (code, sign)| {
        let term = reader.plan.indicator(code)?;
        let (part, with_own) = level(reader, term, data)?;
        let sum = if *sign < 0 { sum.checked_sub(part)? } else { sum.checked_add(part)? };
        Some((sum, own || with_own))
    })
}
