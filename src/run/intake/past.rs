//! The past a file is held against: what stands so far, kept in step while a batch is judged.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, FixedOffset};

use crate::ingest::check::Past;
use crate::ingest::check::keys::Reported;
use crate::ingest::reading::{Read, Reading};
use crate::ledger::Input;
use crate::model::{Accepted, DepartmentCode, Observations, Period, Submission};
use crate::plan::{Dataset, Plan, Shape};
use crate::run::kit::{Desk, RunError};

/// Which submission stands for what, of all periods; no observations are read.
pub fn all(desk: &Desk) -> Result<Vec<Input>, RunError> {
    let (Some(first), Some(last)) = (Period::new(1900, 1), Period::new(9999, 12)) else { return Ok(Vec::new()) };
    Ok(desk.ledger.standing_inputs(first, last)?)
}

/// The accepted tables so far.
#[derive(Default)]
pub struct Standing {
    /// Department → dataset → period.
    tables: BTreeMap<DepartmentCode, BTreeMap<String, BTreeMap<Period, Accepted>>>,
    /// Who reported which key: dataset → period, for lists of several departments.
    reported: BTreeMap<String, BTreeMap<Period, Reported>>,
}

impl Standing {
    /// Loads what stands of the periods that the checks of `readings` look at, without the files that are about to be judged anew.
    pub fn load(desk: &Desk, anew: &[Submission], readings: &[Reading]) -> Result<Self, RunError> {
        let mut standing = Self::default();
        let periods = readings.iter().filter_map(|reading| if let Reading::Read(read) = reading { Some(read.period) } else { None });
        let periods: Vec<Period> = periods.collect();
        let (Some(first), Some(last)) = (periods.iter().min(), periods.iter().max()) else { return Ok(standing) };
        let anew: HashSet<_> = anew.iter().map(|submission| &submission.hash).collect();
        for accepted in desk.ledger.standing(first.back(MONTHS_BACK), *last)? {
            if !anew.contains(&accepted.hash) {
                // Who else reported a key is asked for the month alone.
                if accepted.observations.period >= *first {
                    standing.count(desk.plan_of(accepted.observations.period), &accepted.observations);
                }
                standing.put(accepted);
            }
        }
        Ok(standing)
    }

    /// Counts an accepted submission's tables, unless a later one stands.
    pub fn accept(&mut self, plan: &Plan, submission: &Submission, now: DateTime<FixedOffset>, observations: &[Observations]) {
        let received_at = submission.received_at.unwrap_or(now);
        for one in observations {
            let present = self.of(&one.department, &one.dataset).and_then(|periods| periods.get(&one.period));
            if present.is_none_or(|present| present.received_at <= received_at) {
                let (file, hash) = (submission.file.clone(), submission.hash.clone());
                self.count(plan, one);
                self.put(Accepted { observations: one.clone(), file, hash, received_at });
            }
        }
    }

    /// What the rules may compare a file with.
    pub fn past(&self, plan: &Plan, read: &Read) -> Past<'_> {
        let mut past = Past::default();
        for one in &read.observations {
            let Some(dataset) = plan.dataset(&one.dataset) else { continue };
            let reported = self.reported.get_key_value(&one.dataset);
            past.reported.extend(reported.and_then(|(code, periods)| Some((code.as_str(), periods.get(&read.period)?))));
            let Some(own) = self.of(&read.department, &one.dataset) else { continue };
            let earlier = own.range(read.period.back(MONTHS_BACK)..read.period).map(|(_, accepted)| &accepted.observations);
            past.previous.extend(earlier.clone().next_back());
            let year = read.period.back(dataset.lag).year();
            past.year.extend(earlier.filter(|table| table.period.back(dataset.lag).year() == year));
            past.year_earlier.extend(own.get(&read.period.year_earlier()).map(|accepted| &accepted.observations));
            past.replaced.extend(own.get(&read.period).map(|accepted| &accepted.observations));
        }
        past
    }

    /// A table of the file's that another one has replaced after `from` and before `until`.
    pub fn since(&self, read: &Read, from: DateTime<FixedOffset>, until: DateTime<FixedOffset>) -> Option<&Accepted> {
        let own = read.observations.iter().filter_map(|one| self.of(&read.department, &one.dataset)?.get(&read.period));
        own.filter(|there| from < there.received_at && there.received_at <= until).max_by_key(|there| there.received_at)
    }

    fn of(&self, department: &DepartmentCode, dataset: &str) -> Option<&BTreeMap<Period, Accepted>> {
        self.tables.get(department)?.get(dataset)
    }

    /// Counts a table's keys in place of those of the one it replaces; call it before [`Self::put`].
    fn count(&mut self, plan: &Plan, table: &Observations) {
        let several = |shared: &&Dataset| shared.shape == Shape::Records && shared.from.len() > 1;
        let Some(shared) = plan.dataset(&table.dataset).filter(several) else { return };
        let before = self.tables.get(&table.department).and_then(|own| own.get(&table.dataset)?.get(&table.period));
        let reported = self.reported.entry(table.dataset.clone()).or_default().entry(table.period).or_default();
        if let Some(before) = before {
            reported.remove(shared, &before.observations);
        }
        reported.add(shared, table);
    }

    fn put(&mut self, accepted: Accepted) {
        let Observations { department, dataset, period, .. } = &accepted.observations;
        let (department, dataset, period) = (department.clone(), dataset.clone(), *period);
        self.tables.entry(department).or_default().entry(dataset).or_default().insert(period, accepted);
    }
}

/// No check looks further back.
const MONTHS_BACK: u32 = 12;
