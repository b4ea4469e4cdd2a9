//! What stands: the accepted submission of each department's table of a period, kept in step with every change of state.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use chrono::{DateTime, FixedOffset};
use rusqlite::{Connection, Transaction, params};

use super::{Input, Ledger, LedgerError, bodies, parse};
use crate::model::standing::stands;
use crate::model::{Accepted, ContentHash, DepartmentCode, Period};

/// A submission that stands for a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stands {
    pub input: Input,
    /// The submission's number.
    pub submission: i64,
    pub received_at: DateTime<FixedOffset>,
}

/// Period, department, dataset.
pub(super) type Key = (String, String, String);

/// The tables a submission holds.
pub(super) fn keys_of(connection: &Connection, id: i64) -> Result<BTreeSet<Key>, LedgerError> {
    let mut statement = connection.prepare_cached("SELECT period, department, dataset FROM observations WHERE submission = ?1")?;
    Ok(statement.query_map([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect::<Result<_, _>>()?)
}

/// Finds anew what stands for each of `keys`; called whenever a file that holds such a table changes its state or its tables.
pub(super) fn restand(connection: &Connection, keys: &BTreeSet<Key>) -> Result<(), LedgerError> {
    let mut candidates = connection.prepare_cached(
        "SELECT hash, id FROM submissions WHERE period = ?1 AND department = ?2 AND state = 'accepted'
             AND EXISTS (SELECT 1 FROM observations WHERE submission = submissions.id AND dataset = ?3)
         ORDER BY received DESC, batch DESC, hash DESC, path DESC",
    )?;
    let mut remove = connection.prepare_cached("DELETE FROM standing WHERE period = ?1 AND department = ?2 AND dataset = ?3")?;
    let mut put = connection.prepare_cached("INSERT INTO standing (period, department, dataset, submission) VALUES (?1, ?2, ?3, ?4)")?;
    for (period, department, dataset) in keys {
        let rows = candidates.query_map([period, department, dataset], |row| Ok((ContentHash(row.get(0)?), row.get::<_, i64>(1)?)))?;
        let found = stands(rows)?;
        remove.execute([period, department, dataset])?;
        if let Some(submission) = found {
            put.execute(params![period, department, dataset, submission])?;
        }
    }
    Ok(())
}

/// Finds what stands for every table, once, in a ledger that did not keep it.
pub(super) fn restand_all(transaction: &Transaction<'_>) -> Result<(), LedgerError> {
    let mut statement = transaction.prepare("SELECT DISTINCT period, department, dataset FROM observations")?;
    let keys = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect::<Result<_, _>>()?;
    restand(transaction, &keys)
}

impl Ledger {
    /// The accepted tables that stand, of one department or of all, of some datasets or of all, in order of period, department, dataset.
    ///
    /// A later accepted file supersedes, per dataset, only what it contains.
    pub fn standing(
        &self,
        department: Option<&DepartmentCode>,
        datasets: Option<&BTreeSet<&str>>,
        periods: RangeInclusive<Period>,
    ) -> Result<Vec<Accepted>, LedgerError> {
        let mut wanted = self.stands(department, periods)?;
        wanted.retain(|one| datasets.is_none_or(|datasets| datasets.contains(one.input.dataset.as_str())));
        self.tables(wanted)
    }

    /// Which submission stands for what in `periods`, without reading the tables; in order of period, department, dataset.
    pub fn stands(&self, department: Option<&DepartmentCode>, periods: RangeInclusive<Period>) -> Result<Vec<Stands>, LedgerError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT standing.period, standing.department, standing.dataset, submission, file, hash, received_at
             FROM standing JOIN submissions ON submissions.id = submission
             WHERE standing.period BETWEEN ?1 AND ?2 AND (?3 IS NULL OR standing.department = ?3)
             ORDER BY standing.period, standing.department, standing.dataset",
        )?;
        let (from, to) = periods.into_inner();
        let mut rows = statement.query(params![from.to_string(), to.to_string(), department.map(|code| &code.0)])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let (period, received_at): (String, String) = (row.get(0)?, row.get(6)?);
            let input = Input {
                period: parse("standing", &period)?,
                department: DepartmentCode(row.get(1)?),
                dataset: row.get(2)?,
                file: row.get(4)?,
                hash: ContentHash(row.get(5)?),
            };
            found.push(Stands { input, submission: row.get(3)?, received_at: parse("standing", &received_at)? });
        }
        Ok(found)
    }

    /// Reads the tables of what stands.
    pub fn tables(&self, stands: Vec<Stands>) -> Result<Vec<Accepted>, LedgerError> {
        let query = format!("SELECT {} FROM observations WHERE submission = ?1 AND dataset = ?2", bodies::COLUMNS);
        let mut statement = self.connection.prepare_cached(&query)?;
        let mut tables = Vec::with_capacity(stands.len());
        for Stands { input, submission, received_at } in stands {
            let mut rows = statement.query(params![submission, input.dataset])?;
            let row = rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
            let observations = bodies::table(submission, row)?;
            tables.push(Accepted { observations, file: input.file, hash: input.hash, received_at });
        }
        Ok(tables)
    }

    /// Whether the bytes of that hash stand for any table.
    pub fn stands_for_any(&self, hash: &ContentHash) -> Result<bool, LedgerError> {
        let query = "SELECT EXISTS (SELECT 1 FROM submissions JOIN standing ON submission = submissions.id WHERE hash = ?1)";
        Ok(self.connection.prepare_cached(query)?.query_row([&hash.0], |row| row.get(0))?)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::ledger::{Arrival, Judgement, SubmissionState};
    use crate::model::Observations;

    const AT: &str = "2022-07-11T09:00:00+08:00";
    const DATASETS: [&str; 2] = ["list", "matrix"];

    fn table(dataset: &str, period: Period) -> Observations {
        Observations {
            dataset: dataset.to_owned(),
            department: DepartmentCode("jxt".to_owned()),
            period,
            sheet: String::new(),
            columns: Vec::new(),
            cells: Vec::new(),
            totals: Vec::new(),
            parts: Vec::new(),
        }
    }

    /// One step: a file comes, or the operator has a word on one that came.
    #[derive(Debug, Clone)]
    enum Step {
        Came { bytes: u8, name: u8, day: u32, batch: Option<i64>, month: u32, holds: u8 },
        Word { which: usize, accepted: bool },
    }

    fn step() -> impl Strategy<Value = Step> {
        let came = (0_u8..4, 0_u8..2, 1_u32..5, proptest::option::of(0_i64..3), 5_u32..7, 0_u8..4)
            .prop_map(|(bytes, name, day, batch, month, holds)| Step::Came { bytes, name, day, batch, month, holds });
        let word = (0_usize..8, any::<bool>()).prop_map(|(which, accepted)| Step::Word { which, accepted });
        prop_oneof![4 => came, 1 => word]
    }

    fn arrival(step: &Step) -> Option<Arrival> {
        let Step::Came { bytes, name, day, batch, month, holds } = step else { return None };
        let period = Period::new(2022, *month)?;
        let held = DATASETS.iter().enumerate().filter(|(at, _)| holds & (1 << at) != 0).map(|(_, dataset)| table(dataset, period));
        // The same instants in two zones.
        let zone = if bytes % 2 == 0 { format!("2022-07-{day:02}T09:00:00+08:00") } else { format!("2022-07-{day:02}T01:00:00Z") };
        Some(Arrival {
            hash: ContentHash::of(&[*bytes]),
            path: format!("{name}.xlsx"),
            file: format!("{name}.xlsx"),
            received_at: zone.parse().unwrap(),
            batch: *batch,
            again: true,
            plan_hash: String::new(),
            definition: 1,
            judgement: Judgement::Read {
                department: DepartmentCode("jxt".to_owned()),
                period,
                findings: Vec::new(),
                observations: held.collect(),
                packed: Vec::new(),
            },
        })
    }

    /// What stands, read from everything there is, file by file in order of arrival.
    fn folded(ledger: &Ledger) -> BTreeMap<(Period, String), (ContentHash, String)> {
        let mut stands: BTreeMap<(Period, String), (ContentHash, String)> = BTreeMap::new();
        let (first, last) = (Period::new(1900, 1).unwrap(), Period::new(9999, 12).unwrap());
        let mut all = ledger.submissions_between(first..=last).unwrap();
        all.sort_by(|a, b| a.arrival().cmp(&b.arrival()));
        for one in all.into_iter().filter(|one| one.state == SubmissionState::Accepted) {
            for dataset in ledger.datasets_of(one.id).unwrap() {
                let key = (one.period.unwrap(), dataset);
                if stands.get(&key).is_none_or(|(hash, _)| *hash != one.hash) {
                    stands.insert(key, (one.hash.clone(), one.path.clone()));
                }
            }
        }
        stands
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// Whatever comes in whatever order, and whatever is said of it: what is kept is what reading everything gives.
        #[test]
        fn what_stands_is_what_reading_everything_gives(steps in proptest::collection::vec(step(), 1..24)) {
            let dir = tempfile::tempdir().unwrap();
            let mut ledger = Ledger::open(&dir.path().join("ledger.sqlite")).unwrap();
            for step in &steps {
                match (step, arrival(step)) {
                    (Step::Word { which, accepted }, _) => {
                        let (first, last) = (Period::new(2022, 1).unwrap(), Period::new(2022, 12).unwrap());
                        let all = ledger.submissions_between(first..=last).unwrap();
                        let state = if *accepted { SubmissionState::Accepted } else { SubmissionState::Withdrawn };
                        if let Some(one) = all.get(*which) {
                            ledger.overrule(AT, one.id, state, "核实").unwrap();
                        }
                    }
                    (_, arrival) => ledger.record(AT, arrival.as_slice()).unwrap(),
                }
                let (first, last) = (Period::new(2022, 1).unwrap(), Period::new(2022, 12).unwrap());
                let kept: BTreeMap<(Period, String), (ContentHash, String)> = ledger
                    .stands(None, first..=last)
                    .unwrap()
                    .into_iter()
                    .map(|one| ((one.input.period, one.input.dataset), (one.input.hash, one.input.file)))
                    .collect();
                prop_assert_eq!(kept, folded(&ledger));
            }
        }
    }
}
