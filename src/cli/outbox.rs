//! `outbox`: the stored mails and what the operator does with them.
//!
//! A release goes through the gate, which keeps the names of those who answer for it.

use serde_json::{Value, json};

use super::{Global, Outcome, bar::Bar, exit, output, parse_period, workspace};
use crate::model::{Delivery, DeliveryState, Period};
use crate::run::kit::Desk;
use crate::run::kit::progress::{Progress, Silent};
use crate::run::letters::gate::{self, Signatures};
use crate::run::post::outbox;
use crate::run::post::remedy::{self, OutboxAct};

/// Lists, releases, retries or cancels stored mails.
#[derive(Debug, clap::Args)]
pub struct Outbox {
    #[arg(value_enum, default_value = "list")]
    act: Act,
    #[arg(long, value_parser = parse_period)]
    period: Option<Period>,
    /// One mail, by its number in the list: the way to retry an uncertain one, or to settle what failed.
    #[arg(long, conflicts_with = "period")]
    id: Option<i64>,
    /// Why, for the audit.
    #[arg(long, value_name = "TEXT", requires = "id")]
    reason: Option<String>,
    /// 拟稿: who drew the mails up (release).
    #[arg(long, value_name = "NAME")]
    drafted_by: Option<String>,
    /// 审核: who looked them through (release).
    #[arg(long, value_name = "NAME")]
    reviewed_by: Option<String>,
    /// 签发: who lets them go (release).
    #[arg(long, value_name = "NAME")]
    issued_by: Option<String>,
    /// One JSON document on standard output.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Act {
    /// Shows what is stored.
    List,
    /// Shows the page to look at before a release.
    Review,
    /// Sends what is held; the audit keeps the names.
    Release,
    /// Tries what is pending or failed once more; an uncertain mail only by --id.
    Retry,
    /// Drops what is held or pending; a failed or uncertain mail only by --id.
    Cancel,
}

impl Outbox {
    pub fn run(&self, global: &Global) -> Outcome {
        let mut desk = workspace::open(global, self.period)?;
        let act = match self.act {
            Act::List | Act::Review => None,
            Act::Release => Some(OutboxAct::Release),
            Act::Retry => Some(OutboxAct::Retry),
            Act::Cancel => Some(OutboxAct::Cancel),
        };
        let period = || self.period.ok_or_else(|| anyhow::anyhow!("say which mails: --period YYYY-MM"));
        if matches!(self.act, Act::Review) {
            return self.review(&desk, period()?);
        }
        if let Some(act) = act {
            let touched = self.carry_out(&mut desk, act)?;
            if !self.json {
                output::line(&format!("{touched} mail(s)"));
            }
        }
        let mut rows = outbox::list(&desk, self.period)?;
        rows.retain(|row| self.id.is_none_or(|id| row.id == id));
        if self.json {
            output::json(&json!({ "messages": rows.iter().map(row).collect::<Vec<_>>() }));
        } else {
            for one in &rows {
                output::quoting(&line(one, desk.settings.schedule.zone));
            }
        }
        let waiting = act.is_some_and(|act| act != OutboxAct::Cancel)
            && rows.iter().any(|one| matches!(one.state, DeliveryState::Pending | DeliveryState::Failed | DeliveryState::Uncertain));
        Ok(if waiting { exit::DELIVERY_INCOMPLETE } else { exit::DONE })
    }

    fn carry_out(&self, desk: &mut Desk, act: OutboxAct) -> anyhow::Result<usize> {
        let bar = Bar::new();
        let progress: &dyn Progress = if self.json { &Silent } else { &bar };
        match (self.id, self.period) {
            (Some(id), _) => {
                let reason = self.reason.as_deref().filter(|reason| !reason.trim().is_empty());
                let reason = reason.ok_or_else(|| anyhow::anyhow!("say why, for the audit: --reason TEXT"))?;
                match act {
                    OutboxAct::Release => gate::release_one(desk, id, reason, &self.signatures(), progress)?,
                    _ => remedy::outbox_one(desk, id, act, reason, progress)?,
                }
                Ok(1)
            }
            (None, Some(period)) if act == OutboxAct::Release => Ok(gate::release(desk, period, &self.signatures(), progress)?),
            (None, Some(period)) => Ok(remedy::outbox(desk, period, act, progress)?),
            (None, None) => Err(anyhow::anyhow!("say which mails: --period YYYY-MM, or one of them: --id N --reason TEXT")),
        }
    }
}

/// One mail of the list; a put-off one with the time of its next attempt.
fn line(one: &Delivery, zone: chrono_tz::Tz) -> String {
    let message = &one.message;
    let next = one.next_at.map(|at| format!("next attempt {}  ", at.with_timezone(&zone).format("%Y-%m-%d %H:%M")));
    format!(
        "{:>4}  {} v{}  {:<10} {:<8} {:<12} {} attempt(s)  {}{}",
        one.id,
        message.period,
        message.version,
        message.kind.code(),
        message.department,
        one.state.code(),
        one.attempts,
        next.unwrap_or_default(),
        one.outcome.as_deref().unwrap_or_default(),
    )
}

impl Outbox {
    fn signatures(&self) -> Signatures {
        Signatures { drafted_by: self.drafted_by.clone(), reviewed_by: self.reviewed_by.clone(), issued_by: self.issued_by.clone() }
    }

    fn review(&self, desk: &Desk, period: Period) -> Outcome {
        let (page, review) = gate::review(desk, period)?;
        if self.json {
            output::json(&json!({ "period": period, "review": review }));
        } else {
            output::line(page.trim_end());
        }
        Ok(exit::DONE)
    }
}

fn row(one: &Delivery) -> Value {
    let message = &one.message;
    json!({
        "id": one.id, "period": message.period, "version": message.version, "kind": message.kind.code(), "department": message.department,
        "to": message.recipients.join(", "), "state": one.state.code(), "attempts": one.attempts, "message_id": message.message_id,
        "subject": message.subject, "outcome": one.outcome, "queued_at": one.queued_at.to_rfc3339(),
        "next_at": one.next_at.map(|at| at.to_rfc3339()),
    })
}
