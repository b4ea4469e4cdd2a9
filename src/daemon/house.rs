//! The house: the definition in force, time, and what both lanes share.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use chrono_tz::Tz;

use super::vitals::Vitals;
use crate::model::{Period, Problem};
use crate::plan::compile::spans::{self, Plans};
use crate::plan::{Plan, slots};
use crate::run::kit::{Clock, Desk, RunError};
use crate::run::upkeep::texts;
use crate::settings::Settings;

/// What the daemon is started with.
#[derive(Debug, Clone)]
pub struct Start {
    pub workspace: PathBuf,
    /// The data folder, where the command line names one.
    pub data: Option<PathBuf>,
    /// Reads the clock, in the office's zone; called anew for each step.
    pub clock: fn(Tz) -> Clock,
    /// The program started as the reading worker.
    pub worker: PathBuf,
}

/// `config/` and `pipelines/` as they were last found valid.
#[derive(Debug)]
pub struct Definition {
    pub settings: Settings,
    pub plans: Plans,
}

/// The daemon's shared state.
#[derive(Debug)]
pub struct House {
    start: Start,
    definition: RwLock<Arc<Definition>>,
    pub vitals: Vitals,
}

impl House {
    /// Reads the workspace.
    ///
    /// # Errors
    /// Every problem of it.
    pub fn build(start: Start) -> Result<Self, Vec<Problem>> {
        let definition = read(&start)?;
        Ok(Self { start, definition: RwLock::new(Arc::new(definition)), vitals: Vitals::new() })
    }

    /// The definition in force.
    #[must_use]
    pub fn definition(&self) -> Arc<Definition> {
        Arc::clone(&self.definition.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Now.
    #[must_use]
    pub fn clock(&self) -> Clock {
        (self.start.clock)(self.definition().settings.schedule.zone)
    }

    /// A desk of its own, with a connection of its own to the ledger.
    ///
    /// # Errors
    /// When the data folder or the ledger cannot be opened.
    pub fn open_desk(&self) -> Result<Desk, RunError> {
        let definition = self.definition();
        let plan = (**at_hand(&definition.plans, self.clock())).clone();
        let mut desk = Desk::open(definition.settings.clone(), plan, self.clock(), self.start.worker.clone())?;
        desk.plans = definition.plans.clone();
        Ok(desk)
    }

    /// Sets a desk to the definition in force and to now.
    pub fn refresh(&self, desk: &mut Desk) {
        let definition = self.definition();
        desk.settings.clone_from(&definition.settings);
        desk.clock = self.clock();
        desk.plan.clone_from(at_hand(&definition.plans, desk.clock));
        desk.plans.clone_from(&definition.plans);
    }

    /// Reads the workspace anew and puts it in force; what is wrong with it leaves the earlier one there.
    ///
    /// # Errors
    /// Each problem on a line of its own: place, message, the way out.
    pub fn reload(&self) -> Result<(), Vec<String>> {
        let new = read(&self.start).map_err(|problems| problems.iter().map(line).collect::<Vec<_>>())?;
        let present = self.definition();
        if new.settings.data != present.settings.data {
            let asked = new.settings.data.display();
            return Err(vec![format!("`store.data` is now {asked}: a daemon cannot move its memory; restart it instead")]);
        }
        if new.settings.web != present.settings.web {
            tracing::warn!("`web.listen` changed: it takes effect at the next start");
        }
        *self.definition.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
        Ok(())
    }

    /// What is being done, or what is next, in words.
    #[must_use]
    pub fn status(&self) -> String {
        self.vitals.doing().unwrap_or_else(|| self.next())
    }

    /// The next slot of the schedule, in words.
    fn next(&self) -> String {
        let (definition, now) = (self.definition(), self.clock().now.to_utc());
        let schedule = &definition.settings.schedule;
        let next = schedule.jobs.iter().filter_map(|job| slots::next(schedule, job, now, 1).pop());
        next.min_by_key(|slot| slot.scheduled_at).map_or_else(
            || "nothing is scheduled".to_owned(),
            |slot| format!("next: {} at {}", slot.job.code(), slot.scheduled_at.with_timezone(&schedule.zone).format("%Y-%m-%d %H:%M:%S")),
        )
    }
}

/// The plan of the month that is followed up now: the one before.
fn at_hand(plans: &Plans, clock: Clock) -> &Arc<Plan> {
    plans.at(Period::containing(clock.now.date_naive()).previous()).unwrap_or(&plans.newest)
}

fn read(start: &Start) -> Result<Definition, Vec<Problem>> {
    let (settings, plans) = spans::all(&start.workspace, start.data.as_deref(), &|name| std::env::var(name).ok())?;
    let found = texts::problems(&settings);
    if found.is_empty() { Ok(Definition { settings, plans }) } else { Err(found) }
}

/// A problem on one line, without the source around it: a log line quotes no config.
fn line(problem: &Problem) -> String {
    let (line, column) = problem.line_column();
    let hint = problem.hint.as_deref().map(|hint| format!("; {hint}")).unwrap_or_default();
    format!("{}:{line}:{column}: {}{hint}", problem.file, problem.message)
}
