//! The inputs: the observations that stand for a period, and how each department's datasets stand (报送情况).

use std::collections::BTreeSet;

use chrono::{DateTime, FixedOffset, NaiveTime, TimeZone as _};

use crate::ledger::{Input, Recorded, Stands, SubmissionState, UnreadEntry};
use crate::model::{Accepted, DepartmentCode, Finding, FindingCode, Period, ReportState, ReportingRow, Timeliness};
use crate::plan::Dataset;
use crate::run::intake::claims::claimed;
use crate::run::intake::packages::{above, beside};
use crate::run::kit::{Desk, RunError};

/// The inputs of one period.
#[derive(Debug)]
pub struct Inputs {
    pub period: Period,
    /// Which accepted files stand for what, from January of the year before up to the period; their tables are read by [`Self::tables`].
    pub stands: Vec<Stands>,
    /// Department × dataset in 机构序列.
    pub reporting: Vec<ReportingRow>,
    /// The period's submissions that were read, in order of arrival.
    pub submissions: Vec<Recorded>,
    /// Those that came and could not be read; of unknown month where they may be the period's.
    pub refused: Vec<Unreadable>,
    /// What the sources hold and nobody could open; of unknown month too.
    pub unread: Vec<UnreadEntry>,
    /// Findings of the files that stand and of the newest returned ones.
    pub findings: Vec<(DepartmentCode, Finding)>,
}

/// A file that came and could not be read.
#[derive(Debug)]
pub struct Unreadable {
    pub submission: Recorded,
    /// Whose it is and of which month, as far as its name and folders tell.
    pub department: Option<DepartmentCode>,
    pub period: Option<Period>,
}

/// How a department's file stands: the worst of its datasets that are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Accepted,
    Returned,
    Refused,
    Missing,
}

impl Inputs {
    /// Whether not a single file for the period was ever readable.
    #[must_use]
    pub fn nothing_came(&self) -> bool {
        self.submissions.is_empty()
    }

    /// Which submission stood for what.
    #[must_use]
    pub fn list(&self) -> Vec<Input> {
        let mut list: Vec<Input> = self.stands.iter().map(|one| one.input.clone()).collect();
        list.sort();
        list
    }

    /// Reads the tables that stand.
    ///
    /// # Errors
    /// Of the ledger.
    pub fn tables(&self, desk: &Desk) -> Result<Vec<Accepted>, RunError> {
        Ok(desk.ledger.tables(self.stands.clone())?)
    }

    /// How many files that came could not be read and name no department.
    #[must_use]
    pub fn refused_of_nobody(&self) -> usize {
        self.refused.iter().filter(|one| one.department.is_none()).count()
    }

    /// How each reporting department stands, in 机构序列; departments with nothing due are left out.
    #[must_use]
    pub fn by_department(&self) -> Vec<(DepartmentCode, Standing)> {
        worst(self.reporting.iter().map(|row| (&row.department, row.state)))
    }
}

/// The worst of each department's tables that are due; departments with nothing due are left out.
pub fn worst<'a>(tables: impl Iterator<Item = (&'a DepartmentCode, ReportState)>) -> Vec<(DepartmentCode, Standing)> {
    let mut standings: Vec<(DepartmentCode, Standing)> = Vec::new();
    for (department, state) in tables {
        let standing = match state {
            ReportState::Accepted | ReportState::Superseded => Standing::Accepted,
            ReportState::Returned => Standing::Returned,
            ReportState::Refused => Standing::Refused,
            ReportState::Missing => Standing::Missing,
            ReportState::NotDue => continue,
        };
        match standings.iter_mut().find(|(known, _)| known == department) {
            Some((_, present)) => *present = (*present).max(standing),
            None => standings.push((department.clone(), standing)),
        }
    }
    standings
}

/// The period from which on observations are used for `period`: January of the year before.
#[must_use]
pub fn leans_from(period: Period) -> Period {
    Period::new(period.year() - 1, 1).unwrap_or(period)
}

