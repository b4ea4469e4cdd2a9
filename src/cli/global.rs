//! Options of every command, and how their words are read.

use std::path::PathBuf;

use chrono::{DateTime, FixedOffset};
use clap::ArgAction;

use crate::model::Period;
use crate::telemetry::LogFormat;

/// Options of every command.
#[derive(Debug, Clone, clap::Args)]
pub struct Global {
    /// The folder with config/ and pipelines/.
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    pub workspace: PathBuf,
    /// Where state goes (default: `store.data` in config/wenjin.toml, under the workspace).
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Fixes the clock, for repeatable results.
    #[arg(long, global = true, value_name = "RFC3339", value_parser = parse_now)]
    pub now: Option<DateTime<FixedOffset>>,
    /// How log lines look.
    #[arg(long, global = true, value_enum, default_value = "text")]
    pub log_format: LogFormat,
    /// More log lines; twice for still more.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Errors only.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
}

fn parse_now(text: &str) -> Result<DateTime<FixedOffset>, String> {
    DateTime::parse_from_rfc3339(text).map_err(|error| format!("{error}; write it like 2022-07-11T09:00:00+08:00"))
}

pub fn parse_period(text: &str) -> Result<Period, String> {
    text.parse().map_err(|error: crate::model::period::InvalidPeriod| error.to_string())
}
