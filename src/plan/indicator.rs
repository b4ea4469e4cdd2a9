//! Indicators: the figures of the plan, and how each gets its value.

use super::{CountsIn, Pace, Target};
use crate::model::{DepartmentCode, Unit};

/// A compiled aggregate: SQL that Polars and any other SQL engine read alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    /// As written in the pipeline file, with the `where` folded in.
    pub source: String,
    /// Decimal literals rewritten to typed decimals.
    pub sql: String,
    /// The dataset's columns it reads, sorted; the date that tells a row's year (`counts_in`) is not among them.
    pub columns: Vec<String>,
    /// The unit of its value; `None` for a bare count.
    pub unit: Option<Unit>,
}

/// How an indicator gets its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Calculation {
    /// One aggregate; `to_date` sums a flow over the year; `month` is the same over the columns that report the month alone.
    Simple { dataset: String, value: Expression, last_year: Option<Expression>, month: Option<Expression>, to_date: bool },
    /// Ratio of two aggregates, never a mean of ratios; printed × 100 where the unit is %.
    Ratio {
        dataset: String,
        numerator: Expression,
        denominator: Expression,
        last_numerator: Option<Expression>,
        last_denominator: Option<Expression>,
    },
    /// Signed sum of other indicators: (code, +1 or −1).
    Derived { terms: Vec<(String, i8)> },
}

/// Which growth is printed and judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrowthBasis {
    Reported,
    Computed,
}

/// One figure of the plan.
#[derive(Debug, Clone)]
pub struct Indicator {
    pub code: String,
    pub title: String,
    pub owner: DepartmentCode,
    /// 部门调度, 统计部门, 海关 …
    pub source: String,
    pub unit: Unit,
    pub decimals: u32,
    pub calculation: Calculation,
    /// `None` where growth makes no sense.
    pub growth: Option<GrowthBasis>,
    /// (dataset, column) that carries the published growth; the province's stands in the total row.
    pub reported_growth: Option<(String, String)>,
    /// `None` for tracking figures.
    pub target: Option<Target>,
    pub pace: Pace,
    /// Only rows of the target's year count.
    pub counts_in: Option<CountsIn>,
    /// Rows of any year count, and why.
    pub any_year: Option<String>,
    pub restricted: bool,
    /// Never below yellow (targets read out of a programme name).
    pub never_red: bool,
    /// Regions are shown for it.
    pub by_region: bool,
    pub notes: Vec<String>,
}
