//! Reminders (催报): to those who have not reported or were returned, before and after the due day.
//!
//! A reminder day is counted in working days from each dataset's due day. One that nothing ran on is made up for on the next working
//! day; later it is let go. A department gets one mail a day about everything it owes then.

use chrono::NaiveDate;

use crate::aggregate;
use crate::deliver::notice::reminder::{self, Owed};
use crate::model::{DeliveryState, DepartmentCode, Period, ReportState, ReportingRow, Severity};
use crate::run::kit::{Desk, RunError};
use crate::run::version::inputs::{self, Inputs};

/// Stores the reminders that are due today for `period`; returns how many. Sending is the delivery worker's.
pub fn remind(desk: &mut Desk, period: Period) -> Result<usize, RunError> {
    if desk.plan_of(period).merges_january(period) {
        return Ok(0);
    }
    let inputs = inputs::gather(desk, period)?;
    let reminded = desk.ledger.reminded(period)?;
    let marked = desk.ledger.sent_back(period)?;
    let today = desk.clock.now.date_naive();
    let mut mails = Vec::new();
    let mut behind = None;
    for department in desk.plan.reporting_departments() {
        let last = reminded.iter().filter(|(code, _)| *code == department.code).map(|(_, day)| *day).max();
        let is_asked = |row: &&ReportingRow| {
            row.department == department.code && reminder_day(desk, row.due, today).is_some_and(|day| last.is_none_or(|last| last < day))
        };
        let owed: Vec<Owed<'_>> = inputs
            .reporting
            .iter()
            .filter(|row| row.state.is_owed())
            .filter(is_asked)
            .map(|row| owed(&inputs, &department.code, row, &marked))
            .collect();
        let has_words = |row: &&ReportingRow| row.dataset == reminder::WORDS_ON && row.state != ReportState::NotDue;
        let wanted: Vec<String> = if inputs.reporting.iter().filter(has_words).any(|row| is_asked(&row)) {
            // Drawn up once, and only where somebody may be asked.
            let behind = match &behind {
                Some(known) => known,
                None => behind.insert(unexplained(desk, &inputs)),
            };
            behind.iter().filter(|(owner, _)| *owner == department.code).map(|(_, title)| title.clone()).collect()
        } else {
            Vec::new()
        };
        if !owed.is_empty() || !wanted.is_empty() {
            mails.push(reminder::compose(&desk.plan, &desk.settings, department, period, (&owed, &wanted), desk.clock.now)?);
        }
    }
    let stored = desk.ledger.store_notices(&desk.at(), &mails, DeliveryState::Pending)?;
    tracing::info!(run.period = %period, reminders = stored, "reminders stored");
    Ok(stored)
}

/// Whose indicators were yellow or red last month, are so still as far as is known, and want a word: owner, `6.2　技术改造投资`.
///
/// Figures that cannot be drawn up keep nobody from being reminded of what he owes.
fn unexplained(desk: &Desk, inputs: &Inputs) -> Vec<(DepartmentCode, String)> {
    let tables = inputs.tables(desk);
    let drawn =
        tables.and_then(|tables| Ok(aggregate::draw_up_without_faulty(&desk.plan, inputs.period, &tables, &desk.settings.appearance)?));
    let figures = match drawn {
        Ok((figures, _)) => figures,
        Err(error) => {
            tracing::error!(run.period = %inputs.period, %error, "words on what is behind are not asked for: no figures can be drawn up");
            return Vec::new();
        }
    };
    let rows = figures.tables.iter().flat_map(|table| &table.rows).filter(|row| figures.unexplained.contains(&row.code));
    rows.map(|row| (row.owner.clone(), format!("{}　{}", row.code, row.title))).collect()
}

/// The reminder day of something `due` that is to be kept today: today's, or that of the working day before.
fn reminder_day(desk: &Desk, due: NaiveDate, today: NaiveDate) -> Option<NaiveDate> {
    let (calendar, remind) = (&desk.plan.calendar, &desk.settings.remind);
    let before = remind.before.iter().map(|count| calendar.before(due, *count));
    let after = remind.after.iter().map(|count| calendar.after(due, *count));
    before.chain(after).filter(|day| *day <= today && today <= calendar.after(*day, 1)).max()
}

/// With the defects of the returned file that are of this dataset, or of none in particular.
fn owed<'a>(inputs: &Inputs, department: &DepartmentCode, row: &'a ReportingRow, marked: &[DepartmentCode]) -> Owed<'a> {
    let mine = inputs.findings.iter().filter(|(code, finding)| {
        code == department && finding.returns_file() && finding.dataset.as_ref().is_none_or(|dataset| *dataset == row.dataset)
    });
    let (mut to_mend, mut to_explain) = (0, 0);
    for (_, finding) in mine.filter(|_| row.state == ReportState::Returned) {
        match finding.severity {
            Severity::Error => to_mend += finding.count(),
            Severity::Explain => to_explain += finding.count(),
            Severity::Note => {}
        }
    }
    Owed { row, to_mend, to_explain, is_marked: marked.contains(department) }
}
