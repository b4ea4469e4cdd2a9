//! Reading again: files read by another plan or another meaning of the program, for a period that is drawn up.
//!
//! What was accepted stays accepted with its findings, what was returned stays returned until it is handed in again; what is new
//! about a file is a note to the operator.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::explanations::Explanations;
use super::past::Standing;
use super::receive;
use super::together::{self, Part};
use crate::ingest::reading::{Read, Reading};
use crate::ingest::{self, Overrides};
use crate::ledger::read_again::{ReadAgain, ReadBy};
use crate::ledger::{Recorded, SubmissionState};
use crate::model::{DepartmentCode, Observations, Period, Submission};
use crate::plan::{Plan, frame};
use crate::run::alert;
use crate::run::kit::definition::DEFINITION;
use crate::run::kit::{Desk, Progress, RunError};

/// The kind of the note.
const REVIEW: &str = "reading.review";

/// By what files are read now.
pub fn now(plan: &Plan) -> ReadBy<'_> {
    ReadBy { plan_hash: &plan.hash, definition: DEFINITION }
}

/// Reads again what the draw-up of `period` rests on; whether any table may have changed by it.
///
/// These are the accepted files that stand for the months of its year up to it, and its own returned ones. Another year's files are
/// read by that year's plan.
///
/// # Errors
/// Of the ledger and of the worker.
pub fn for_period(desk: &mut Desk, period: Period, progress: &dyn Progress) -> Result<bool, RunError> {
    let (recorded, submissions): (Vec<Recorded>, Vec<Submission>) = due(desk, period)?.into_iter().unzip();
    if submissions.is_empty() {
        return Ok(false);
    }
    let of = submissions.len();
    let step = |done| progress.step(done, of);
    let readings = ingest::read_all(&submissions, &desk.plan, &desk.settings.limits, &desk.worker, &Overrides::default(), &step)
        .map_err(RunError::Worker)?;
    let parts = together::parts(desk, &submissions, &readings, &Explanations::default())?;
    let mut standing = Standing::load(desk, &submissions, &readings)?;
    let mut outcomes = Vec::new();
    let mut news: BTreeMap<(DepartmentCode, Period), usize> = BTreeMap::new();
    for (((one, submission), reading), part) in recorded.iter().zip(&submissions).zip(readings).zip(&parts) {
        let (Some(department), Some(month)) = (&one.department, one.period) else { continue };
        let own = desk.ledger.tables_of(one.id)?;
        let found = read(desk, (one, submission), reading, part, &standing)?;
        let fits = own.iter().all(|table| desk.plan.dataset(&table.dataset).is_some_and(|dataset| frame::fits(dataset, table)));
        *news.entry((department.clone(), month)).or_default() += usize::from(found.is_news(one, &own));
        let tables = if one.state == SubmissionState::Accepted && (found.is_whole(&own) || !fits) { found.tables } else { None };
        if one.state == SubmissionState::Accepted {
            standing.accept(&desk.plan, submission, desk.clock.now, tables.as_ref().unwrap_or(&own));
        }
        outcomes.push(ReadAgain { id: one.id, tables });
    }
    let (at, plan_hash) = (desk.at(), desk.plan.hash.clone());
    desk.ledger.read_again(&at, ReadBy { plan_hash: &plan_hash, definition: DEFINITION }, &outcomes)?;
    tell(desk, &news)?;
    Ok(outcomes.iter().any(|one| one.tables.is_some()))
}

/// What is to be read again, in order of arrival.
fn due(desk: &Desk, period: Period) -> Result<Vec<(Recorded, Submission)>, RunError> {
    let by = now(&desk.plan);
    let first = Period::new(period.year(), 1).unwrap_or(period);
    let stands: BTreeSet<_> = desk.ledger.stands(None, first..=period)?.into_iter().map(|one| (one.input.period, one.input.hash)).collect();
    let mut concerned: Vec<Recorded> = Vec::new();
    for (month, hash) in stands {
        let same = desk.ledger.submissions_with(&hash)?;
        concerned.extend(same.into_iter().filter(|one| one.state == SubmissionState::Accepted && one.period == Some(month)));
    }
    concerned.extend(desk.ledger.submissions_of(period)?.into_iter().filter(|one| one.state == SubmissionState::Returned));
    // In order of arrival: each is held against what stood before it.
    concerned.sort_by(|a, b| a.arrival().cmp(&b.arrival()));
    let mut due = Vec::new();
    for one in concerned.into_iter().filter(|one| !by.has_read(one) && !by.has_left(one)) {
        match desk.archive.get(&one.hash) {
            Ok(bytes) => {
                let submission = Submission::kept(&one.path, one.received_at, one.hash.clone(), bytes);
                due.push((one, submission));
            }
            Err(error) => tracing::error!(hash = %one.hash, %error, "original cannot be read again; its tables stay as they are"),
        }
    }
    Ok(due)
}

/// What a file says now.
struct Found {
    /// Of the same department and month as before; `None` where it cannot be read so.
    tables: Option<Vec<Observations>>,
    /// It would be returned for what nobody asked when it came.
    returned: bool,
}

impl Found {
    /// Whether its tables may take the place of `own`: nothing is asked, and none of them is gone.
    fn is_whole(&self, own: &[Observations]) -> bool {
        let there: BTreeSet<&str> = self.tables.iter().flatten().map(|table| table.dataset.as_str()).collect();
        !self.returned && own.iter().all(|table| there.contains(table.dataset.as_str()))
    }

    /// Whether the operator should look: what was accepted would not be, or what was returned would be accepted.
    fn is_news(&self, one: &Recorded, own: &[Observations]) -> bool {
        if one.state == SubmissionState::Accepted { !self.is_whole(own) } else { self.tables.is_some() && !self.returned }
    }
}

fn read(
    desk: &mut Desk,
    (one, submission): (&Recorded, &Submission),
    reading: Reading,
    part: &Part,
    standing: &Standing,
) -> Result<Found, RunError> {
    let whose = |read: &Read| Some(&read.department) == one.department.as_ref() && Some(read.period) == one.period;
    let judgement = match reading {
        Reading::Read(read) if whose(&read) => receive::judge(desk, submission, read, part, &Explanations::default(), standing)?,
        Reading::Read(_) | Reading::Refused(_) => return Ok(Found { tables: None, returned: false }),
    };
    let before: HashSet<String> = one.findings.iter().map(crate::model::Finding::identity).collect();
    // An operator's word has passed what was found then.
    let accepted = one.state == SubmissionState::Accepted;
    let returned = judgement.findings().iter().any(|finding| finding.returns_file() && !(accepted && before.contains(&finding.identity())));
    Ok(Found { tables: Some(judgement.observations().to_vec()), returned })
}

/// One note a department and month; it is over when a later reading finds nothing new.
fn tell(desk: &mut Desk, news: &BTreeMap<(DepartmentCode, Period), usize>) -> Result<(), RunError> {
    for ((department, month), files) in news {
        let key = format!("{REVIEW}:{month}:{department}");
        let name = desk.plan.department_name(department).to_owned();
        if *files == 0 {
            alert::recover(desk, &key, &format!("{name}{month}报送文件按现行口径读取无新情况"))?;
            continue;
        }
        let text = format!(
            "{name}{month}有{files}个报送文件按现行方案或程序重新读取后，审核结果与原来不同；已采用的仍采用、已退回的仍退回，请复核；\
             如需变更，请该单位重新报送，或运行 wenjin submission accept、wenjin submission withdraw"
        );
        alert::raise(desk, &key, &text)?;
    }
    Ok(())
}
