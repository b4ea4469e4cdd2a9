//! The inputs: the observations that stand for a period, and how each department's datasets stand (报送情况).

use std::collections::BTreeSet;

use chrono::{DateTime, FixedOffset, NaiveTime, TimeZone as _};

use crate::ledger::{Input, Recorded, SubmissionState, UnreadEntry};
use crate::model::{Accepted, DepartmentCode, Finding, FindingCode, Period, ReportState, ReportingRow, Timeliness};
use crate::plan::Dataset;
use crate::run::intake::claims::claimed;
use crate::run::intake::packages::{beside, is_below};
use crate::run::kit::{Desk, RunError};

/// The inputs of one period.
#[derive(Debug)]
pub struct Inputs {
    pub period: Period,
    /// Accepted observations from January of the year before up to the period.
    pub accepted: Vec<Accepted>,
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
        let mut list: Vec<Input> = self
            .accepted
            .iter()
            .map(|accepted| Input {
                period: accepted.observations.period,
                department: accepted.observations.department.clone(),
                dataset: accepted.observations.dataset.clone(),
                file: accepted.file.clone(),
                hash: accepted.hash.clone(),
            })
            .collect();
        list.sort();
        list
    }

    /// How many files that came could not be read and name no department.
    #[must_use]
    pub fn refused_of_nobody(&self) -> usize {
        self.refused.iter().filter(|one| one.department.is_none()).count()
    }

    /// How each reporting department stands, in 机构序列; departments with nothing due are left out.
    #[must_use]
    pub fn by_department(&self) -> Vec<(DepartmentCode, Standing)> {
        let mut standings: Vec<(DepartmentCode, Standing)> = Vec::new();
        for row in &self.reporting {
            let standing = match row.state {
                ReportState::Accepted | ReportState::Superseded => Standing::Accepted,
                ReportState::Returned => Standing::Returned,
                ReportState::Refused => Standing::Refused,
                ReportState::Missing => Standing::Missing,
                ReportState::NotDue => continue,
            };
            match standings.iter_mut().find(|(department, _)| *department == row.department) {
                Some((_, present)) => *present = (*present).max(standing),
                None => standings.push((row.department.clone(), standing)),
            }
        }
        standings
    }
}

/// The period from which on observations are used for `period`: January of the year before.
#[must_use]
pub fn leans_from(period: Period) -> Period {
    Period::new(period.year() - 1, 1).unwrap_or(period)
}

/// Gathers the inputs of `period` from the ledger.
pub fn gather(desk: &Desk, period: Period) -> Result<Inputs, RunError> {
    let accepted = desk.ledger.standing(leans_from(period), period)?;
    let (refused, read): (Vec<_>, Vec<_>) = desk.ledger.submissions()?.into_iter().partition(|one| one.state == SubmissionState::Refused);
    let submissions: Vec<Recorded> = read.into_iter().filter(|one| one.period == Some(period)).collect();
    let opened = opened_since(desk, &refused)?;
    let refused = refused.into_iter().filter(|one| !opened.contains(&one.id));
    let refused = refused.filter_map(|one| unreadable(desk, one, period)).collect::<Vec<_>>();
    let unread: Vec<UnreadEntry> = desk.ledger.unread()?.into_iter().filter(|one| one.period.is_none_or(|known| known == period)).collect();
    let mut covered = Vec::new();
    for submission in &submissions {
        covered.push(desk.ledger.datasets_of(submission.id)?);
    }
    let mut reporting = Vec::new();
    for department in desk.plan.reporting_departments() {
        for dataset in desk.plan.datasets.iter().filter(|dataset| dataset.from.contains(&department.code)) {
            let mut row = row(desk, period, &department.code, dataset, &accepted, &submissions, &covered);
            tell_unreadable(&mut row, &refused, &unread);
            reporting.push(row);
        }
    }
    let findings = findings(&accepted, &submissions, period);
    Ok(Inputs { period, accepted, reporting, submissions, refused, unread, findings })
}

/// The periods something came for, oldest first.
///
/// # Errors
/// Of the ledger.
pub fn periods(desk: &Desk) -> Result<BTreeSet<Period>, RunError> {
    Ok(desk.ledger.submissions()?.iter().filter_map(|submission| submission.period).collect())
}

/// Whether a file that came carries `dataset`.
///
/// # Errors
/// Of the ledger.
pub fn carries(desk: &Desk, submission: &Recorded, dataset: &str) -> Result<bool, RunError> {
    Ok(desk.ledger.datasets_of(submission.id)?.iter().any(|one| one == dataset))
}

