//! Errors: what stops a run. Findings and problems are not among them: they are data.

use std::io::ErrorKind;
use std::path::PathBuf;

use crate::ledger::LedgerError;
use crate::model::Period;

/// An error that stops a run; the door maps it to an exit code.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error("{path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
    #[error("{path}: no space left on the disk; make room and start again: what was acknowledged is kept, nothing of this step is")]
    Full { path: PathBuf },
    #[error("{path}: the file system is read-only; mount it writable, or name another folder by `store.data` or --data")]
    ReadOnly { path: PathBuf },
    #[error(
        "{path} has {} MiB left and keeps {} MiB in reserve (limits.disk_reserve_bytes): nothing new is taken in until there is room",
        free >> 20, reserve >> 20
    )]
    NoRoom { path: PathBuf, free: u64, reserve: u64 },
    #[error(
        "the ledger is an earlier wenjin's (schema {from}, this one needs {to}) and could not be copied before it is brought up to date: {error}; nothing was changed; mend that and start again"
    )]
    NotMigrated { from: i64, to: i64, error: Box<RunError> },
    #[error("the reading worker cannot be started: {0}; no file was judged")]
    Worker(#[source] std::io::Error),
    #[error(transparent)]
    Collect(#[from] crate::collect::CollectError),
    #[error(transparent)]
    Aggregate(#[from] crate::aggregate::AggregateError),
    #[error(transparent)]
    Report(#[from] crate::report::ReportError),
    #[error(transparent)]
    Deliver(#[from] crate::deliver::DeliverError),
    #[error(
        "no submission for {period} has come yet; put the departments' workbooks where a source of config/wenjin.toml looks, or use `wenjin submit`"
    )]
    NoSubmission { period: Period },
    #[error("{period}: 1月不单独调度，与2月合并; run the period {} instead", period.next())]
    MergedJanuary { period: Period },
    #[error("{period} has no version yet; run `wenjin run --period {period}` first")]
    NoVersion { period: Period },
    /// What was asked for cannot be asked now.
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    Refused(String),
}

impl RunError {
    /// Names the path an input or output error is about.
    pub fn at(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full { path },
            ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            _ => Self::File { path, source },
        }
    }

    /// The exit code of the command line.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::NoSubmission { .. } | Self::NoVersion { .. } => 3,
            Self::MergedJanuary { .. } | Self::Usage(_) => 2,
            Self::Ledger(LedgerError::Held { .. } | LedgerError::Fenced { .. }) => 75,
            _ => 1,
        }
    }
}
