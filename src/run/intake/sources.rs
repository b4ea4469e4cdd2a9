//! The sources: what they hold is received, and the operator is told what of it cannot be read or looks secret.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::claims::claimed;
use super::explanations::Explanations;
use super::packages::{self, Unpacked};
use super::receive::{Received, receive};
use crate::collect::{self, CollectError, Unread};
use crate::ingest::{self, Overrides};
use crate::ledger::{SubmissionState, UnreadEntry};
use crate::model::{ContentHash, Refusal, Submission};
use crate::run::alert;
use crate::run::kit::{Desk, Progress, RunError};
use crate::settings::Source;

/// What all sources held.
struct Found {
    submissions: Vec<Submission>,
    /// By its place in `config/wenjin.toml`, from 1 on: what could not be read in a source that was reached.
    unread: BTreeMap<usize, Vec<UnreadEntry>>,
    /// By its place in `config/wenjin.toml`, from 1 on.
    unreachable: BTreeMap<usize, CollectError>,
}

/// Receives what is new for a person who waits for it.
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
    tell_unread(desk)?;
    tell_refused(desk, &hashes, unreachable.is_empty())?;
    tell_suspected(desk, &hashes, unreachable.is_empty())?;
    Ok(received)
}

type TakenIn = (Vec<Received>, HashSet<ContentHash>, BTreeMap<usize, CollectError>);

fn take_in(desk: &mut Desk, progress: &dyn Progress) -> Result<TakenIn, RunError> {
    let Found { submissions, unread, unreachable } = find(desk);
    let reached: Vec<String> = unread.keys().map(|number| name(desk, *number)).collect();
    let unread: Vec<UnreadEntry> = unread.into_values().flatten().collect();
    desk.ledger.set_unread(&reached, &unread)?;
    let mut unpacked = Unpacked::of(desk, submissions);
    let hashes = unpacked.hashes();
    let due = due_for_reading(desk, std::mem::take(&mut unpacked.submissions))?;
    // What is refused may be a zip that an earlier program, or other limits, did not let be opened.
    let due = unpacked.with(desk, due);
    let received = receive(desk, due, &Overrides::default(), &Explanations::default(), progress)?;
    Ok((received, hashes, unreachable))
}

fn find(desk: &Desk) -> Found {
    let mut found = Found { submissions: Vec::new(), unread: BTreeMap::new(), unreachable: BTreeMap::new() };
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
        for entry in &collected.unread {
            tracing::warn!(source.number = number, reason = entry.reason.code(), "entry of a source cannot be read");
        }
        found.unread.insert(number, collected.unread.iter().map(|entry| unread(desk, number, entry)).collect());
        found.submissions.extend(collected.submissions);
    }
    found
}

fn unread(desk: &Desk, number: usize, entry: &Unread) -> UnreadEntry {
    let (department, period) = ingest::claimed(&entry.name, &entry.folders, &desk.plan);
    let path = entry.folders.iter().chain([&entry.name]).map(String::as_str).collect::<Vec<_>>().join("/");
    UnreadEntry { source: name(desk, number), path, reason: entry.reason.code().to_owned(), department, period }
}

/// `folder 1`: a source's kind and its place in `config/wenjin.toml`.
fn name(desk: &Desk, number: usize) -> String {
    let kind = match number.checked_sub(1).and_then(|at| desk.settings.sources.get(at)) {
        Some(Source::Http(_)) => "http",
        Some(Source::Folder(_)) | None => "folder",
    };
    format!("{kind} {number}")
}

/// The kinds of alerts told here.
const UNREAD: &str = "source.unread";
const REFUSED: &str = "submission.refused";
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

/// Entries that cannot be read are told once a source; `status` lists them.
fn tell_unread(desk: &mut Desk) -> Result<(), RunError> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for entry in desk.ledger.unread()? {
        *counts.entry(entry.source).or_default() += 1;
    }
    let mut keys = BTreeSet::new();
    for (source, count) in counts {
        let number = source.rsplit(' ').next().unwrap_or_default().to_owned();
        let text = format!(
            "第{number}个数据来源中有{count}个文件或文件夹无法读取，其余照常收取；请运行 wenjin status --period 数据期 查看名称和原因"
        );
        let key = format!("{UNREAD}:{number}");
        alert::raise(desk, &key, &text)?;
        keys.insert(key);
    }
    alert::recover_others(desk, UNREAD, &keys, "数据来源中的文件和文件夹均可读取")
}

/// A file that came and could not be read is told as long as a source holds it and nothing readable has followed it.
fn tell_refused(desk: &mut Desk, held: &HashSet<ContentHash>, all_reached: bool) -> Result<(), RunError> {
    let all = desk.ledger.submissions()?;
    let mut keys = BTreeSet::new();
    for (at, one) in all.iter().enumerate() {
        let reason = one.reason.as_deref().and_then(Refusal::parse);
        let Some(reason) = reason.filter(|reason| *reason != Refusal::SuspectedSecret) else { continue };
        let (department, period) = claimed(desk, one);
        let followed = all.iter().skip(at + 1).any(|later| {
            later.state == SubmissionState::Accepted
                && later.department.is_some()
                && (&later.department, later.period) == (&department, period)
        });
        if one.state != SubmissionState::Refused || !held.contains(&one.hash) || followed {
            continue;
        }
        let short: String = one.hash.0.chars().take(12).collect();
        let whose = department.as_ref().map_or("单位不明的文件", |code| desk.plan.department_name(code)).to_owned();
        let month = period.map(|period| format!("{period}数据")).unwrap_or_default();
        let text = format!(
            "{whose}{month}已收到但无法读取（校验码{short}）：{}",
            packages::reason(desk, one)?.unwrap_or_else(|| reason.message().to_owned())
        );
        let key = format!("{REFUSED}:{short}");
        alert::raise(desk, &key, &text)?;
        keys.insert(key);
    }
    if all_reached {
        alert::recover_others(desk, REFUSED, &keys, "此前无法读取的文件已重新报送或移出数据来源")
    } else {
        Ok(())
    }
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

/// What has to be read: files the ledger does not know, and refused ones that another plan may be able to read.
///
/// What was read once is read again only for a period that is drawn up (`reread`).
fn due_for_reading(desk: &Desk, found: Vec<Submission>) -> Result<Vec<Submission>, RunError> {
    let known = desk.ledger.known()?;
    let mut due: Vec<Submission> = Vec::new();
    let mut seen = HashSet::new();
    for mut submission in found {
        let key = (submission.hash.0.clone(), submission.path());
        seen.insert(key.clone());
        match known.get(&key) {
            // A file keeps the time it was first acknowledged with.
            Some((plan_hash, received_at, Some(reason)))
                if *plan_hash != desk.plan.hash || (*reason == Refusal::TooLarge && submission.unread.is_none()) =>
            {
                submission.received_at = Some(*received_at);
                due.push(submission);
            }
            Some(_) => {}
            None => due.push(submission),
        }
    }
    for ((hash, path), (plan_hash, received_at, reason)) in known {
        if reason.is_none() || plan_hash == desk.plan.hash || seen.contains(&(hash.clone(), path.clone())) {
            continue;
        }
        // No copy is kept of a file suspected to be secret; it stays refused.
        let Ok(bytes) = desk.archive.get(&ContentHash(hash.clone())) else { continue };
        due.push(Submission::kept(&path, received_at, ContentHash(hash), bytes));
    }
    Ok(due)
}
