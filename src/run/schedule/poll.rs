//! The poll: cut-off by condition. Each poll receives once, then looks after every open period.
//!
//! An open period is drawn up when all expected submissions are in, or once its cut-off has passed and something came; a late or
//! corrected file refreshes it. Whether the cut-off has passed is told by the clock, never by slots: one that was missed costs nothing.

use chrono::{NaiveTime, TimeZone as _, Utc};

use super::slot_alerts;
use crate::ledger::{Cause, Input, Leaned, LedgerError, SubmissionState};
use crate::model::Period;
use crate::plan::slots;
use crate::run::alert;
use crate::run::intake::receive::Received;
use crate::run::intake::sources;
use crate::run::kit::progress::during;
use crate::run::kit::{Desk, Progress, RunError};
use crate::run::month::{month, month_of_received};
use crate::run::version::{Options, Summary, inputs, stale};
use crate::settings::JobKind;

/// Receives what the sources hold and draws up every open period up to `newest` that is ready; tells what was done.
///
/// One period that fails, or that another run holds, does not keep the others waiting.
pub fn poll(desk: &mut Desk, memory: &mut Memory, newest: Period, progress: &dyn Progress) -> Result<String, RunError> {
    let received = during(progress, "receive", || sources::scheduled(desk, progress))?;
    let open = open(desk, newest)?;
    let watched = watched(desk, &open)?;
    if received.is_empty() && memory.0.as_ref() == Some(&watched) {
        return Ok(told(&received));
    }
    let mut said = vec![told(&received)];
    let mut failure = None;
    let standing = match open.first() {
        Some(first) => desk.ledger.stands(None, inputs::leans_from(*first)..=newest)?.into_iter().map(|one| one.input).collect(),
        None => Vec::new(),
    };
    let leaned = Leaned::of(&standing);
    for period in &open {
        match desk.with_plan_of(*period, |desk| look_after(desk, *period, (&standing, &leaned), progress)) {
            Ok(words) => said.extend(words),
            // Being held is the lesser word: it only means to come again.
            Err(error) if failure.is_none() || matches!(failure, Some(RunError::Ledger(LedgerError::Held { .. }))) => failure = Some(error),
            Err(error) => tracing::error!(run.period = %period, %error, "period could not be drawn up"),
        }
    }
    tell_of_closed(desk, &open)?;
    if let Some(error) = failure {
        return Err(error);
    }
    // As it was before the look: whatever changed meanwhile is looked at next time.
    memory.0 = Some(watched);
    Ok(said.join("; "))
}

/// What the last poll looked at, while it found nothing left to do.
#[derive(Debug, Default)]
pub struct Memory(Option<Watched>);

/// All that the step of every open period depends on: while it is the same, a poll has nothing to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Watched {
    last_change: i64,
    /// The hash of each open period's plan.
    plans: Vec<String>,
    refreshes_max: u32,
    /// Each open period, and whether its cut-off has passed.
    periods: Vec<(Period, bool)>,
}

fn watched(desk: &Desk, open: &[Period]) -> Result<Watched, RunError> {
    Ok(Watched {
        last_change: desk.ledger.last_change()?,
        plans: open.iter().map(|period| desk.plan_of(*period).hash.clone()).collect(),
        refreshes_max: desk.settings.schedule.refreshes_max,
        periods: open.iter().map(|period| (*period, has_ended(desk, *period))).collect(),
    })
}

fn has_ended(desk: &Desk, period: Period) -> bool {
    slots::deadline(&desk.settings.schedule, period).is_some_and(|deadline| deadline <= desk.clock.now.to_utc())
}

/// Draws up `period` with what is there.
pub fn cut_off(desk: &mut Desk, period: Period, progress: &dyn Progress) -> Result<String, RunError> {
    let summary = month(desk, period, Options { cause: Cause::CutOff, queue: true, ..Options::default() }, progress)?;
    over(desk, period)?;
    Ok(words(&summary, Cause::CutOff))
}

