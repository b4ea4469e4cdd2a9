use chrono::{NaiveDate, NaiveTime};
use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn schedule(zone: Tz, entries: &[(JobKind, &str, PeriodRule)]) -> Schedule {
    let jobs = entries.iter().map(|(kind, cron, rule)| Job { kind: *kind, cron: (*cron).to_owned(), rule: *rule }).collect();
    Schedule { zone, jobs, ..Schedule::default() }
}

fn cut_off(cron: &str) -> Schedule {
    schedule(Tz::Asia__Shanghai, &[(JobKind::CutOff, cron, PeriodRule::Previous)])
}

fn told(slots: &[Slot]) -> Vec<String> {
    slots.iter().map(|slot| format!("{} {}", slot.scheduled_at.format("%m-%d %H:%M:%S"), slot.period)).collect()
}

#[rstest]
// 29 February, the 31st, the last day, the second Friday; day of month and of week must both match.
#[case("0 18 29 2 *", "2021-01-01T00:00:00Z", &["02-29 10:00:00 2024-01", "02-29 10:00:00 2028-01"])]
#[case("0 0 31 * *", "2022-01-31T00:00:00+08:00", &["03-30 16:00:00 2022-02", "05-30 16:00:00 2022-04"])]
#[case("59 23 L * *", "2022-01-31T23:59:00+08:00", &["02-28 15:59:00 2022-01", "03-31 15:59:00 2022-02"])]
#[case("0 9 * * 5#2", "2022-07-01T00:00:00Z", &["07-08 01:00:00 2022-06", "08-12 01:00:00 2022-07"])]
#[case("0 18 20 * 3", "2022-07-01T00:00:00Z", &["07-20 10:00:00 2022-06", "09-20 10:00:00 2023-08"])]
#[case("30 0 18 20 * *", "2022-07-20T18:00:29.9+08:00", &["07-20 10:00:30 2022-06", "08-20 10:00:30 2022-07"])]
fn the_next_times_are_those_of_the_entry(#[case] cron: &str, #[case] now: &str, #[case] expected: &[&str]) {
    let schedule = cut_off(cron);
    assert_eq!(told(&next(&schedule, &schedule.jobs[0], at(now), 2)), expected);
}

#[test]
fn an_entry_that_never_comes_has_no_times() {
    let schedule = cut_off("0 0 31 2 *");
    assert!(next(&schedule, &schedule.jobs[0], at("2022-01-01T00:00:00Z"), 5).is_empty());
    assert_eq!(deadline(&schedule, Period::new(2022, 1).unwrap()), None);
}

#[test]
fn a_period_ends_with_its_first_cut_off() {
    let june = Period::new(2022, 6).unwrap();
    let mut schedule = cut_off("0 18 20,25 * *");
    assert_eq!(deadline(&schedule, june), Some(at("2022-07-20T18:00:00+08:00")));
    schedule.jobs[0].rule = PeriodRule::Current;
    assert_eq!(deadline(&schedule, june), Some(at("2022-06-20T18:00:00+08:00")));
    // A first of the month that is the last of the month before in UTC.
    schedule.jobs[0].cron = "0 0 1 * *".to_owned();
    assert_eq!(deadline(&schedule, june), Some(at("2022-05-31T16:00:00Z")));
    schedule.jobs[0].cron = "0 18 20 1 *".to_owned();
    assert_eq!(deadline(&schedule, june), None);
    assert_eq!(deadline(&schedule, Period::new(2023, 1).unwrap()), Some(at("2023-01-20T18:00:00+08:00")));
}

#[test]
fn a_slot_a_few_minutes_late_is_on_time_and_a_later_one_is_missed_where_nothing_is_caught_up() {
    let mut schedule = cut_off("0 18 20 * *");
    schedule.catch_up = CatchUp::None;
    let june = |now| due(&schedule, JobKind::CutOff, at("2022-07-20T17:50:00+08:00"), at(now));
    assert_eq!(june("2022-07-20T17:59:59+08:00"), Due::default());
    assert_eq!((june("2022-07-20T18:14:00+08:00").run.len(), june("2022-07-20T18:14:00+08:00").missed.len()), (1, 0));
    assert_eq!((june("2022-07-20T18:16:00+08:00").run.len(), june("2022-07-20T18:16:00+08:00").missed.len()), (0, 1));
}

