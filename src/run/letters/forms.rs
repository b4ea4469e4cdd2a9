//! Forms (调度表): drawn from the plan and from what was accepted before, and handed to the departments.

use std::path::{Path, PathBuf};

use crate::deliver::Attachment;
use crate::deliver::notice::form;
use crate::model::{DeliveryState, DepartmentCode, Light, Message, Observations, Period};
use crate::plan::Department;
use crate::report::forms::{self, Form};
use crate::run::kit::{Desk, RunError};

/// No form leans on tables that are older.
const MONTHS_BACK: u32 = 12;

/// The forms of `period`, in 机构序列: of one department, or of all that hand in anything.
///
/// # Errors
/// The ledger cannot be read, or a workbook cannot be written.
pub fn draw(desk: &mut Desk, period: Period, department: Option<&DepartmentCode>) -> Result<Vec<Form>, RunError> {
    desk.with_plan_of(period, |desk| {
        let mut newest = newest(desk, period)?;
        let behind = behind(desk, period)?;
        let mut drawn = Vec::new();
        for one in desk.plan.reporting_departments().filter(|one| department.is_none_or(|code| one.code == *code)) {
            let (mine, others): (Vec<_>, Vec<_>) = newest.into_iter().partition(|table| table.department == one.code);
            newest = others;
            drawn.extend(of_department(desk, period, one, &mine, &behind)?);
        }
        Ok(drawn)
    })
}

fn of_department(
    desk: &Desk,
    period: Period,
    department: &Department,
    past: &[Observations],
    behind: &[(DepartmentCode, String, String)],
) -> Result<Option<Form>, RunError> {
    let mine: Vec<(String, String)> =
        behind.iter().filter(|(owner, ..)| *owner == department.code).map(|(_, code, title)| (code.clone(), title.clone())).collect();
    let request = forms::Request { plan: &desk.plan, settings: &desk.settings, department, period, past, given: &[], behind: &mine };
    Ok(forms::draw(&request)?)
}

/// The newest accepted table before `period` of each department and dataset.
fn newest(desk: &Desk, period: Period) -> Result<Vec<Observations>, RunError> {
    let mut newest: Vec<Observations> = Vec::new();
    for accepted in desk.ledger.standing(None, None, period.back(MONTHS_BACK)..=period.previous())? {
        let table = accepted.observations;
        let known = newest.iter_mut().find(|one| (&one.department, &one.dataset) == (&table.department, &table.dataset));
        match known {
            Some(known) if known.period < table.period => *known = table,
            Some(_) => {}
            None => newest.push(table),
        }
    }
    Ok(newest)
}

/// What was yellow or red in the month before as it was last drawn up: owner, code, title.
fn behind(desk: &Desk, period: Period) -> Result<Vec<(DepartmentCode, String, String)>, RunError> {
    let Some(version) = desk.ledger.latest(period.previous())? else { return Ok(Vec::new()) };
    let rows = version.shown.tables.iter().flat_map(|table| &table.rows);
    let behind = rows.filter(|row| !row.tracking && matches!(row.light, Light::Yellow | Light::Red));
    Ok(behind.map(|row| (row.owner.clone(), row.code.clone(), row.title.clone())).collect())
}

/// Stores a mail with its form for each department that has none of `period` yet; returns how many. Sending is the delivery worker's.
///
/// # Errors
/// The ledger, a workbook; or a mail that cannot be built, after the others have been stored.
pub fn mail(desk: &mut Desk, period: Period, department: Option<&DepartmentCode>) -> Result<usize, RunError> {
    if desk.plan_of(period).merges_january(period) {
        return Ok(0);
    }
    let drawn = draw(desk, period, department)?;
    let formed = desk.ledger.formed(period)?;
    let waiting: Vec<Form> = drawn.into_iter().filter(|form| !formed.contains(&form.department)).collect();
    let (mails, failure) = desk.with_plan_of(period, |desk| composed(desk, &waiting));
    let stored = desk.ledger.store_notices(&desk.at(), &mails, DeliveryState::Pending)?;
    tracing::info!(run.period = %period, forms = stored, "forms stored");
    failure.map_or(Ok(stored), Err)
}

/// The mails, and the last error of those that could not be built.
fn composed(desk: &Desk, drawn: &[Form]) -> (Vec<Message>, Option<RunError>) {
    let (mut mails, mut failure) = (Vec::new(), None);
    for one in drawn {
        let Some(department) = desk.plan.department(&one.department) else { continue };
        let attachment = Attachment { department: Some(&one.department), file_name: &one.file_name, bytes: &one.bytes };
        let datasets = forms::owed(&desk.plan, &one.department, one.period);
        match form::compose(&desk.plan, &desk.settings, department, one.period, &datasets, attachment, desk.clock.now) {
            Ok(mail) => mails.push(mail),
            Err(error) => {
                tracing::error!(department = %one.department, %error, "the mail with its form could not be built");
                failure = Some(error.into());
            }
        }
    }
    (mails, failure)
}

/// Writes forms into a folder; returns their paths.
///
/// # Errors
/// The folder cannot be written to.
pub fn write(forms: &[Form], out: &Path) -> Result<Vec<PathBuf>, RunError> {
    std::fs::create_dir_all(out).map_err(RunError::at(out))?;
    let mut paths = Vec::new();
    for form in forms {
        let path = out.join(&form.file_name);
        std::fs::write(&path, &form.bytes).map_err(RunError::at(&path))?;
        paths.push(path);
    }
    Ok(paths)
}
