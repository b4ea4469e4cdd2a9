//! What a form is drawn from, and which tables it has.

use crate::model::{DepartmentCode, Observations, Period};
use crate::plan::{Dataset, Department, Plan};
use crate::present::captions;
use crate::settings::Settings;

/// What a form is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub plan: &'a Plan,
    pub settings: &'a Settings,
    pub department: &'a Department,
    pub period: Period,
    /// The department's newest accepted tables before the period, at most one of each dataset.
    pub past: &'a [Observations],
    /// Tables that are filled in already.
    pub given: &'a [Observations],
    /// Its indicators that were yellow or red last month: code, title.
    pub behind: &'a [(String, String)],
}

/// The tables a department hands in for `period`, in the plan's order.
#[must_use]
pub fn owed<'a>(plan: &'a Plan, department: &DepartmentCode, period: Period) -> Vec<&'a Dataset> {
    plan.datasets.iter().filter(|dataset| dataset.from.contains(department) && plan.owes(dataset, period)).collect()
}

/// `2022年7月调度表　省经信厅`.
pub fn title(request: &Request) -> String {
    let period = request.period;
    format!("{}年{}调度表　{}", period.year(), captions::month_label(period), request.department.name)
}

/// The table of a dataset among `tables`.
pub fn of<'a>(tables: &'a [Observations], dataset: &Dataset) -> Option<&'a Observations> {
    tables.iter().find(|table| table.dataset == dataset.code)
}
