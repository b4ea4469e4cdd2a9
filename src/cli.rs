//! The command line: one file per command. Doors print; nothing below them does.

mod exit;
mod global;
mod alerts;
mod audit;
mod backfill;
mod backup;
mod bar;
mod check;
mod clock;
mod daemon;
mod doctor;
mod drafts;
mod export;
mod generate;
mod init;
mod mask;
mod outbox;
mod output;
mod restore;
mod roll;
mod run;
mod schedule;
mod show;
mod status;
mod submission;
mod submit;
mod template;
mod trace;
mod verify;
mod workspace;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::telemetry;

use exit::Outcome;
use global::{Global, parse_period};

/// Monthly follow-up of a government action plan (稳进).
///
/// Departments' workbooks come in, figures are added up exactly, Excel summaries and mails go out.
#[derive(Debug, Parser)]
#[command(name = "wenjin", version, propagate_version = true)]
pub struct Arguments {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes a new workspace with a small commented plan.
    Init(init::Init),
    /// Compiles config/ and pipelines/; shows every problem.
    Check(check::Check),
    /// Writes the forms (调度表) that departments fill in.
    Template(template::Template),
    /// Hands in workbooks from the command line.
    Submit(submit::Submit),
    /// Draws up a period and mails it.
    Run(run::Run),
    /// Runs several periods, oldest first.
    Backfill(backfill::Backfill),
    /// Ends the year's pipeline files and begins the next year's.
    Roll(roll::RollOver),
    /// Runs the schedule of config/wenjin.toml until told to stop.
    ///
    /// It polls, reminds, draws up, sends and copies, and answers /healthz, /readyz and /metrics on `web.listen`. One daemon works on
    /// a data folder. SIGTERM and SIGINT: the step at hand ends within `schedule.grace_seconds`. SIGHUP: config/ and pipelines/ are
    /// read anew. See docs/operations.md.
    Daemon(daemon::Daemon),
    /// Tells who has reported, what was returned, and how the mails stand.
    Status(status::Status),
    /// Shows a period's indicator tables in the terminal.
    Show(show::Show),
    /// Leads from a printed figure to its file, sheet and cells.
    Trace(trace::Trace),
    /// Withdraws or accepts a submission by the operator's word.
    Submission(submission::Submission),
    /// Lists, reviews, releases, retries or cancels stored mails.
    Outbox(outbox::Outbox),
    /// Shows letters drafted after repeated reds or missing reports.
    Drafts(drafts::Drafts),
    /// Shows what the operator was told of and what is not over yet.
    Alerts(alerts::Alerts),
    /// Shows who did what, and when.
    Audit(audit::Audit),
    /// Writes a period's tables as CSV.
    Export(export::Export),
    /// Replays a period from the archive and compares digests.
    Verify(verify::Verify),
    /// Copies the ledger, and keeps the newest copies.
    Backup(backup::Backup),
    /// Puts a copy of the ledger in its place.
    Restore(restore::Restore),
    /// Looks whether everything wenjin needs is in order.
    Doctor(doctor::Doctor),
    /// Writes man pages and completions, for packages.
    #[command(hide = true)]
    Generate(generate::Generate),
}

/// Runs the command line.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let Global { log_format, verbose, quiet, .. } = arguments.global;
    // A service is known by its log: the daemon tells what it does without being asked.
    let unasked = i8::from(matches!(arguments.command, Command::Daemon(_)));
    telemetry::start(log_format, if quiet { -1 } else { i8::try_from(verbose).unwrap_or(2).saturating_add(unasked) });
    mask::keep_to_ourselves();
    let outcome = match &arguments.command {
        Command::Init(command) => command.run(),
        Command::Check(command) => command.run(&arguments.global),
        Command::Template(command) => command.run(&arguments.global),
        Command::Submit(command) => command.run(&arguments.global),
        Command::Run(command) => command.run(&arguments.global),
        Command::Backfill(command) => command.run(&arguments.global),
        Command::Roll(command) => command.run(&arguments.global),
        Command::Daemon(command) => command.run(&arguments.global, Arguments::command()),
        Command::Status(command) => command.run(&arguments.global),
        Command::Show(command) => command.run(&arguments.global),
        Command::Trace(command) => command.run(&arguments.global),
        Command::Submission(command) => command.run(&arguments.global),
        Command::Outbox(command) => command.run(&arguments.global),
        Command::Drafts(command) => command.run(&arguments.global),
        Command::Alerts(command) => command.run(&arguments.global),
        Command::Audit(command) => command.run(&arguments.global),
        Command::Export(command) => command.run(&arguments.global),
        Command::Verify(command) => command.run(&arguments.global),
        Command::Backup(command) => command.run(&arguments.global),
        Command::Restore(command) => command.run(&arguments.global),
        Command::Doctor(command) => command.run(&arguments.global),
        Command::Generate(command) => command.run(&Arguments::command()),
    };
    ExitCode::from(outcome.unwrap_or_else(|error| {
        output::error(&format!("error: {}", told(&error)));
        workspace::exit_code(&error)
    }))
}

/// An error with its causes; a cause that the message before it quotes already is not told twice.
fn told(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn a_cause_is_told_once() {
        let denied = || std::io::Error::other("permission denied");
        let quoted = crate::run::kit::RunError::File { path: "var".into(), source: denied() };
        assert_eq!(super::told(&quoted.into()), "var: permission denied");
        assert_eq!(super::told(&anyhow::Error::from(denied()).context("var cannot be made")), "var cannot be made: permission denied");
    }

    #[test]
    fn the_arguments_are_consistent() {
        super::Arguments::command().debug_assert();
    }
}
