//! The desk: everything a run works with, opened once by a door.

use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset};

use super::send::Rate;
use super::{RunError, backup};
use crate::archive::Archive;
use crate::ledger::Ledger;
use crate::model::Period;
use crate::plan::Plan;
use crate::plan::compile::spans::Plans;
use crate::settings::Settings;

/// Time as the doors hand it in.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// The run's now: what is printed and recorded. `--now` fixes it.
    pub now: DateTime<FixedOffset>,
    /// Unix seconds of the wall clock, for leases only: they must run out even where `now` is fixed.
    pub wall: fn() -> i64,
}

/// Plan, settings, memory and time of one process.
#[derive(Debug)]
pub struct Desk {
    pub settings: Settings,
    /// The plan at hand: that of the period a step is about.
    pub plan: Plan,
    /// The plans of all periods.
    pub plans: Plans,
    pub ledger: Ledger,
    pub archive: Archive,
    pub clock: Clock,
    /// What the rate of `[mail]` still allows this process.
    pub rate: Rate,
    /// The program started as the reading worker; this one.
    pub worker: PathBuf,
    /// What the last poll looked at, while it found nothing left to do.
    pub(super) watched: Option<super::watch::Watched>,
}

impl Desk {
    /// Opens archive and ledger under the data folder, creating both as needed. The plan is taken for every period's.
    pub fn open(settings: Settings, plan: Plan, clock: Clock, worker: PathBuf) -> Result<Self, RunError> {
        let data = settings.data.clone();
        std::fs::create_dir_all(&data).map_err(RunError::at(&data))?;
        let archive = Archive::open(&data.join("archive"), &super::lease::own_mark()).map_err(RunError::at(data.join("archive")))?;
        backup::before_migration(&settings, clock)?;
        let ledger = Ledger::open(&data.join("ledger.sqlite"))?;
        Ok(Self { settings, plans: Plans::only(plan.clone()), plan, ledger, archive, clock, rate: Rate::default(), worker, watched: None })
    }

    /// The plan in force in `period`; the one at hand where the files make none for it.
    #[must_use]
    pub fn plan_of(&self, period: Period) -> &Plan {
        self.plans.at(period).map_or(&self.plan, |plan| plan)
    }

    /// Does `work` with the plan of `period` at hand.
    pub(super) fn with_plan_of<T>(&mut self, period: Period, work: impl FnOnce(&mut Self) -> T) -> T {
        let Some(plan) = self.plans.at(period).filter(|plan| plan.hash != self.plan.hash).cloned() else { return work(self) };
        let at_hand = std::mem::replace(&mut self.plan, (*plan).clone());
        let done = work(self);
        self.plan = at_hand;
        done
    }

    /// The run's now as written to the ledger.
    #[must_use]
    pub fn at(&self) -> String {
        self.clock.now.to_rfc3339()
    }

    /// The folder of a period's versions.
    #[must_use]
    pub fn reports(&self, period: Period) -> PathBuf {
        self.settings.data.join("reports").join(period.to_string())
    }
}

/// Writes bytes so that they are on disk when this returns.
pub(super) fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), RunError> {
    use std::io::Write as _;
    let mut file = std::fs::File::create(path).map_err(RunError::at(path))?;
    file.write_all(bytes).map_err(RunError::at(path))?;
    file.sync_all().map_err(RunError::at(path))
}

/// Makes a folder's entries durable.
pub(super) fn sync_folder(path: &Path) -> Result<(), RunError> {
    std::fs::File::open(path).and_then(|folder| folder.sync_all()).map_err(RunError::at(path))
}
