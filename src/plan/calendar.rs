//! Working days: weekends, statutory holidays and make-up working days.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, Weekday};

use crate::model::Period;

/// The days of `config/calendar.toml`.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    pub holidays: BTreeSet<NaiveDate>,
    /// Weekend days that are worked (调休).
    pub working_days: BTreeSet<NaiveDate>,
}

impl Calendar {
    /// Whether the office works on `day`.
    #[must_use]
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        if self.working_days.contains(&day) {
            return true;
        }
        !self.holidays.contains(&day) && !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
    }

    /// `day`, or the first working day after it.
    #[must_use]
    pub fn on_or_after(&self, day: NaiveDate) -> NaiveDate {
        day.iter_days().find(|day| self.is_working_day(*day)).unwrap_or(day)
    }

    /// The `count`th working day before `day`; `day` itself for 0.
    #[must_use]
    pub fn before(&self, day: NaiveDate, count: u32) -> NaiveDate {
        (0..count).fold(day, |day, _| {
            let earlier = std::iter::successors(day.pred_opt(), NaiveDate::pred_opt);
            earlier.into_iter().find(|day| self.is_working_day(*day)).unwrap_or(day)
        })
    }

    /// The `count`th working day after `day`; `day` itself for 0.
    #[must_use]
    pub fn after(&self, day: NaiveDate, count: u32) -> NaiveDate {
        (0..count).fold(day, |day, _| day.succ_opt().map_or(day, |next| self.on_or_after(next)))
    }

    /// The due day of a dataset for `period`: `due_day` of the month after, moved over weekends and holidays.
    #[must_use]
    pub fn due(&self, period: Period, due_day: u32) -> NaiveDate {
        let month = period.next();
        let day = NaiveDate::from_ymd_opt(month.year(), month.month(), due_day).unwrap_or_else(|| month.last_day());
        self.on_or_after(day)
    }
}
