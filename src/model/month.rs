//! A month drawn up: everything the workbooks and mails of one version show.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{ContentHash, DepartmentCode, Finding, IndicatorRow, IndicatorTable, Light, Period, RegionCode};

/// The state of one task without a figure, as its department reported it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskStatus {
    pub code: String,
    pub measure: u32,
    pub title: String,
    pub departments: Vec<DepartmentCode>,
    pub owner: DepartmentCode,
    /// 未启动/推进中/已完成/滞后; `None` is 未报送.
    pub status: Option<String>,
    pub progress: Option<String>,
    pub problems: Option<String>,
    pub next_steps: Option<String>,
    pub due: Option<String>,
}

/// A department's words on a yellow or red indicator (滞后指标说明).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lagging {
    pub indicator: String,
    pub department: DepartmentCode,
    pub reason: String,
    pub next_steps: String,
    /// 预计达到序时进度时间, as written.
    pub expected: String,
}

/// How a dataset of a department stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportState {
    Accepted,
    Returned,
    Missing,
    /// 已收到但无法读取.
    Refused,
    Superseded,
    /// 未到报送期.
    NotDue,
}

impl ReportState {
    /// The word in `--json`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Returned => "returned",
            Self::Missing => "missing",
            Self::Refused => "refused",
            Self::Superseded => "superseded",
            Self::NotDue => "not_due",
        }
    }

    /// Whether it is due and nothing readable stands for it: it is missing, was returned, or could not be read.
    #[must_use]
    pub fn is_owed(self) -> bool {
        matches!(self, Self::Returned | Self::Missing | Self::Refused)
    }

    /// The state as far as it decides a version: what cannot be read adds nothing to what is not there.
    #[must_use]
    pub fn for_version(self) -> Self {
        if self == Self::Refused { Self::Missing } else { self }
    }

    /// The Chinese word in 报送情况.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "已报送",
            Self::Returned => "退回修改",
            Self::Missing => "未报送",
            Self::Refused => "已收到但无法读取",
            Self::Superseded => "已被更新",
            Self::NotDue => "未到报送期",
        }
    }
}

/// Whether a submission arrived by its due day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timeliness {
    OnTime,
    Late,
}

/// One line of 报送情况: a department's dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportingRow {
    pub department: DepartmentCode,
    pub dataset: String,
    /// The dataset's Chinese title.
    pub title: String,
    pub due: NaiveDate,
    pub state: ReportState,
    pub timeliness: Option<Timeliness>,
    pub file: Option<String>,
    pub hash: Option<ContentHash>,
    pub received_at: Option<DateTime<FixedOffset>>,
    /// How many files have come for it.
    pub versions: u32,
}

/// One figure that differs from the last version (更正).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    pub indicator: String,
    pub title: String,
    pub unit: String,
    /// `None` is the province.
    pub region: Option<RegionCode>,
    /// The Chinese name of the corrected column, for instance 累计.
    pub item: String,
    /// The earlier data period the figure belongs to; `None` is the latest.
    pub earlier: Option<Period>,
    pub old: Option<Decimal>,
    pub new: Option<Decimal>,
    pub old_light: Light,
    pub new_light: Light,
    /// Which file replaced which, in Chinese.
    pub cause: String,
    /// No file is the cause: what the plan, its settings or the program mean by the figure has changed.
    #[serde(default)]
    pub redefined: bool,
    /// Departments in whose books the figure stands.
    pub departments: Vec<DepartmentCode>,
}

/// Everything one version of a period shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Month {
    pub period: Period,
    pub version: u32,
    /// The run's clock: "data as of".
    pub now: DateTime<FixedOffset>,
    /// One table per measure, in the plan's order.
    pub tables: Vec<IndicatorTable>,
    pub tasks: Vec<TaskStatus>,
    pub lagging: Vec<Lagging>,
    /// Codes of last month's yellow and red indicators, still so or not reported, of which nobody said why.
    pub unexplained: Vec<String>,
    pub reporting: Vec<ReportingRow>,
    /// Open findings and explained ones of the submissions that stand, by department.
    pub findings: Vec<(DepartmentCode, Finding)>,
    /// Empty in version 1.
    pub corrections: Vec<Correction>,
    /// Which of its department's files for its period a submission was, from 1 on.
    pub arrivals: BTreeMap<ContentHash, u32>,
}

impl Month {
    /// All indicator rows, in the plan's order.
    pub fn rows(&self) -> impl Iterator<Item = &IndicatorRow> {
        self.tables.iter().flat_map(|table| &table.rows)
    }
}
