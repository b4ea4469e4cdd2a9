//! Ingest: submissions in, typed observations and findings out.
//!
//! ```text
//! bytes ─ sniff, package, cfb ─▶ (worker process: sheet ─▶ identity, secrecy ─▶ layout ─▶ parse) ─▶ Reading ─▶ check
//! ```
//!
//! The cut between parent and worker: whatever opens foreign bytes as a workbook runs in the worker; rules run in the parent.

pub mod reading;
// what a file is, before it is opened
pub mod format;
pub mod cfb;
pub mod package;
pub mod sniff;
// in the worker
pub mod rich;
pub mod number_format;
pub mod grid;
pub mod sheet;
pub mod content;
pub mod formula;
pub mod secrecy;
pub mod margins;
pub mod survey;
pub mod mend;
pub mod unlock;
pub mod xlsb;
mod workbook;
pub mod form;
pub mod identity;
pub mod layout;
pub mod mark;
pub mod parse;
pub mod computed;
pub mod remarks;
pub mod title;
pub mod account;
pub mod told;
pub mod book;
// files in a zip
pub mod packed;
// between parent and worker
pub mod pool;
pub mod protocol;
pub mod worker;
// rules over what was read
pub mod check;

use std::path::Path;

use crate::model::{DepartmentCode, Period, Submission};
use crate::plan::Plan;
use crate::settings::Limits;

use protocol::{DepartmentNames, Header, Reply};

pub use pool::marker::Marker;
pub use pool::process::probe;
pub use protocol::WORKER_COMMAND;
pub use reading::{Read, Reading};
pub use worker::probe::Probe;
pub use worker::worker_main;

/// What the person at the command line says about a file, above everything the file says itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    pub department: Option<DepartmentCode>,
    pub period: Option<Period>,
}

/// Reads submissions in worker processes started from `worker`, side by side; the readings come in the submissions' order.
///
/// `progress` is told how many files are done.
///
/// # Errors
/// A worker process cannot be started.
pub fn read_all(
    submissions: &[Submission],
    plan: &Plan,
    limits: &Limits,
    worker: &Path,
    overrides: &Overrides,
    progress: &(dyn Fn(usize) + Sync),
) -> std::io::Result<Vec<Reading>> {
    let replies = pool::run(submissions, &header(plan, limits, overrides), limits, worker, progress)?;
    Ok(submissions.iter().zip(replies).map(|(submission, reply)| reading(submission, reply)).collect())
}

fn reading(submission: &Submission, reply: Reply) -> Reading {
    match reply {
        Reply::Read { department, period, observations, packed, findings, account, facts, strays, remarks, said } => Reading::Read(Read {
            department,
            period,
            file: submission.file.clone(),
            observations,
            packed,
            findings,
            account,
            facts,
            strays,
            remarks,
            said,
        }),
        Reply::Refused(refusal) => Reading::Refused(refusal),
        // No answer to what was asked.
        Reply::Marked { .. } | Reply::Unmarked => Reading::Refused(crate::model::Refusal::WorkerDied),
    }
}

/// Marks returned files, confined like their reading.
#[must_use]
pub fn marker(plan: &Plan, limits: &Limits, worker: &Path) -> Marker {
    Marker::new(header(plan, limits, &Overrides::default()), limits, worker)
}

/// Whose a file is and of which month, as far as its name and its folders tell.
#[must_use]
pub fn claimed(file: &str, folders: &[String], plan: &Plan) -> (Option<DepartmentCode>, Option<Period>) {
    identity::claimed(file, folders, &names(plan), plan.year)
}

/// What the reporting departments are called.
fn names(plan: &Plan) -> Vec<DepartmentNames> {
    let names = |department: &crate::plan::Department| {
        let names = [&department.name, &department.full_name].into_iter().chain(&department.aliases);
        DepartmentNames::new(department.code.clone(), names.cloned().collect())
    };
    plan.reporting_departments().map(names).collect()
}

/// What every worker is told when it starts.
#[must_use]
pub fn header(plan: &Plan, limits: &Limits, overrides: &Overrides) -> Header {
    Header {
        limits: limits.clone(),
        year: plan.year,
        departments: names(plan),
        province: plan.province.clone(),
        regions: plan.regions.clone(),
        datasets: plan.datasets.clone(),
        counted: plan.counted_columns(),
        department: overrides.department.clone(),
        period: overrides.period,
    }
}
