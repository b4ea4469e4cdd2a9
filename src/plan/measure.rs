//! Measures (举措) with their indicators and tasks, and the actions (行动) they belong to.

use super::Indicator;
use crate::model::DepartmentCode;

/// One of the plan's actions (行动).
#[derive(Debug, Clone)]
pub struct Action {
    pub number: u32,
    pub title: String,
    /// For charts: 畅链强链保安.
    pub short_title: String,
}

/// One of the plan's numbered sections (举措).
#[derive(Debug, Clone)]
pub struct Measure {
    pub number: u32,
    pub title: String,
    /// For tabs: 企业技术改造.
    pub short_title: String,
    pub action: u32,
    /// In the plan's order.
    pub departments: Vec<DepartmentCode>,
    /// The first-listed department unless the file says otherwise.
    pub consolidated_by: Vec<DepartmentCode>,
    pub indicators: Vec<Indicator>,
    pub tasks: Vec<Task>,
    pub notes: Vec<String>,
}

/// A task without a figure.
#[derive(Debug, Clone)]
pub struct Task {
    pub code: String,
    pub title: String,
    pub departments: Vec<DepartmentCode>,
    /// Who reports on it.
    pub owner: DepartmentCode,
    pub notes: Vec<String>,
}
