//! Indicator tables: one per measure, one row per indicator, every figure as it is printed.
//!
//! All decimals here are final: rounded once to the places they are printed with, so that whoever prints them only writes
//! `to_string()`. `None` is 未报 or not applicable, never zero.

use chrono::{DateTime, FixedOffset};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{ContentHash, DepartmentCode, Light, Period, RegionCode};

/// How many of the expected have reported: regions for a matrix, departments for form and records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Coverage {
    pub reported: u32,
    pub expected: u32,
}

/// Which of a place's printed figures a source is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceItem {
    /// The value to date, or at period end; the month's own amount follows from it.
    #[default]
    YearToDate,
    LastYear,
    ReportedGrowth,
}

impl SourceItem {
    /// Every item, in printing order.
    pub const ALL: [Self; 3] = [Self::YearToDate, Self::LastYear, Self::ReportedGrowth];

    /// The word in `--json`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::YearToDate => "year_to_date",
            Self::LastYear => "last_year",
            Self::ReportedGrowth => "reported_growth",
        }
    }

    /// The Chinese word in 数据来源.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::YearToDate => "累计",
            Self::LastYear => "上年同期",
            Self::ReportedGrowth => "公布同比",
        }
    }
}

/// Where (part of) a figure was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceRef {
    #[serde(default)]
    pub item: SourceItem,
    pub department: DepartmentCode,
    pub file: String,
    #[serde(rename = "blake3")]
    pub hash: ContentHash,
    pub sheet: String,
    /// A1 references, for instance `D7`, `D7:D17` or `D7,D9`; without rows, the cells that were searched.
    pub cells: String,
    /// The number of data rows read; none in a list means nought.
    pub rows: u32,
    pub received_at: DateTime<FixedOffset>,
}

/// The figures of one region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionFigure {
    pub code: RegionCode,
    /// Full name, for instance 杭州市.
    pub name: String,
    pub month: Option<Decimal>,
    pub year_to_date: Option<Decimal>,
    pub last_year: Option<Decimal>,
    /// One decimal.
    pub growth_pct: Option<Decimal>,
    pub share_pct: Option<Decimal>,
    /// Only where a 目标分解 is loaded.
    pub target: Option<Decimal>,
    pub completion_pct: Option<Decimal>,
    /// By growth (or completion): ties 1, 2, 2, 4; the missing are unranked.
    pub rank: Option<u32>,
    /// Places gained (+) or lost (−) since the last data period.
    pub rank_change: Option<i32>,
    pub light: Option<Light>,
    pub sources: Vec<SourceRef>,
}

/// What one department contributed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepartmentFigure {
    pub department: DepartmentCode,
    pub year_to_date: Option<Decimal>,
    /// Empty where it is the only one to hand in the dataset: its part is the province's figure.
    #[serde(default)]
    pub sources: Vec<SourceRef>,
}

/// One point of an indicator's year, for charts and sparklines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeriesPoint {
    /// The data period.
    pub period: Period,
    pub year_to_date: Option<Decimal>,
    pub month: Option<Decimal>,
    pub completion_pct: Option<Decimal>,
    pub pace_pct: Option<Decimal>,
}

/// One indicator of one period: the province's figures, then each region's and department's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndicatorRow {
    pub code: String,
    pub title: String,
    pub measure: u32,
    pub owner: DepartmentCode,
    pub unit: String,
    /// Places the value is printed with.
    pub decimals: u32,
    /// The data month the values are of (an indicator that lags shows an earlier one); `None` while nothing was due.
    pub data_period: Option<Period>,
    /// The amount of the data month alone; null for ratio and stock, for 1—2月 and where last month is unknown.
    pub month: Option<Decimal>,
    /// Month-on-year growth in percent, one decimal.
    pub month_growth_pct: Option<Decimal>,
    pub year_to_date: Option<Decimal>,
    /// 上年同期.
    pub last_year: Option<Decimal>,
    /// By the indicator's growth basis, one decimal; of a % a difference in points.
    pub growth_pct: Option<Decimal>,
    /// Growth as published by statistics (可比口径), where a column for it exists.
    pub reported_growth_pct: Option<Decimal>,
    /// Growth computed from the two levels, where both exist.
    pub computed_growth_pct: Option<Decimal>,
    pub target: Option<Decimal>,
    /// `at_least | more_than | about | at_most | hold`; `None` for tracking figures.
    pub comparison: Option<String>,
    /// The plan's modal word (确保 争取 力争 新增 …).
    pub wording: Option<String>,
    /// The year the target is judged in; `None` for tracking figures.
    pub target_year: Option<i32>,
    /// `plan | inferred`.
    pub year_source: Option<String>,
    pub growth_target_pct: Option<Decimal>,
    /// The target in the plan's words: `3500以上、增长10%（力争）`.
    pub target_text: String,
    /// One decimal.
    pub completion_pct: Option<Decimal>,
    /// One decimal.
    pub pace_pct: Option<Decimal>,
    /// Completion − pace, the exact difference rounded to 0.1.
    pub ahead_points: Option<Decimal>,
    pub light: Light,
    /// Data periods with the present light, this one included; 0 for grey.
    pub periods_in_row: u32,
    /// The light of the last data period before this one.
    pub previous_light: Option<Light>,
    /// Per remaining month; counts rounded up; 0 when reached; null in December.
    pub needed_per_month: Option<Decimal>,
    /// 预计全年（推算）.
    pub landing: Option<Decimal>,
    pub coverage: Coverage,
    pub restricted: bool,
    pub tracking: bool,
    /// 备注, printed beside the row.
    pub notes: Vec<String>,
    /// The year's data periods up to this one.
    pub series: Vec<SeriesPoint>,
    pub regions: Vec<RegionFigure>,
    pub departments: Vec<DepartmentFigure>,
    /// Where the province's printed figures were read.
    pub sources: Vec<SourceRef>,
}

/// The indicator table of one measure and one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndicatorTable {
    pub period: Period,
    pub measure: u32,
    pub rows: Vec<IndicatorRow>,
}
