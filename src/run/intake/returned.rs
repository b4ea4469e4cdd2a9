//! 退回修改: for each returned file the workbook that goes back, kept under the data folder, and the mail it goes with.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono::{NaiveDate, Timelike as _};

use super::remarks::shortened;
use crate::deliver::Attachment;
use crate::deliver::notice::returned::{self, Returned};
use crate::ingest::mark::wanted::{List, Row, Wanted};
use crate::ingest::mark::{list_alone, words};
use crate::ingest::{self, Marker};
use crate::ledger::{Arrival, LedgerError, SubmissionState};
use crate::model::{DeliveryState, DepartmentCode, Finding, Message, Observations, Period, Severity};
use crate::plan::{Department, slots};
use crate::present::captions;
use crate::run::kit::files::write_synced;
use crate::run::kit::{Desk, Progress, RunError, lease};
use crate::run::post::send;

/// Who is written to about what came of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answering {
    Nobody,
    /// Whoever handed in; `held`: the mails wait for the operator.
    Everybody {
        held: bool,
    },
    /// Those whose files lie at these paths, in sources that are looked into since then (Unix seconds); not about a month whose cut-off
    /// had passed by then.
    Since(BTreeMap<String, i64>),
}

impl Answering {
    /// The state of the mail about a file; `None`: there is none.
    fn state(&self, desk: &Desk, path: &str, period: Period) -> Option<DeliveryState> {
        match self {
            Self::Nobody => None,
            Self::Everybody { held: true } => Some(DeliveryState::Held),
            Self::Everybody { held: false } => Some(DeliveryState::Pending),
            Self::Since(paths) => {
                let since = since(paths, path)?;
                let over = slots::deadline(&desk.settings.schedule, period).is_some_and(|deadline| deadline.timestamp() <= since);
                (!over).then_some(DeliveryState::Pending)
            }
        }
    }
}

/// A file in a zip has the zip's path before its own.
fn since(paths: &BTreeMap<String, i64>, path: &str) -> Option<i64> {
    let zip = || path.match_indices('/').find_map(|(at, _)| paths.get(path.get(..at)?));
    paths.get(path).or_else(zip).copied()
}

/// What goes back for one file.
pub struct Back {
    pub workbook: PathBuf,
    /// Where a mail goes with it.
    letter: Option<Letter>,
}

/// A file's part in a mail.
struct Letter {
    to: (DepartmentCode, Period),
    state: DeliveryState,
    told: Returned,
    name: String,
    package: Vec<u8>,
    list: List,
}

/// What goes back for a batch: for each arrival its workbook and the mail it goes with, by its place; the mails.
#[derive(Default)]
pub struct Batch {
    pub workbooks: Vec<Option<(PathBuf, Option<usize>)>>,
    pub mails: Vec<(Message, DeliveryState)>,
}

/// Draws what goes back; one mail a department and month lists each of its files.
///
/// # Errors
/// A workbook cannot be kept; the worker cannot be started.
pub fn draw(desk: &mut Desk, arrivals: &[Arrival], answering: &Answering) -> Result<Batch, RunError> {
    let (mut marker, mut batch) = (None, Batch::default());
    let mut letters: BTreeMap<(DepartmentCode, Period), Vec<(usize, Letter)>> = BTreeMap::new();
    for (place, arrival) in arrivals.iter().enumerate() {
        let period = arrival.judgement.period().filter(|_| arrival.judgement.state() == SubmissionState::Returned);
        let drawn = match period {
            Some(period) => desk.with_plan_of(period, |desk| back(desk, &mut marker, arrival, period, answering))?,
            None => None,
        };
        batch.workbooks.push(drawn.as_ref().map(|back| (back.workbook.clone(), None)));
        if let Some(letter) = drawn.and_then(|back| back.letter) {
            letters.entry(letter.to.clone()).or_default().push((place, letter));
        }
    }
    for ((code, period), letters) in letters {
        let (places, letters): (Vec<usize>, Vec<Letter>) = letters.into_iter().unzip();
        let Some(mail) = desk.with_plan_of(period, |desk| mail(desk, &code, period, letters)) else { continue };
        for place in places {
            if let Some(Some((_, of))) = batch.workbooks.get_mut(place) {
                *of = Some(batch.mails.len());
            }
        }
        batch.mails.push(mail);
    }
    Ok(batch)
}

