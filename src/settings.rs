//! Settings: `config/wenjin.toml` and the environment.
//!
//! See `docs/plan-files.md` for every key and its default.

use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use rust_decimal::{Decimal, dec};

use crate::model::Problem;

pub mod address;
mod alert;
pub mod captions;
pub(crate) mod document;
mod environment;
pub(crate) mod load;
mod mail;
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

#[cfg(test)]
mod tests;

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
    pub remind: Remind,
    pub mail: Mail,
    pub alert: Alert,
    pub web: Web,
    pub backup: Backup,
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

impl Appearance {
    /// The mark of a plan that names none.
    pub const MARK: &str = "内部资料　注意保存";
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
    /// What becomes of slots that were missed while nothing ran.
    pub catch_up: CatchUp,
    /// How far back slots are caught up; older ones are recorded as missed.
    pub catch_up_days: u32,
    /// How often late files may refresh a period that was drawn up on schedule.
    pub refreshes_max: u32,
    /// How long the step at hand may take after SIGTERM.
    pub grace_seconds: u64,
    pub jobs: Vec<Job>,
}

impl Default for Schedule {
    fn default() -> Self {
        Self {
            zone: Tz::Asia__Shanghai,
            deadline_hour: 17,
            catch_up: CatchUp::Latest,
            catch_up_days: 40,
            refreshes_max: 3,
            grace_seconds: 60,
            jobs: Vec::new(),
        }
    }
}

/// What becomes of slots that were missed while nothing ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CatchUp {
    /// The newest is run, the older ones are recorded as missed.
    Latest,
    /// All are run, oldest first.
    All,
    /// None is run.
    None,
}

/// One cron entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub kind: JobKind,
    /// Five fields, or six with seconds first; in the schedule's zone.
    pub cron: String,
    pub rule: PeriodRule,
}

/// What a cron entry starts. One more job is one more word here, and its conduct in `run/job.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobKind {
    /// Looks for submissions; draws the month up once all are in, refreshes it after late files.
    Poll,
    /// Reminds those who have not reported or were returned.
    Remind,
    /// Draws the month up with what is there.
    CutOff,
    /// Sends what met a temporary refusal.
    Retry,
    /// Copies the ledger.
    Backup,
}

impl JobKind {
    /// Every job, in the order they are shown.
    pub const ALL: [Self; 5] = [Self::Poll, Self::Remind, Self::CutOff, Self::Retry, Self::Backup];

    /// The word in `config/wenjin.toml`, the ledger and `--json`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Poll => "poll",
            Self::Remind => "remind",
            Self::CutOff => "cut-off",
            Self::Retry => "retry",
            Self::Backup => "backup",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether a slot of it belongs to one period, so that each missed one counts.
    ///
    /// The others do all that waits whenever they run: their newest slot makes up for every earlier one.
    #[must_use]
    pub fn is_per_period(self) -> bool {
        matches!(self, Self::Remind | Self::CutOff)
    }
}

/// Which period a slot is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeriodRule {
    /// The month before the one the slot falls in.
    Previous,
    /// The month the slot falls in.
    Current,
}

/// When departments are reminded, in working days from a due day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remind {
    /// Days before it; 0 is the due day itself.
    pub before: Vec<u32>,
    /// Days after it.
    pub after: Vec<u32>,
    /// Periods in a row of a red light, or of a missing report, from which a letter is drafted for the operator; 0 never.
    pub escalate_after: u32,
}

impl Default for Remind {
    fn default() -> Self {
        Self { before: vec![2, 0], after: vec![1, 3], escalate_after: 2 }
    }
}

/// Who is told when something fails, and when it works again.
#[derive(Debug, Clone, Default)]
pub struct Alert {
    /// The operator's addresses; empty: no alert mails.
    pub to: Vec<String>,
    pub webhooks: Vec<Webhook>,
}

/// A chat robot that is told the same, without figures.
#[derive(Debug, Clone)]
pub struct Webhook {
    pub kind: WebhookKind,
    /// Holds the robot's token, so it is a secret as a whole.
    pub url: secrecy::SecretString,
    /// Signs each call (`DingTalk`'s 加签).
    pub secret: Option<secrecy::SecretString>,
}

/// Whose robot format is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookKind {
    DingTalk,
    WeCom,
}

/// What the daemon shows to machines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Web {
    /// Where `/healthz`, `/readyz` and `/metrics` answer; `None`: nowhere.
    pub listen: Option<std::net::SocketAddr>,
}

/// Copies of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Absolute once loaded.
    pub folder: PathBuf,
    /// How many copies are kept.
    pub keep: u32,
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
    pub pace: MailPace,
    pub review: Review,
}

/// What the operator looks at and signs before held mails leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Review {
    /// A release needs 拟稿、审核、签发 by name.
    pub sign_off: bool,
    /// A change of so many percent, against the month before or the year before, is shown as a jump.
    pub jump_pct: Decimal,
    /// For figures in %: so many percentage points.
    pub jump_points: Decimal,
}

impl Default for Review {
    fn default() -> Self {
        Self { sign_off: false, jump_pct: dec!(50), jump_points: dec!(10) }
    }
}

/// How fast mails leave, and how long a put-off one is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailPace {
    /// Messages a minute, all together.
    pub rate_per_minute: u32,
    /// Connections at once, all together.
    pub connections_max: u32,
    /// Connections at once to recipients of one domain.
    pub per_domain_max: u32,
    /// The first pause after a temporary refusal; it doubles with each attempt.
    pub retry_minutes: u32,
    pub retry_minutes_max: u32,
    /// After so long a mail that is still put off has failed.
    pub lifetime_hours: u32,
    /// How long a server may take over each reply.
    pub timeout_seconds: u32,
    /// How long it may take over the message, and once more over its last reply (RFC 5321 §4.5.3.2.6 asks for 10 minutes).
    pub final_timeout_seconds: u32,
}

impl Default for MailPace {
    fn default() -> Self {
        Self {
            rate_per_minute: 60,
            connections_max: 4,
            per_domain_max: 2,
            retry_minutes: 5,
            retry_minutes_max: 240,
            lifetime_hours: 72,
            timeout_seconds: 60,
            final_timeout_seconds: 600,
        }
    }
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
    /// Room on the disk below which nothing more is taken in.
    pub disk_reserve_bytes: u64,
    /// How long a run holds its period without renewing it; a frozen one loses it then.
    pub lease_seconds: i64,
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
            disk_reserve_bytes: 64 << 20,
            lease_seconds: 600,
        }
    }
}
