//! The part of last year's whole that stood at a month, where that is the pace.

use crate::aggregate::last_year;
use crate::aggregate::reader::Reader;
use crate::model::{Fraction, Period};
use crate::plan::{Indicator, Pace};

/// Last year's part at `data`, where it is the pace.
pub fn share(reader: &Reader<'_>, indicator: &Indicator, data: Period) -> Option<Fraction> {
    (indicator.pace == Pace::LastYear).then(|| last_year::share(reader, indicator, data)).flatten()
}
