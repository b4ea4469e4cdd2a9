//! Withheld corrections: what moved by definition alone and nobody was mailed yet, until a person gives a reason to tell it.

use std::collections::{BTreeMap, BTreeSet};

use super::inputs::Inputs;
use super::publish::{self, Drawing};
use crate::deliver::{self, Attachment, Composed, LEADING_GROUP, Recipients};
use crate::ledger::{Lease, LedgerError, Version};
use crate::model::{ContentHash, Correction, DeliveryState, DepartmentCode, MailKind, Month, Period, RegionCode};
use crate::run::kit::{Desk, RunError};
use crate::run::post::troubles;

/// Readers who have not been told since the same version.
struct Group {
    /// The last version whose figures they were told.
    before: Version,
    /// Departments, and the leading group under its code.
    readers: BTreeSet<DepartmentCode>,
    /// What moved by definition since, against the newest version.
    corrections: Vec<Correction>,
}

/// One printed figure: indicator, region, column, earlier data period.
type Key = (String, Option<RegionCode>, String, Option<Period>);

fn key(one: &Correction) -> Key {
    (one.indicator.clone(), one.region.clone(), one.item.clone(), one.earlier)
}

/// The codes of the indicators of which somebody has not been told.
///
/// # Errors
/// Of the ledger.
pub fn indicators(desk: &Desk, version: &Version) -> Result<Vec<String>, RunError> {
    let all = groups(desk, version)?;
    let codes: BTreeSet<String> = all.into_iter().flat_map(|group| group.corrections).map(|one| one.indicator).collect();
    Ok(codes.into_iter().collect())
}

/// What a version moved by definition alone.
struct Step {
    before: Version,
    number: u32,
    keys: BTreeSet<Key>,
}

/// Who is owed what, against which version; those who are owed the most first.
fn groups(desk: &Desk, version: &Version) -> Result<Vec<Group>, RunError> {
    let told = told(desk, version.period)?;
    let mut steps: Vec<Step> = Vec::new();
    let mut owed: BTreeMap<u32, BTreeSet<DepartmentCode>> = BTreeMap::new();
    let mut after = version.clone();
    while after.version > 1 {
        let Some(before) = desk.ledger.version(version.period, Some(after.version - 1))? else { break };
        let mut moved = publish::corrections(desk, Some(&before), &Drawing::of(&after))?;
        moved.retain(|one| one.redefined);
        let number = after.version;
        for reader in readers(desk, &moved).into_iter().filter(|reader| !told.knows(reader, number)) {
            // The oldest of them counts: a reader is told once of all.
            for readers in owed.values_mut() {
                readers.remove(&reader);
            }
            owed.entry(number).or_default().insert(reader);
        }
        steps.push(Step { before: before.clone(), number, keys: moved.iter().map(key).collect() });
        after = before;
    }
    let mut groups = Vec::new();
    for (number, mut readers) in owed {
        let Some(step) = steps.iter().find(|step| step.number == number) else { continue };
        let keys: BTreeSet<&Key> = steps.iter().filter(|step| step.number >= number).flat_map(|step| &step.keys).collect();
        let mut corrections = publish::corrections(desk, Some(&step.before), &Drawing::of(version))?;
        corrections.retain(|one| keys.contains(&key(one)));
        let concerned = self::readers(desk, &corrections);
        readers.retain(|reader| concerned.contains(reader));
        if !readers.is_empty() {
            groups.push(Group { before: step.before.clone(), readers, corrections });
        }
    }
    Ok(groups)
}

/// In whose books the figures stand, and the leading group.
fn readers(desk: &Desk, moved: &[Correction]) -> BTreeSet<DepartmentCode> {
    let mut readers: BTreeSet<DepartmentCode> = moved.iter().flat_map(|one| one.departments.iter().cloned()).collect();
    if !moved.is_empty() && !desk.settings.mail.leading_to.is_empty() {
        readers.insert(DepartmentCode(LEADING_GROUP.to_owned()));
    }
    readers
}

/// Who was mailed which versions, in whatever state the mail is.
struct Told {
    /// Mailed when the version was drawn up, or for its definition since.
    own: BTreeSet<(DepartmentCode, u32)>,
    /// Told at that version of everything that was withheld up to it.
    all: BTreeSet<(DepartmentCode, u32)>,
}

impl Told {
    fn knows(&self, reader: &DepartmentCode, version: u32) -> bool {
        self.own.contains(&(reader.clone(), version)) || self.all.iter().any(|(code, at)| code == reader && *at >= version)
    }
}

fn told(desk: &Desk, period: Period) -> Result<Told, RunError> {
    let reasoned: BTreeSet<String> = desk.ledger.told_for_a_reason(period)?.into_iter().collect();
    let mut told = Told { own: BTreeSet::new(), all: BTreeSet::new() };
    for delivery in desk.ledger.outbox(Some(period))? {
        let message = delivery.message;
        if message.kind != MailKind::Correction {
            continue;
        }
        if reasoned.contains(&message.message_id) {
            told.all.insert((message.department.clone(), message.version));
        }
        told.own.insert((message.department, message.version));
    }
    Ok(told)
}

/// Stores the mails that are withheld: a person has given a reason to tell what moved by definition.
///
/// A mail that cannot be built is stored as failed, the others go on.
///
/// # Errors
/// The books are no longer those of the version; nothing is stored then.
pub fn tell(desk: &mut Desk, lease: &Lease, version: &Version, inputs: &Inputs, state: DeliveryState) -> Result<(), RunError> {
    let groups = groups(desk, version)?;
    if groups.is_empty() {
        return Ok(());
    }
    let printed = publish::printed_before(desk, version)?;
    let month = publish::draw_up(desk, (inputs, &inputs.tables(desk)?), groups.first().map(|group| &group.before), printed.as_ref())?.month;
    let now = version.now.parse().unwrap_or(desk.clock.now);
    let month = Month { now, version: version.version, ..month };
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
    let (mut messages, mut failed) = (Vec::new(), Vec::new());
    for Group { readers, corrections, .. } in groups {
        let month = Month { corrections, ..month.clone() };
        // Some of them may have a mail of this version already.
        let Composed { messages: built, unbuilt } =
            deliver::compose(&desk.plan, &desk.settings, &month, &attachments, &Recipients::Beside(readers));
        messages.extend(built);
        failed.extend(unbuilt.into_iter().map(|one| (one.message, one.error.to_string())));
    }
    desk.ledger.store_corrections(lease, &desk.at(), &messages, &failed, state)?;
    if failed.is_empty() { Ok(()) } else { troubles::tell_operator(desk) }
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
