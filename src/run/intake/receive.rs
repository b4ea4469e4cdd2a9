//! Receiving: files of any period, read, judged and remembered in order of arrival.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use chrono::{DateTime, FixedOffset};

use super::explanations::{Explanations, answered};
use super::packages::Unpacked;
use super::past::{self, Standing};
use super::remarks;
use super::together::{self, Part};
use crate::archive::Archive;
use crate::collect;
use crate::crash_point;
use crate::ingest::account::remembered;
use crate::ingest::check::{check, join, leave_out, period_not_over};
use crate::ingest::reading::{Read, Reading};
use crate::ingest::{self, Overrides};
use crate::ledger::{Arrival, Judgement, Origin, SubmissionState};
use crate::model::{Account, ContentHash, DepartmentCode, Finding, FindingCode, Period, Refusal, Submission};
use crate::plan::Plan;
use crate::run::kit::definition::DEFINITION;
use crate::run::kit::{Desk, Progress, RunError, disk};

/// One file as it was judged in this run.
#[derive(Debug, Clone)]
pub struct Received {
    pub file: String,
    /// With the folders and the zip it came in, joined by `/`.
    pub path: String,
    pub state: SubmissionState,
    pub reason: Option<Refusal>,
    /// The reason in words, with what was found in a zip.
    pub message: Option<String>,
    /// What stood beside it in its zip and was not read, in words.
    pub beside: Option<String>,
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
    for path in paths {
        submissions.push(collect::file(path, &desk.settings.limits)?);
    }
    let mut unpacked = Unpacked::of(desk, submissions);
    for submission in &mut unpacked.submissions {
        // Kept as the folders of a source would say it, so that a later reading finds it again; nearest to the file, where they
        // go before what a zip's name says.
        submission.folders.extend(department.iter().map(|code| desk.plan.department_name(code).to_owned()));
        submission.folders.extend(period.map(|period| period.to_string()));
    }
    keep_times(desk, &mut unpacked.submissions)?;
    let overrides = Overrides { department, period };
    receive(desk, unpacked, &overrides, explanations, progress)
}

/// A file that stands keeps the time it was acknowledged with; one that was superseded, returned or withdrawn comes anew.
fn keep_times(desk: &Desk, submissions: &mut [Submission]) -> Result<(), RunError> {
    let stands: HashSet<ContentHash> = past::all(desk)?.into_iter().map(|input| input.hash).collect();
    let known = desk.ledger.submissions()?;
    for submission in submissions.iter_mut().filter(|submission| stands.contains(&submission.hash)) {
        let path = submission.path();
        let same = known.iter().find(|one| one.hash == submission.hash && one.path == path && one.state == SubmissionState::Accepted);
        submission.received_at = same.map(|one| one.received_at);
    }
    Ok(())
}

