//! The sources: what they hold is received, and the operator is told of those that cannot be read and of files that look secret.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::receive::{Received, receive};
use super::{Desk, Progress, RunError, alert};
use crate::collect::{self, CollectError};
use crate::ingest::Overrides;
use crate::ledger::SubmissionState;
use crate::model::{ContentHash, Refusal, Submission};
use crate::run::explanations::Explanations;

/// What all sources held.
struct Found {
    submissions: Vec<Submission>,
    /// Refused before anything was read.
    refused: Vec<Received>,
    /// By its place in `config/wenjin.toml`, from 1 on.
    unreachable: BTreeMap<usize, CollectError>,
}

/// Receives what is new, or was read under another plan, for a person who waits for it.
///
/// # Errors
/// Also a source that cannot be read, after the others were received: a month without it must not look whole.
pub fn asked(desk: &mut Desk, progress: &dyn Progress) -> Result<Vec<Received>, RunError> {
    let (received, _, unreachable) = take_in(desk, progress)?;
    match unreachable.into_values().next() {
        Some(error) => Err(error.into()),
        None => Ok(received),
    }
}

/// The same for the schedule: a source that cannot be read keeps the others from nothing, and is told to the operator.
pub fn scheduled(desk: &mut Desk, progress: &dyn Progress) -> Result<Vec<Received>, RunError> {
    let (received, hashes, unreachable) = take_in(desk, progress)?;
    tell_unreachable(desk, &unreachable)?;
    tell_suspected(desk, &hashes, unreachable.is_empty())?;
    Ok(received)
}

type TakenIn = (Vec<Received>, HashSet<ContentHash>, BTreeMap<usize, CollectError>);

fn take_in(desk: &mut Desk, progress: &dyn Progress) -> Result<TakenIn, RunError> {
    let Found { submissions, refused: mut received, unreachable } = find(desk);
    let hashes = submissions.iter().map(|submission| submission.hash.clone()).collect();
    let due = due_for_reading(desk, submissions)?;
    received.extend(receive(desk, due, &Overrides::default(), &Explanations::default(), progress)?);
    Ok((received, hashes, unreachable))
}

fn find(desk: &Desk) -> Found {
    let mut found = Found { submissions: Vec::new(), refused: Vec::new(), unreachable: BTreeMap::new() };
    for (number, source) in (1..).zip(&desk.settings.sources) {
        let collected = match collect::collect(source, &desk.settings.limits) {
            Ok(collected) => collected,
            Err(error) => {
                tracing::error!(source.number = number, %error, "source cannot be read");
                found.unreachable.insert(number, error);
                continue;
            }
        };
        for (name, reason) in &collected.skipped {
            tracing::info!(file = %name, %reason, "file skipped");
        }
        for (file, reason) in collected.refused {
            tracing::warn!(%file, reason = reason.code(), "file refused before reading");
            found.refused.push(Received {
                file,
                state: SubmissionState::Refused,
                reason: Some(reason),
                findings: Vec::new(),
                account: None,
            });
        }
        found.submissions.extend(collected.submissions);
    }
    found
}

/// The kinds of alerts told here.
const UNREACHABLE: &str = "source.unreachable";
const SUSPECTED: &str = "secret.suspected";

fn tell_unreachable(desk: &mut Desk, unreachable: &BTreeMap<usize, CollectError>) -> Result<(), RunError> {
    let now = unreachable.keys().map(|number| (format!("{UNREACHABLE}:{number}"), *number)).collect::<BTreeMap<_, _>>();
    for (key, number) in &now {
        let text = format!("第{number}个数据来源无法访问，其余来源照常收取；请核对 config/wenjin.toml 中第{number}个 [[source]] 和日志");
        alert::raise(desk, key, &text)?;
    }
    alert::recover_others(desk, UNREACHABLE, &now.into_keys().collect(), "数据来源已恢复访问")
}

/// A file that looks secret is told as long as a source holds it. Read from the ledger, so that a crash in between loses nothing.
fn tell_suspected(desk: &mut Desk, held: &HashSet<ContentHash>, all_reached: bool) -> Result<(), RunError> {
    let mut keys = BTreeSet::new();
    for hash in desk.ledger.refused_for(Refusal::SuspectedSecret)?.iter().filter(|hash| held.contains(*hash)) {
        let short: String = hash.0.chars().take(12).collect();
        let text = format!(
            "收到疑似涉密文件（校验码{short}），系统未读取内容、未留存副本、未发送；请立即停止传输，按保密规定处理，并将其移出数据来源"
        );
        let key = format!("{SUSPECTED}:{short}");
        alert::raise(desk, &key, &text)?;
        keys.insert(key);
    }
    if all_reached { alert::recover_others(desk, SUSPECTED, &keys, "疑似涉密文件已移出数据来源") } else { Ok(()) }
}

/// What has to be read: files the ledger does not know, and known ones whose judgement rests on another plan.
fn due_for_reading(desk: &Desk, found: Vec<Submission>) -> Result<Vec<Submission>, RunError> {
    let known = desk.ledger.known()?;
    let mut due: Vec<Submission> = Vec::new();
    let mut seen = HashSet::new();
    for mut submission in found {
        let key = (submission.hash.0.clone(), submission.path());
        seen.insert(key.clone());
        match known.get(&key) {
            Some((plan_hash, _)) if *plan_hash == desk.plan.hash => {}
            // A file keeps the time it was first acknowledged with.
            Some((_, received_at)) => {
                submission.received_at = Some(*received_at);
                due.push(submission);
            }
            None => due.push(submission),
        }
    }
    for ((hash, path), (plan_hash, received_at)) in known {
        if plan_hash == desk.plan.hash || seen.contains(&(hash.clone(), path.clone())) {
            continue;
        }
        // No copy is kept of a file suspected to be secret; it stays refused.
        let Ok(bytes) = desk.archive.get(&ContentHash(hash.clone())) else { continue };
        due.push(Submission::kept(&path, received_at, ContentHash(hash), bytes));
    }
    Ok(due)
}
