//! Ingest: submissions in, typed observations and findings out.

pub mod check;
pub mod reading;

pub use reading::{Read, Reading};

use crate::model::{DepartmentCode, Period};

/// The hidden command by which the binary becomes a worker.
pub const WORKER_COMMAND: &str = "__worker";

/// What the person at the command line says about a file, above everything the file says itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    pub department: Option<DepartmentCode>,
    pub period: Option<Period>,
}
