//! Verifying: a sealed version is replayed from the archive and compared with what was recorded.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset};

use super::newest;
use super::publish::{self, figures_hash};
use crate::aggregate;
use crate::ingest::reading::Reading;
use crate::ingest::{self, Overrides};
use crate::ledger::runs::Shown;
use crate::ledger::{Input, Recorded, Version};
use crate::model::{Accepted, ContentHash, Correction, Observations, Period, RegionCode, Submission};
use crate::run::intake::reread;
use crate::run::kit::definition::DEFINITION;
use crate::run::kit::{Desk, RunError};

/// How two things compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Equal,
    /// 口径不同: the plan, or what the program means by it, is not the one the version was drawn up with.
    Redefined,
    Different,
}

/// One thing that was compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub what: String,
    pub outcome: Outcome,
}

/// Replays the newest version of `period`: archived originals → observations → tables; compares digests and files.
///
/// Where plan or program mean something else now, what differs by it is 口径不同; inputs, hashes and files are compared as always.
///
/// # Errors
/// There is no version, an original is not in the archive, or the worker cannot be started.
pub fn verify(desk: &Desk, period: Period) -> Result<Vec<Comparison>, RunError> {
    let version = newest::of(desk, period)?;
    let same_plan = version.plan_hash == desk.plan.hash;
    let differs = if is_present(desk, &version) { Outcome::Different } else { Outcome::Redefined };
    let judge = |equal| if equal { Outcome::Equal } else { differs };
    let mut compared = vec![Comparison { what: "the plan is the one the version was drawn up with".to_owned(), outcome: judge(same_plan) }];

    let (submissions, mut accepted, unreadable) = read_again(desk, &version)?;
    compared.extend(unreadable.into_iter().map(|file| Comparison { what: format!("{file} can be read again"), outcome: differs }));
    accepted.sort_by(|a, b| (&a.observations.dataset, &a.hash).cmp(&(&b.observations.dataset, &b.hash)));
    compared.push(Comparison {
        what: format!("{} datasets read again from {submissions} archived files", version.inputs.len()),
        outcome: judge(accepted.len() == version.inputs.len()),
    });
    let (mut figures, _) = aggregate::draw_up_without_faulty(&desk.plan, period, &accepted, &desk.settings.appearance)?;
    if let Some(printed) = publish::printed_before(desk, &version)? {
        aggregate::tell_from(&desk.plan, period, &mut figures.tables, &printed.shown.tables);
    }
    let replayed = Shown {
        tables: figures.tables,
        tasks: figures.tasks,
        reporting: version.shown.reporting.clone(),
        since: version.shown.since,
        unexplained: figures.unexplained,
        corrections: None,
    };
    let equal = figures_hash(&replayed)? == version.figures_hash;
    let what = format!("digest of the tables {}", version.figures_hash.get(..12).unwrap_or_default());
    compared.push(Comparison { what, outcome: judge(equal) });
    if !equal {
        compared.extend(figures_of(desk, &version, &replayed)?.into_iter().map(|what| Comparison { what, outcome: differs }));
    }
    let folder = desk.reports(period).join(format!("v{}", version.version));
    for entry in &version.manifest {
        let same = std::fs::read(folder.join(&entry.file)).is_ok_and(|bytes| ContentHash::of(&bytes) == entry.hash);
        let outcome = if same { Outcome::Equal } else { Outcome::Different };
        compared.push(Comparison { what: format!("{} is the file that was written", entry.file), outcome });
    }
    Ok(compared)
}

/// Whether plan and program mean what they meant when the version was drawn up.
fn is_present(desk: &Desk, version: &Version) -> bool {
    (version.plan_hash.as_str(), version.definition) == (desk.plan.hash.as_str(), DEFINITION)
}

