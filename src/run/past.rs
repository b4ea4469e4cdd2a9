//! The past a file is held against: what stands so far, kept in step while a batch is judged.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, FixedOffset};

use super::{Desk, RunError};
use crate::ingest::check::Past;
use crate::ingest::reading::{Read, Reading};
use crate::ledger::Input;
use crate::model::{Accepted, DepartmentCode, Observations, Period, Submission};
use crate::plan::Plan;

/// Which submission stands for what, of all periods; no observations are read.
pub fn all(desk: &Desk) -> Result<Vec<Input>, RunError> {
    let (Some(first), Some(last)) = (Period::new(1900, 1), Period::new(9999, 12)) else { return Ok(Vec::new()) };
    Ok(desk.ledger.standing_inputs(first, last)?)
}

/// The accepted tables so far: department → dataset → period.
#[derive(Default)]
pub struct Standing(BTreeMap<DepartmentCode, BTreeMap<String, BTreeMap<Period, Accepted>>>);

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
                standing.put(accepted);
            }
        }
        Ok(standing)
    }

    /// Counts an accepted submission's tables, unless a later one stands.
    pub fn accept(&mut self, submission: &Submission, now: DateTime<FixedOffset>, observations: &[Observations]) {
        let received_at = submission.received_at.unwrap_or(now);
        for one in observations {
            let present = self.of(&one.department, &one.dataset).and_then(|periods| periods.get(&one.period));
            if present.is_none_or(|present| present.received_at <= received_at) {
                let (file, hash) = (submission.file.clone(), submission.hash.clone());
                self.put(Accepted { observations: one.clone(), file, hash, received_at });
            }
        }
    }

    /// What the rules may compare a file with.
    pub fn past(&self, plan: &Plan, read: &Read) -> Past<'_> {
        let mut past = Past::default();
        for one in &read.observations {
            let Some(dataset) = plan.dataset(&one.dataset) else { continue };
            for department in dataset.from.iter().filter(|department| **department != read.department) {
                let there = self.of(department, &one.dataset).and_then(|periods| periods.get(&read.period));
                past.others.extend(there.map(|accepted| &accepted.observations));
            }
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
        self.0.get(department)?.get(dataset)
    }

    fn put(&mut self, accepted: Accepted) {
        let Observations { department, dataset, period, .. } = &accepted.observations;
        let (department, dataset, period) = (department.clone(), dataset.clone(), *period);
        self.0.entry(department).or_default().entry(dataset).or_default().insert(period, accepted);
    }
}

/// No check looks further back.
const MONTHS_BACK: u32 = 12;
