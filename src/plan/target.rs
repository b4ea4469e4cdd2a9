//! Targets: what a figure is to reach, in which year, and on which course.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::model::RegionCode;

/// How a value is held against its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// 以上, 不低于, 达.
    AtLeast,
    /// 超: exactly on it is not yet more.
    MoreThan,
    /// 左右: ± 5 %, at least ± 1 for counts; above is reached.
    About,
    AtMost,
    /// 基本稳定.
    Hold,
}

impl Comparison {
    /// The word in the pipeline file and `--json`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::AtLeast => "at_least",
            Self::MoreThan => "more_than",
            Self::About => "about",
            Self::AtMost => "at_most",
            Self::Hold => "hold",
        }
    }
}

/// The year a target is judged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetYear {
    In(i32),
    Every,
    /// To be reached by the end of that year, on a way that begins in January of `since`; `None`: of the plan's year.
    By {
        since: Option<i32>,
        until: i32,
    },
}

/// A target: level, growth, or both.
#[derive(Debug, Clone)]
pub struct Target {
    /// Exact, as a fraction (numerator, denominator), so that 三分之一 stays one third. In the indicator's unit; for % it is the percentage.
    pub level: Option<(Decimal, Decimal)>,
    pub comparison: Comparison,
    /// Percent.
    pub growth: Option<Decimal>,
    pub growth_comparison: Comparison,
    pub year: TargetYear,
    /// `false`: inferred, noted "方案未明确时限，暂按2022年底调度".
    pub year_from_plan: bool,
    pub wording: Option<String>,
    /// As printed: `3500以上、增长10%（力争）`.
    pub text: String,
    /// The value at the end of the year before, where pace does not start at zero.
    pub base: Option<Decimal>,
    /// A share that grows over the year and so is judged by pace (instead of a threshold held all year).
    pub grows: bool,
    /// 目标分解.
    pub regions: BTreeMap<RegionCode, Decimal>,
}

/// The course a target is expected to take over the year (序时进度).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pace {
    Linear,
    /// (month, percent of the target expected from that month on), ascending.
    Checkpoints(Vec<(u32, Decimal)>),
    /// A monthly course written down: percent for months 1–12.
    Curve(Vec<Decimal>),
    /// Last year's own course, month by month, as it was reported.
    LastYear,
    /// Everything by that month, nothing before.
    DueDate(u32),
    None,
}
