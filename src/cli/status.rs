//! `status`: who has reported, what was returned and why, how the mails stand.

mod periods;

use comfy_table::{ContentArrangement, Table, presets};
use serde_json::{Value, json};

use super::{Global, Outcome, exit, output, parse_period, workspace};
use crate::model::{Finding, MailKind, Period, ReportState, Severity, Timeliness};
use crate::run::intake::packages;
use crate::run::kit::{Desk, Recorded, RunError, SubmissionState, UnreadEntry, UnreadReason};
use crate::run::post::outbox;
use crate::run::version::inputs::{self, Inputs, Unreadable};
use crate::run::version::{newest, stale};

/// Tells how a period stands, or lists the periods.
#[derive(Debug, clap::Args)]
pub struct Status {
    #[arg(long, value_parser = parse_period)]
    period: Option<Period>,
    /// One JSON document on standard output.
    #[arg(long)]
    json: bool,
}

impl Status {
    pub fn run(&self, global: &Global) -> Outcome {
        let desk = workspace::open(global, self.period)?;
        let Some(period) = self.period else { return periods::show(&desk, self.json) };
        let inputs = inputs::gather(&desk, period)?;
        if self.json {
            output::json(&as_json(&desk, &inputs)?);
        } else {
            print(&desk, &inputs)?;
        }
        Ok(exit::DONE)
    }
}

fn timeliness(timeliness: Option<Timeliness>) -> Option<&'static str> {
    timeliness.map(|timeliness| match timeliness {
        Timeliness::OnTime => "on_time",
        Timeliness::Late => "late",
    })
}

/// What must be mended and what must be explained, in this order, and how many are only told.
pub fn by_weight<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> (Vec<&'a Finding>, usize) {
    let (mut weighty, notes): (Vec<_>, Vec<_>) = findings.into_iter().partition(|finding| finding.severity != Severity::Note);
    weighty.sort_by_key(|finding| finding.severity);
    (weighty, notes.iter().map(|finding| finding.count()).sum())
}

/// A finding as `--json` shows it.
pub fn finding(finding: &Finding) -> Value {
    json!({
        "severity": finding.severity, "code": finding.code.code(), "file": finding.place.file, "sheet": finding.place.sheet,
        "cell": finding.place.cell, "cells": finding.cells(), "count": finding.count(), "dataset": finding.dataset, "column": finding.column, "found": finding.found,
        "expected": finding.expected, "message": finding.message, "explanation": finding.explanation, "id": finding.id(),
    })
}

/// A file that came and could not be read, with the tables of its department that are owed.
fn refused(desk: &Desk, inputs: &Inputs, one: &Unreadable) -> Result<Value, RunError> {
    let (submission, department) = (&one.submission, one.department.as_ref());
    let owed = inputs.reporting.iter().filter(|row| row.state == ReportState::Refused && Some(&row.department) == department);
    let due = owed.clone().map(|row| row.due).min();
    Ok(json!({
        "department": department, "period": one.period, "dataset": Value::Null, "state": submission.state.code(), "timeliness": Value::Null,
        "due": due, "owed": owed.map(|row| row.dataset.as_str()).collect::<Vec<_>>(), "file": submission.file, "blake3": submission.hash,
        "received_at": submission.received_at.to_rfc3339(), "reason": submission.reason,
        "message": packages::reason(desk, submission)?, "findings": [],
    }))
}

/// What lies in the sources and was not read, as `--json` shows it.
pub fn unread(entries: &[UnreadEntry]) -> Vec<Value> {
    entries.iter().map(|one| json!({ "source": one.source, "path": one.path, "reason": one.reason })).collect()
}

/// The same in words: `folder 1 未读取 2022-06/a.xlsx：没有读取权限，请…`.
pub fn unread_words(one: &UnreadEntry) -> String {
    let words = UnreadReason::parse(&one.reason).map_or_else(|| one.reason.clone(), |reason| reason.words().to_owned());
    format!("{} 未读取 {}：{words}", one.source, one.path)
}

