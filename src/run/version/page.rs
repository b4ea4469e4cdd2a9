//! The operator's page (发布前核对) beside a version's workbooks, and what it tells besides the month.

use std::collections::{BTreeMap, HashSet};

use crate::deliver::notice::review::{self, Beside, Rate};
use crate::ingest::check::{Past, near_jumps};
use crate::ledger::{Recorded, SubmissionState};
use crate::model::{Accepted, DepartmentCode, FindingCode, IndicatorTable, Month, Observations, Period, Severity};
use crate::present::captions;
use crate::run::kit::{Desk, RunError};

/// Months over which questions are counted, the period's own among them.
const MONTHS: u32 = 12;

/// Gathers it for `period` as drawn up from `accepted`.
pub fn beside(desk: &Desk, period: Period, accepted: &[Accepted]) -> Result<Beside, RunError> {
    Ok(Beside {
        last: tables(desk, period.previous())?,
        before: tables(desk, period.back(2))?,
        near_jumps: jumps(desk, period, accepted),
        rates: rates(desk, period)?,
        mails: None,
    })
}

/// `发布前核对_2022年6月_第1版.txt`, beside the workbooks.
pub fn file_name(month: &Month) -> String {
    format!("发布前核对_{}年{}_{}.txt", month.period.year(), captions::month_label(month.period), captions::version_label(month.version))
}

/// The page of a month that is being drawn up from `accepted`, as text.
pub fn page(desk: &Desk, month: &Month, accepted: &[Accepted]) -> Result<String, RunError> {
    let beside = beside(desk, month.period, accepted)?;
    Ok(review::text(&desk.plan, &desk.settings, month, &beside)?)
}

fn tables(desk: &Desk, period: Period) -> Result<Vec<IndicatorTable>, RunError> {
    Ok(desk.ledger.latest(period)?.map(|version| version.shown.tables).unwrap_or_default())
}

fn jumps(desk: &Desk, period: Period, accepted: &[Accepted]) -> Vec<(DepartmentCode, String, String)> {
    let mut found = Vec::new();
    for one in accepted.iter().filter(|one| one.observations.period == period) {
        let now = &one.observations;
        let Some(dataset) = desk.plan.dataset(&now.dataset) else { continue };
        let year = period.back(dataset.lag).year();
        let is_earlier = |other: &&Observations| {
            (&other.department, &other.dataset) == (&now.department, &now.dataset)
                && other.period < period
                && other.period.back(dataset.lag).year() == year
        };
        let mut earlier: Vec<&Observations> = accepted.iter().map(|other| &other.observations).filter(is_earlier).collect();
        earlier.sort_by_key(|table| table.period);
        let past = Past { year: earlier, ..Past::default() };
        let told = near_jumps(&desk.plan, now, period, &past);
        found.extend(told.into_iter().map(|words| (now.department.clone(), dataset.title.clone(), words)));
    }
    found
}

/// Questions of the files of twelve months, check by check, the most frequent first.
///
/// A question was worth asking where the last file that came for its table no longer holds what was asked about.
fn rates(desk: &Desk, period: Period) -> Result<Vec<Rate>, RunError> {
    let first = period.back(MONTHS - 1);
    let mut files: BTreeMap<(DepartmentCode, Period), Vec<Recorded>> = BTreeMap::new();
    for one in desk.ledger.submissions_between(first..=period)? {
        if let (Some(department), Some(month)) = (one.department.clone(), one.period)
            && !matches!(one.state, SubmissionState::Refused)
        {
            files.entry((department, month)).or_default().push(one);
        }
    }
    let mut rates: Vec<Rate> = Vec::new();
    for files in files.values() {
        let mut covers = Vec::new();
        for file in files {
            covers.push(desk.ledger.datasets_of(file.id)?);
        }
        for (code, outcome) in outcomes(files, &covers) {
            let at = rates.iter().position(|rate| rate.code == code).unwrap_or_else(|| {
                rates.push(Rate { code, asked: 0, changed: 0, kept: 0 });
                rates.len() - 1
            });
            if let Some(rate) = rates.get_mut(at) {
                rate.asked += 1;
                rate.changed += usize::from(outcome == Some(true));
                rate.kept += usize::from(outcome == Some(false));
            }
        }
    }
    rates.sort_by(|a, b| b.asked.cmp(&a.asked).then_with(|| a.code.cmp(&b.code)));
    Ok(rates)
}

/// Each question of a department's files for a month, once: whether what it asked about was changed; `None` while it is open.
fn outcomes(files: &[Recorded], covers: &[Vec<String>]) -> Vec<(FindingCode, Option<bool>)> {
    let mut asked = HashSet::new();
    let mut outcomes = Vec::new();
    for finding in files.iter().flat_map(|file| &file.findings).filter(|finding| finding.severity == Severity::Explain) {
        let identity = finding.identity();
        if !asked.insert(identity.clone()) {
            continue;
        }
        let is_of = |covers: &Vec<String>| finding.dataset.as_ref().is_none_or(|dataset| covers.contains(dataset));
        let last = files
            .iter()
            .zip(covers)
            .rev()
            .find(|(file, covers)| file.state != SubmissionState::Withdrawn && is_of(covers))
            .map(|(file, _)| file);
        let outcome = last.and_then(|last| {
            let still = last.findings.iter().any(|other| other.severity == Severity::Explain && other.identity() == identity);
            match (still, last.state) {
                (false, _) => Some(true),
                (true, SubmissionState::Accepted) => Some(false),
                (true, _) => None,
            }
        });
        outcomes.push((finding.code, outcome));
    }
    outcomes
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::model::{ContentHash, Finding, Place};

    fn file(state: SubmissionState, found: &[&str]) -> Recorded {
        let ask = |found: &&str| Finding {
            dataset: Some("upgrade".to_owned()),
            found: Some((*found).to_owned()),
            ..Finding::new(FindingCode::CumulativeDecreased, Place::default(), "")
        };
        Recorded {
            id: 1,
            hash: ContentHash::of(b""),
            path: String::new(),
            file: String::new(),
            received_at: DateTime::parse_from_rfc3339("2022-07-08T10:00:00+08:00").unwrap(),
            batch: None,
            state,
            reason: None,
            department: None,
            period: None,
            plan_hash: String::new(),
            definition: 1,
            examined: String::new(),
            findings: found.iter().map(ask).collect(),
        }
    }

    fn told(files: &[Recorded], covers: &[&str]) -> Vec<Option<bool>> {
        let covers: Vec<Vec<String>> = covers.iter().map(|dataset| vec![(*dataset).to_owned()]).collect();
        outcomes(files, &covers).into_iter().map(|(_, outcome)| outcome).collect()
    }

    #[test]
    fn a_question_hits_where_the_figure_was_changed_afterwards() {
        use SubmissionState::{Accepted, Returned};
        assert_eq!(told(&[file(Returned, &["262"]), file(Accepted, &[])], &["upgrade", "upgrade"]), [Some(true)]);
        assert_eq!(told(&[file(Returned, &["262"]), file(Accepted, &["262"])], &["upgrade", "upgrade"]), [Some(false)], "explained");
        assert_eq!(told(&[file(Returned, &["262"])], &["upgrade"]), [None], "open");
        assert_eq!(told(&[file(Returned, &["262"]), file(Accepted, &[])], &["upgrade", "vehicles"]), [None], "another table came");
        assert_eq!(told(&[file(Returned, &["262"]), file(Returned, &["261"])], &["upgrade", "upgrade"]), [Some(true), None]);
    }
}
