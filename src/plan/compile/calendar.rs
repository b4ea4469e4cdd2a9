//! `config/calendar.toml`: holidays, and weekend days that are worked.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::plan::Calendar;
use crate::settings::document::Parsed;
use crate::settings::table::Table;

/// Reads the file.
pub fn read(parsed: Option<&Parsed>) -> Calendar {
    let Some(parsed) = parsed else { return Calendar::default() };
    let root = Table::root(parsed);
    let read = |key| root.parsed_list::<NaiveDate>(key, "\"2022-01-31\"");
    let (holidays, working_days) = (read("holidays"), read("working_days"));
    for day in &working_days {
        if holidays.iter().any(|holiday| holiday.value == day.value) {
            day.problem(format!("{} is both a holiday and a working day", day.value), "keep it in one of the two lists");
        }
    }
    root.finish();
    let days = |list: Vec<_>| list.into_iter().map(|day: crate::settings::document::At<NaiveDate>| day.value).collect::<BTreeSet<_>>();
    Calendar { holidays: days(holidays), working_days: days(working_days) }
}
