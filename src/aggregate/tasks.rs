//! Tasks without a figure, and the departments' words on their yellow and red indicators.

use std::collections::BTreeMap;

use super::reader::Reader;
use crate::model::{Accepted, Lagging, TaskStatus};

/// The shared dataset of task states.
const TASKS: &str = "tasks";
/// The shared dataset of 滞后指标说明.
pub(super) const LAGGING: &str = "lagging";

/// Every task of the plan with what its owner says of it for the period; nothing accepted is 未报送.
pub fn statuses(reader: &Reader<'_>) -> Vec<TaskStatus> {
    let accepted = reader.plan.dataset(TASKS).map_or(&[][..], |dataset| reader.accepted(dataset, reader.period));
    let mut rows: BTreeMap<(&str, String), (&Accepted, usize)> = BTreeMap::new();
    for one in accepted {
        let observations = &one.observations;
        for row in 0..observations.rows() {
            if let Some(code) = text(one, row, "task") {
                rows.insert((observations.department.0.as_str(), code), (one, row));
            }
        }
    }
    let mut statuses = Vec::new();
    for measure in &reader.plan.measures {
        for task in &measure.tasks {
            let row = rows.get(&(task.owner.0.as_str(), task.code.clone()));
            let read = |column: &str| row.and_then(|(accepted, row)| text(accepted, *row, column));
            statuses.push(TaskStatus {
                code: task.code.clone(),
                measure: measure.number,
                title: task.title.clone(),
                departments: task.departments.clone(),
                owner: task.owner.clone(),
                status: read("status"),
                progress: read("progress"),
                problems: read("problems"),
                next_steps: read("next_steps"),
                due: read("due"),
            });
        }
    }
    statuses
}

/// The departments' explanations handed in with the period, in the plan's order of indicators, then of departments.
pub fn lagging(reader: &Reader<'_>) -> Vec<Lagging> {
    let accepted = reader.plan.dataset(LAGGING).map_or(&[][..], |dataset| reader.accepted(dataset, reader.period));
    let order: BTreeMap<&str, usize> =
        reader.plan.indicators().enumerate().map(|(nth, (_, indicator))| (indicator.code.as_str(), nth)).collect();
    let mut explanations: Vec<(usize, Lagging)> = Vec::new();
    for one in accepted {
        for row in 0..one.observations.rows() {
            let Some(indicator) = text(one, row, "indicator") else { continue };
            let Some(nth) = order.get(indicator.as_str()) else { continue };
            let read = |column: &str| text(one, row, column).unwrap_or_default();
            let (reason, next_steps, expected) = (read("reason"), read("next_steps"), read("expected"));
            let department = one.observations.department.clone();
            explanations.push((*nth, Lagging { indicator, department, reason, next_steps, expected }));
        }
    }
    explanations.sort_by_key(|(nth, _)| *nth);
    explanations.into_iter().map(|(_, explanation)| explanation).collect()
}

/// The words of a cell; `None` where it is blank.
fn text(accepted: &Accepted, row: usize, column: &str) -> Option<String> {
    let words = accepted.observations.column(column)?.text(row)?;
    let words = words.trim();
    (!words.is_empty()).then(|| words.to_owned())
}
