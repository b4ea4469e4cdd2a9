//! `run`: draws up one period and mails it.

use serde_json::{Value, json};

use super::{Global, Outcome, bar::Bar, exit, output, parse_period, status, workspace};
use crate::model::Period;
use crate::plan::Plan;
use crate::run::kit::Progress;
use crate::run::kit::progress::Silent;
use crate::run::month::month;
use crate::run::post::remedy;
use crate::run::version::inputs::Standing;
use crate::run::version::{Options, Summary};

/// Draws up a period: receives what the sources hold, adds up, writes workbooks, mails. Again with nothing new: nothing new is made.
#[derive(Debug, clap::Args)]
pub struct Run {
    /// The month of the data, YYYY-MM.
    #[arg(long, value_parser = parse_period)]
    period: Period,
    /// Store the mails as held and send none.
    #[arg(long)]
    no_mail: bool,
    /// Hold the mails until `wenjin outbox release`.
    #[arg(long)]
    hold: bool,
    /// Send the stored mails of the newest version again (same bytes, same Message-ID).
    #[arg(long, requires = "reason", conflicts_with_all = ["no_mail", "hold"])]
    resend: bool,
    /// Why, for the audit. Also draws up and mails figures that moved by definition alone (another plan or program).
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Exit 10 when a submission is returned or missing.
    #[arg(long)]
    strict: bool,
    /// One JSON document on standard output.
    #[arg(long)]
    json: bool,
}

impl Run {
    pub fn run(&self, global: &Global) -> Outcome {
        let mut desk = workspace::open(global, Some(self.period))?;
        // The reason of a resend is for the resend.
        let reason = self.reason.as_deref().filter(|_| !self.resend);
        let options = Options { no_mail: self.no_mail, hold: self.hold, reason, ..Options::default() };
        let bar = Bar::new();
        let progress: &dyn Progress = if self.json || global.quiet { &Silent } else { &bar };
        if self.resend {
            let count = remedy::resend(&mut desk, self.period, self.reason.as_deref().unwrap_or_default(), progress)?;
            if !self.json {
                output::line(&format!("{count} stored mail(s) sent again"));
            }
        }
        let summary = month(&mut desk, self.period, options, progress)?;
        if self.json {
            output::json(&as_json(&summary));
        } else {
            print(&desk.plan, &summary, &desk.settings.data.display().to_string());
        }
        Ok(code(&summary, self.strict))
    }
}

/// The exit code a finished run is worth.
pub fn code(summary: &Summary, strict: bool) -> u8 {
    if !summary.delivery_complete() {
        exit::DELIVERY_INCOMPLETE
    } else if strict && !summary.submissions_complete() {
        exit::RETURNED
    } else {
        exit::DONE
    }
}

/// The shape `run --json` promises.
pub fn as_json(summary: &Summary) -> Value {
    let named = |wanted| -> Vec<&str> {
        summary.departments.iter().filter(|(_, standing)| *standing == wanted).map(|(code, _)| code.0.as_str()).collect()
    };
    let [green, yellow, red, grey] = summary.lights;
    json!({
        "period": summary.period,
        "version": summary.version,
        "new": summary.new,
        "submissions": {
            "accepted": summary.standing(Standing::Accepted),
            "returned": summary.standing(Standing::Returned),
            "refused": summary.standing(Standing::Refused) + summary.refused_of_nobody,
            "missing": summary.standing(Standing::Missing),
            "refused_departments": named(Standing::Refused),
            "returned_departments": named(Standing::Returned),
            "missing_departments": named(Standing::Missing),
        },
        "lights": { "green": green, "yellow": yellow, "red": red, "grey": grey },
        "files": summary.files,
        "mails": {
            "written": summary.mails.written,
            "pending": summary.mails.pending,
            "held": summary.mails.held,
            "failed": summary.mails.failed,
            "uncertain": summary.mails.uncertain,
        },
        "withheld": summary.withheld,
        "stale": summary.stale,
        "sent_back": summary.sent_back.iter().map(|one| json!({
            "file": one.file, "state": one.state.code(), "reason": one.reason.map(crate::model::Refusal::code), "findings": one.findings.len(),
        })).collect::<Vec<_>>(),
        "unread": status::unread(&summary.unread),
    })
}

/// The last lines of a run.
pub fn print(plan: &Plan, summary: &Summary, data: &str) {
    if summary.new {
        output::line(&format!("{}: version {}", summary.period, summary.version));
    } else {
        output::line(&format!("{}: nothing new since version {}; no new version, no new mail", summary.period, summary.version));
    }
    let named = |wanted| {
        let names: Vec<&str> =
            summary.departments.iter().filter(|(_, s)| *s == wanted).map(|(code, _)| plan.department_name(code)).collect();
        if names.is_empty() { String::new() } else { format!(" ({})", names.join("、")) }
    };
    output::line(&format!(
        "submissions: {} accepted, {} returned{}, {} received but unreadable{}, {} missing{}",
        summary.standing(Standing::Accepted),
        summary.standing(Standing::Returned),
        named(Standing::Returned),
        summary.standing(Standing::Refused) + summary.refused_of_nobody,
        named(Standing::Refused),
        summary.standing(Standing::Missing),
        named(Standing::Missing),
    ));
    for one in &summary.sent_back {
        let reason = one.message.clone().unwrap_or_else(|| format!("{} finding(s)", one.findings.len()));
        output::quoting(&format!("  {} {}: {reason}", one.state.code(), one.file));
    }
    for one in &summary.unread {
        output::line(&format!("  not read: {}", status::unread_words(one)));
    }
    let [green, yellow, red, grey] = summary.lights;
    output::line(&format!("lights: {green} green, {yellow} yellow, {red} red, {grey} grey"));
    output::line(&format!("files: {} workbooks in {data}/reports/{}/v{}", summary.files.len(), summary.period, summary.version));
    let mails = summary.mails;
    output::line(&format!(
        "mails: {} sent or written, {} pending, {} held, {} failed, {} uncertain",
        mails.written, mails.pending, mails.held, mails.failed, mails.uncertain
    ));
    if !summary.withheld.is_empty() {
        output::line(&format!(
            "not mailed: {} moved by definition alone (统计口径更新); `wenjin run --period {} --reason TEXT` mails them",
            summary.withheld.join(", "),
            summary.period
        ));
    }
    if !summary.stale.is_empty() {
        let periods: Vec<String> = summary.stale.iter().map(ToString::to_string).collect();
        output::line(&format!("stale: {} lean on it; `wenjin backfill --stale` redoes them", periods.join(", ")));
    }
}
