//! Receiving: files of any period, read, judged and remembered in order of arrival.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{DateTime, FixedOffset};

use super::explanations::{Explanations, answered};
use super::lots::{self, Choose, Lots};
use super::past::Standing;
use super::remarks;
use super::returned::{self, Answering};
use super::said;
use super::together::{self, Part};
use super::waiting::Waiting;
use crate::collect::{Entry, UnreadReason};
use crate::crash_point;
use crate::ingest::account::remembered;
use crate::ingest::check::{check, join, leave_out, period_not_over};
use crate::ingest::reading::{Read, Reading};
use crate::ingest::{self, Overrides};
use crate::ledger::{Arrival, Judgement, Origin, READ_AGAIN_MAX, SubmissionState};
use crate::model::{Account, DepartmentCode, Finding, FindingCode, Period, Refusal, Submission};
use crate::run::kit::definition::DEFINITION;
use crate::run::kit::{Desk, Progress, RunError};

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
    /// The workbook that goes back; `None` for a file that was not returned.
    pub returned_workbook: Option<PathBuf>,
    /// The mail it goes with: its period and Message-ID.
    pub mail: Option<(Period, String)>,
}

/// What came of files that waited.
pub struct Reception {
    pub received: Vec<Received>,
    /// Waiting files, by their place, that stay where they lie, and why.
    pub left: BTreeMap<usize, UnreadReason>,
}

/// Receives files handed in by a person; what he says of department and period is kept with them.
pub fn from_files(
    desk: &mut Desk,
    paths: &[PathBuf],
    department: Option<DepartmentCode>,
    period: Option<Period>,
    explanations: &Explanations,
    (held, progress): (bool, &dyn Progress),
) -> Result<Vec<Received>, RunError> {
    let waiting = paths.iter().map(|path| Entry::named(path).map(Waiting::Named)).collect::<Result<Vec<_>, _>>()?;
    let overrides = Overrides { department, period };
    let choose = |desk: &Desk, mut submission: Submission| {
        // Kept as the folders of a source would say it, so that a later reading finds it again; nearest to the file, where they
        // go before what a zip's name says.
        submission.folders.extend(overrides.department.iter().map(|code| desk.plan.department_name(code).to_owned()));
        submission.folders.extend(overrides.period.map(|period| period.to_string()));
        submission.received_at = time_of(desk, &submission)?;
        Ok(Some(submission))
    };
    let received = receive(desk, waiting, &choose, &overrides, explanations, (&Answering::Everybody { held }, progress))?.received;
    if !held {
        let mails: Vec<(Period, String)> = received.iter().filter_map(|one| one.mail.clone()).collect();
        returned::send(desk, &mails, progress);
    }
    Ok(received)
}

/// A file that stands keeps the time it was acknowledged with; one that was superseded, returned or withdrawn comes anew.
fn time_of(desk: &Desk, submission: &Submission) -> Result<Option<DateTime<FixedOffset>>, RunError> {
    let known = desk.ledger.known(&submission.hash, &submission.path())?.filter(|known| known.state == SubmissionState::Accepted);
    let Some(known) = known else { return Ok(None) };
    Ok(desk.ledger.stands_for_any(&submission.hash)?.then_some(known.received_at))
}

/// Of what the sources hold: files that the ledger does not know, and refused ones that another plan may be able to read.
pub fn due(desk: &Desk, submission: Submission) -> Result<Option<Submission>, RunError> {
    let Some(known) = desk.ledger.known(&submission.hash, &submission.path())? else { return Ok(Some(submission)) };
    let may_be_read = |reason| match reason {
        Refusal::TooLarge => submission.unread.is_none(),
        Refusal::WorkerDied => known.deaths <= READ_AGAIN_MAX,
        _ => false,
    };
    let again = known.refusal.is_some_and(|reason| known.plan_hash != desk.plan.hash || may_be_read(reason));
    // A file keeps the time it was first acknowledged with.
    Ok(again.then_some(Submission { received_at: Some(known.received_at), ..submission }))
}

