//! Settings: `config/wenjin.toml` and the environment.
//!
//! See `docs/plan-files.md` for every key and its default.

use std::path::{Path, PathBuf};

use chrono_tz::Tz;

use crate::model::Problem;

mod address;
pub mod captions;
pub(crate) mod document;
mod environment;
pub(crate) mod load;
mod mail_url;
mod scalar;
mod schedule;
mod secret;
pub(crate) mod suggest;
pub(crate) mod table;
pub mod templates;
pub(crate) mod value;

pub use captions::Captions;
pub use templates::Templates;

/// Reads `config/wenjin.toml` under the workspace, overridden by `WENJIN_<TABLE>_<KEY>` of `env`.
///
/// # Errors
///
/// Every problem of the file and of the overrides (their file is `environment`).
pub fn load(workspace: &Path, data: Option<&Path>, env: &dyn Fn(&str) -> Option<String>) -> Result<Settings, Vec<Problem>> {
    let problems = document::Problems::default();
    let settings = load::read(workspace, data, env, &problems);
    match (settings, problems.take()) {
        (Some(settings), found) if found.is_empty() => Ok(settings),
        (_, found) => Err(found),
    }
}

/// Everything of `config/wenjin.toml` that is not the plan itself.
#[derive(Debug, Clone)]
pub struct Settings {
    pub workspace: PathBuf,
    /// Where state goes: ledger, archive, reports, mails.
    pub data: PathBuf,
    pub plan_name: String,
    pub plan_short_name: String,
    pub plan_year: i32,
    pub appearance: Appearance,
    /// The office's own mail templates; part of a version's digest.
    pub templates: Templates,
    pub office: Office,
    pub sources: Vec<Source>,
    pub schedule: Schedule,
    pub mail: Mail,
    pub limits: Limits,
}

/// What readers see around the figures; part of a version's digest.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the [report] table")]
pub struct Appearance {
    /// Prints 样例数据　非真实数据 everywhere.
    pub sample: bool,
    /// 公开 | 内部资料　注意保存.
    pub mark: String,
    pub note: String,
    pub theme: Theme,
    pub ranks: bool,
    pub region_lights: bool,
    pub figures_in_mail: bool,
    /// The office's own words.
    pub captions: Captions,
}

/// The workbook's looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    Clean,
    Official,
}

/// The coordinating office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    pub name: String,
    pub contact: String,
    pub phone: String,
}

/// Where submissions come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Folder(PathBuf),
    Http(String),
}

/// When things happen.
#[derive(Debug, Clone)]
pub struct Schedule {
    pub zone: Tz,
    pub deadline_hour: u32,
    pub jobs: Vec<Job>,
}

/// One cron entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub name: String,
    pub cron: String,
    pub period: String,
}

/// How mails leave.
#[derive(Debug, Clone)]
pub struct Mail {
    pub transport: MailUrl,
    pub from: String,
    pub reply_to: Option<String>,
    /// `true`: a run's mails wait as held until released.
    pub hold: bool,
    pub leading_to: Vec<String>,
    pub leading_cc: Vec<String>,
    pub password: Option<secrecy::SecretString>,
    pub attachment_bytes_max: u64,
}

/// The parsed `mail.url`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailUrl {
    /// A folder of `.eml` files (absolute once loaded).
    File(PathBuf),
    Smtp {
        host: String,
        port: u16,
        user: Option<String>,
        tls: Tls,
    },
}

/// How an SMTP connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Plain; to loopback, or written out as `?tls=none`.
    None,
    /// STARTTLS, required.
    StartTls,
    /// TLS from the first byte (`smtps://`).
    Implicit,
}

/// Limits on everything from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    pub file_bytes_max: u64,
    pub zip_entries_max: usize,
    pub inflated_bytes_max: u64,
    pub inflate_ratio_max: u64,
    pub sheet_rows_max: u32,
    pub sheet_columns_max: u32,
    pub cells_max: u64,
    /// Address space of the worker above its size at start.
    pub worker_bytes_max: u64,
    pub worker_cpu_seconds_max: u64,
    /// Wall clock a file.
    pub worker_seconds_max: u64,
    /// Worker processes side by side.
    pub workers: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes_max: 50 << 20,
            zip_entries_max: 1_000,
            inflated_bytes_max: 256 << 20,
            inflate_ratio_max: 100,
            sheet_rows_max: 1_048_576,
            sheet_columns_max: 512,
            cells_max: 5_000_000,
            worker_bytes_max: 768 << 20,
            worker_cpu_seconds_max: 20,
            worker_seconds_max: 60,
            workers: 2,
        }
    }
}
