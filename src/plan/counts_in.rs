//! `counts_in`: by which date, and in which year, a row counts.

use crate::model::Period;

/// The frame columns that hold the first and the last day of the data month's year.
pub const YEAR_FROM: &str = "_year_from";
pub const YEAR_TO: &str = "_year_to";

/// An indicator counts only rows whose date lies in its target's year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountsIn {
    /// The date column.
    pub column: String,
    /// The target's year; `None`: the data month's.
    pub year: Option<i32>,
    /// SQL: the rows it would count whatever their date; `None` where that is every row.
    pub rows: Option<String>,
}

impl CountsIn {
    /// The year that counts at `data`.
    #[must_use]
    pub fn year_at(&self, data: Period) -> i32 {
        self.year.unwrap_or_else(|| data.year())
    }

    /// The row condition, as it is folded into the indicator's aggregates.
    #[must_use]
    pub fn condition(column: &str, year: Option<i32>) -> String {
        match year {
            Some(year) => format!("EXTRACT(YEAR FROM {column}) = {year}"),
            None => format!("{column} >= {YEAR_FROM} AND {column} <= {YEAR_TO}"),
        }
    }
}
