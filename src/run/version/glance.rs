//! All periods at a glance: how many departments stand how. No file's findings and no table is read for it.

use std::collections::BTreeSet;

use super::inputs::{self, Standing, Unreadable, worst};
use super::stale;
use crate::ledger::{Leaned, Recorded, UnreadEntry};
use crate::model::{DepartmentCode, Period, ReportState};
use crate::run::kit::{Desk, RunError};

/// One period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance {
    pub period: Period,
    /// Its newest version.
    pub version: Option<u32>,
    /// How each department with something due stands, in 机构序列.
    pub departments: Vec<(DepartmentCode, Standing)>,
    /// The periods whose submissions have changed since the version was drawn up, oldest first.
    pub changed: Vec<Period>,
}

impl Glance {
    /// How many departments stand so.
    #[must_use]
    pub fn count(&self, wanted: Standing) -> usize {
        self.departments.iter().filter(|(_, standing)| *standing == wanted).count()
    }
}

/// What every period is looked up in.
struct Whole {
    /// Period, department, dataset.
    stands: BTreeSet<(Period, DepartmentCode, String)>,
    leaned: Leaned,
    refused: Vec<Unreadable>,
    unread: Vec<UnreadEntry>,
}

/// Every period that something was handed in for, oldest first.
///
/// # Errors
/// Of the ledger.
pub fn periods(desk: &Desk) -> Result<Vec<Glance>, RunError> {
    let periods = desk.ledger.periods_handed_in()?;
    let (Some(first), Some(last)) = (periods.first(), periods.last()) else { return Ok(Vec::new()) };
    let standing = desk.ledger.stands(None, inputs::leans_from(*first)..=*last)?;
    let whole = Whole {
        leaned: Leaned::of(standing.iter().map(|one| &one.input)),
        stands: standing.into_iter().map(|one| (one.input.period, one.input.department, one.input.dataset)).collect(),
        refused: inputs::refused(desk)?,
        unread: desk.ledger.unread()?,
    };
    periods.into_iter().map(|period| glance(desk, period, &whole)).collect()
}

fn glance(desk: &Desk, period: Period, whole: &Whole) -> Result<Glance, RunError> {
    let mut states = Vec::new();
    for department in desk.plan.reporting_departments() {
        let mut returned = None;
        for dataset in desk.plan.datasets.iter().filter(|dataset| dataset.from.contains(&department.code)) {
            let state = if whole.stands.contains(&(period, department.code.clone(), dataset.code.clone())) {
                ReportState::Accepted
            } else if desk.plan.owes(dataset, period) {
                let files = match &returned {
                    Some(files) => files,
                    None => returned.insert(Returned::of(desk, period, &department.code)?),
                };
                owed(period, &department.code, files.newest(&dataset.code), whole)
            } else {
                ReportState::NotDue
            };
            states.push((&department.code, state));
        }
    }
    let drawn = desk.ledger.drawn(period)?;
    let changed = drawn.as_ref().map(|drawn| stale::changed(period, &drawn.leaned, &whole.leaned));
    Ok(Glance {
        period,
        version: drawn.map(|drawn| drawn.version),
        departments: worst(states.into_iter()),
        changed: changed.unwrap_or_default().into_iter().collect(),
    })
}

/// A department's returned files of a period, with the datasets each carries: hardly any, and asked for only where something is owed.
struct Returned(Vec<(Recorded, Vec<String>)>);

impl Returned {
    fn of(desk: &Desk, period: Period, department: &DepartmentCode) -> Result<Self, RunError> {
        let mut files = Vec::new();
        for file in desk.ledger.returned(period, department)? {
            let carries = desk.ledger.datasets_of(file.id)?;
            files.push((file, carries));
        }
        Ok(Self(files))
    }

    fn newest(&self, dataset: &str) -> Option<&Recorded> {
        inputs::returned(self.0.iter().map(|(file, carries)| (file, carries)), dataset)
    }
}

/// How a table stands that is due and that nothing stands for.
fn owed(period: Period, department: &DepartmentCode, returned: Option<&Recorded>, whole: &Whole) -> ReportState {
    let mine = |one: &&Unreadable| one.period == Some(period) && one.department.as_ref() == Some(department);
    let newest = whole.refused.iter().rev().find(mine);
    let is_newer = newest.is_some_and(|one| returned.is_none_or(|returned| returned.received_at < one.submission.received_at));
    let lies_here =
        whole.unread.iter().any(|one| one.counts() && one.period == Some(period) && one.department.as_ref() == Some(department));
    match returned {
        _ if is_newer || lies_here => ReportState::Refused,
        Some(_) => ReportState::Returned,
        None => ReportState::Missing,
    }
}
