//! Ordinals: which of its department's files for a period a submission was.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::ledger::{Recorded, SubmissionState};
use crate::model::{ContentHash, DepartmentCode, Period};
use crate::run::kit::{Desk, RunError};

/// The ordinals of all submissions, from 1 on; the same bytes sent twice count once.
pub fn arrivals(desk: &Desk) -> Result<BTreeMap<ContentHash, u32>, RunError> {
    Ok(numbered(&desk.ledger.submissions()?))
}

/// The files that were withdrawn, under every name they came by.
pub fn withdrawn(desk: &Desk) -> Result<BTreeSet<ContentHash>, RunError> {
    let submissions = desk.ledger.submissions()?;
    let of = |state: fn(SubmissionState) -> bool| -> BTreeSet<ContentHash> {
        submissions.iter().filter(|one| state(one.state)).map(|one| one.hash.clone()).collect()
    };
    let standing = of(|state| state == SubmissionState::Accepted);
    Ok(of(|state| state == SubmissionState::Withdrawn).difference(&standing).cloned().collect())
}

/// `submissions` in order of arrival.
fn numbered(submissions: &[Recorded]) -> BTreeMap<ContentHash, u32> {
    let mut counts: HashMap<(&DepartmentCode, Period), u32> = HashMap::new();
    let mut ordinals = BTreeMap::new();
    for submission in submissions {
        let (Some(department), Some(period)) = (&submission.department, submission.period) else { continue };
        // What could not be read is none of the files of a month.
        if submission.state == SubmissionState::Refused || ordinals.contains_key(&submission.hash) {
            continue;
        }
        let count = counts.entry((department, period)).or_default();
        *count += 1;
        ordinals.insert(submission.hash.clone(), *count);
    }
    ordinals
}
