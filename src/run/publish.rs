//! Publishing: a version is drawn up, written beside the others, and made to count by one ledger transaction.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;

use super::reporting::Inputs;
use super::{Desk, RunError, desk};
use crate::aggregate;
use crate::crash_point;
use crate::deliver::{self, Attachment, Recipients};
use crate::ledger::runs::{ManifestEntry, Shown};
use crate::ledger::{Input, Lease, LedgerError, Version};
use crate::model::{ContentHash, DeliveryState, DepartmentCode, IndicatorRow, Month, Period, ReportState};
use crate::report;

/// The program's version as runs record it.
pub const PROGRAM: &str = concat!("wenjin ", env!("CARGO_PKG_VERSION"));

/// What decides whether a version is new: inputs used, returned and missing state, compiled plan, report settings.
///
/// The run's now, the program's version and the names files came under stand outside it.
#[derive(Serialize)]
struct Digest<'a> {
    period: Period,
    plan: &'a str,
    appearance: String,
    office: String,
    inputs: Vec<(Period, DepartmentCode, String, ContentHash)>,
    states: Vec<(&'a DepartmentCode, &'a str, ReportState)>,
}

/// The digest of a period's inputs.
#[must_use]
pub fn digest(desk: &Desk, inputs: &Inputs) -> String {
    let digest = Digest {
        period: inputs.period,
        plan: &desk.plan.hash,
        appearance: format!("{:?}", desk.settings.appearance),
        office: format!("{:?}", desk.settings.office),
        inputs: inputs.list().into_iter().map(|one| (one.period, one.department, one.dataset, one.hash)).collect(),
        states: inputs.reporting.iter().map(|row| (&row.department, row.dataset.as_str(), row.state)).collect(),
    };
    let text = serde_json::to_vec(&digest).unwrap_or_default();
    ContentHash::of(&text).0
}

/// The digest of the tables alone: equal for equal inputs across program versions.
pub fn figures_hash(shown: &Shown) -> String {
    ContentHash::of(&serde_json::to_vec(&(&shown.tables, &shown.tasks)).unwrap_or_default()).0
}

/// Draws up the month: figures, what is corrected against the last version, and everything shown beside them.
pub fn draw_up(desk: &Desk, period: Period, inputs: &Inputs, latest: Option<&Version>) -> Result<Month, RunError> {
    let figures = aggregate::draw_up(&desk.plan, period, &inputs.accepted, &desk.settings.appearance)?;
    let corrections = match latest {
        Some(old) => {
            let now = inputs.list();
            aggregate::corrections(&desk.plan, &old.shown.tables, &figures.tables, &|row| cause(desk, &old.inputs, &now, row))
        }
        None => Vec::new(),
    };
    Ok(Month {
        period,
        version: latest.map_or(1, |old| old.version + 1),
        now: desk.clock.now,
        tables: figures.tables,
        tasks: figures.tasks,
        lagging: figures.lagging,
        reporting: inputs.reporting.clone(),
        findings: inputs.findings.clone(),
        corrections,
    })
}

/// Which file replaced which, for the sources of one indicator.
fn cause(desk: &Desk, old: &[Input], new: &[Input], row: &IndicatorRow) -> String {
    let touched: BTreeSet<&DepartmentCode> = row.sources.iter().map(|source| &source.department).chain([&row.owner]).collect();
    let mut words = BTreeSet::new();
    for input in new.iter().filter(|input| touched.contains(&input.department)) {
        let key = |other: &&Input| (other.period, &other.department, &other.dataset) == (input.period, &input.department, &input.dataset);
        let department = desk.plan.department_name(&input.department);
        match old.iter().find(key) {
            Some(before) if before.hash != input.hash => {
                words.insert(format!("{department}重新报送{}数据（“{}”替换“{}”）", input.period, input.file, before.file));
            }
            None => {
                words.insert(format!("{department}补报{}数据（“{}”）", input.period, input.file));
            }
            Some(_) => {}
        }
    }
    if words.is_empty() { "方案口径或设置调整".to_owned() } else { words.into_iter().collect::<Vec<_>>().join("；") }
}

