//! Who is told of a version, and who has not been told yet because figures moved by definition alone.

use std::collections::{BTreeMap, BTreeSet};

use super::publish::{self, Drawing};
use super::reporting::Inputs;
use super::{Desk, RunError};
use crate::deliver::{self, Attachment, Composed, LEADING_GROUP, Recipients};
use crate::ledger::{Input, Lease, LedgerError, Version};
use crate::model::{ContentHash, Correction, DeliveryState, DepartmentCode, MailKind, Month, Period, ReportingRow};

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

/// Figures of the newest version that moved by definition alone, with somebody who has not been told.
#[derive(Debug)]
pub struct Withheld {
    /// Their indicators' codes.
    pub indicators: BTreeSet<String>,
    /// In whose books they stand and who has no mail of the version.
    departments: BTreeSet<DepartmentCode>,
    before: Version,
}

/// What `version` withholds; `None` where everybody knows.
///
/// # Errors
/// Of the ledger.
pub fn withheld(desk: &Desk, version: &Version) -> Result<Option<Withheld>, RunError> {
    if version.version < 2 {
        return Ok(None);
    }
    let Some(before) = desk.ledger.version(version.period, Some(version.version - 1))? else { return Ok(None) };
    let mut moved = publish::corrections(desk, Some(&before), &Drawing::of(version))?;
    moved.retain(|correction| correction.redefined);
    let told = told(desk, version)?;
    let mut departments: BTreeSet<DepartmentCode> = moved.iter().flat_map(|one| one.departments.iter().cloned()).collect();
    departments.retain(|code| !told.contains(code));
    let leading = DepartmentCode(LEADING_GROUP.to_owned());
    let owes_leading = !desk.settings.mail.leading_to.is_empty() && !told.contains(&leading);
    let owes = !moved.is_empty() && (owes_leading || !departments.is_empty());
    Ok(owes.then(|| Withheld { indicators: moved.into_iter().map(|one| one.indicator).collect(), departments, before }))
}

/// Who has a mail of the version, in whatever state.
fn told(desk: &Desk, version: &Version) -> Result<BTreeSet<DepartmentCode>, RunError> {
    let outbox = desk.ledger.outbox(Some(version.period))?.into_iter().map(|delivery| delivery.message);
    let mine = outbox.filter(|message| message.version == version.version && message.kind == MailKind::Correction);
    Ok(mine.map(|message| message.department).collect())
}

/// Stores the mails that `version` withholds: a person has given a reason to tell what moved by definition.
///
/// # Errors
/// The books are no longer those of the version, or a mail cannot be written; nothing is stored then.
pub fn tell_withheld(desk: &mut Desk, lease: &Lease, version: &Version, inputs: &Inputs, state: DeliveryState) -> Result<(), RunError> {
    let Some(Withheld { departments, before, .. }) = withheld(desk, version)? else { return Ok(()) };
    let printed = publish::printed_before(desk, version)?;
    let month = publish::draw_up(desk, version.period, inputs, Some(&before), printed.as_ref())?.month;
    let now = version.now.parse().unwrap_or(desk.clock.now);
    let month = Month { now, ..month };
    if (&month.tables, &month.tasks) != (&version.shown.tables, &version.shown.tasks) {
        return Err(RunError::Refused(format!(
            "{} v{} can no longer be drawn up as it is; nothing was mailed",
            version.period, version.version
        )));
    }
    let books = books(desk, version)?;
    let attachments: Vec<Attachment<'_>> = version
        .manifest
        .iter()
        .zip(&books)
        .map(|(entry, bytes)| Attachment { department: entry.department.as_ref(), file_name: &entry.file, bytes })
        .collect();
    let told = told(desk, version)?;
    let Composed { mut messages, unbuilt } =
        deliver::compose(&desk.plan, &desk.settings, &month, &attachments, &Recipients::Only(departments));
    if let Some(one) = unbuilt.into_iter().next() {
        return Err(one.error.into());
    }
    messages.retain(|message| !told.contains(&message.department));
    Ok(desk.ledger.store_corrections(lease, &desk.at(), &messages, state)?)
}

/// The version's books, in the order of its manifest.
fn books(desk: &Desk, version: &Version) -> Result<Vec<Vec<u8>>, RunError> {
    let folder = desk.reports(version.period).join(format!("v{}", version.version));
    let mut books = Vec::new();
    for entry in &version.manifest {
        let path = folder.join(&entry.file);
        let bytes = std::fs::read(&path).map_err(RunError::at(&path))?;
        if ContentHash::of(&bytes) != entry.hash {
            let reason = "this is not the workbook that was written; see `wenjin verify`".to_owned();
            return Err(LedgerError::Content { place: path.display().to_string(), reason }.into());
        }
        books.push(bytes);
    }
    Ok(books)
}