/// Reads submissions in parallel, judges them in order of arrival, and remembers all of it in one commit; then the zips they came in.
pub fn receive(
    desk: &mut Desk,
    mut unpacked: Unpacked,
    overrides: &Overrides,
    explanations: &Explanations,
    progress: &dyn Progress,
) -> Result<Vec<Received>, RunError> {
    let now = desk.clock.now;
    let submissions = in_order(std::mem::take(&mut unpacked.submissions), now);
    if submissions.is_empty() {
        unpacked.keep(desk)?;
        return Ok(Vec::new());
    }
    disk::is_left_for(desk, &submissions)?;
    let readings = read(desk, &submissions, overrides, progress)?;

    let fresh = desk.ledger.next_batch()?;
    let parts = together::parts(desk, &submissions, &readings, explanations)?;
    let mut standing = Standing::load(desk, &submissions, &readings)?;
    let mut received = Vec::new();
    let mut arrivals = Vec::new();
    let mut kept = Vec::new();
    for ((submission, reading), part) in submissions.iter().zip(readings).zip(&parts) {
        let (judgement, account, plan_hash) = match reading {
            Reading::Refused(refusal) => (refused(desk, submission, refusal, overrides), None, desk.plan.hash.clone()),
            Reading::Read(read) => desk.with_plan_of(read.period, |desk| {
                let (judgement, account) = judged(desk, submission, read, part, explanations, &mut standing)?;
                Ok::<_, RunError>((judgement, Some(account), desk.plan.hash.clone()))
            })?,
        };
        let reason = judgement.refusal();
        // One that is too large was never read in.
        if (submission.unread.is_none() || !submission.bytes.is_empty()) && reason != Some(Refusal::SuspectedSecret) {
            kept.push(submission);
        }
        let findings = judgement.findings().to_vec();
        received.push(Received {
            file: submission.file.clone(),
            path: submission.path(),
            state: judgement.state(),
            reason,
            message: reason.map(|reason| unpacked.message(submission, reason)),
            beside: unpacked.beside(submission),
            findings,
            account,
        });
        arrivals.push(arrival(submission, part, Origin { received_at: now, batch: Some(fresh) }, plan_hash, judgement));
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
    unpacked.keep(desk)?;
    Ok(received)
}

/// In order of arrival, then of hash and path.
fn in_order(mut submissions: Vec<Submission>, now: DateTime<FixedOffset>) -> Vec<Submission> {
    submissions.sort_by(|a, b| {
        let at = |submission: &Submission| submission.received_at.unwrap_or(now);
        at(a).cmp(&at(b)).then_with(|| a.hash.cmp(&b.hash)).then_with(|| a.path().cmp(&b.path()))
    });
    submissions
}

/// What the ledger is told of a file; one that comes for the first time comes `now`.
fn arrival(submission: &Submission, part: &Part, now: Origin, plan_hash: String, judgement: Judgement) -> Arrival {
    // While it is open which of several tables counts, a file stays beside those it came with; else it comes now.
    let is_open = judgement.findings().iter().any(|finding| finding.code == FindingCode::SameTableTwice && finding.returns_file());
    let Origin { received_at, batch } = if submission.received_at.is_some() || is_open { part.origin } else { now };
    Arrival {
        hash: submission.hash.clone(),
        path: submission.path(),
        file: submission.file.clone(),
        received_at,
        batch,
        again: submission.received_at.is_none(),
        plan_hash,
        definition: DEFINITION,
        judgement,
    }
}

/// Reads the files, each by the plan of its period.
fn read(desk: &Desk, submissions: &[Submission], overrides: &Overrides, progress: &dyn Progress) -> Result<Vec<Reading>, RunError> {
    let of = submissions.len();
    let step = |done| progress.step(done, of);
    let mut readings =
        ingest::read_all(submissions, &desk.plan, &desk.settings.limits, &desk.worker, overrides, &step).map_err(RunError::Worker)?;
    read_by_their_plans(desk, submissions, &mut readings, overrides)?;
    Ok(readings)
}

/// Reads once more those whose period has other forms and lists than the plan at hand: each file is read by the plan of its period.
fn read_by_their_plans(desk: &Desk, submissions: &[Submission], readings: &mut [Reading], overrides: &Overrides) -> Result<(), RunError> {
    let mut others: BTreeMap<&str, (&Plan, Vec<usize>)> = BTreeMap::new();
    for (at, reading) in readings.iter().enumerate() {
        let Reading::Read(read) = reading else { continue };
        let plan = desk.plan_of(read.period);
        if plan.hash != desk.plan.hash {
            others.entry(&plan.hash).or_insert_with(|| (plan, Vec::new())).1.push(at);
        }
    }
    for (plan, places) in others.into_values() {
        let files: Vec<Submission> = places.iter().filter_map(|at| submissions.get(*at)).cloned().collect();
        let again = ingest::read_all(&files, plan, &desk.settings.limits, &desk.worker, overrides, &|_| {}).map_err(RunError::Worker)?;
        for (at, reading) in places.into_iter().zip(again) {
            if let Some(place) = readings.get_mut(at) {
                *place = reading;
            }
        }
    }
    Ok(())
}

/// Where a file's cells went, and what is held of it by the plan at hand; what is accepted stands from then on.
fn judged(
    desk: &mut Desk,
    submission: &Submission,
    mut read: Read,
    part: &Part,
    explanations: &Explanations,
    standing: &mut Standing,
) -> Result<(Judgement, Account), RunError> {
    let mut account = std::mem::take(&mut read.account);
    if let Err(error) = leave_out(&desk.plan, &read.observations, &mut account) {
        tracing::error!(hash = %submission.hash, %error, "rows left out are not told: a table does not fit its plan");
    }
    // Hardly any file has rows that nobody read: the past is looked up for those alone.
    if !read.strays.is_empty() {
        let previous = standing.past(&desk.plan, &read).previous;
        let (file, now) = (read.file.clone(), &read.observations);
        remembered::recognise(&desk.plan, &file, &read.strays, now, &previous, &mut account, &mut read.findings);
    }
    let judgement = judge(desk, submission, read, part, explanations, standing)?;
    if judgement.state() == SubmissionState::Accepted {
        standing.accept(&desk.plan, submission, desk.clock.now, judgement.observations());
    }
    Ok((judgement, account))
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

/// A refused file is received all the same: for whom and when is told by its name and folders, as far as they do.
fn refused(desk: &Desk, submission: &Submission, reason: Refusal, overrides: &Overrides) -> Judgement {
    tracing::warn!(hash = %submission.hash, reason = reason.code(), "submission refused");
    let (department, period) = ingest::claimed(&submission.file, &submission.folders, &desk.plan);
    Judgement::Refused { reason, department: overrides.department.clone().or(department), period: overrides.period.or(period) }
}

/// Applies the rules to what was read; the file is the unit of acceptance.
pub(super) fn judge(
    desk: &mut Desk,
    submission: &Submission,
    read: Read,
    part: &Part,
    explanations: &Explanations,
    standing: &Standing,
) -> Result<Judgement, RunError> {
    let known = standing.past(&desk.plan, &read);
    let checked = check(&desk.plan, read.period, &read.file, (&read.observations, &read.facts), &known);
    // Each fault is told once: what only echoes an unreadable cell is dropped.
    let undone = together::undone(desk, submission, &read, standing)?;
    let mut findings = join(&desk.plan, read.findings, &checked);
    let received = part.origin.received_at.with_timezone(&desk.settings.schedule.zone).date_naive();
    findings.extend(period_not_over::find(&desk.plan, read.period, &read.file, &read.observations, received));
    findings.extend(part.findings.iter().cloned().chain(undone));
    let (said, kept) = remarks::answers(&desk.plan, &read.file, &read.remarks, &findings);
    findings.extend(kept);
    let findings = answered(desk, (&read.department, read.period), findings, (explanations, &said), &part.explained_twice)?;
    Ok(Judgement::Read { department: read.department, period: read.period, findings, observations: read.observations })
}