/// Writes the version's workbooks, stores its messages, and makes both count in one transaction.
pub fn commit(
    desk: &mut Desk,
    lease: &Lease,
    month: &Month,
    inputs: &Inputs,
    digest: String,
    state: DeliveryState,
) -> Result<Version, RunError> {
    let books = report::books(&desk.plan, &desk.settings.appearance, &desk.settings.office, month)?;
    let attachments: Vec<Attachment<'_>> = books
        .iter()
        .map(|book| Attachment { department: book.department.as_ref(), file_name: &book.file_name, bytes: &book.bytes })
        .collect();
    let messages = deliver::compose(&desk.plan, &desk.settings, month, &attachments, &recipients(month))?;

    let folder = desk.reports(month.period);
    // The name bears the fence: two holders never write into one folder.
    let staged = folder.join(format!(".v{}.f{}.staged", month.version, lease.fence));
    if let Err(error) = stage(&staged, &books) {
        // Whoever took the period over has removed what we staged: that, not the missing folder, is what went wrong.
        desk.ledger.still_held(lease)?;
        return Err(error);
    }

    let shown = Shown { tables: month.tables.clone(), tasks: month.tasks.clone(), reporting: month.reporting.clone() };
    let manifest = books
        .iter()
        .map(|book| ManifestEntry { file: book.file_name.clone(), hash: ContentHash::of(&book.bytes), department: book.department.clone() })
        .collect();
    let version = Version {
        period: month.period,
        version: month.version,
        digest,
        plan_hash: desk.plan.hash.clone(),
        program: PROGRAM.to_owned(),
        now: desk.at(),
        manifest,
        inputs: inputs.list(),
        figures_hash: figures_hash(&shown),
        shown,
    };
    let place = folder.join(format!("v{}", month.version));
    let committed = desk.ledger.commit_version(lease, &version, &messages, state, &|| put_in_place(&staged, &place));
    if let Err(error) = committed {
        // Ours by its name, or by the transaction that was not committed: nothing of it may stay visible.
        drop(std::fs::remove_dir_all(&staged));
        if !matches!(error, LedgerError::Fenced { .. }) {
            recover(desk, month.period)?;
        }
        return Err(match error {
            LedgerError::Place(source) => RunError::at(place)(source),
            other => other.into(),
        });
    }
    crash_point!("run.outbox_committed").map_err(RunError::at(&place))?;
    tracing::info!(run.period = %month.period, run.version = month.version, "version committed");
    Ok(version)
}

/// Writes the workbooks beside the versions, on disk but not yet one of them.
fn stage(staged: &Path, books: &[report::Book]) -> Result<(), RunError> {
    std::fs::create_dir_all(staged).map_err(RunError::at(staged))?;
    for book in books {
        desk::write_synced(&staged.join(&book.file_name), &book.bytes)?;
        crash_point!("run.workbook_half").map_err(RunError::at(staged))?;
    }
    desk::sync_folder(staged)?;
    crash_point!("run.staged").map_err(RunError::at(staged))
}

/// Makes a staged folder a version's; called inside the transaction that makes it count.
fn put_in_place(staged: &Path, place: &Path) -> std::io::Result<()> {
    crash_point!("run.committing")?;
    std::fs::rename(staged, place)?;
    crash_point!("run.manifest_renamed")?;
    place.parent().map_or(Ok(()), |folder| std::fs::File::open(folder)?.sync_all())
}

/// A first version goes to everyone; a later one to departments whose printed figures or lights moved.
fn recipients(month: &Month) -> Recipients {
    if month.version == 1 {
        return Recipients::Everyone;
    }
    Recipients::Only(month.corrections.iter().flat_map(|correction| correction.departments.iter().cloned()).collect())
}

/// The numbers of the version folders in a period's `folder`.
pub fn folders(folder: &Path) -> Result<Vec<u32>, RunError> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(RunError::at(folder))? {
        let name = entry.map_err(RunError::at(folder))?.file_name();
        found.extend(name.to_str().and_then(number));
    }
    Ok(found)
}

/// `v3` → 3.
fn number(name: &str) -> Option<u32> {
    name.strip_prefix('v').and_then(|number| number.parse().ok())
}

/// Removes what an interrupted run left: staged folders, and version folders without their row.
pub fn recover(desk: &Desk, period: Period) -> Result<(), RunError> {
    let folder = desk.reports(period);
    let Ok(entries) = std::fs::read_dir(&folder) else { return Ok(()) };
    let committed = desk.ledger.versions(period)?;
    for entry in entries {
        let path = entry.map_err(RunError::at(&folder))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let orphan = match number(name) {
            Some(version) => !committed.contains(&version),
            None => name.starts_with(".v") && name.ends_with(".staged"),
        };
        if orphan {
            tracing::warn!(run.period = %period, folder = name, "removing what an interrupted run left");
            std::fs::remove_dir_all(&path).map_err(RunError::at(&path))?;
            crash_point!("recovery.folder_removed").map_err(RunError::at(&path))?;
        }
    }
    Ok(())
}
