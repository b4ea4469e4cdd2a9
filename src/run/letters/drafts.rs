//! Drafts: letters drawn up for the operator after repeated reds or missing reports. None is ever sent to a department.

use chrono::Timelike as _;

use crate::deliver::notice::draft::{self, Grounds, Unreported};
use crate::ledger::Version;
use crate::model::{DeliveryState, Light, Period, ReportState, ReportingRow};
use crate::plan::Department;
use crate::present::sentences;
use crate::run::kit::{Desk, RunError};
use crate::run::version::{inputs, newest};

pub use crate::deliver::notice::draft::Draft;

/// How far back missing reports are counted.
const PERIODS_MAX: u32 = 24;

/// The letters that `period`, as last drawn up, gives cause for, in 机构序列; none where `remind.escalate_after` is 0.
///
/// # Errors
/// The period has no version.
pub fn drafts(desk: &Desk, period: Period) -> Result<Vec<Draft>, RunError> {
    let version = newest::of(desk, period)?;
    let least = desk.settings.remind.escalate_after;
    if least == 0 {
        return Ok(Vec::new());
    }
    let unreported = unreported(desk, period, least)?;
    let letters = desk.plan.reporting_departments().filter_map(|department| {
        let grounds = grounds(desk, &version, department, least, &unreported);
        (!grounds.reds.is_empty() || !grounds.unreported.is_empty()).then(|| Draft::new(&desk.plan, &desk.settings, period, &grounds))
    });
    Ok(letters.collect())
}

fn grounds<'a>(
    desk: &Desk,
    version: &'a Version,
    department: &'a Department,
    least: u32,
    unreported: &[(ReportingRow, Vec<Period>)],
) -> Grounds<'a> {
    let rows = version.shown.tables.iter().flat_map(|table| &table.rows);
    let reds = rows.filter(|row| {
        row.owner == department.code
            && !row.tracking
            && row.light == Light::Red
            && row.periods_in_row >= least
            && sentences::is_fresh(&desk.plan, row, version.period)
    });
    let mine = unreported.iter().filter(|(row, _)| row.department == department.code);
    Grounds {
        department,
        reds: reds.collect(),
        unreported: mine.map(|(row, periods)| Unreported { title: row.title.clone(), periods: periods.clone() }).collect(),
    }
}

/// What is overdue for `period` and was missing in the data periods right before as well, at least `least` of them together.
fn unreported(desk: &Desk, period: Period, least: u32) -> Result<Vec<(ReportingRow, Vec<Period>)>, RunError> {
    let mut found: Vec<(ReportingRow, Vec<Period>, bool)> = inputs::gather(desk, period)?
        .reporting
        .into_iter()
        .filter(|row| is_missing(row) && is_over(desk, row))
        .map(|row| (row, vec![period], true))
        .collect();
    let mut earlier = period;
    for _ in 0..PERIODS_MAX {
        if !found.iter().any(|(_, _, counting)| *counting) {
            break;
        }
        earlier = earlier.previous();
        if desk.plan_of(earlier).merges_january(earlier) {
            continue;
        }
        let inputs = inputs::gather(desk, earlier)?;
        // Before the first month that was followed up nobody was late.
        if inputs.nothing_came() {
            break;
        }
        for (row, periods, counting) in found.iter_mut().filter(|(_, _, counting)| *counting) {
            let before = inputs.reporting.iter().find(|one| (&one.department, &one.dataset) == (&row.department, &row.dataset));
            match before {
                Some(before) if is_missing(before) => periods.insert(0, earlier),
                // A quarter's dataset is not asked for each month.
                Some(before) if before.state == ReportState::NotDue => {}
                _ => *counting = false,
            }
        }
    }
    found.retain(|(_, periods, _)| periods.len() >= least as usize);
    Ok(found.into_iter().map(|(row, periods, _)| (row, periods)).collect())
}

fn is_missing(row: &ReportingRow) -> bool {
    row.state.is_owed()
}

/// Whether its deadline has passed.
fn is_over(desk: &Desk, row: &ReportingRow) -> bool {
    let now = desk.clock.now;
    (now.date_naive(), now.hour()) >= (row.due, desk.settings.schedule.deadline_hour)
}

/// Stores the mail to the operator with the drafts of `period`, once for the same words. Months that later ones have followed are let be.
pub fn tell(desk: &mut Desk, period: Period) -> Result<(), RunError> {
    if desk.ledger.periods()?.last().is_some_and(|newest| *newest > period) {
        return Ok(());
    }
    let drafts = drafts(desk, period)?;
    if drafts.is_empty() {
        return Ok(());
    }
    if desk.settings.alert.to.is_empty() {
        tracing::info!(
            run.period = %period,
            letters = drafts.len(),
            "letters are drafted and alert.to is empty: `wenjin drafts` shows them"
        );
    }
    let mail = draft::compose(&desk.plan, &desk.settings, period, &drafts, desk.clock.now)?;
    desk.ledger.store_notices(&desk.at(), mail.as_slice(), DeliveryState::Pending)?;
    Ok(())
}