#[test]
fn polls_make_up_for_earlier_ones_and_miss_nothing() {
    let entries = [(JobKind::Poll, "*/10 * * * *", PeriodRule::Previous), (JobKind::Poll, "5 9 * * *", PeriodRule::Current)];
    let mut schedule = schedule(Tz::Asia__Shanghai, &entries);
    for policy in [CatchUp::All, CatchUp::Latest] {
        schedule.catch_up = policy;
        let back = due(&schedule, JobKind::Poll, at("2022-07-01T00:00:00Z"), at("2022-07-09T09:07:00+08:00"));
        assert_eq!((told(&back.run), back.missed.len()), (vec!["07-09 01:05:00 2022-07".to_owned()], 0), "both entries are looked at");
    }
    schedule.jobs.truncate(1);
    schedule.jobs[0].cron = "30 2 * * *".to_owned();
    schedule.catch_up = CatchUp::None;
    assert_eq!(due(&schedule, JobKind::Poll, at("2022-07-01T00:00:00Z"), at("2022-07-09T09:07:00+08:00")), Due::default());
}

#[test]
fn what_is_older_than_the_window_is_missed_even_where_all_is_caught_up() {
    let mut schedule = cut_off("0 18 20 * *");
    schedule.catch_up = CatchUp::All;
    let back = due(&schedule, JobKind::CutOff, at("2022-03-01T00:00:00Z"), at("2022-07-25T00:00:00Z"));
    assert_eq!(told(&back.run), ["06-20 10:00:00 2022-05", "07-20 10:00:00 2022-06"]);
    assert_eq!(told(&back.missed), ["03-20 10:00:00 2022-02", "04-20 10:00:00 2022-03", "05-20 10:00:00 2022-04"]);
}

#[test]
fn entries_are_told_in_words() {
    let mut schedule = cut_off("0 18 20 * *");
    let mut said = Vec::new();
    for cron in ["0 18 20 * *", "*/10 * * * *", "30 0 9 * * MON-FRI", "0 0 L * *"] {
        schedule.jobs[0].cron = cron.to_owned();
        said.push(schedule.jobs[0].words());
    }
    insta::assert_snapshot!(said.join("\n"));
}

/// A schedule of one slot a month, and the local time of that slot: worked out without the cron reader.
#[derive(Debug, Clone, Copy)]
struct Case {
    zone: Tz,
    cron: &'static str,
    rule: PeriodRule,
    /// Day of the month, 0 for its last.
    day: u32,
    time: (u32, u32),
}

const CASES: [Case; 7] = [
    Case { zone: Tz::Asia__Shanghai, cron: "0 18 20 * *", rule: PeriodRule::Previous, day: 20, time: (18, 0) },
    // 31 March 2013, 2019, 2024: 02:30 does not exist; 31 October 2010, 2021, 2027: it exists twice.
    Case { zone: Tz::Europe__Berlin, cron: "30 2 L * *", rule: PeriodRule::Current, day: 0, time: (2, 30) },
    Case { zone: Tz::Europe__Berlin, cron: "0 0 1 * *", rule: PeriodRule::Previous, day: 1, time: (0, 0) },
    // 1 November 2015, 2020, 2026: 01:30 exists twice.
    Case { zone: Tz::America__New_York, cron: "30 1 1 * *", rule: PeriodRule::Previous, day: 1, time: (1, 30) },
    Case { zone: Tz::America__New_York, cron: "30 2 14 * *", rule: PeriodRule::Previous, day: 14, time: (2, 30) },
    // Half an hour: 1 October 2017, 2023 has no 02:15; 1 April 2012, 2018 has 01:45 twice.
    Case { zone: Tz::Australia__Lord_Howe, cron: "15 2 1 * *", rule: PeriodRule::Previous, day: 1, time: (2, 15) },
    Case { zone: Tz::Australia__Lord_Howe, cron: "45 1 1 * *", rule: PeriodRule::Previous, day: 1, time: (1, 45) },
];

