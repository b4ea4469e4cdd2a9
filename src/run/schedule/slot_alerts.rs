//! The alerts on slots that were missed or failed: what they are called, and when they are over.

use crate::ledger::LedgerError;
use crate::model::Period;
use crate::run::alert;
use crate::run::kit::{Desk, RunError};
use crate::settings::JobKind;

/// A slot that went well, or a period that was drawn up otherwise, ends the alerts on earlier slots.
pub fn recovered(desk: &mut Desk, job: JobKind, period: Period) -> Result<(), RunError> {
    let text = format!("{}（数据期{period}）已恢复", word(job));
    for kind in [FAILED, BACKUP_FAILED, NO_ROOM, DAMAGED] {
        alert::recover(desk, &key(kind, job, period), &text)?;
    }
    if job.is_per_period() { alert::recover(desk, &missed_key(job, period), &text) } else { Ok(()) }
}

/// The kinds of alerts a failed slot raises.
const FAILED: &str = "job";
const BACKUP_FAILED: &str = "backup.failed";
const NO_ROOM: &str = "disk.reserve";
const DAMAGED: &str = "ledger.damaged";

/// What the alert on a slot that failed is called.
fn kind(job: JobKind, error: &RunError) -> &'static str {
    match error {
        RunError::Ledger(LedgerError::Damaged(_)) => DAMAGED,
        RunError::NoRoom { .. } | RunError::Full { .. } => NO_ROOM,
        _ if job == JobKind::Backup => BACKUP_FAILED,
        _ => FAILED,
    }
}

/// The alert on a slot that failed.
pub fn failed_key(job: JobKind, period: Period, error: Option<&RunError>) -> String {
    key(error.map_or(FAILED, |error| kind(job, error)), job, period)
}

/// The alert on a slot that was missed.
pub fn missed_key(job: JobKind, period: Period) -> String {
    key("slot.missed", job, period)
}

/// A cut-off is about its period, everything else about the job.
fn key(what: &str, job: JobKind, period: Period) -> String {
    match job {
        JobKind::CutOff => format!("{what}:{}:{period}", job.code()),
        _ => format!("{what}:{}", job.code()),
    }
}

/// The job as the operator's alerts call it.
pub fn word(job: JobKind) -> &'static str {
    match job {
        JobKind::Poll => "收取报送数据",
        JobKind::Remind => "报送提醒",
        JobKind::Forms => "下发调度表",
        JobKind::CutOff => "截止汇总",
        JobKind::Retry => "邮件发送",
        JobKind::Backup => "台账备份",
    }
}
