//! `alerts`: what the operator was told of and what is not over yet.

use serde_json::json;

use super::{Global, Outcome, exit, output, workspace};
use crate::run::alert::{self, robots};

/// How many alerts `--all` shows.
const ALERTS_MAX: u32 = 200;

/// Shows the alerts that are not over, and how many robots still wait for theirs.
#[derive(Debug, clap::Args)]
pub struct Alerts {
    /// Those that are over as well.
    #[arg(long)]
    all: bool,
    /// Sends each robot of config/wenjin.toml a test message first.
    #[arg(long)]
    test: bool,
    /// Tells the robots what waits for them now.
    #[arg(long)]
    send: bool,
    /// One JSON document on standard output.
    #[arg(long)]
    json: bool,
}

impl Alerts {
    pub fn run(&self, global: &Global) -> Outcome {
        let mut desk = workspace::open(global, None)?;
        let answers = if self.test { robots::probe(&desk)? } else { Vec::new() };
        if self.send {
            robots::due(&mut desk)?;
        }
        let alerts = alert::list(&desk, self.all, ALERTS_MAX)?;
        let (waiting, given_up) = robots::counts(&desk)?;
        if self.json {
            output::json(&json!({
                "alerts": alerts.iter().map(|alert| json!({
                    "key": alert.key, "raised_at": alert.raised_at, "recovered_at": alert.recovered_at, "text": alert.text,
                })).collect::<Vec<_>>(),
                "notices": { "pending": waiting, "failed": given_up },
                "robots": answers.iter().map(|answer| json!({ "ok": answer.is_ok(), "reason": answer.as_ref().err() })).collect::<Vec<_>>(),
            }));
        } else {
            for (number, answer) in (1..).zip(&answers) {
                match answer {
                    Ok(()) => output::line(&format!("ok    robot {number}")),
                    Err(reason) => output::line(&format!("FAIL  robot {number}: {reason}")),
                }
            }
            for alert in &alerts {
                let over = alert.recovered_at.as_ref().map(|at| format!("  over {at}")).unwrap_or_default();
                output::quoting(&format!("{}  {}{over}  {}", alert.raised_at, alert.key, alert.text));
            }
            if alerts.is_empty() {
                output::line("no open alert");
            }
            output::line(&format!("robots: {waiting} notice(s) wait, {given_up} given up"));
        }
        Ok(if answers.iter().any(Result::is_err) { exit::FAILED } else { exit::DONE })
    }
}