const FIRST_YEAR: i32 = 2010;
const LAST_YEAR: i32 = 2029;

impl Case {
    fn schedule(self, catch_up: CatchUp, catch_up_days: u32) -> Schedule {
        Schedule { catch_up, catch_up_days, ..schedule(self.zone, &[(JobKind::CutOff, self.cron, self.rule)]) }
    }

    /// Every slot of the twenty years, minute by minute where summer time begins.
    fn expected(self) -> Vec<(DateTime<Utc>, Period)> {
        let months = (FIRST_YEAR..=LAST_YEAR).flat_map(|year| (1..=12).map(move |month| Period::new(year, month).unwrap()));
        let slot = |month: Period| {
            let day =
                if self.day == 0 { month.last_day() } else { NaiveDate::from_ymd_opt(month.year(), month.month(), self.day).unwrap() };
            let local = day.and_time(NaiveTime::from_hms_opt(self.time.0, self.time.1, 0).unwrap());
            let at = (0..180).find_map(|minutes| self.zone.from_local_datetime(&(local + Duration::minutes(minutes))).earliest());
            (at.unwrap().to_utc(), if self.rule == PeriodRule::Previous { month.previous() } else { month })
        };
        months.map(slot).collect()
    }
}

#[test]
fn the_cases_hold_what_they_are_for() {
    let (mut swallowed, mut doubled) = (0, 0);
    for case in CASES {
        for (at, _) in case.expected() {
            let local = at.with_timezone(&case.zone).naive_local();
            swallowed += usize::from((local.time().format("%H:%M").to_string()) != format!("{:02}:{:02}", case.time.0, case.time.1));
            doubled += usize::from(case.zone.from_local_datetime(&local).single().is_none());
        }
    }
    assert!(swallowed >= 6 && doubled >= 6, "{swallowed} swallowed and {doubled} doubled times");
}

/// The ledger's rules, in memory.
#[derive(Default)]
struct Book {
    decided_until: Option<DateTime<Utc>>,
    ran: BTreeMap<DateTime<Utc>, Period>,
    missed: BTreeMap<DateTime<Utc>, Period>,
}

impl Book {
    /// Decides; returns what was run, oldest first, and what was missed anew.
    fn tick(&mut self, schedule: &Schedule, now: DateTime<Utc>) -> (Vec<Slot>, Vec<Slot>) {
        let due = due(schedule, JobKind::CutOff, self.decided_until.unwrap_or(now).min(now), now);
        self.missed.retain(|at, _| *at <= now);
        let is_new = |slot: &Slot| !self.ran.contains_key(&slot.scheduled_at) && !self.missed.contains_key(&slot.scheduled_at);
        let run: Vec<Slot> = due.run.into_iter().filter(is_new).collect();
        let missed: Vec<Slot> = due.missed.into_iter().filter(is_new).collect();
        self.ran.extend(run.iter().map(|slot| (slot.scheduled_at, slot.period)));
        self.missed.extend(missed.iter().map(|slot| (slot.scheduled_at, slot.period)));
        self.decided_until = Some(now);
        (run, missed)
    }
}

/// What happens between two ticks.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// The daemon sleeps until its bell.
    Wait { minutes: i64 },
    /// It is down.
    Down { hours: i64 },
    /// The clock is put back.
    Back { minutes: i64 },
    /// The clock is far ahead for one tick, then right again.
    Astray { days: i64 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        30 => (1..12_000i64).prop_map(|minutes| Step::Wait { minutes }),
        4 => (1..24 * 100i64).prop_map(|hours| Step::Down { hours }),
        2 => (1..60 * 24 * 20i64).prop_map(|minutes| Step::Back { minutes }),
        1 => (1..90i64).prop_map(|days| Step::Astray { days }),
    ];
    prop::collection::vec(step, 40..160)
}

