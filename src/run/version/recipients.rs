//! The recipients: who is told of a version when it is drawn up.

use std::collections::{BTreeMap, BTreeSet};

use crate::deliver::Recipients;
use crate::ledger::{Input, Version};
use crate::model::{ContentHash, Correction, DepartmentCode, Month, Period, ReportingRow};

/// A first version goes to everyone; a later one to departments whose printed figures or lights moved, and to the leading group.
///
/// What moved by definition alone counts only when a person gave a reason to tell it (`reasoned`). Where no figure counts the leading
/// group is told of tables or states of departments that changed; else nobody is.
pub fn of(month: &Month, before: Option<&Version>, inputs: &[Input], reasoned: bool) -> Recipients {
    let Some(before) = before else { return Recipients::Everyone };
    let mut told: Vec<&Correction> = month.corrections.iter().collect();
    told.retain(|correction| reasoned || !correction.redefined);
    let came = hashes(&before.inputs) != hashes(inputs);
    let tasks = (came || reasoned) && before.shown.tasks != month.tasks;
    if told.is_empty() && !tasks && !states_moved(&before.shown.reporting, &month.reporting) {
        return Recipients::Nobody;
    }
    Recipients::Only(told.into_iter().flat_map(|correction| correction.departments.iter().cloned()).collect())
}

fn hashes(inputs: &[Input]) -> BTreeSet<(Period, &DepartmentCode, &str, &ContentHash)> {
    inputs.iter().map(|one| (one.period, &one.department, one.dataset.as_str(), &one.hash)).collect()
}

/// Whether a table that both versions know stands otherwise; one that only one of the plans has is no news of a department.
fn states_moved(before: &[ReportingRow], now: &[ReportingRow]) -> bool {
    let before: BTreeMap<_, _> = before.iter().map(|row| ((&row.department, &row.dataset), row.state.for_version())).collect();
    now.iter().any(|row| before.get(&(&row.department, &row.dataset)).is_some_and(|state| *state != row.state.for_version()))
}