/// What becomes of an open period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Wait,
    Draw(Cause),
    /// It would have to be refreshed once more than it may be.
    Exhausted,
}

/// How an open period stands.
#[derive(Debug, Clone, Copy)]
struct Standing {
    /// All expected submissions are in.
    complete: bool,
    /// Its cut-off has passed.
    ended: bool,
    /// Something has come for it.
    came: bool,
    /// Whether what stands differs from what its newest version was drawn from; `None` without a version.
    changed: Option<bool>,
    refreshes: u32,
}

/// Before a period is ready nothing is drawn, also not for a version a person made early: each file would make another one.
fn step(standing: Standing, refreshes_max: u32) -> Step {
    if !(standing.complete || standing.ended) || !standing.came {
        return Step::Wait;
    }
    match standing.changed {
        None if standing.complete => Step::Draw(Cause::Complete),
        None => Step::Draw(Cause::CutOff),
        Some(false) => Step::Wait,
        Some(true) if standing.refreshes < refreshes_max => Step::Draw(Cause::Refresh),
        Some(true) => Step::Exhausted,
    }
}

fn look_after(desk: &mut Desk, period: Period, all: (&[Input], &Leaned), progress: &dyn Progress) -> Result<Option<String>, RunError> {
    let standing = standing(desk, period, all)?;
    match step(standing, desk.settings.schedule.refreshes_max) {
        Step::Wait => {
            if standing.changed == Some(false) {
                alert::recover(desk, &late_key(period), &format!("{period}已按最新报送数据重新汇总"))?;
            }
            Ok(None)
        }
        Step::Draw(cause) => {
            let summary = month_of_received(desk, period, Options { cause, queue: true, ..Options::default() }, progress)?;
            over(desk, period)?;
            Ok(Some(words(&summary, cause)))
        }
        Step::Exhausted => {
            let refreshes = standing.refreshes;
            let text =
                format!("{period}已自动更新{refreshes}次，又收到新的报送数据，不再自动更新；请核对后运行 wenjin run --period {period}");
            alert::raise(desk, &late_key(period), &text)?;
            Ok(Some(format!("{period} has been refreshed {refreshes} times; `wenjin run --period {period}` draws it up")))
        }
    }
}

fn standing(desk: &Desk, period: Period, (all, leaned): (&[Input], &Leaned)) -> Result<Standing, RunError> {
    let changed = desk.ledger.drawn(period)?.map(|drawn| !stale::changed(period, &drawn.leaned, leaned).is_empty());
    Ok(Standing {
        complete: is_complete(desk, period, all),
        ended: has_ended(desk, period),
        came: changed.is_some() || desk.ledger.came_for(period)?,
        changed,
        refreshes: desk.ledger.refreshes(period)?,
    })
}

/// Whether all due datasets of all departments stand.
fn is_complete(desk: &Desk, period: Period, all: &[Input]) -> bool {
    let reports = |code| desk.plan.department(code).is_some_and(|department| department.reports);
    desk.plan.datasets.iter().filter(|dataset| desk.plan.owes(dataset, period)).all(|dataset| {
        dataset.from.iter().filter(|code| reports(code)).all(|department| {
            all.iter().any(|input| input.period == period && input.department == *department && input.dataset == dataset.code)
        })
    })
}

/// The periods that are looked after, oldest first: `newest`, and earlier ones whose cut-off lies inside the catch-up window and
/// after the daemon's first start. What was over before that is nobody's to mail but a person's.
fn open(desk: &Desk, newest: Period) -> Result<Vec<Period>, RunError> {
    let schedule = &desk.settings.schedule;
    let window = slots::window(schedule, desk.clock.now.to_utc());
    let since = desk.ledger.followed_since()?.map_or(window, |first| first.max(window));
    // Where no cut-off is scheduled, a period is over with the month after it.
    let end = |period: Period| {
        let month = period.next().last_day().and_time(NaiveTime::MIN);
        slots::deadline(schedule, period).unwrap_or_else(|| Utc.from_utc_datetime(&month))
    };
    let months = std::iter::successors(Some(newest), |period| Some(period.previous()));
    let mut open: Vec<Period> = months.take_while(|period| *period == newest || end(*period) >= since).collect();
    open.retain(|period| {
        let plan = desk.plan_of(*period);
        !plan.merges_january(*period) && plan.datasets.iter().any(|dataset| plan.owes(dataset, *period))
    });
    open.reverse();
    Ok(open)
}

