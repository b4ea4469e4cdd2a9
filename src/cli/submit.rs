//! `submit`: workbooks handed in from the command line.

use std::path::PathBuf;

use serde_json::json;

use super::{Global, Outcome, bar::Bar, exit, output, parse_period, status, workspace};
use crate::crash_point;
use crate::model::{Period, Refusal};
use crate::run::intake::explanations::Explanations;
use crate::run::intake::receive::{self, Received};
use crate::run::kit::{Progress, SubmissionState};

/// Hands in workbooks; each is archived, read, checked, and accepted or returned with its findings.
#[derive(Debug, clap::Args)]
pub struct Submit {
    /// The workbooks, or zips of them.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Whose they are, where the file does not say.
    #[arg(long, value_name = "D")]
    department: Option<String>,
    /// Which month's they are, where the file does not say.
    #[arg(long, value_parser = parse_period, value_name = "P")]
    period: Option<Period>,
    /// Explains a 请说明 finding, by its id, cell (`技改项目!J17` or J17) or code.
    #[arg(long, value_name = "FINDING=TEXT", value_parser = parse_explanation)]
    explain: Vec<String>,
    /// Store the mail with a returned file as held, and send none.
    #[arg(long)]
    no_mail: bool,
    /// One JSON document on standard output.
    #[arg(long)]
    json: bool,
}

fn parse_explanation(text: &str) -> Result<String, String> {
    match text.split_once('=') {
        Some((finding, words)) if !finding.trim().is_empty() && !words.trim().is_empty() => Ok(text.to_owned()),
        _ => Err("write it as FINDING=TEXT, for instance D7=核减重复项目".to_owned()),
    }
}

impl Submit {
    pub fn run(&self, global: &Global) -> Outcome {
        let mut desk = workspace::open(global, self.period)?;
        let department = self.department.as_deref().map(|name| workspace::department(&desk, name)).transpose()?;
        let explanations = Explanations::new(self.explain.clone());
        let bar = Bar::new();
        let received = receive::from_files(&mut desk, &self.files, department, self.period, &explanations, (self.no_mail, &bar))?;
        Progress::finish(&bar);
        for written in explanations.unused() {
            output::error(&format!("warning: `{written}` explains no finding; name it by the `id` that `wenjin submit --json` shows"));
        }
        report(&received, self.json);
        crash_point!("accept.acknowledged")?;
        let accepted = received.iter().all(|one| one.state == SubmissionState::Accepted);
        Ok(if accepted { exit::DONE } else { exit::RETURNED })
    }
}

fn report(received: &[Received], json: bool) {
    if json {
        let files: Vec<_> = received
            .iter()
            .map(|one| {
                json!({
                    "file": one.file, "path": one.path, "state": one.state.code(), "reason": one.reason.map(Refusal::code),
                    "message": one.message,
                    "beside": one.beside,
                    "account": one.account,
                    "returned_workbook": one.returned_workbook,
                    "findings": one.findings.iter().map(status::finding).collect::<Vec<_>>(),
                })
            })
            .collect();
        output::json(&json!({ "files": files }));
        return;
    }
    for one in received {
        let reason = one.message.as_deref().map(|reason| format!("：{reason}")).unwrap_or_default();
        output::quoting(&format!("{} {}{reason}", one.state.code(), one.path));
        let (weighty, notes) = status::by_weight(&one.findings);
        for finding in weighty {
            output::quoting(&format!(
                "  {} {}：{}{}",
                finding.severity.word(),
                finding.place.in_file(),
                finding.told(),
                finding.explanation.as_deref().map(|text| format!("（已说明：{text}）")).unwrap_or_default(),
            ));
        }
        if notes > 0 {
            output::line(&format!("  另有{notes}条提示"));
        }
        if let Some(workbook) = &one.returned_workbook {
            output::quoting(&format!("  退回修改：{}", workbook.display()));
        }
    }
    let beside: std::collections::BTreeSet<&str> = received.iter().filter_map(|one| one.beside.as_deref()).collect();
    for words in beside {
        output::quoting(words);
    }
}
