//! The `[schedule]` table: zone, deadline, catching up and the cron entries.

use chrono_tz::Tz;
use croner::Cron;
use croner::describe::English;
use croner::errors::CronError;
use croner::parser::{CronParser, Seconds, Year};

use super::document::At;
use super::suggest;
use super::table::Table;

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

/// What a cron entry starts. `README.md` tells where one more job goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobKind {
    /// Looks for submissions; draws the month up once all are in, refreshes it after late files.
    Poll,
    /// Reminds those who have not reported or were returned.
    Remind,
    /// Sends the departments their forms.
    Forms,
    /// Draws the month up with what is there.
    CutOff,
    /// Sends what met a temporary refusal.
    Retry,
    /// Copies the ledger.
    Backup,
}

impl JobKind {
    /// Every job, in the order they are shown.
    pub const ALL: [Self; 6] = [Self::Poll, Self::Remind, Self::Forms, Self::CutOff, Self::Retry, Self::Backup];

    /// The word in `config/wenjin.toml`, the ledger and `--json`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Poll => "poll",
            Self::Remind => "remind",
            Self::Forms => "forms",
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
        matches!(self, Self::Remind | Self::Forms | Self::CutOff)
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

/// Reads the table; where it says nothing the zone is Shanghai's and nothing is scheduled.
pub fn read(table: Table<'_>) -> Schedule {
    let mut schedule = Schedule::default();
    if let Some(zone) = table.text("zone") {
        match zone.value.parse() {
            Ok(zone) => schedule.zone = zone,
            Err(_) => zone.problem(
                format!("unknown time zone `{}`", zone.value),
                match suggest::closest(&zone.value, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name())) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => "write a name of the IANA list: `Asia/Shanghai`".to_owned(),
                },
            ),
        }
    }
    if let Some(hour) = table.small("deadline_hour", 0..=23) {
        schedule.deadline_hour = hour.value;
    }
    if let Some(policy) = table.choice("catch_up", &[("latest", CatchUp::Latest), ("all", CatchUp::All), ("none", CatchUp::None)]) {
        schedule.catch_up = policy.value;
    }
    if let Some(days) = table.small("catch_up_days", 1..=3660) {
        schedule.catch_up_days = days.value;
    }
    if let Some(refreshes) = table.small("refreshes_max", 0..=1000) {
        schedule.refreshes_max = refreshes.value;
    }
    if let Some(seconds) = table.integer("grace_seconds", 1..=3600) {
        schedule.grace_seconds = seconds.value;
    }
    for job in table.tables("job") {
        schedule.jobs.extend(read_job(job));
    }
    table.finish();
    schedule
}

fn read_job(table: Table<'_>) -> Option<Job> {
    let kind = table.need_choice("name", &JobKind::ALL.map(|kind| (kind.code(), kind)));
    let cron = table.need_text("cron").filter(is_sound);
    let rules = [("previous", PeriodRule::Previous), ("current", PeriodRule::Current)];
    let rule = if table.has("period") { table.choice("period", &rules).map(|rule| rule.value) } else { Some(PeriodRule::Previous) };
    table.finish();
    Some(Job { kind: kind?.value, cron: cron?.value, rule: rule? })
}

/// The years a schedule is asked about. Without them the parser sets up five thousand, each time.
const YEARS: &str = "1970-2200";

fn parse(cron: &str) -> Result<Cron, CronError> {
    CronParser::builder().seconds(Seconds::Optional).year(Year::Optional).dom_and_dow(true).build().parse(cron)
}

impl Job {
    /// The entry's times; `None` only for a text that the settings would have refused.
    #[must_use]
    pub fn pattern(&self) -> Option<Cron> {
        let seconds = if self.cron.split_whitespace().count() == 5 { "0 " } else { "" };
        parse(&format!("{seconds}{} {YEARS}", self.cron)).ok()
    }

    /// The entry in English: `At 18:00, on day 20`.
    #[must_use]
    pub fn words(&self) -> String {
        let Ok(cron) = parse(&self.cron) else { return "never".to_owned() };
        let words = cron.describe_lang(English);
        let words = words.trim_end_matches('.');
        words.strip_prefix("At every ").map_or_else(|| words.to_owned(), |rest| format!("Every {rest}"))
    }
}

/// Five fields, or six with seconds first; day of month and day of week must both match, as in the scheduler.
fn is_sound(cron: &At<String>) -> bool {
    let fields = cron.value.split_whitespace().count();
    let fault = if cron.value.contains('@') || !(5..=6).contains(&fields) {
        Some(format!("it has {fields} field{}", if fields == 1 { "" } else { "s" }))
    } else {
        parse(&cron.value).err().map(|error| error.to_string().to_lowercase().trim_end_matches('.').to_owned())
    };
    if let Some(fault) = &fault {
        cron.problem(
            format!("`{}` is no cron expression: {fault}", cron.value),
            "write five fields, or six with seconds first: `0 18 20 * *` is the 20th at 18:00",
        );
    }
    fault.is_none()
}
