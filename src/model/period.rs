//! A data month. A period is the month the figures are about, never the day a run happens.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A calendar month written `2022-06`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    year: i32,
    month: u32,
}

impl Period {
    /// Returns the period, or `None` when the month is not 1–12 or the year not 1900–9999.
    #[must_use]
    pub fn new(year: i32, month: u32) -> Option<Self> {
        ((1..=12).contains(&month) && (1900..=9999).contains(&year)).then_some(Self { year, month })
    }

    /// The month `day` falls in; a day outside the years 1900–9999 counts as the nearest.
    #[must_use]
    pub fn containing(day: NaiveDate) -> Self {
        Self { year: day.year().clamp(1900, 9999), month: day.month() }
    }

    /// The calendar year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.year
    }

    /// The month of the year, 1–12.
    #[must_use]
    pub fn month(self) -> u32 {
        self.month
    }

    /// The month before.
    #[must_use]
    pub fn previous(self) -> Self {
        self.back(1)
    }

    /// The month after.
    #[must_use]
    pub fn next(self) -> Self {
        if self.month == 12 { Self { year: self.year + 1, month: 1 } } else { Self { month: self.month + 1, ..self } }
    }

    /// The month `months` earlier.
    #[must_use]
    pub fn back(self, months: u32) -> Self {
        (0..months).fold(self, |p, _| if p.month == 1 { Self { year: p.year - 1, month: 12 } } else { Self { month: p.month - 1, ..p } })
    }

    /// The same month a year earlier.
    #[must_use]
    pub fn year_earlier(self) -> Self {
        Self { year: self.year - 1, ..self }
    }

    /// The last day of the month.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        self.next().first_day().pred_opt().unwrap_or(NaiveDate::MAX)
    }

    /// The first day of the month.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or(NaiveDate::MIN)
    }

    /// Whether the month closes a quarter (March, June, September, December).
    #[must_use]
    pub fn ends_quarter(self) -> bool {
        self.month.is_multiple_of(3)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// Why a text is no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no period: write the month of the data as YYYY-MM, for instance 2022-06")]
pub struct InvalidPeriod(String);

impl FromStr for Period {
    type Err = InvalidPeriod;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidPeriod(text.to_owned());
        let (year, month) = text.split_once('-').ok_or_else(invalid)?;
        if year.len() != 4 || month.len() != 2 || !text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            return Err(invalid());
        }
        let year = year.parse().map_err(|_| invalid())?;
        let month = month.parse().map_err(|_| invalid())?;
        Self::new(year, month).ok_or_else(invalid)
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn writing_and_reading_a_period_is_the_identity(year in 1900..9999i32, month in 1..=12u32) {
            let period = Period::new(year, month).unwrap();
            prop_assert_eq!(period.to_string().parse::<Period>().unwrap(), period);
            prop_assert_eq!(period.next().previous(), period);
        }
    }

    #[test]
    fn refuses_what_is_no_month() {
        for text in ["2022-13", "2022-00", "22-06", "2022-6", "2022/06", "", "２０２２-06", "2022-06-01"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }
}
