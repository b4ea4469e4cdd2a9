//! Receiving: files of any period, read, judged and remembered in order of arrival.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use super::explanations::Explanations;
use super::{Desk, Progress, RunError, room};
use crate::archive::Archive;
use crate::collect;
use crate::crash_point;
use crate::ingest::check::{Past, check, explain, join};
use crate::ingest::reading::{Read, Reading};
use crate::ingest::{self, Overrides};
use crate::ledger::{Arrival, Judgement, SubmissionState};
use crate::model::{Accepted, Account, ContentHash, DepartmentCode, Finding, Observations, Period, Refusal, Submission};

/// One file as it was judged in this run.
#[derive(Debug, Clone)]
pub struct Received {
    pub file: String,
    pub state: SubmissionState,
    pub reason: Option<Refusal>,
    pub findings: Vec<Finding>,
    /// Where its cells went; `None` for a file that was refused.
    pub account: Option<Account>,
}

/// Receives files handed in by a person; what he says of department and period is kept with them.
pub fn from_files(
    desk: &mut Desk,
    paths: &[PathBuf],
    department: Option<DepartmentCode>,
    period: Option<Period>,
    explanations: &Explanations,
    progress: &dyn Progress,
) -> Result<Vec<Received>, RunError> {
    let mut submissions = Vec::new();
    let mut received = Vec::new();
    for path in paths {
        match collect::file(path, &desk.settings.limits)? {
            Ok(mut submission) => {
                // Kept as the folders of a source would say it, so that a later reading finds it again.
                submission.folders.extend(department.iter().map(|code| desk.plan.department_name(code).to_owned()));
                submission.folders.extend(period.map(|period| period.to_string()));
                submissions.push(submission);
            }
            Err(reason) => {
                let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                received.push(Received {
                    file,
                    state: SubmissionState::Refused,
                    reason: Some(reason),
                    findings: Vec::new(),
                    account: None,
                });
            }
        }
    }
    keep_times(desk, &mut submissions)?;
    let overrides = Overrides { department, period };
    received.extend(receive(desk, submissions, &overrides, explanations, progress)?);
    Ok(received)
}

/// A file that stands keeps the time it was acknowledged with; one that was superseded, returned or withdrawn comes anew.
fn keep_times(desk: &Desk, submissions: &mut [Submission]) -> Result<(), RunError> {
    let stands: HashSet<ContentHash> = all_standing(desk)?.into_iter().map(|one| one.hash).collect();
    let known = desk.ledger.submissions()?;
    for submission in submissions.iter_mut().filter(|submission| stands.contains(&submission.hash)) {
        let path = submission.path();
        let same = known.iter().find(|one| one.hash == submission.hash && one.path == path && one.state == SubmissionState::Accepted);
        submission.received_at = same.map(|one| one.received_at);
    }
    Ok(())
}

/// Reads `submissions` in parallel, judges them in order of arrival, and remembers all of it in one commit.
pub fn receive(
    desk: &mut Desk,
    mut submissions: Vec<Submission>,
    overrides: &Overrides,
    explanations: &Explanations,
    progress: &dyn Progress,
) -> Result<Vec<Received>, RunError> {
    if submissions.is_empty() {
        return Ok(Vec::new());
    }
    let now = desk.clock.now;
    submissions.sort_by(|a, b| {
        let at = |submission: &Submission| submission.received_at.unwrap_or(now);
        at(a).cmp(&at(b)).then_with(|| a.hash.cmp(&b.hash)).then_with(|| a.path().cmp(&b.path()))
    });
    room::is_left_for(desk, &submissions)?;
    let of = submissions.len();
    let readings =
        ingest::read_all(&submissions, &desk.plan, &desk.settings.limits, &desk.worker, overrides, &|done| progress.step(done, of))
            .map_err(RunError::Worker)?;

    let mut standing = Standing::load(desk, &submissions)?;
    let mut received = Vec::new();
    let mut arrivals = Vec::new();
    let mut kept = Vec::new();
    for (submission, reading) in submissions.iter().zip(readings) {
        let (judgement, account) = match reading {
            Reading::Refused(refusal) => (refused(desk, submission, refusal), None),
            Reading::Read(mut read) => {
                let account = std::mem::take(&mut read.account);
                (judge(desk, submission, read, explanations, &mut standing)?, Some(account))
            }
        };
        let reason = judgement.reason.as_deref().and_then(Refusal::parse);
        if reason != Some(Refusal::SuspectedSecret) {
            kept.push(submission);
        }
        received.push(Received {
            file: submission.file.clone(),
            state: judgement.state,
            reason,
            findings: judgement.findings.clone(),
            account,
        });
        arrivals.push(Arrival {
            hash: submission.hash.clone(),
            path: submission.path(),
            file: submission.file.clone(),
            received_at: submission.received_at.unwrap_or(now),
            again: submission.received_at.is_none(),
            judgement,
        });
    }
    // Acknowledged only once the originals are on disk.
    keep(&desk.archive, &kept).map_err(RunError::at(desk.settings.data.join("archive")))?;
    if received.iter().any(|one| one.state == SubmissionState::Refused) {
        crash_point!("parse.quarantined").map_err(RunError::at("archive"))?;
    }
    desk.ledger.record(&desk.at(), &arrivals)?;
    if !arrivals.is_empty() {
        crash_point!("accept.committed").map_err(RunError::at("ledger"))?;
    }
    Ok(received)
}