/// Gathers the inputs of `period` from the ledger.
pub fn gather(desk: &Desk, period: Period) -> Result<Inputs, RunError> {
    let stands = desk.ledger.stands(None, leans_from(period)..=period)?;
    let submissions = desk.ledger.submissions_of(period)?.into_iter().filter(|one| one.state != SubmissionState::Refused);
    let submissions: Vec<Recorded> = submissions.collect();
    let refused = refused(desk)?.into_iter().filter(|one| is_of(one, period)).collect::<Vec<_>>();
    let unread: Vec<UnreadEntry> = desk.ledger.unread()?.into_iter().filter(|one| one.period.is_none_or(|known| known == period)).collect();
    let mut covered = Vec::new();
    for submission in &submissions {
        covered.push(desk.ledger.datasets_of(submission.id)?);
    }
    let mut reporting = Vec::new();
    for department in desk.plan.reporting_departments() {
        for dataset in desk.plan.datasets.iter().filter(|dataset| dataset.from.contains(&department.code)) {
            let mut row = row(desk, period, &department.code, dataset, &stands, &submissions, &covered);
            tell_unreadable(&mut row, &refused, &unread);
            reporting.push(row);
        }
    }
    let findings = findings(&stands, &submissions, period);
    Ok(Inputs { period, stands, reporting, submissions, refused, unread, findings })
}

/// Whether a file that came carries `dataset`.
///
/// # Errors
/// Of the ledger.
pub fn carries(desk: &Desk, submission: &Recorded, dataset: &str) -> Result<bool, RunError> {
    Ok(desk.ledger.datasets_of(submission.id)?.iter().any(|one| one == dataset))
}

/// All files that came and could not be read; without zips that were refused once and whose files have been received since.
///
/// # Errors
/// Of the ledger.
pub fn refused(desk: &Desk) -> Result<Vec<Unreadable>, RunError> {
    let mut found = Vec::new();
    for submission in desk.ledger.refused()? {
        if desk.ledger.package(&submission.hash)?.is_some() && desk.ledger.has_below(&submission.path)? {
            continue;
        }
        let (department, period) = claimed(desk, &submission);
        found.push(Unreadable { submission, department, period });
    }
    Ok(found)
}

/// Whether a refused file is of `period`, or of no known month and came since its end.
fn is_of(one: &Unreadable, period: Period) -> bool {
    one.period.map_or_else(|| one.submission.received_at.date_naive() > period.last_day(), |known| known == period)
}

/// What is owed and lies here unreadable is not missing: the newest such file of the department stands for it.
fn tell_unreadable(row: &mut ReportingRow, refused: &[Unreadable], unread: &[UnreadEntry]) {
    if !row.state.is_owed() {
        return;
    }
    let mine = |one: &&Unreadable| one.period.is_some() && one.department.as_ref() == Some(&row.department);
    let newest = refused.iter().rev().find(mine).map(|one| &one.submission);
    if let Some(newest) = newest.filter(|newest| row.received_at.is_none_or(|returned| returned < newest.received_at)) {
        row.state = ReportState::Refused;
        (row.file, row.hash, row.received_at) = (Some(newest.file.clone()), Some(newest.hash.clone()), Some(newest.received_at));
    } else if let Some(entry) =
        unread.iter().find(|one| one.counts() && one.period.is_some() && one.department.as_ref() == Some(&row.department))
    {
        row.state = ReportState::Refused;
        (row.file, row.hash, row.received_at) = (entry.path.rsplit('/').next().map(str::to_owned), None, None);
    }
}

fn row(
    desk: &Desk,
    period: Period,
    department: &DepartmentCode,
    dataset: &Dataset,
    stands: &[Stands],
    submissions: &[Recorded],
    covered: &[Vec<String>],
) -> ReportingRow {
    let came: Vec<&Recorded> = submissions
        .iter()
        .zip(covered)
        .filter(|(submission, datasets)| submission.department.as_ref() == Some(department) && datasets.contains(&dataset.code))
        .map(|(submission, _)| submission)
        .filter(|submission| submission.state != SubmissionState::Withdrawn)
        .collect();
    let stands = stands.iter().find(|one| {
        let Input { period: month, department: whose, dataset: table, .. } = &one.input;
        (*month, whose, table) == (period, department, &dataset.code)
    });
    let due = desk.plan.calendar.due(period, dataset.due_day);
    let is_due = desk.plan.owes(dataset, period);
    let own = submissions.iter().zip(covered).filter(|(submission, _)| submission.department.as_ref() == Some(department));
    let returned = returned(own, &dataset.code);
    let state = match (stands, returned) {
        (Some(_), _) => ReportState::Accepted,
        (None, Some(_)) if is_due => ReportState::Returned,
        (None, _) if is_due => ReportState::Missing,
        (None, _) => ReportState::NotDue,
    };
    let first_accepted = came.iter().find(|submission| submission.state == SubmissionState::Accepted);
    let shown = returned.filter(|_| stands.is_none());
    ReportingRow {
        department: department.clone(),
        dataset: dataset.code.clone(),
        title: dataset.title.clone(),
        due,
        state,
        timeliness: first_accepted.map(|first| timeliness(desk, first.received_at, due)),
        file: stands.map(|one| one.input.file.clone()).or_else(|| shown.map(|one| one.file.clone())),
        hash: stands.map(|one| one.input.hash.clone()).or_else(|| shown.map(|one| one.hash.clone())),
        received_at: stands.map(|one| one.received_at).or_else(|| shown.map(|one| one.received_at)),
        versions: u32::try_from(came.iter().map(|one| &one.hash).collect::<std::collections::HashSet<_>>().len()).unwrap_or(u32::MAX),
    }
}