/// Sees each tick: now, the book after it, what was run, what was missed.
type Look<'a> = &'a mut dyn FnMut(DateTime<Utc>, &Book, &[Slot], &[Slot]);

/// Lives through the twenty years, repeating `steps`; `look` sees each tick.
fn live(schedule: &Schedule, steps: &[Step], look: Look<'_>) -> Book {
    // Between the last slot of the year before and the first of the year, in all zones.
    let [start, end] = [FIRST_YEAR - 1, LAST_YEAR].map(|year| at(&format!("{year}-12-31T12:00:00Z")));
    let mut now = start;
    let mut book = Book::default();
    let mut tick = |book: &mut Book, now| {
        let (run, missed) = book.tick(schedule, now);
        look(now, book, &run, &missed);
    };
    tick(&mut book, now);
    for step in steps.iter().cycle().take(20_000) {
        match step {
            Step::Wait { minutes } => now += Duration::minutes(*minutes),
            Step::Down { hours } => now += Duration::hours(*hours),
            Step::Back { minutes } => now -= Duration::minutes(*minutes),
            Step::Astray { days } => {
                let ahead = (now + Duration::days(*days)).min(end);
                tick(&mut book, ahead);
            }
        }
        now = now.clamp(start, end);
        tick(&mut book, now);
        if now == end {
            break;
        }
    }
    tick(&mut book, end);
    book
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn all_runs_each_period_exactly_once_oldest_first(case in prop::sample::select(&CASES[..]), steps in steps()) {
        let schedule = case.schedule(CatchUp::All, 36_600);
        let mut disorder = 0;
        let book = live(&schedule, &steps, &mut |_, _, run, _| {
            disorder += run.windows(2).filter(|pair| pair[0].scheduled_at >= pair[1].scheduled_at).count();
        });
        prop_assert_eq!(disorder, 0);
        prop_assert_eq!(book.ran.into_iter().collect::<Vec<_>>(), case.expected());
        prop_assert!(book.missed.is_empty());
    }

    #[test]
    fn latest_runs_the_newest_of_each_gap_and_records_the_rest(case in prop::sample::select(&CASES[..]), steps in steps()) {
        let schedule = case.schedule(CatchUp::Latest, 40);
        let mut faults = Vec::new();
        let book = live(&schedule, &steps, &mut |now, book, run, missed| {
            // One slot a month: several in one tick are a gap.
            let newest = run.iter().chain(missed).map(|slot| slot.scheduled_at).max();
            let wanted = newest.filter(|at| *at >= now - Duration::days(40));
            if run.len() > 1 || (run.is_empty() && wanted.is_some_and(|at| !book.ran.range(at..=now).any(|_| true))) {
                faults.push((now, told(run), told(missed)));
            }
            if run.first().is_some_and(|slot| missed.iter().any(|other| other.scheduled_at > slot.scheduled_at)) {
                faults.push((now, told(run), told(missed)));
            }
        });
        prop_assert!(faults.is_empty(), "{:?}", faults);
        prop_assert!(book.ran.keys().all(|at| !book.missed.contains_key(at)), "run and missed");
        let all: BTreeMap<_, _> = book.ran.into_iter().chain(book.missed).collect();
        prop_assert_eq!(all.into_iter().collect::<Vec<_>>(), case.expected());
    }

    #[test]
    fn none_runs_only_what_is_on_time(case in prop::sample::select(&CASES[..]), steps in steps()) {
        let schedule = case.schedule(CatchUp::None, 40);
        let mut late = Vec::new();
        let book = live(&schedule, &steps, &mut |now, _, run, _| {
            late.extend(run.iter().filter(|slot| now - slot.scheduled_at > Duration::minutes(ON_TIME_MINUTES)).cloned());
        });
        prop_assert!(late.is_empty(), "{:?}", late);
        let all: BTreeMap<_, _> = book.ran.into_iter().chain(book.missed).collect();
        prop_assert_eq!(all.into_iter().collect::<Vec<_>>(), case.expected());
    }
}
