//! Files that came together: the batch of each, tables that two of them hold, and files that would undo a correction.

use std::collections::HashSet;

use super::explanations::Explanations;
use super::past::Standing;
use crate::ingest::check::same_table_twice::{self, Other};
use crate::ingest::reading::{Read, Reading};
use crate::ledger::{Beside, Origin, SubmissionState};
use crate::model::{ContentHash, Finding, FindingCode, Place, Submission};
use crate::run::kit::{Desk, RunError};

/// One file's part in its batch.
#[derive(Debug)]
pub struct Part {
    /// When it came and with which others; those of an earlier hand-in while it is open which of them counts.
    pub origin: Origin,
    /// Withdrawn by the operator: it is in nobody's way.
    withdrawn: bool,
    /// What is asked about it because of the others.
    pub findings: Vec<Finding>,
    /// An explanation given for several of them at once decides nothing.
    pub explained_twice: HashSet<String>,
}

/// Finds each file's batch, and which tables came twice in it.
pub fn parts(desk: &Desk, submissions: &[Submission], readings: &[Reading], explanations: &Explanations) -> Result<Vec<Part>, RunError> {
    let batch = desk.ledger.next_batch()?;
    let mut parts = Vec::new();
    for submission in submissions {
        let known = desk.ledger.origin(&submission.hash, &submission.path())?;
        let withdrawn = submission.received_at.is_some() && known.is_some_and(|(_, state)| state == SubmissionState::Withdrawn);
        let origin = match (submission.received_at, known) {
            (Some(received_at), Some((origin, _))) => Origin { received_at, ..origin },
            (Some(received_at), None) => Origin { received_at, batch: Some(Origin::TOLD) },
            (None, _) => desk.ledger.undecided(&submission.hash)?.unwrap_or(Origin { received_at: desk.clock.now, batch: Some(batch) }),
        };
        parts.push(Part { origin, withdrawn, findings: Vec::new(), explained_twice: HashSet::new() });
    }
    let hashes: HashSet<&ContentHash> = submissions.iter().map(|submission| &submission.hash).collect();
    for at in 0..parts.len() {
        let (Some(Reading::Read(read)), Some(part)) = (readings.get(at), parts.get(at)) else { continue };
        if part.withdrawn {
            continue;
        }
        let before = desk.ledger.came_with(part.origin, &read.department, read.period)?;
        let beside = before.iter().filter(|one| !hashes.contains(&one.hash)).map(of_ledger);
        let now = submissions.iter().zip(readings).zip(&parts).filter_map(|((submission, reading), other)| {
            let counts = other.origin.is_with(&part.origin)
                && !other.withdrawn
                && submissions.get(at).is_some_and(|own| own.hash != submission.hash);
            let Reading::Read(read) = reading else { return None };
            counts.then_some(Other { file: &submission.file, hash: &submission.hash, tables: &read.observations })
        });
        let others: Vec<Other> = beside.chain(now).collect();
        let findings = same_table_twice::find(&desk.plan, &read.file, &read.observations, &others);
        if let Some(part) = parts.get_mut(at) {
            part.findings = findings;
        }
    }
    answer_one(&mut parts, explanations);
    Ok(parts)
}

fn of_ledger(one: &Beside) -> Other<'_> {
    Other { file: &one.file, hash: &one.hash, tables: &one.tables }
}

/// One word for both of two files says nothing about which of them counts.
fn answer_one(parts: &mut [Part], explanations: &Explanations) {
    let answered: Vec<(Origin, Option<String>)> = parts
        .iter()
        .flat_map(|part| part.findings.iter().map(|finding| (part.origin, finding)))
        .filter(|(_, finding)| explanations.of(finding).is_some())
        .map(|(origin, finding)| (origin, finding.dataset.clone()))
        .collect();
    for part in parts {
        let origin = part.origin;
        let several = |finding: &&Finding| {
            answered.iter().filter(|(other, dataset)| other.is_with(&origin) && *dataset == finding.dataset).count() > 1
        };
        part.explained_twice = part.findings.iter().filter(several).map(Finding::identity).collect();
    }
}

/// Whether the file is the one that stood before a correction which was accepted since: it would undo it.
pub fn undone(desk: &Desk, submission: &Submission, read: &Read, standing: &Standing) -> Result<Option<Finding>, RunError> {
    let Some((first, file)) = desk.ledger.first_accepted(&submission.hash, &read.department, read.period)? else { return Ok(None) };
    let at = submission.received_at.unwrap_or(desk.clock.now);
    let Some(correction) = standing.since(read, first, at) else { return Ok(None) };
    let day = |at: &chrono::DateTime<chrono::FixedOffset>| at.format("%-m月%-d日").to_string();
    let message = format!(
        "本文件与{}报送的“{file}”相同，将撤销{}的更正（“{}”），请核对；如确需恢复原报送请说明原因。",
        day(&first),
        day(&correction.received_at),
        correction.file
    );
    let place = Place { file: read.file.clone(), ..Place::default() };
    let found = Some(format!("{}替换{}", short(&submission.hash), short(&correction.hash)));
    Ok(Some(Finding { found, ..Finding::new(FindingCode::UndoesCorrection, place, message) }))
}

fn short(hash: &ContentHash) -> String {
    hash.0.chars().take(8).collect()
}
