//! Overruling: the operator withdraws a submission, or accepts it whatever was found; both are audited.

use std::collections::BTreeMap;

use super::explanations::Explanations;
use super::receive::receive;
use super::returned::Answering;
use super::waiting::Waiting;
use crate::ingest::Overrides;
use crate::ledger::{Origin, Recorded, SubmissionState};
use crate::model::ContentHash;
use crate::run::kit::progress::Silent;
use crate::run::kit::{Desk, RunError};

/// Changes a submission's state by the operator's word; `key` is the start of its hash.
///
/// The same bytes under several names are one submission: the word holds for all of them.
pub fn overrule(desk: &mut Desk, key: &str, state: SubmissionState, reason: &str) -> Result<Recorded, RunError> {
    let mut found = desk.ledger.submissions_named(key)?;
    if key.len() < HASH_DIGITS_MIN {
        return Err(RunError::Refused(format!("`{key}` is too short; give at least {HASH_DIGITS_MIN} digits of the hash")));
    }
    let one_file = found.windows(2).all(|pair| matches!(pair, [a, b] if a.hash == b.hash));
    if !one_file {
        return Err(RunError::Refused(format!("`{key}` names more than one submission; give more digits of its hash")));
    }
    if let Some(unread) = found.iter().find(|one| one.state == SubmissionState::Refused)
        && state == SubmissionState::Accepted
    {
        return Err(RunError::Refused(format!("`{}` was refused unread and holds no figures to accept", unread.file)));
    }
    let at = desk.at();
    for one in &found {
        desk.ledger.overrule(&at, one.id, state, reason)?;
    }
    if state == SubmissionState::Withdrawn {
        judge_anew(desk, &found)?;
    }
    found.pop().ok_or_else(|| RunError::Refused(format!("no submission has a hash that begins with `{key}`; see `wenjin status`")))
}

/// Files that only waited for the withdrawn one to be out of the way are judged anew, as of the time they came.
fn judge_anew(desk: &mut Desk, withdrawn: &[Recorded]) -> Result<(), RunError> {
    let mut waiting: BTreeMap<ContentHash, Waiting> = BTreeMap::new();
    for gone in withdrawn {
        let (Some(department), Some(period)) = (&gone.department, gone.period) else { continue };
        let origin = Origin { received_at: gone.received_at, batch: gone.batch };
        for one in desk.ledger.came_with(origin, department, period)? {
            if desk.ledger.undecided(&one.hash)?.is_some() && !waiting.contains_key(&one.hash) {
                desk.archive.get(&one.hash).map_err(RunError::at(desk.settings.data.join("archive")))?;
                waiting.insert(one.hash.clone(), Waiting::Kept { path: one.path, received_at: gone.received_at, hash: one.hash });
            }
        }
    }
    let waiting = waiting.into_values().collect();
    receive(desk, waiting, &|_, one| Ok(Some(one)), &Overrides::default(), &Explanations::default(), (&Answering::Nobody, &Silent))?;
    Ok(())
}

/// So many digits of a hash name a submission.
const HASH_DIGITS_MIN: usize = 6;
