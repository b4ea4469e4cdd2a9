//! The past a file is held against: what stands so far, kept in step while a batch is judged.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, FixedOffset};

use crate::ingest::check::Past;
use crate::ingest::check::keys::Reported;
use crate::ingest::reading::{Read, Reading};
use crate::ledger::Stands;
use crate::model::{Accepted, ContentHash, DepartmentCode, Observations, Period, Submission};
use crate::plan::{Dataset, Plan, Shape};
use crate::run::kit::{Desk, RunError};

/// The accepted tables so far.
#[derive(Default)]
pub struct Standing {
    /// Department → dataset → period.
    tables: BTreeMap<DepartmentCode, BTreeMap<String, BTreeMap<Period, Accepted>>>,
    /// Who reported which key: dataset → period, for lists of several departments.
    reported: BTreeMap<String, BTreeMap<Period, Reported>>,
}

impl Standing {
    /// Loads what the checks of `readings` look at: a department's own tables of twelve months, and who else reported the keys of the
    /// month; without the files that are about to be judged anew.
    pub fn load(desk: &Desk, anew: &[Submission], readings: &[Reading]) -> Result<Self, RunError> {
        let mut standing = Self::default();
        // The same bytes may stand for another month: last month's file under this month's name is held against last month's.
        let of_month = |(submission, reading): (&'_ Submission, &'_ Reading)| match reading {
            Reading::Read(read) => Some((submission.hash.clone(), read.period)),
            Reading::Refused(_) => None,
        };
        let anew: HashSet<(ContentHash, Period)> = anew.iter().zip(readings).filter_map(of_month).collect();
        let read: Vec<&Read> =
            readings.iter().filter_map(|reading| if let Reading::Read(read) = reading { Some(read) } else { None }).collect();
        let mut wanted: BTreeMap<(Period, DepartmentCode, String), Stands> = BTreeMap::new();
        let mut put = |one: Stands| {
            if !anew.contains(&(one.input.hash.clone(), one.input.period)) {
                wanted.insert((one.input.period, one.input.department.clone(), one.input.dataset.clone()), one);
            }
        };
        let own: BTreeSet<(&DepartmentCode, Period)> = read.iter().map(|read| (&read.department, read.period)).collect();
        for (department, period) in &own {
            desk.ledger.stands(Some(department), period.back(MONTHS_BACK)..=*period)?.into_iter().for_each(&mut put);
        }
        let months: BTreeSet<Period> = own.iter().map(|(_, period)| *period).collect();
        for month in &months {
            let shared = |one: &Stands| desk.plan_of(*month).dataset(&one.input.dataset).is_some_and(is_shared);
            desk.ledger.stands(None, *month..=*month)?.into_iter().filter(shared).for_each(&mut put);
        }
        for accepted in desk.ledger.tables(wanted.into_values().collect())? {
            if months.contains(&accepted.observations.period) {
                standing.count(desk.plan_of(accepted.observations.period), &accepted.observations);
            }
            standing.put(accepted);
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
        let Some(shared) = plan.dataset(&table.dataset).filter(|dataset| is_shared(dataset)) else { return };
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

/// Whether several departments fill one list.
fn is_shared(dataset: &Dataset) -> bool {
    dataset.shape == Shape::Records && dataset.from.len() > 1
}

/// No check looks further back.
const MONTHS_BACK: u32 = 12;