/// The newest of a department's `files`, each with the datasets it carries, that is returned and counts for `dataset`.
pub fn returned<'a>(
    files: impl DoubleEndedIterator<Item = (&'a Recorded, &'a Vec<String>)> + Clone,
    dataset: &str,
) -> Option<&'a Recorded> {
    // A table of a returned file that could not be read as such is in it all the same.
    let holds = |file: &Recorded| {
        let is_about = |finding: &Finding| finding.dataset.as_deref() == Some(dataset) && finding.code != FindingCode::MissingSheet;
        file.findings.iter().any(is_about)
    };
    let files = files.filter(|(file, _)| file.state == SubmissionState::Returned).rev();
    let carries = |(file, datasets): &(&Recorded, &Vec<String>)| datasets.iter().any(|one| one == dataset) || holds(file);
    // One whose tables could not be told apart still counts as returned for all of them.
    let found = files.clone().find(carries).or_else(|| files.clone().find(|(_, datasets)| datasets.is_empty()));
    found.map(|(file, _)| file)
}

/// On time: in the office's zone, by the deadline's hour of the due day.
fn timeliness(desk: &Desk, received_at: DateTime<FixedOffset>, due: chrono::NaiveDate) -> Timeliness {
    let zone = desk.settings.schedule.zone;
    let hour = NaiveTime::from_hms_opt(desk.settings.schedule.deadline_hour, 0, 0).unwrap_or(NaiveTime::MIN);
    let deadline = zone.from_local_datetime(&due.and_time(hour)).earliest();
    if deadline.is_some_and(|deadline| received_at > deadline) { Timeliness::Late } else { Timeliness::OnTime }
}

/// Findings of the period's standing files, and of each department's newest returned file while it has not been mended.
fn findings(all: &[Stands], submissions: &[Recorded], period: Period) -> Vec<(DepartmentCode, Finding)> {
    let stands = |submission: &Recorded| {
        all.iter().any(|one| {
            let Input { period: month, department, hash, .. } = &one.input;
            (*month, hash, Some(department)) == (period, &submission.hash, submission.department.as_ref())
        })
    };
    let mut open = Vec::new();
    let mut told = std::collections::HashSet::new();
    for (at, submission) in submissions.iter().enumerate() {
        let Some(department) = &submission.department else { continue };
        let newest = !submissions.iter().skip(at + 1).any(|later| later.department.as_ref() == Some(department));
        let relevant = match submission.state {
            SubmissionState::Accepted => stands(submission),
            SubmissionState::Returned => newest,
            SubmissionState::Refused | SubmissionState::Withdrawn => false,
        };
        // The same bytes under two names are told once.
        if relevant && told.insert((department, &submission.hash)) {
            open.extend(submission.findings.iter().map(|finding| (department.clone(), finding.clone())));
        }
    }
    open
}

/// What stood beside the tables in the zips that the period's files came in, in words.
pub fn beside_of(desk: &Desk, inputs: &Inputs) -> Result<Vec<String>, RunError> {
    let paths = inputs.submissions.iter().chain(inputs.refused.iter().map(|one| &one.submission)).map(|one| one.path.as_str());
    let zips: BTreeSet<&str> = paths.flat_map(above).collect();
    Ok(desk.ledger.packages_at(&zips)?.iter().filter_map(beside).collect())
}
