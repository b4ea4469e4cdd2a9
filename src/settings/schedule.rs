//! The `[schedule]` table: zone, deadline and the cron entries.

use chrono_tz::Tz;
use croner::parser::{CronParser, Seconds, Year};

use super::document::At;
use super::table::Table;
use super::{Job, Schedule, suggest};

const JOBS: [(&str, &str); 5] = [("poll", "poll"), ("cut-off", "cut-off"), ("remind", "remind"), ("retry", "retry"), ("backup", "backup")];
const PERIODS: [(&str, &str); 2] = [("previous", "previous"), ("current", "current")];

/// Reads the table; where it says nothing the zone is Shanghai's and nothing is scheduled.
pub fn read(table: Table<'_>) -> Schedule {
    let mut schedule = Schedule { zone: Tz::Asia__Shanghai, deadline_hour: 17, jobs: Vec::new() };
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
    for job in table.tables("job") {
        schedule.jobs.extend(read_job(job));
    }
    table.finish();
    schedule
}

fn read_job(table: Table<'_>) -> Option<Job> {
    let name = table.need_choice("name", &JOBS);
    let cron = table.need_text("cron").filter(is_sound);
    let period = if table.has("period") { table.choice("period", &PERIODS).map(|period| period.value) } else { Some("previous") };
    table.finish();
    Some(Job { name: name?.value.to_owned(), cron: cron?.value, period: period?.to_owned() })
}

/// Five fields, or six with seconds first; day of month and day of week must both match, as in the scheduler.
fn is_sound(cron: &At<String>) -> bool {
    let fields = cron.value.split_whitespace().count();
    let fault = if cron.value.contains('@') || !(5..=6).contains(&fields) {
        Some(format!("it has {fields} field{}", if fields == 1 { "" } else { "s" }))
    } else {
        let parser = CronParser::builder().seconds(Seconds::Optional).year(Year::Optional).dom_and_dow(true).build();
        parser.parse(&cron.value).err().map(|error| error.to_string().to_lowercase().trim_end_matches('.').to_owned())
    };
    if let Some(fault) = &fault {
        cron.problem(
            format!("`{}` is no cron expression: {fault}", cron.value),
            "write five fields, or six with seconds first: `0 18 20 * *` is the 20th at 18:00",
        );
    }
    fault.is_none()
}
