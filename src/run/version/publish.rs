//! Publishing: the month is drawn up, written beside the others, and made to count by one ledger transaction.

use std::collections::BTreeSet;
use std::path::Path;

use super::changes::Causes;
use super::inputs::Inputs;
use super::ordinals::{arrivals, withdrawn};
use super::page;
use crate::aggregate;
use crate::crash_point;
use crate::deliver::{self, Attachment, Composed, Recipients};
use crate::ledger::runs::{ManifestEntry, Shown};
use crate::ledger::{Cause, Input, Lease, LedgerError, Version};
use crate::model::{
    Accepted, ContentHash, Correction, DeliveryState, DepartmentCode, Finding, FindingCode, IndicatorTable, Month, Period, Place,
};
use crate::present::captions;
use crate::report;
use crate::run::alert;
use crate::run::kit::definition::DEFINITION;
use crate::run::kit::files::{sync_folder, write_synced};
use crate::run::kit::{Desk, RunError};
use crate::run::post::troubles;

/// The program's version as runs record it.
pub const PROGRAM: &str = concat!("wenjin ", env!("CARGO_PKG_VERSION"));

/// The digest of the tables alone: equal for equal inputs across program versions.
///
/// # Errors
/// A table cannot be written as JSON.
pub fn figures_hash(shown: &Shown) -> Result<String, RunError> {
    let text = serde_json::to_vec(&(&shown.tables, &shown.tasks))
        .map_err(|error| LedgerError::Content { place: "the digest of the tables".to_owned(), reason: error.to_string() })?;
    Ok(ContentHash::of(&text).0)
}

/// Draws up the month: figures, what is corrected against the last version, and everything shown beside them.
///
/// Changes of light are told from `printed`, a version of last month. A table that cannot be added up is left out and named: on the
/// sheet of findings, and to whoever is alerted.
pub fn draw_up(
    desk: &Desk,
    (inputs, accepted): (&Inputs, &[Accepted]),
    latest: Option<&Version>,
    printed: Option<&Version>,
) -> Result<Drawn, RunError> {
    let period = inputs.period;
    let (mut figures, left_out) = aggregate::draw_up_without_faulty(&desk.plan, period, accepted, &desk.settings.appearance)?;
    if let Some(printed) = printed {
        aggregate::tell_from(&desk.plan, period, &mut figures.tables, &printed.shown.tables);
    }
    let left_out: LeftOut = left_out.into_iter().filter_map(|at| accepted.get(at)).map(not_counted).collect();
    let mut findings = inputs.findings.clone();
    findings.extend(left_out.iter().cloned());
    let drawing = Drawing { inputs: &inputs.list(), tables: &figures.tables, plan_hash: &desk.plan.hash, definition: DEFINITION };
    let corrections = corrections(desk, latest, &drawing)?;
    let month = Month {
        period,
        version: latest.map_or(1, |old| old.version + 1),
        now: desk.clock.now,
        tables: figures.tables,
        tasks: figures.tasks,
        lagging: figures.lagging,
        unexplained: figures.unexplained,
        reporting: inputs.reporting.clone(),
        findings,
        corrections,
        arrivals: arrivals(desk, period)?,
    };
    Ok(Drawn { month, left_out, since: printed.map(|version| version.version) })
}

/// A month as it was drawn up.
pub struct Drawn {
    pub month: Month,
    pub left_out: LeftOut,
    /// As [`Shown::since`].
    pub since: Option<u32>,
}

/// The newest version of the month before, in the same year: lights begin anew in January.
pub fn last_printed(desk: &Desk, period: Period) -> Result<Option<Version>, RunError> {
    let last = period.previous();
    if last.year() == period.year() { Ok(desk.ledger.latest(last)?) } else { Ok(None) }
}

/// The version of the month before from which `version` told changes of light.
pub fn printed_before(desk: &Desk, version: &Version) -> Result<Option<Version>, RunError> {
    let Some(number) = version.shown.since else { return Ok(None) };
    let last = version.period.previous();
    Ok(Some(desk.ledger.version(last, Some(number))?.ok_or(RunError::NoVersion { period: last })?))
}

/// The accepted tables that could not be added up, each with whose it is.
pub type LeftOut = Vec<(DepartmentCode, Finding)>;

fn not_counted(one: &Accepted) -> (DepartmentCode, Finding) {
    let table = &one.observations;
    let place = Place { file: one.file.clone(), sheet: Some(table.sheet.clone()), cell: None };
    let message = format!("{}本表有数值超出计算范围，未计入本次汇总，请核对修改后重新报送。", captions::month_label(table.period));
    let finding = Finding { dataset: Some(table.dataset.clone()), ..Finding::new(FindingCode::OutOfRange, place, message) };
    (table.department.clone(), finding)
}

/// Tells the operator which tables a draw-up of `period` left out, and when none of them is any more.
pub fn tell_left_out(desk: &mut Desk, period: Period, left_out: &LeftOut) -> Result<(), RunError> {
    let mut keys = BTreeSet::new();
    for (department, finding) in left_out {
        let dataset = finding.dataset.as_deref().unwrap_or_default();
        let title = desk.plan.dataset(dataset).map_or(dataset, |dataset| dataset.title.as_str());
        let text = format!(
            "{}的“{title}”有数值超出计算范围，未计入{period}的汇总，其余照常；请核对后请该单位重新报送，或撤回该文件",
            desk.plan.department_name(department)
        );
        let key = format!("figures.left_out:{period}:{department}:{dataset}");
        alert::raise(desk, &key, &text)?;
        keys.insert(key);
    }
    let mine = format!("figures.left_out:{period}");
    for open in desk.ledger.open_alerts()?.iter().filter(|open| open.key.starts_with(&mine) && !keys.contains(&open.key)) {
        alert::recover(desk, &open.key, "该表数据已能汇总，或不再采用")?;
    }
    Ok(())
}

