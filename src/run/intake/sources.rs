//! The sources: what they hold is received, and the operator is told what of it cannot be read or looks secret.

use std::collections::{BTreeMap, BTreeSet};

use super::claims::claimed;
use super::explanations::Explanations;
use super::look::{self, Look, Looker};
use super::packages;
use super::receive::{Received, Reception, due, receive};
use super::returned::Answering;
use crate::collect::CollectError;
use crate::ingest::Overrides;
use crate::ledger::UnreadEntry;
use crate::model::{ContentHash, Refusal};
use crate::run::alert;
use crate::run::kit::{Desk, Progress, RunError};

/// Receives what is new for a person who waits for it; `held`: mails about it wait for him.
///
/// # Errors
/// Also a source that cannot be read, after the others were received: a month without it must not look whole.
pub fn asked(desk: &mut Desk, held: bool, progress: &dyn Progress) -> Result<Vec<Received>, RunError> {
    let answering = if desk.settings.receipts.by_hand { Answering::Everybody { held } } else { Answering::Nobody };
    let (received, look) = take_in(desk, Looker::Person, Some(answering), progress)?;
    tell(desk, &look)?;
    match look.unreachable.into_values().next() {
        Some(error) => Err(error.into()),
        None => Ok(received),
    }
}

/// The same for the schedule: a source that cannot be read keeps the others from nothing, and is told to the operator.
pub fn scheduled(desk: &mut Desk, progress: &dyn Progress) -> Result<Vec<Received>, RunError> {
    let (received, look) = take_in(desk, Looker::Schedule, None, progress)?;
    tell_unreachable(desk, &look.unreachable)?;
    tell(desk, &look)?;
    Ok(received)
}

fn take_in(
    desk: &mut Desk,
    looker: Looker,
    answering: Option<Answering>,
    progress: &dyn Progress,
) -> Result<(Vec<Received>, Look), RunError> {
    let mut look = look::look(desk, looker)?;
    look.note(desk)?;
    if look.waiting.is_empty() {
        return Ok((Vec::new(), look));
    }
    let waiting = std::mem::take(&mut look.waiting);
    let answering = answering.unwrap_or_else(|| Answering::Since(std::mem::take(&mut look.fresh)));
    let (overrides, explanations) = (Overrides::default(), Explanations::default());
    let Reception { received, left } = receive(desk, waiting, &due, &overrides, &explanations, (&answering, progress))?;
    look.settle(&left);
    look.note(desk)?;
    Ok((received, look))
}

/// Tells the operator of what lies in the sources and was not read.
fn tell(desk: &mut Desk, look: &Look) -> Result<(), RunError> {
    let all_reached = look.unreachable.is_empty();
    tell_unread(desk)?;
    tell_refused(desk, &look.held, all_reached)?;
    tell_suspected(desk, &look.held, all_reached)
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
    for entry in desk.ledger.unread()?.into_iter().filter(UnreadEntry::counts) {
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
fn tell_refused(desk: &mut Desk, held: &[(ContentHash, String)], all_reached: bool) -> Result<(), RunError> {
    let mut keys = BTreeSet::new();
    for (hash, path) in held {
        for one in desk.ledger.refused_at(hash, path)? {
            let reason = one.reason.as_deref().and_then(Refusal::parse);
            let Some(reason) = reason.filter(|reason| *reason != Refusal::SuspectedSecret) else { continue };
            let (department, period) = claimed(desk, &one);
            if let (Some(department), Some(period)) = (&department, period)
                && desk.ledger.accepted_after(&one, department, period)?
            {
                continue;
            }
            let short: String = one.hash.0.chars().take(12).collect();
            let whose = department.as_ref().map_or("单位不明的文件", |code| desk.plan.department_name(code)).to_owned();
            let month = period.map(|period| format!("{period}数据")).unwrap_or_default();
            let text = format!(
                "{whose}{month}已收到但无法读取（校验码{short}）：{}",
                packages::reason(desk, &one)?.unwrap_or_else(|| reason.message().to_owned())
            );
            let key = format!("{REFUSED}:{short}");
            alert::raise(desk, &key, &text)?;
            keys.insert(key);
        }
    }
    if all_reached {
        alert::recover_others(desk, REFUSED, &keys, "此前无法读取的文件已重新报送或移出数据来源")
    } else {
        Ok(())
    }
}

/// A file that looks secret is told as long as a source holds it. Read from the ledger, so that a crash in between loses nothing.
fn tell_suspected(desk: &mut Desk, held: &[(ContentHash, String)], all_reached: bool) -> Result<(), RunError> {
    let mut keys = BTreeSet::new();
    let mut suspected = BTreeSet::new();
    for (hash, path) in held {
        let rows = desk.ledger.refused_at(hash, path)?.into_iter();
        suspected.extend(rows.filter(|one| one.reason.as_deref() == Some(Refusal::SuspectedSecret.code())).map(|one| one.hash));
    }
    for hash in suspected {
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