fn back(
    desk: &Desk,
    marker: &mut Option<Marker>,
    arrival: &Arrival,
    period: Period,
    answering: &Answering,
) -> Result<Option<Back>, RunError> {
    let Some(department) = arrival.judgement.department().and_then(|code| desk.plan.department(code)) else { return Ok(None) };
    let (findings, tables) = (arrival.judgement.findings(), arrival.judgement.observations());
    let due = due(desk, &department.code, period, findings);
    let before = desk.ledger.explained(&department.code, period.previous())?;
    let list = list(desk, department, period, findings, (tables, &due, &before));
    let wanted = Wanted { spots: findings.iter().flat_map(words::spots).collect(), list };
    let bytes = desk.archive.get(&arrival.hash).map_err(RunError::at(desk.settings.data.join("archive")))?;
    let marker = marker.get_or_insert_with(|| ingest::marker(&desk.plan, &desk.settings.limits, &desk.worker));
    let own = marker.mark(&arrival.file, &bytes, &wanted).map_err(RunError::Worker)?;
    drop(bytes);
    let is_marked = own.is_some();
    let package = own.unwrap_or_else(|| list_alone(&wanted.list).unwrap_or_default());
    let name = captions::returned_file_name(period, &department.name, is_marked.then_some(arrival.file.as_str()));
    let short: String = arrival.hash.0.chars().take(HASH_SHOWN).collect();
    let workbook = desk.settings.data.join("returned").join(period.to_string()).join(short).join(&name);
    keep(&workbook, &package)?;
    let state = answering.state(desk, &arrival.path, period).filter(|_| desk.settings.receipts.returned);
    let letter = state.map(|state| Letter {
        to: (department.code.clone(), period),
        state,
        told: told(arrival, due, is_marked),
        name,
        package,
        list: wanted.list,
    });
    Ok(Some(Back { workbook, letter }))
}

/// So many digits of the file's hash name the folder.
const HASH_SHOWN: usize = 12;

/// Keeps a workbook; it is there whole, or not at all.
fn keep(path: &Path, bytes: &[u8]) -> Result<(), RunError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(RunError::at(folder))?;
    }
    let half = path.with_extension("half");
    write_synced(&half, bytes)?;
    std::fs::rename(&half, path).map_err(RunError::at(path))
}

/// The mail to a department about its files; where they are larger together than mailboxes take, with the lists alone. One that cannot
/// be built is logged.
fn mail(desk: &Desk, code: &DepartmentCode, period: Period, mut letters: Vec<Letter>) -> Option<(Message, DeliveryState)> {
    let department = desk.plan.department(code)?;
    let bytes: u64 = letters.iter().map(|letter| letter.package.len() as u64).sum();
    if bytes > desk.settings.mail.attachment_bytes_max {
        for letter in &mut letters {
            letter.package = list_alone(&letter.list).unwrap_or_default();
            letter.told.is_marked = false;
        }
    }
    for (number, letter) in (1..).zip(&mut letters).skip(1) {
        letter.name = captions::numbered_file_name(&letter.name, number);
    }
    let state = letters.first()?.state;
    let files: Vec<(&Returned, Attachment)> = letters
        .iter()
        .map(|letter| (&letter.told, Attachment { department: Some(code), file_name: &letter.name, bytes: &letter.package }))
        .collect();
    match returned::compose(&desk.settings, department, period, &files, desk.clock.now) {
        Ok(message) => Some((message, state)),
        Err(error) => {
            tracing::error!(department = %code, %error, "the mail with a returned file could not be built");
            None
        }
    }
}

fn told(arrival: &Arrival, due: Option<String>, is_marked: bool) -> Returned {
    let findings = arrival.judgement.findings();
    let lines = |severity: Severity| {
        let own = findings.iter().filter(|finding| finding.returns_file() && finding.severity == severity);
        own.map(|finding| {
            let place = finding.place.in_file();
            let colon = if place.is_empty() { "" } else { "：" };
            format!("{place}{colon}{}", finding.told())
        })
        .collect()
    };
    let (to_mend, to_explain) = counts(findings);
    let (mend, explain) = (lines(Severity::Error), lines(Severity::Explain));
    Returned { to_mend, to_explain, due, mend, explain, file: arrival.file.clone(), is_marked }
}

/// How many are to be mended, and to be explained.
fn counts(findings: &[Finding]) -> (usize, usize) {
    let open = |finding: &Finding| finding.alike.as_ref().map_or(1, |alike| alike.open);
    let count = |severity: Severity, count: &dyn Fn(&Finding) -> usize| {
        findings.iter().filter(|finding| finding.returns_file() && finding.severity == severity).map(count).sum()
    };
    (count(Severity::Error, &Finding::count), count(Severity::Explain, &open))
}