/// The tables the version was drawn up from, read from the archived originals: how many files, the tables, and files that are refused.
///
/// A version of the present plan and program took some files' tables as an earlier one had read them (`reread`); so are they here.
fn read_again(desk: &Desk, version: &Version) -> Result<(usize, Vec<Accepted>, Vec<String>), RunError> {
    let hashes: BTreeSet<&ContentHash> = version.inputs.iter().map(|input| &input.hash).collect();
    let mut recorded = Vec::new();
    for hash in &hashes {
        recorded.extend(desk.ledger.submissions_with(hash)?);
    }
    let recorded = as_used(version, recorded);
    let mut submissions = Vec::new();
    let mut accepted = Vec::new();
    for hash in hashes {
        let bytes = desk.archive.get(hash).map_err(RunError::at(desk.settings.data.join("archive")))?;
        let Some(known) = recorded.get(hash) else { continue };
        let submission = Submission::kept(&known.path, known.received_at, hash.clone(), bytes);
        if is_present(desk, version) && !reread::now(&desk.plan).has_read(known) {
            accepted.extend(used(desk, version, &submission, desk.ledger.tables_of(known.id)?));
        }
        submissions.push(submission);
    }
    let files = submissions.len();
    submissions.retain(|one| !accepted.iter().any(|table| table.hash == one.hash));
    let readings = ingest::read_all(&submissions, &desk.plan, &desk.settings.limits, &desk.worker, &Overrides::default(), &|_| {})
        .map_err(RunError::Worker)?;
    let mut unreadable = Vec::new();
    for (submission, reading) in submissions.iter().zip(readings) {
        match reading {
            Reading::Read(read) => accepted.extend(used(desk, version, submission, read.observations)),
            Reading::Refused(_) => unreadable.push(submission.file.clone()),
        }
    }
    Ok((files, accepted, unreadable))
}

/// The version's submissions by hash, each under the name and of the time at which it stood: the same bytes may have come again since.
fn as_used(version: &Version, submissions: Vec<Recorded>) -> BTreeMap<ContentHash, Recorded> {
    let rows = version.shown.tables.iter().flat_map(|table| &table.rows);
    let sources = rows.flat_map(|row| row.sources.iter().chain(row.regions.iter().flat_map(|region| &region.sources)));
    let mut told: BTreeMap<&ContentHash, (&str, DateTime<FixedOffset>)> = BTreeMap::new();
    for source in sources {
        told.entry(&source.hash).or_insert((&source.file, source.received_at));
    }
    let fits = |one: &Recorded| match told.get(&one.hash) {
        Some((file, received_at)) => one.file == *file && one.received_at == *received_at,
        None => version.inputs.iter().any(|input| (&input.hash, &input.file) == (&one.hash, &one.file)),
    };
    let mut used: BTreeMap<ContentHash, Recorded> = BTreeMap::new();
    for one in submissions {
        if used.get(&one.hash).is_none_or(|known| fits(&one) && !fits(known)) {
            used.insert(one.hash.clone(), one);
        }
    }
    used
}

/// Those of a file's tables that the version used.
fn used(desk: &Desk, version: &Version, submission: &Submission, tables: Vec<Observations>) -> Vec<Accepted> {
    let is_of = |input: &Input, table: &Observations| {
        input.hash == submission.hash && input.dataset == table.dataset && input.period == table.period
    };
    let received_at = submission.received_at.unwrap_or(desk.clock.now);
    let accept = |observations| Accepted { observations, file: submission.file.clone(), hash: submission.hash.clone(), received_at };
    tables.into_iter().filter(|table| version.inputs.iter().any(|input| is_of(input, table))).map(accept).collect()
}

/// The printed figures in which a replay differs, one line an indicator.
fn figures_of(desk: &Desk, version: &Version, replayed: &Shown) -> Result<Vec<String>, RunError> {
    let drawing = publish::Drawing { tables: &replayed.tables, ..publish::Drawing::of(version) };
    let mut lines: Vec<(String, String)> = Vec::new();
    for one in publish::corrections(desk, Some(version), &drawing)? {
        let told = told(desk, &one);
        match lines.iter_mut().find(|(code, _)| *code == one.indicator) {
            Some((_, line)) => {
                line.push('；');
                line.push_str(&told);
            }
            None => lines.push((one.indicator.clone(), format!("{} {}：{told}", one.indicator, one.title))),
        }
    }
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

fn name<'a>(desk: &'a Desk, code: &'a RegionCode) -> &'a str {
    desk.plan.regions.iter().find(|region| region.code == *code).map_or(code.0.as_str(), |region| region.short_name.as_str())
}

/// `杭州累计 12.30 → 12.50`.
fn told(desk: &Desk, one: &Correction) -> String {
    let region = one.region.as_ref().map_or("", |code| name(desk, code));
    let month = one.earlier.map(|period| format!("{period}")).unwrap_or_default();
    let value = |value: Option<rust_decimal::Decimal>| value.map_or("—".to_owned(), |value| value.to_string());
    format!("{region}{month}{} {} → {}", one.item, value(one.old), value(one.new))
}
