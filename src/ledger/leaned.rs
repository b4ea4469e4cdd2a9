//! What a version leaned on, month by month, short enough to be held against what stands now without reading either list.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Transaction, params};
use serde::{Deserialize, Serialize};

use super::{Input, LedgerError, from_json, to_json};
use crate::model::Period;

/// So many digits of a month's hash are kept.
const DIGITS: usize = 16;

/// A hash for each month: of which bytes stood for which department's table. Names of files mean nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Leaned(BTreeMap<Period, String>);

impl Leaned {
    /// That of a list of inputs, in whatever order.
    #[must_use]
    pub fn of<'a>(inputs: impl IntoIterator<Item = &'a Input>) -> Self {
        let mut months: BTreeMap<Period, BTreeSet<(&str, &str, &str)>> = BTreeMap::new();
        for one in inputs {
            months.entry(one.period).or_default().insert((&one.department.0, &one.dataset, &one.hash.0));
        }
        let hashed = months.into_iter().map(|(period, tables)| {
            let mut hasher = blake3::Hasher::new();
            for (department, dataset, hash) in tables {
                for part in [department, dataset, hash] {
                    hasher.update(part.as_bytes()).update(b"\0");
                }
            }
            (period, hasher.finalize().to_hex().chars().take(DIGITS).collect())
        });
        Self(hashed.collect())
    }

    /// The months in `from..=to` alone.
    #[must_use]
    pub fn within(&self, from: Period, to: Period) -> Self {
        Self(self.0.range(from..=to).map(|(period, hash)| (*period, hash.clone())).collect())
    }

    /// The months in which the two differ, oldest first.
    #[must_use]
    pub fn differing(&self, other: &Self) -> BTreeSet<Period> {
        let months = self.0.keys().chain(other.0.keys());
        months.filter(|period| self.0.get(period) != other.0.get(period)).copied().collect()
    }
}

/// Notes it down, once, for the versions of a ledger that did not keep it.
pub(super) fn note_all(transaction: &Transaction<'_>) -> Result<(), LedgerError> {
    let mut statement = transaction.prepare("SELECT rowid, inputs FROM runs")?;
    let rows: Vec<(i64, String)> = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    for (id, inputs) in rows {
        let inputs: Vec<Input> = from_json("runs", &inputs)?;
        transaction.execute("UPDATE runs SET leaned = ?2 WHERE rowid = ?1", params![id, to_json("runs", &Leaned::of(&inputs))?])?;
    }
    Ok(())
}