/// By when it is to be handed in again: the first deadline that is ahead among the tables concerned.
fn due(desk: &Desk, department: &DepartmentCode, period: Period, findings: &[Finding]) -> Option<String> {
    let concerned: BTreeSet<&str> =
        findings.iter().filter(|finding| finding.returns_file()).filter_map(|finding| finding.dataset.as_deref()).collect();
    let (now, hour) = (desk.clock.now.with_timezone(&desk.settings.schedule.zone), desk.settings.schedule.deadline_hour);
    let own = desk.plan.datasets.iter().filter(|dataset| dataset.from.contains(department) && desk.plan.owes(dataset, period));
    let days = own.filter(|dataset| concerned.is_empty() || concerned.contains(dataset.code.as_str()));
    let days: BTreeSet<NaiveDate> = days.map(|dataset| desk.plan.calendar.due(period, dataset.due_day)).collect();
    days.into_iter().find(|day| (now.date_naive(), now.hour()) < (*day, hour)).map(|day| captions::due(day, hour))
}

/// Our sheet in words.
fn list(
    desk: &Desk,
    department: &Department,
    period: Period,
    findings: &[Finding],
    (tables, due, before): (&[Observations], &Option<String>, &[(String, String)]),
) -> List {
    let returning: Vec<&Finding> = findings.iter().filter(|finding| finding.returns_file()).collect();
    let concerned: BTreeSet<&str> = returning.iter().filter_map(|finding| finding.dataset.as_deref()).collect();
    let sound = tables.iter().filter(|table| !concerned.contains(table.dataset.as_str())).count();
    let rest = if sound == 0 || returning.iter().any(|finding| finding.dataset.is_none()) {
        String::new()
    } else {
        format!("　其余{sound}张表无误")
    };
    let (to_mend, to_explain) = counts(findings);
    let parts = [(to_mend, "须修改"), (to_explain, "请说明")];
    let told: Vec<String> = parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{word}{count}处")).collect();
    let month = format!("{}年{}", period.year(), captions::month_label(period));
    let by = due.as_ref().map_or_else(|| "尽快报送".to_owned(), |due| format!("于{due}前报送"));
    let office = &desk.settings.office;
    let sample = if desk.settings.appearance.sample { format!("　　{}", captions::SAMPLE_MARK) } else { String::new() };
    List {
        summary: format!("{}　{month}调度表　{}{rest}", department.name, told.join("、")),
        guide: format!("在本工作簿里改好，{by}。点“单元格”直接跳到该处；“请说明”的，写在黄色的“情况说明”栏。标注和本表都不必删除。"),
        guide_alone: format!("请在原文件里改好，{by}。“请说明”的，写在黄色的“情况说明”栏后，把本表复制到原文件里一并报送。"),
        rows: returning.into_iter().map(|finding| offered(words::row(finding), finding, before)).collect(),
        notes: findings.iter().filter(|finding| finding.severity == Severity::Note).map(words::note).collect(),
        foot: format!("{}　联系人：{}，{}{sample}", office.name, office.contact, office.phone),
    }
}

/// With what was said last month of the same finding, which had another value then.
fn offered(row: Row, finding: &Finding, before: &[(String, String)]) -> Row {
    let said = before.iter().find(|(said_of, _)| finding.severity == Severity::Explain && finding.is_same_but_for_the_value(said_of));
    match said {
        Some((_, text)) => {
            Row { remedy: format!("{}（上月说明：“{}”，情况相同的可照此写）", row.remedy, shortened(text)), ..row }
        }
        None => row,
    }
}

/// Sends these mails at once. What is not sent stays pending, and the delivery worker tries it again.
pub fn send(desk: &mut Desk, mails: &[(Period, String)], progress: &dyn Progress) {
    let periods: BTreeSet<Period> = mails.iter().map(|(period, _)| *period).collect();
    for period in periods {
        if let Err(error) = send_of(desk, period, mails, progress) {
            tracing::warn!(run.period = %period, %error, "answers wait for the next attempt");
        }
    }
}

fn send_of(desk: &mut Desk, period: Period, mails: &[(Period, String)], progress: &dyn Progress) -> Result<(), RunError> {
    let own = match lease::take(desk, period) {
        Ok(own) => own,
        Err(RunError::Ledger(LedgerError::Held { .. })) => return Ok(()),
        Err(error) => return Err(error),
    };
    let due: Vec<_> =
        desk.ledger.pending(period)?.into_iter().filter(|one| mails.iter().any(|(_, id)| *id == one.message.message_id)).collect();
    let sent = send::send_all(desk, &own, due, &[DeliveryState::Pending], progress);
    lease::give_back(desk, &own);
    sent.map(drop)
}
