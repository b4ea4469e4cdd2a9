//! How an indicator's values come about over the year, and what may therefore be done with them.

use crate::plan::{Accumulation, Calculation, Dataset, Frequency, Indicator};

/// How an indicator's value comes about over the year, the richest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Build {
    /// Amounts that add up from nought (flows and cumulatives): a landing can be projected.
    Amounts,
    /// A list that grows (snapshots): what is still needed can be told.
    List,
    /// A ratio, a stock, a smallest or largest value: as it stands at period end.
    State,
}

/// What may be done with an indicator's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nature {
    pub build: Build,
    pub quarterly: bool,
    /// January is reported with February.
    pub merged: bool,
    /// Its parts add up to the whole: shares can be told.
    pub summed: bool,
}

impl Nature {
    /// Of a figure nothing is known of.
    pub const NONE: Self = Self { build: Build::State, quarterly: false, merged: false, summed: false };

    /// Whether a month's own amount can be told.
    pub fn monthly(self) -> bool {
        self.build != Build::State && !self.quarterly
    }
}

pub fn nature(indicator: &Indicator, dataset: &Dataset) -> Nature {
    let (ratio, to_date, extreme) = match &indicator.calculation {
        Calculation::Simple { value, to_date, .. } => {
            let sql = value.sql.to_ascii_uppercase();
            (false, *to_date, sql.contains("MIN(") || sql.contains("MAX("))
        }
        Calculation::Ratio { .. } | Calculation::Derived { .. } => (true, false, false),
    };
    let adds = !ratio && !extreme;
    let build = match dataset.accumulation {
        _ if !adds => Build::State,
        Accumulation::Cumulative => Build::Amounts,
        Accumulation::Flow if to_date => Build::Amounts,
        Accumulation::Snapshot => Build::List,
        Accumulation::Flow | Accumulation::Stock => Build::State,
    };
    Nature { build, quarterly: dataset.frequency == Frequency::Quarter, merged: dataset.january_merged, summed: adds }
}