/// Archives originals, several at a time: each waits for the disk, and the disk syncs several as fast as one.
fn keep(archive: &Archive, submissions: &[&Submission]) -> std::io::Result<()> {
    const SIDE_BY_SIDE: usize = 8;
    let share = submissions.len().div_ceil(SIDE_BY_SIDE).max(1);
    let outcomes: Vec<std::io::Result<()>> = std::thread::scope(|scope| {
        let put = |part: &[&Submission]| part.iter().try_for_each(|submission| archive.put(&submission.bytes).map(drop));
        let threads: Vec<_> = submissions.chunks(share).map(|part| scope.spawn(move || put(part))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(std::io::Error::other("archiving stopped")))).collect()
    });
    outcomes.into_iter().collect()
}

fn refused(desk: &Desk, submission: &Submission, refusal: Refusal) -> Judgement {
    tracing::warn!(hash = %submission.hash, reason = refusal.code(), "submission refused");
    Judgement {
        state: SubmissionState::Refused,
        reason: Some(refusal.code().to_owned()),
        department: None,
        period: None,
        plan_hash: desk.plan.hash.clone(),
        findings: Vec::new(),
        observations: Vec::new(),
    }
}

/// Applies the rules to what was read; the file is the unit of acceptance.
fn judge(
    desk: &mut Desk,
    submission: &Submission,
    read: Read,
    explanations: &Explanations,
    standing: &mut Standing,
) -> Result<Judgement, RunError> {
    let past = standing.past(&read);
    let checked = check(&desk.plan, &read.department, read.period, &read.file, &read.observations, &past.as_past());
    // Each fault is told once: what only echoes an unreadable cell is dropped.
    let mut findings = join(&desk.plan, read.findings, &checked);
    let mut written = desk.ledger.explanations(&read.department, read.period)?;
    for finding in &findings {
        if let Some(text) = explanations.of(finding) {
            desk.ledger.explain(&desk.clock.now.to_rfc3339(), &read.department, read.period, &finding.identity(), text)?;
            written.insert(finding.identity(), text.to_owned());
        }
    }
    explain(&mut findings, &written);
    let returned = findings.iter().any(Finding::returns_file);
    let state = if returned { SubmissionState::Returned } else { SubmissionState::Accepted };
    if !returned {
        standing.accept(submission, desk.clock.now, &read.observations);
    }
    Ok(Judgement {
        state,
        reason: None,
        department: Some(read.department),
        period: Some(read.period),
        plan_hash: desk.plan.hash.clone(),
        findings,
        observations: read.observations,
    })
}

/// What stands, of all periods.
fn all_standing(desk: &Desk) -> Result<Vec<Accepted>, RunError> {
    let (Some(first), Some(last)) = (Period::new(1900, 1), Period::new(9999, 12)) else { return Ok(Vec::new()) };
    Ok(desk.ledger.standing(first, last)?)
}

/// The accepted observations so far, kept in step while a batch is judged.
struct Standing(BTreeMap<(Period, DepartmentCode, String), Accepted>);

impl Standing {
    /// Loads what stands, without the files that are about to be judged anew.
    fn load(desk: &Desk, anew: &[Submission]) -> Result<Self, RunError> {
        let anew: HashSet<_> = anew.iter().map(|submission| &submission.hash).collect();
        let all = all_standing(desk)?.into_iter().filter(|accepted| !anew.contains(&accepted.hash));
        Ok(Self(all.map(|a| ((a.observations.period, a.observations.department.clone(), a.observations.dataset.clone()), a)).collect()))
    }

    fn accept(&mut self, submission: &Submission, now: chrono::DateTime<chrono::FixedOffset>, observations: &[Observations]) {
        let received_at = submission.received_at.unwrap_or(now);
        for one in observations {
            let key = (one.period, one.department.clone(), one.dataset.clone());
            if self.0.get(&key).is_some_and(|present| present.received_at > received_at) {
                continue;
            }
            self.0.insert(
                key,
                Accepted { observations: one.clone(), file: submission.file.clone(), hash: submission.hash.clone(), received_at },
            );
        }
    }

    /// What the rules may compare a file with.
    fn past(&self, read: &Read) -> OwnedPast {
        let mut past = OwnedPast::default();
        for one in &read.observations {
            let mut earlier = self.0.range((
                std::ops::Bound::Unbounded,
                std::ops::Bound::Excluded((read.period, DepartmentCode(String::new()), String::new())),
            ));
            let previous = earlier.rfind(|((period, department, dataset), _)| {
                *department == read.department && *dataset == one.dataset && *period >= read.period.back(12)
            });
            past.previous.extend(previous.map(|(_, accepted)| accepted.observations.clone()));
            let key = (read.period.year_earlier(), read.department.clone(), one.dataset.clone());
            past.year_earlier.extend(self.0.get(&key).map(|accepted| accepted.observations.clone()));
        }
        let others = self.0.iter().filter(|((period, department, _), _)| *period == read.period && *department != read.department);
        past.others.extend(others.map(|(_, accepted)| accepted.observations.clone()));
        past
    }
}

#[derive(Default)]
struct OwnedPast {
    previous: Vec<Observations>,
    year_earlier: Vec<Observations>,
    others: Vec<Observations>,
}

impl OwnedPast {
    fn as_past(&self) -> Past<'_> {
        Past { previous: &self.previous, year_earlier: &self.year_earlier, others: &self.others }
    }
}
