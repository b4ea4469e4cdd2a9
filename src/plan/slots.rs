//! Slots: which runs of the schedule are due. Pure: a schedule, up to when it was decided, and now; no clock, no ledger.
//!
//! A cron entry speaks of local times. Each is taken once: where the clock is put forward over it, at the first instant after the
//! gap; where the clock is put back and it comes twice, at its first. So every calendar day's slots exist, in every zone.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Duration, NaiveDateTime, TimeZone, Utc};
use chrono_tz::{GapInfo, Tz};
use croner::Cron;

use crate::model::Period;
use crate::settings::{CatchUp, Job, JobKind, PeriodRule, Schedule};

#[cfg(test)]
mod tests;

/// A slot that is taken up no later than so many minutes is on time, whatever the policy: the daemon was at another step.
pub const ON_TIME_MINUTES: i64 = 15;

/// One time of one job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    pub job: JobKind,
    pub scheduled_at: DateTime<Utc>,
    /// The period it is about.
    pub period: Period,
}

/// What becomes of the slots between two moments, each list oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Due {
    pub run: Vec<Slot>,
    /// Slots of [per-period](JobKind::is_per_period) jobs that are not run.
    pub missed: Vec<Slot>,
}

/// The slots of all entries of `kind` after `decided_until`, up to and including `now`: which are run, which are missed.
///
/// A job that is not per period makes up for all earlier slots by its newest one. A clock that went back decides nothing.
#[must_use]
pub fn due(schedule: &Schedule, kind: JobKind, decided_until: DateTime<Utc>, now: DateTime<Utc>) -> Due {
    let on_time = now - Duration::minutes(ON_TIME_MINUTES);
    if !kind.is_per_period() {
        let newest = newest(schedule, kind, decided_until, now);
        let window = if schedule.catch_up == CatchUp::None { on_time } else { window(schedule, now) };
        return Due { run: newest.filter(|slot| slot.scheduled_at >= window).into_iter().collect(), missed: Vec::new() };
    }
    let slots = between(schedule, kind, decided_until, now);
    let newest = slots.last().map(|slot| slot.scheduled_at);
    let window = window(schedule, now);
    let is_run = |slot: &Slot| {
        let at = slot.scheduled_at;
        at >= on_time
            || match schedule.catch_up {
                CatchUp::All => at >= window,
                CatchUp::Latest => at >= window && Some(at) == newest,
                CatchUp::None => false,
            }
    };
    let (run, missed) = slots.into_iter().partition(is_run);
    Due { run, missed }
}

/// The next `count` slots of one entry after `now`.
#[must_use]
pub fn next(schedule: &Schedule, job: &Job, now: DateTime<Utc>, count: usize) -> Vec<Slot> {
    times(schedule, job, now).take(count).collect()
}

/// When `period` is drawn up with what is there: its first cut-off slot. `None` where no cut-off is scheduled for it.
#[must_use]
pub fn deadline(schedule: &Schedule, period: Period) -> Option<DateTime<Utc>> {
    let cut_offs = schedule.jobs.iter().filter(|job| job.kind == JobKind::CutOff);
    let first = cut_offs.filter_map(|job| {
        let month = if job.rule == PeriodRule::Previous { period.next() } else { period };
        // A day early: whatever the zone, the month has not begun there.
        let before = Utc.from_utc_datetime(&month.first_day().and_time(chrono::NaiveTime::MIN)) - Duration::days(1);
        times(schedule, job, before).find(|slot| slot.period >= period).filter(|slot| slot.period == period)
    });
    first.map(|slot| slot.scheduled_at).min()
}

/// The earliest moment that is still caught up at `now`.
#[must_use]
pub fn window(schedule: &Schedule, now: DateTime<Utc>) -> DateTime<Utc> {
    now - Duration::days(i64::from(schedule.catch_up_days))
}

/// The slots of all entries of `kind`, oldest first; of two at the same instant the entry written first counts.
fn between(schedule: &Schedule, kind: JobKind, after: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Slot> {
    let mut slots = BTreeMap::new();
    for job in schedule.jobs.iter().filter(|job| job.kind == kind) {
        for slot in times(schedule, job, after).take_while(|slot| slot.scheduled_at <= until) {
            slots.entry(slot.scheduled_at).or_insert(slot);
        }
    }
    slots.into_values().collect()
}

/// The newest slot in (after, until]: looked for in the last hour, then further and further back.
fn newest(schedule: &Schedule, kind: JobKind, after: DateTime<Utc>, until: DateTime<Utc>) -> Option<Slot> {
    [1, 24, 24 * 32, 24 * 400]
        .into_iter()
        .map(|hours| after.max(until - Duration::hours(hours)))
        .chain([after])
        .find_map(|from| between(schedule, kind, from, until).pop())
}

/// The slots of one entry after an instant, ascending, without end.
fn times<'a>(schedule: &'a Schedule, job: &'a Job, after: DateTime<Utc>) -> impl Iterator<Item = Slot> + use<'a> {
    let zone = schedule.zone;
    let local = after.with_timezone(&zone).naive_local();
    let mut last = after;
    locals(job.pattern(), local).filter_map(move |local| {
        // Local times rise, so their instants never fall; several that a gap swallowed are one slot.
        let at = instant(zone, local).filter(|at| *at > last)?;
        last = at;
        let month = Period::new(local.year(), local.month())?;
        let period = if job.rule == PeriodRule::Previous { month.previous() } else { month };
        Some(Slot { job: job.kind, scheduled_at: at, period })
    })
}

/// The local times a pattern names after `local`. It is asked as of a zone without summer time; the gaps are ours ([`instant`]).
fn locals(pattern: Option<Cron>, local: NaiveDateTime) -> impl Iterator<Item = NaiveDateTime> {
    let whole = local - Duration::nanoseconds(i64::from(local.and_utc().timestamp_subsec_nanos()));
    let mut last = Some(whole.and_utc());
    std::iter::from_fn(move || {
        last = pattern.as_ref()?.find_next_occurrence(&last?, false).ok();
        last.map(|at| at.naive_utc())
    })
}

/// The instant of a local time: the first of two, the end of the gap that swallowed it.
fn instant(zone: Tz, local: NaiveDateTime) -> Option<DateTime<Utc>> {
    let at = zone.from_local_datetime(&local).earliest().or_else(|| GapInfo::new(&local, &zone)?.end)?;
    Some(at.to_utc())
}
