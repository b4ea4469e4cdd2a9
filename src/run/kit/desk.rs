//! The desk: settings, plan, ledger and archive, opened once by a door and handed to every step.

use std::path::PathBuf;

use super::clock::Clock;
use super::error::RunError;
use super::rate::Rate;
use super::{copies, process};
use crate::archive::Archive;
use crate::ledger::Ledger;
use crate::model::Period;
use crate::plan::Plan;
use crate::plan::compile::spans::Plans;
use crate::settings::Settings;

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
}

impl Desk {
    /// Opens archive and ledger under the data folder, creating both as needed. The plan is taken for every period's.
    pub fn open(settings: Settings, plan: Plan, clock: Clock, worker: PathBuf) -> Result<Self, RunError> {
        let data = settings.data.clone();
        std::fs::create_dir_all(&data).map_err(RunError::at(&data))?;
        let archive = Archive::open(&data.join("archive"), &process::own_mark()).map_err(RunError::at(data.join("archive")))?;
        copies::before_migration(&settings, clock)?;
        let ledger = Ledger::open(&data.join("ledger.sqlite"))?;
        Ok(Self { settings, plans: Plans::only(plan.clone()), plan, ledger, archive, clock, rate: Rate::default(), worker })
    }

    /// Names who acts at this desk from now on; the audit bears the name.
    ///
    /// # Errors
    /// Of the ledger.
    pub fn act_as(&mut self, name: &str) -> Result<(), RunError> {
        Ok(self.ledger.act_as(name)?)
    }

    /// The plan in force in `period`; the one at hand where the files make none for it.
    #[must_use]
    pub fn plan_of(&self, period: Period) -> &Plan {
        self.plans.at(period).map_or(&self.plan, |plan| plan)
    }

    /// Does `work` with the plan of `period` at hand.
    pub fn with_plan_of<T>(&mut self, period: Period, work: impl FnOnce(&mut Self) -> T) -> T {
        let Some(plan) = self.plans.at(period).filter(|plan| plan.hash != self.plan.hash).cloned() else { return work(self) };
        let at_hand = std::mem::replace(&mut self.plan, (*plan).clone());
        let done = work(self);
        self.plan = at_hand;
        done
    }

    /// The month that is followed up at the desk's now: the one before.
    #[must_use]
    pub fn month_at_hand(&self) -> Period {
        Period::containing(self.clock.now.date_naive()).previous()
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