/// What a version shows, and what it was drawn up from and with.
pub struct Drawing<'a> {
    pub inputs: &'a [Input],
    pub tables: &'a [IndicatorTable],
    pub plan_hash: &'a str,
    pub definition: u32,
}

impl<'a> Drawing<'a> {
    /// That of a version that counts.
    pub fn of(version: &'a Version) -> Self {
        let Version { inputs, shown, plan_hash, definition, .. } = version;
        Self { inputs, tables: &shown.tables, plan_hash, definition: *definition }
    }
}

/// What `drawing` prints otherwise than the version before.
pub fn corrections(desk: &Desk, before: Option<&Version>, drawing: &Drawing<'_>) -> Result<Vec<Correction>, RunError> {
    let Some(old) = before else { return Ok(Vec::new()) };
    let withdrawn = withdrawn(desk, old.period)?;
    let definition_moved = (old.plan_hash.as_str(), old.definition) != (drawing.plan_hash, drawing.definition);
    let causes = Causes { plan: &desk.plan, old: &old.inputs, new: drawing.inputs, withdrawn: &withdrawn, definition_moved };
    Ok(aggregate::corrections(&desk.plan, &old.shown.tables, drawing.tables, &|row| causes.of(row)))
}

/// How a version is committed.
pub struct Commission {
    pub digest: String,
    /// Of its mails.
    pub state: DeliveryState,
    pub cause: Cause,
    pub recipients: Recipients,
    /// As [`Shown::since`].
    pub since: Option<u32>,
}

/// Writes the version's workbooks, stores its messages, and makes both count in one transaction.
pub fn commit(
    desk: &mut Desk,
    lease: &Lease,
    month: &Month,
    (inputs, accepted): (&Inputs, &[Accepted]),
    commission: &Commission,
) -> Result<Version, RunError> {
    let Commission { state, recipients, .. } = commission;
    let books = report::books(&desk.plan, &desk.settings.appearance, &desk.settings.office, month)?;
    let attachments: Vec<Attachment<'_>> = books
        .iter()
        .map(|book| Attachment { department: book.department.as_ref(), file_name: &book.file_name, bytes: &book.bytes })
        .collect();
    let Composed { messages, unbuilt } = deliver::compose(&desk.plan, &desk.settings, month, &attachments, recipients);
    let unbuilt: Vec<_> = unbuilt.into_iter().map(|one| (one.message, one.error.to_string())).collect();

    let folder = desk.reports(month.period);
    // The name bears the fence: two holders never write into one folder.
    let staged = folder.join(format!(".v{}.f{}.staged", month.version, lease.fence));
    // The operator's page stands with the workbooks it is about: all of them are visible or none.
    let page = if *state == DeliveryState::Held { Some((page::file_name(month), page::page(desk, month, accepted)?)) } else { None };
    if let Err(error) = stage(&staged, &books, page) {
        // Whoever took the period over has removed what we staged: that, not the missing folder, is what went wrong.
        desk.ledger.still_held(lease)?;
        return Err(error);
    }

    let version = record(desk, month, inputs, &books, commission)?;
    let place = folder.join(format!("v{}", month.version));
    let committed = desk.ledger.commit_version(lease, &version, &messages, &unbuilt, *state, &|| put_in_place(&staged, &place));
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
    if !unbuilt.is_empty() {
        troubles::tell_operator(desk)?;
    }
    Ok(version)
}

/// The version as the ledger keeps it.
fn record(desk: &Desk, month: &Month, inputs: &Inputs, books: &[report::Book], commission: &Commission) -> Result<Version, RunError> {
    let shown = Shown {
        tables: month.tables.clone(),
        tasks: month.tasks.clone(),
        reporting: month.reporting.clone(),
        since: commission.since,
        unexplained: month.unexplained.clone(),
        corrections: Some(month.corrections.clone()),
    };
    let manifest = books
        .iter()
        .map(|book| ManifestEntry { file: book.file_name.clone(), hash: ContentHash::of(&book.bytes), department: book.department.clone() })
        .collect();
    Ok(Version {
        period: month.period,
        version: month.version,
        digest: commission.digest.clone(),
        plan_hash: desk.plan.hash.clone(),
        definition: DEFINITION,
        program: PROGRAM.to_owned(),
        cause: commission.cause,
        now: desk.at(),
        manifest,
        inputs: inputs.list(),
        figures_hash: figures_hash(&shown)?,
        shown,
    })
}

/// Writes the workbooks beside the versions, on disk but not yet one of them.
fn stage(staged: &Path, books: &[report::Book], page: Option<(String, String)>) -> Result<(), RunError> {
    std::fs::create_dir_all(staged).map_err(RunError::at(staged))?;
    for book in books {
        write_synced(&staged.join(&book.file_name), &book.bytes)?;
        crash_point!("run.workbook_half").map_err(RunError::at(staged))?;
    }
    if let Some((name, text)) = page {
        write_synced(&staged.join(name), text.as_bytes())?;
    }
    sync_folder(staged)?;
    crash_point!("run.staged").map_err(RunError::at(staged))
}

/// Makes a staged folder a version's; called inside the transaction that makes it count.
fn put_in_place(staged: &Path, place: &Path) -> std::io::Result<()> {
    crash_point!("run.committing")?;
    std::fs::rename(staged, place)?;
    crash_point!("run.manifest_renamed")?;
    place.parent().map_or(Ok(()), |folder| std::fs::File::open(folder)?.sync_all())
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