fn as_json(desk: &Desk, inputs: &Inputs) -> Result<Value, RunError> {
    let mut submissions: Vec<Value> = inputs.refused.iter().map(|one| refused(desk, inputs, one)).collect::<Result<_, _>>()?;
    // What cannot be read is a row of its own, for no dataset.
    for row in inputs.reporting.iter().filter(|row| !matches!(row.state, ReportState::NotDue | ReportState::Refused)) {
        let about = |submission: &Recorded| -> Vec<Value> {
            let mine = |one: &&Finding| one.dataset.as_ref().is_none_or(|dataset| *dataset == row.dataset);
            submission.findings.iter().filter(mine).map(finding).collect()
        };
        let shown = inputs.submissions.iter().rev().find(|submission| Some(&submission.hash) == row.hash.as_ref());
        submissions.push(json!({
            "department": row.department, "dataset": row.dataset, "state": row.state.code(), "timeliness": timeliness(row.timeliness),
            "due": row.due, "file": row.file, "blake3": row.hash, "received_at": row.received_at.map(|at| at.to_rfc3339()),
            "findings": shown.map(about).unwrap_or_default(),
        }));
        // Earlier files of the same dataset: superseded ones and returned ones.
        for earlier in &inputs.submissions {
            let same = earlier.department.as_ref() == Some(&row.department) && Some(&earlier.hash) != row.hash.as_ref();
            if !same || !inputs::carries(desk, earlier, &row.dataset)? {
                continue;
            }
            let state = if earlier.state == SubmissionState::Accepted { "superseded" } else { earlier.state.code() };
            submissions.push(json!({
                "department": row.department, "dataset": row.dataset, "state": state, "timeliness": Value::Null, "due": row.due,
                "file": earlier.file, "blake3": earlier.hash, "received_at": earlier.received_at.to_rfc3339(), "findings": about(earlier),
            }));
        }
    }
    let latest = newest::drawn(desk, inputs.period)?;
    let mut deliveries = Vec::new();
    // A returned file is answered in the same breath: `outbox list` shows it.
    for delivery in outbox::list(desk, Some(inputs.period))?.into_iter().filter(|one| one.message.kind != MailKind::Return) {
        deliveries.push(json!({
            "department": delivery.message.department, "to": delivery.message.recipients.join(", "), "state": delivery.state.code(),
            "kind": delivery.message.kind.code(), "version": delivery.message.version,
            "message_id": delivery.message.message_id, "attempts": delivery.attempts, "outcome": delivery.outcome,
        }));
    }
    Ok(json!({
        "period": inputs.period, "version": latest.as_ref().map(|drawn| drawn.version), "cause": latest.as_ref().map(|drawn| drawn.cause.code()),
        "stale": periods::changed(stale::of(desk, inputs.period)?), "plan_changed": latest.is_some_and(|drawn| drawn.plan_hash != desk.plan.hash),
        "submissions": submissions, "unread": unread(&inputs.unread), "beside": inputs::beside_of(desk, inputs)?, "deliveries": deliveries,
    }))
}

fn print(desk: &Desk, inputs: &Inputs) -> Result<(), RunError> {
    let version = match newest::drawn(desk, inputs.period)? {
        None => "no version yet".to_owned(),
        Some(drawn) if drawn.plan_hash != desk.plan.hash => format!("version {}, drawn up with another plan", drawn.version),
        Some(drawn) => format!("version {}", drawn.version),
    };
    let stale = periods::stale_words(&periods::changed(stale::of(desk, inputs.period)?));
    output::line(&format!("{}: {version}{stale}", inputs.period));
    output::line(&table(desk, inputs).to_string());
    for one in &inputs.refused {
        let whose = one.department.as_ref().map_or("单位不明", |code| desk.plan.department_name(code));
        let reason = packages::reason(desk, &one.submission)?.unwrap_or_default();
        output::quoting(&format!("{whose} 已收到但无法读取 {}：{reason}", one.submission.file));
    }
    for one in &inputs.unread {
        output::quoting(&unread_words(one));
    }
    for words in inputs::beside_of(desk, inputs)? {
        output::quoting(&words);
    }
    let told: Vec<&Finding> = inputs.findings.iter().map(|(_, finding)| finding).collect();
    for severity in [Severity::Error, Severity::Explain] {
        for (department, one) in inputs.findings.iter().filter(|(_, finding)| finding.severity == severity) {
            output::quoting(&format!(
                "{} {} {}{}{}：{}",
                desk.plan.department_name(department),
                one.severity.word(),
                one.place.file,
                one.place.sheet.as_deref().map(|sheet| format!(" “{sheet}”表")).unwrap_or_default(),
                one.place.cell.map(|cell| cell.to_string()).unwrap_or_default(),
                one.told()
            ));
        }
    }
    let (_, notes) = by_weight(told);
    if notes > 0 {
        output::line(&format!("另有{notes}条提示（wenjin status --period {} --json 列出）", inputs.period));
    }
    for delivery in outbox::list(desk, Some(inputs.period))? {
        let message = &delivery.message;
        output::quoting(&format!(
            "mail {} v{} {} {}: {}",
            delivery.id,
            message.version,
            message.kind.code(),
            message.department,
            delivery.state.code()
        ));
    }
    Ok(())
}

/// How each table of each department stands.
fn table(desk: &Desk, inputs: &Inputs) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(["责任单位", "调度表", "状态", "截止", "收到", "文件"]);
    for row in &inputs.reporting {
        table.add_row([
            desk.plan.department_name(&row.department).to_owned(),
            row.title.clone(),
            match row.timeliness {
                Some(Timeliness::Late) => format!("{}（迟报）", row.state.word()),
                _ => row.state.word().to_owned(),
            },
            row.due.to_string(),
            row.received_at.map(|at| at.format("%m-%d %H:%M").to_string()).unwrap_or_default(),
            row.file.clone().unwrap_or_default(),
        ]);
    }
    table
}
