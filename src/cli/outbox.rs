//! `outbox`: the stored mails and what the operator does with them.
//!
//! A release goes through the gate, which keeps the names of those who answer for it.

use serde_json::{Value, json};

use super::{Global, Outcome, bar::Bar, exit, output, parse_period, workspace};
use crate::model::{Delivery, DeliveryState, Period};
use crate::run::Desk;
use crate::run::gate::{self, Signatures};
use crate::run::remedy::{self, OutboxAct};

/// Lists, releases, retries or cancels stored mails.
#[derive(Debug, clap::Args)]
pub struct Outbox {
    #[arg(value_enum, default_value = "list")]
    act: Act,
    #[arg(long, global = true, value_parser = parse_period)]
    period: Option<Period>,
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
    #[arg(long, global = true)]
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
    /// Tries what is pending or failed once more.
    Retry,
    /// Drops what is held or pending.
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
            let touched = match act {
                OutboxAct::Release => gate::release(&mut desk, period()?, &self.signatures(), &Bar::new())?,
                OutboxAct::Retry | OutboxAct::Cancel => remedy::outbox(&mut desk, period()?, act, &Bar::new())?,
            };
            if !self.json {
                output::line(&format!("{touched} mail(s)"));
            }
        }
        let rows = desk.ledger.outbox(self.period)?;
        if self.json {
            output::json(&json!({ "messages": rows.iter().map(row).collect::<Vec<_>>() }));
        } else {
            for one in &rows {
                let message = &one.message;
                let outcome = one.outcome.as_deref().unwrap_or_default();
                output::line(&format!(
                    "{:>4}  {} v{}  {:<10} {:<8} {:<12} {} attempt(s)  {outcome}",
                    one.id,
                    message.period,
                    message.version,
                    message.kind.code(),
                    message.department,
                    one.state.code(),
                    one.attempts
                ));
            }
        }
        let waiting = act.is_some_and(|act| act != OutboxAct::Cancel)
            && rows.iter().any(|one| matches!(one.state, DeliveryState::Pending | DeliveryState::Failed | DeliveryState::Uncertain));
        Ok(if waiting { exit::DELIVERY_INCOMPLETE } else { exit::DONE })
    }
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
        "subject": message.subject, "outcome": one.outcome,
    })
}
