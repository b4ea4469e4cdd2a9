//! The `[schedule]` table: zone, deadline, catching up and the cron entries; and `[remind]`.

use croner::Cron;
use croner::describe::English;
use croner::errors::CronError;
use croner::parser::{CronParser, Seconds, Year};

use super::document::At;
use super::table::Table;
use super::{CatchUp, Job, JobKind, PeriodRule, Remind, Schedule, suggest};

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

/// Reads `[remind]`: two working days before, on the day, one and three after.
pub fn read_remind(table: Table<'_>) -> Remind {
    let mut remind = Remind::default();
    for (key, field) in [("before", &mut remind.before), ("after", &mut remind.after)] {
        if table.has(key) {
            *field = table.smalls(key, 0..=60);
        }
    }
    if let Some(periods) = table.small("escalate_after", 0..=12) {
        remind.escalate_after = periods.value;
    }
    table.finish();
    remind
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