/// Reads what waits, judges it in order of arrival, and remembers all of it in one commit; then the zips it came in.
pub fn receive(
    desk: &mut Desk,
    waiting: Vec<Waiting>,
    choose: &Choose<'_>,
    overrides: &Overrides,
    explanations: &Explanations,
    (answering, progress): (&Answering, &dyn Progress),
) -> Result<Reception, RunError> {
    let Lots { read, zips, left } = lots::read(desk, &waiting, choose, overrides, progress)?;
    drop(waiting);
    if read.is_empty() {
        zips.remember(desk)?;
        return Ok(Reception { received: Vec::new(), left });
    }
    let now = desk.clock.now;
    let (submissions, readings) = in_order(read, now);

    let fresh = desk.ledger.next_batch()?;
    let parts = together::parts(desk, &submissions, &readings, explanations)?;
    let mut standing = Standing::load(desk, &submissions, &readings)?;
    let mut received = Vec::new();
    let mut arrivals = Vec::new();
    for ((submission, reading), part) in submissions.iter().zip(readings).zip(&parts) {
        let (judgement, account, plan_hash) = match reading {
            Reading::Refused(refusal) => (refused(desk, submission, refusal, overrides), None, desk.plan.hash.clone()),
            Reading::Read(read) => desk.with_plan_of(read.period, |desk| {
                let (judgement, account) = judged(desk, submission, read, part, explanations, &mut standing)?;
                Ok::<_, RunError>((judgement, Some(account), desk.plan.hash.clone()))
            })?,
        };
        let reason = judgement.refusal();
        received.push(Received {
            file: submission.file.clone(),
            path: submission.path(),
            state: judgement.state(),
            reason,
            message: reason.map(|reason| zips.message(submission, reason)),
            beside: zips.beside(submission),
            findings: judgement.findings().to_vec(),
            account,
            returned_workbook: None,
            mail: None,
        });
        arrivals.push(arrival(submission, part, Origin { received_at: now, batch: Some(fresh) }, plan_hash, judgement));
    }
    if received.iter().any(|one| one.state == SubmissionState::Refused) {
        crash_point!("parse.quarantined").map_err(RunError::at("archive"))?;
    }
    let back = returned::draw(desk, &arrivals, answering)?;
    // Acknowledged only here: the originals are on disk.
    desk.ledger.record_with(&desk.at(), &arrivals, &back.mails)?;
    go_back(&mut received, back);
    if !arrivals.is_empty() {
        crash_point!("accept.committed").map_err(RunError::at("ledger"))?;
    }
    zips.remember(desk)?;
    Ok(Reception { received, left })
}

/// Tells of each file what goes back.
fn go_back(received: &mut [Received], back: returned::Batch) {
    for (one, workbook) in received.iter_mut().zip(back.workbooks) {
        let Some((workbook, mail)) = workbook else { continue };
        one.returned_workbook = Some(workbook);
        one.mail = mail.and_then(|at| back.mails.get(at)).map(|(mail, _)| (mail.period, mail.message_id.clone()));
    }
}

/// In order of arrival, then of hash and path.
fn in_order(mut read: Vec<(Submission, Reading)>, now: DateTime<FixedOffset>) -> (Vec<Submission>, Vec<Reading>) {
    read.sort_by(|(a, _), (b, _)| {
        let at = |submission: &Submission| submission.received_at.unwrap_or(now);
        at(a).cmp(&at(b)).then_with(|| a.hash.cmp(&b.hash)).then_with(|| a.path().cmp(&b.path()))
    });
    read.into_iter().unzip()
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
    // What stands beside a finding goes before what stands beside its figure.
    let (mut said, kept) = said::answers(&read.file, &read.said, &findings);
    let (beside, also_kept) = remarks::answers(&desk.plan, &read.file, &read.remarks, &findings);
    for (identity, text) in beside {
        said.entry(identity).or_insert(text);
    }
    findings.extend(kept.into_iter().chain(also_kept));
    let findings = answered(desk, (&read.department, read.period), findings, (explanations, &said), &part.explained_twice)?;
    let Read { department, period, observations, packed, .. } = read;
    Ok(Judgement::Read { department, period, findings, observations, packed })
}
