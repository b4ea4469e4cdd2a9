//! Verifying: a sealed version is replayed from the archive and compared with what was recorded.

use std::collections::{BTreeMap, BTreeSet};

use super::publish::{PROGRAM, figures_hash};
use super::{Desk, RunError};
use crate::aggregate;
use crate::ingest::reading::Reading;
use crate::ingest::{self, Overrides};
use crate::ledger::runs::Shown;
use crate::model::{Accepted, ContentHash, Period, Submission};

/// One thing that was compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub what: String,
    pub equal: bool,
}

/// Replays the newest version of `period`: archived originals → observations → tables; compares digests and files.
pub fn verify(desk: &Desk, period: Period) -> Result<Vec<Comparison>, RunError> {
    let version = desk.ledger.latest(period)?.ok_or(RunError::NoVersion { period })?;
    let mut compared = Vec::new();
    compared.push(Comparison {
        what: "the plan is the one the version was drawn up with".to_owned(),
        equal: version.plan_hash == desk.plan.hash,
    });

    let recorded: BTreeMap<ContentHash, _> = desk.ledger.submissions()?.into_iter().map(|one| (one.hash.clone(), one)).collect();
    let hashes: BTreeSet<&ContentHash> = version.inputs.iter().map(|input| &input.hash).collect();
    let mut submissions = Vec::new();
    for hash in hashes {
        let bytes = desk.archive.get(hash).map_err(RunError::at(desk.settings.data.join("archive")))?;
        let Some(known) = recorded.get(hash) else { continue };
        submissions.push(Submission::kept(&known.path, known.received_at, hash.clone(), bytes));
    }
    let readings = ingest::read_all(&submissions, &desk.plan, &desk.settings.limits, &desk.worker, &Overrides::default(), &|_| {})
        .map_err(RunError::Worker)?;
    let mut accepted = Vec::new();
    for (submission, reading) in submissions.iter().zip(readings) {
        let Reading::Read(read) = reading else {
            compared.push(Comparison { what: format!("{} can be read again", submission.file), equal: false });
            continue;
        };
        for observations in read.observations {
            let used = version
                .inputs
                .iter()
                .any(|input| input.hash == submission.hash && input.dataset == observations.dataset && input.period == observations.period);
            if used {
                let received_at = submission.received_at.unwrap_or(desk.clock.now);
                accepted.push(Accepted { observations, file: submission.file.clone(), hash: submission.hash.clone(), received_at });
            }
        }
    }
    compared.push(Comparison {
        what: format!("{} datasets read again from {} archived files", version.inputs.len(), submissions.len()),
        equal: accepted.len() == version.inputs.len(),
    });
    let (figures, _) = aggregate::draw_up_without_faulty(&desk.plan, period, &accepted, &desk.settings.appearance)?;
    let replayed = Shown { tables: figures.tables, tasks: figures.tasks, reporting: version.shown.reporting.clone() };
    compared.push(Comparison {
        what: format!("digest of the tables {}", version.figures_hash.get(..12).unwrap_or_default()),
        equal: figures_hash(&replayed)? == version.figures_hash,
    });
    let folder = desk.reports(period).join(format!("v{}", version.version));
    for entry in &version.manifest {
        let same = std::fs::read(folder.join(&entry.file)).is_ok_and(|bytes| ContentHash::of(&bytes) == entry.hash);
        compared.push(Comparison { what: format!("{} is the file that was written", entry.file), equal: same });
    }
    if version.program != PROGRAM {
        tracing::info!(
            recorded = version.program,
            present = PROGRAM,
            "drawn up by another version of the program: tables compared, bytes not drawn again"
        );
    }
    Ok(compared)
}