/// Zips that were refused once and whose files have been received since.
fn opened_since(desk: &Desk, refused: &[Recorded]) -> Result<Vec<i64>, RunError> {
    let mut opened = Vec::new();
    for one in refused {
        if desk.ledger.package(&one.hash)?.is_some() && desk.ledger.has_below(&one.path)? {
            opened.push(one.id);
        }
    }
    Ok(opened)
}

/// A refused file of `period`, or of no known month and come since its end.
fn unreadable(desk: &Desk, submission: Recorded, period: Period) -> Option<Unreadable> {
    let (department, known) = claimed(desk, &submission);
    let may_be = known.is_none() && submission.received_at.date_naive() > period.last_day();
    (known == Some(period) || may_be).then_some(Unreadable { submission, department, period: known })
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
    } else if let Some(entry) = unread.iter().find(|one| one.period.is_some() && one.department.as_ref() == Some(&row.department)) {
        row.state = ReportState::Refused;
        (row.file, row.hash, row.received_at) = (entry.path.rsplit('/').next().map(str::to_owned), None, None);
    }
}

fn row(
    desk: &Desk,
    period: Period,
    department: &DepartmentCode,
    dataset: &Dataset,
    accepted: &[Accepted],
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
    let stands = accepted.iter().find(|one| {
        one.observations.period == period && one.observations.department == *department && one.observations.dataset == dataset.code
    });
    let due = desk.plan.calendar.due(period, dataset.due_day);
    let is_due = desk.plan.owes(dataset, period);
    // A table of a returned file that could not be read as such is in it all the same.
    let holds = |submission: &Recorded| {
        let is_about = |finding: &Finding| finding.dataset.as_ref() == Some(&dataset.code) && finding.code != FindingCode::MissingSheet;
        submission.findings.iter().any(is_about)
    };
    let returned = submissions.iter().zip(covered).rev().find(|(submission, datasets)| {
        submission.department.as_ref() == Some(department)
            && submission.state == SubmissionState::Returned
            && (datasets.contains(&dataset.code) || holds(submission))
    });
    let returned = returned.map(|(submission, _)| submission);
    // A returned file whose tables could not be told apart still counts as returned for all of them.
    let unread = submissions
        .iter()
        .zip(covered)
        .rev()
        .find(|(s, datasets)| s.department.as_ref() == Some(department) && s.state == SubmissionState::Returned && datasets.is_empty())
        .map(|(submission, _)| submission);
    let state = match (stands, returned.or(unread)) {
        (Some(_), _) => ReportState::Accepted,
        (None, Some(_)) if is_due => ReportState::Returned,
        (None, _) if is_due => ReportState::Missing,
        (None, _) => ReportState::NotDue,
    };
    let first_accepted = came.iter().find(|submission| submission.state == SubmissionState::Accepted);
    let shown = returned.or(unread).filter(|_| stands.is_none());
    ReportingRow {
        department: department.clone(),
        dataset: dataset.code.clone(),
        title: dataset.title.clone(),
        due,
        state,
        timeliness: first_accepted.map(|first| timeliness(desk, first.received_at, due)),
        file: stands.map(|one| one.file.clone()).or_else(|| shown.map(|one| one.file.clone())),
        hash: stands.map(|one| one.hash.clone()).or_else(|| shown.map(|one| one.hash.clone())),
        received_at: stands.map(|one| one.received_at).or_else(|| shown.map(|one| one.received_at)),
        versions: u32::try_from(came.iter().map(|one| &one.hash).collect::<std::collections::HashSet<_>>().len()).unwrap_or(u32::MAX),
    }
}

/// On time: in the office's zone, by the deadline's hour of the due day.
fn timeliness(desk: &Desk, received_at: DateTime<FixedOffset>, due: chrono::NaiveDate) -> Timeliness {
    let zone = desk.settings.schedule.zone;
    let hour = NaiveTime::from_hms_opt(desk.settings.schedule.deadline_hour, 0, 0).unwrap_or(NaiveTime::MIN);
    let deadline = zone.from_local_datetime(&due.and_time(hour)).earliest();
    if deadline.is_some_and(|deadline| received_at > deadline) { Timeliness::Late } else { Timeliness::OnTime }
}

/// Findings of the period's standing files, and of each department's newest returned file while it has not been mended.
fn findings(accepted: &[Accepted], submissions: &[Recorded], period: Period) -> Vec<(DepartmentCode, Finding)> {
    let stands = |submission: &Recorded| {
        accepted.iter().any(|one| {
            one.hash == submission.hash
                && one.observations.period == period
                && Some(&one.observations.department) == submission.department.as_ref()
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
    let paths = || inputs.submissions.iter().chain(inputs.refused.iter().map(|one| &one.submission)).map(|one| one.path.as_str());
    let packages = desk.ledger.packages()?;
    Ok(packages.iter().filter(|package| paths().any(|path| is_below(path, &package.path))).filter_map(beside).collect())
}