/// A file that came for a period that is looked after no more is told to the operator; nothing is drawn up behind his back.
fn tell_of_closed(desk: &mut Desk, open: &[Period]) -> Result<(), RunError> {
    for stale in stale::list(desk)?.into_iter().filter(|stale| !open.contains(&stale.period) && stale.changed.contains(&stale.period)) {
        let period = stale.period;
        let text = format!("{period}已超出自动更新期限，又收到新的报送数据；请核对后运行 wenjin run --period {period}");
        alert::raise(desk, &late_key(period), &text)?;
    }
    Ok(())
}

/// A period that has been drawn up ends the alerts on it.
fn over(desk: &mut Desk, period: Period) -> Result<(), RunError> {
    slot_alerts::recovered(desk, JobKind::CutOff, period)?;
    alert::recover(desk, &late_key(period), &format!("{period}已按最新报送数据重新汇总"))
}

fn late_key(period: Period) -> String {
    format!("period.late:{period}")
}

fn told(received: &[Received]) -> String {
    let count = |wanted| received.iter().filter(|one| one.state == wanted).count();
    match received.len() {
        0 => "nothing new".to_owned(),
        files => format!(
            "{files} file(s): {} accepted, {} returned, {} refused",
            count(SubmissionState::Accepted),
            count(SubmissionState::Returned),
            count(SubmissionState::Refused)
        ),
    }
}

fn words(summary: &Summary, cause: Cause) -> String {
    let why = match cause {
        Cause::Complete => "all submissions are in",
        Cause::CutOff => "the cut-off has come",
        Cause::Refresh => "a late or corrected file came",
        Cause::Operator | Cause::Stale => "asked for",
    };
    if summary.new {
        let withheld = match summary.withheld.len() {
            0 => String::new(),
            moved => format!("; {moved} indicator(s) moved by definition alone, not mailed"),
        };
        format!("{} version {} drawn up: {why}{withheld}", summary.period, summary.version)
    } else {
        format!("{}: nothing new since version {}", summary.period, summary.version)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const NOTHING: Standing = Standing { complete: false, ended: false, came: false, changed: None, refreshes: 0 };

    #[rstest]
    #[case::nothing_came(NOTHING, Step::Wait)]
    #[case::nothing_came_by_the_cut_off(Standing { ended: true, ..NOTHING }, Step::Wait)]
    #[case::some_came(Standing { came: true, ..NOTHING }, Step::Wait)]
    #[case::all_in(Standing { came: true, complete: true, ..NOTHING }, Step::Draw(Cause::Complete))]
    #[case::some_came_by_the_cut_off(Standing { came: true, ended: true, ..NOTHING }, Step::Draw(Cause::CutOff))]
    #[case::all_in_late(Standing { came: true, ended: true, complete: true, ..NOTHING }, Step::Draw(Cause::Complete))]
    #[case::drawn(Standing { came: true, complete: true, changed: Some(false), ..NOTHING }, Step::Wait)]
    #[case::drawn_early_by_hand(Standing { came: true, changed: Some(true), ..NOTHING }, Step::Wait)]
    #[case::corrected(Standing { came: true, complete: true, changed: Some(true), refreshes: 2, ..NOTHING }, Step::Draw(Cause::Refresh))]
    #[case::corrected_too_often(Standing { came: true, ended: true, changed: Some(true), refreshes: 3, ..NOTHING }, Step::Exhausted)]
    fn a_period_is_drawn_up_when_it_is_ready(#[case] standing: Standing, #[case] expected: Step) {
        assert_eq!(step(standing, 3), expected);
    }
}
