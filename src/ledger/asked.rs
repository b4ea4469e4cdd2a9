//! Questions about what came. Each is answered by an index: what an answer costs grows with the answer, not with the years behind it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::{DateTime, FixedOffset};
use rusqlite::{OptionalExtension as _, Params, params};

use super::submissions::{COLUMNS, recorded};
use super::{Ledger, LedgerError, Recorded, SubmissionState, parse};
use crate::model::{ContentHash, DepartmentCode, Period, Refusal};

/// The order of arrival: `received_at`, then batch, then hash, then path.
const IN_ORDER: &str = "ORDER BY received, batch, hash, path";

/// What is known of a file by the bytes and the path it came under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub state: SubmissionState,
    pub received_at: DateTime<FixedOffset>,
    /// The plan it was read with.
    pub plan_hash: String,
    /// Why it was refused.
    pub refusal: Option<Refusal>,
    /// How many readings of it the worker did not survive since it was last handed in.
    pub deaths: u32,
}

/// So many times a file whose worker died is read once more when the sources are looked into: the machine may be to blame.
pub const READ_AGAIN_MAX: u32 = 3;

/// How many readings of a row of `submissions` the worker did not survive since it was last handed in: the audit notes down how a
/// file was judged, and in the next line that it was handed in again.
const DEATHS: &str = "(SELECT count(*) FROM audit WHERE action = 'submission.refused' AND subject = CAST(submissions.id AS TEXT)
     AND detail = 'worker-died' AND id >= coalesce((SELECT max(id) FROM audit
         WHERE action = 'submission.handed_in_again' AND subject = CAST(submissions.id AS TEXT)) - 1, 0))";

impl Ledger {
    /// The submissions of a period, whatever their state, in order of arrival.
    pub fn submissions_of(&self, period: Period) -> Result<Vec<Recorded>, LedgerError> {
        self.submissions_between(period..=period)
    }

    /// Those of several periods, in order of arrival.
    pub fn submissions_between(&self, periods: RangeInclusive<Period>) -> Result<Vec<Recorded>, LedgerError> {
        let (from, to) = periods.into_inner();
        self.list("period BETWEEN ?1 AND ?2", params![from.to_string(), to.to_string()])
    }

    /// The files that could not be read, in order of arrival.
    pub fn refused(&self) -> Result<Vec<Recorded>, LedgerError> {
        self.list("state = 'refused'", [])
    }

    /// Those of them whose bytes or whose place in a source these are: under `path` itself, or in the zip that lies there.
    pub fn refused_at(&self, hash: &ContentHash, path: &str) -> Result<Vec<Recorded>, LedgerError> {
        let (below, beyond) = below(path);
        self.list("state = 'refused' AND (hash = ?1 OR (path > ?2 AND path < ?3))", params![hash.0, below, beyond])
    }

    /// Those of them that another reading may be able to read: read by another plan, of another size than is read now, or such that
    /// their worker died at fewer readings than are tried.
    pub fn refused_otherwise(&self, plan_hash: &str) -> Result<Vec<Recorded>, LedgerError> {
        let (large, died) = (Refusal::TooLarge.code(), Refusal::WorkerDied.code());
        let which = format!("state = 'refused' AND (plan_hash <> ?1 OR reason = ?2 OR (reason = ?3 AND {DEATHS} <= ?4))");
        self.list(&which, params![plan_hash, large, died, READ_AGAIN_MAX])
    }

    /// The files of that content, under whatever names, in order of arrival.
    pub fn submissions_with(&self, hash: &ContentHash) -> Result<Vec<Recorded>, LedgerError> {
        self.list("hash = ?1", [&hash.0])
    }

    /// The files whose hash begins with `digits`, in order of arrival.
    pub fn submissions_named(&self, digits: &str) -> Result<Vec<Recorded>, LedgerError> {
        // No digit comes after this letter.
        self.list("hash >= ?1 AND hash < ?1 || 'g'", [digits])
    }

    /// The department's files of a period that were returned, in order of arrival.
    pub fn returned(&self, period: Period, department: &DepartmentCode) -> Result<Vec<Recorded>, LedgerError> {
        self.list("period = ?1 AND department = ?2 AND state = 'returned'", params![period.to_string(), department.0])
    }

    /// The files of several periods that were withdrawn, and stand under no other name.
    pub fn withdrawn(&self, periods: RangeInclusive<Period>) -> Result<BTreeSet<ContentHash>, LedgerError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT hash FROM submissions AS gone WHERE state = 'withdrawn' AND period BETWEEN ?1 AND ?2
                 AND NOT EXISTS (SELECT 1 FROM submissions AS other WHERE other.hash = gone.hash AND other.state = 'accepted')",
        )?;
        let (from, to) = periods.into_inner();
        let hashes = statement.query_map([from.to_string(), to.to_string()], |row| Ok(ContentHash(row.get(0)?)))?;
        Ok(hashes.collect::<Result<_, _>>()?)
    }

    /// One submission by its number.
    pub fn submission(&self, id: i64) -> Result<Option<Recorded>, LedgerError> {
        Ok(self.list("id = ?1", [id])?.pop())
    }

    fn list(&self, which: &str, parameters: impl Params) -> Result<Vec<Recorded>, LedgerError> {
        let mut statement = self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM submissions WHERE {which} {IN_ORDER}"))?;
        let mut rows = statement.query(parameters)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(recorded(row)?);
        }
        Ok(found)
    }

    /// What is known of the file of that hash under that path.
    pub fn known(&self, hash: &ContentHash, path: &str) -> Result<Option<Known>, LedgerError> {
        let query = format!("SELECT state, received_at, plan_hash, reason, {DEATHS} FROM submissions WHERE hash = ?1 AND path = ?2");
        let row: Option<(String, String, String, Option<String>, u32)> = self
            .connection
            .prepare_cached(&query)?
            .query_row([&hash.0, path], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
            .optional()?;
        let Some((state, received_at, plan_hash, reason, deaths)) = row else { return Ok(None) };
        let state: SubmissionState = parse("submissions", &state)?;
        let refusal = reason.as_deref().filter(|_| state == SubmissionState::Refused).and_then(Refusal::parse);
        Ok(Some(Known { state, received_at: parse("submissions", &received_at)?, plan_hash, refusal, deaths }))
    }

    /// Whether those bytes were taken in under that path: as a file, or as a zip of files.
    pub fn has_taken_in(&self, hash: &ContentHash, path: &str) -> Result<bool, LedgerError> {
        let query = "SELECT EXISTS (SELECT 1 FROM submissions WHERE hash = ?1 AND path = ?2)
                         OR EXISTS (SELECT 1 FROM packages WHERE hash = ?1 AND path = ?2)";
        Ok(self.connection.prepare_cached(query)?.query_row([&hash.0, path], |row| row.get(0))?)
    }

    /// Whether those bytes were taken in at all.
    pub fn knows(&self, hash: &ContentHash) -> Result<bool, LedgerError> {
        let query = "SELECT EXISTS (SELECT 1 FROM submissions WHERE hash = ?1) OR EXISTS (SELECT 1 FROM packages WHERE hash = ?1)";
        Ok(self.connection.prepare_cached(query)?.query_row([&hash.0], |row| row.get(0))?)
    }

    /// Whether the department's period has an accepted file that came after `one`.
    pub fn accepted_after(&self, one: &Recorded, department: &DepartmentCode, period: Period) -> Result<bool, LedgerError> {
        let query = "SELECT EXISTS (SELECT 1 FROM submissions AS later, submissions AS one
             WHERE one.id = ?3 AND later.period = ?1 AND later.department = ?2 AND later.state = 'accepted'
                 AND (later.received, IFNULL(later.batch, -1), later.hash, later.path)
                     > (one.received, IFNULL(one.batch, -1), one.hash, one.path))";
        Ok(self.connection.prepare_cached(query)?.query_row(params![period.to_string(), department.0, one.id], |row| row.get(0))?)
    }

    /// Whether any file came for `period` and could be read.
    pub fn came_for(&self, period: Period) -> Result<bool, LedgerError> {
        let query = "SELECT EXISTS (SELECT 1 FROM submissions WHERE period = ?1 AND state <> 'refused')";
        Ok(self.connection.prepare_cached(query)?.query_row([period.to_string()], |row| row.get(0))?)
    }

    /// The periods of all submissions, oldest first: the index is asked for the next one, again and again.
    pub fn periods_handed_in(&self) -> Result<Vec<Period>, LedgerError> {
        let mut statement = self.connection.prepare_cached(
            "WITH RECURSIVE next (period) AS (
                 SELECT MIN(period) FROM submissions WHERE period > ''
                 UNION ALL SELECT (SELECT MIN(period) FROM submissions WHERE period > next.period) FROM next WHERE next.period IS NOT NULL
             ) SELECT period FROM next WHERE period IS NOT NULL",
        )?;
        let texts: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        texts.iter().map(|text| parse("submissions", text)).collect()
    }

    /// Which of its department's readable files for its period each file was, from 1 on; the same bytes sent twice count once.
    pub fn ordinals(&self, periods: RangeInclusive<Period>) -> Result<BTreeMap<ContentHash, u32>, LedgerError> {
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT hash, department, period FROM submissions
             WHERE period BETWEEN ?1 AND ?2 AND department IS NOT NULL AND state <> 'refused' {IN_ORDER}"
        ))?;
        let (from, to) = periods.into_inner();
        let mut rows = statement.query([from.to_string(), to.to_string()])?;
        let mut counts: BTreeMap<(String, String), u32> = BTreeMap::new();
        let mut ordinals = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let hash = ContentHash(row.get(0)?);
            if ordinals.contains_key(&hash) {
                continue;
            }
            let count = counts.entry((row.get(1)?, row.get(2)?)).or_default();
            *count += 1;
            ordinals.insert(hash, *count);
        }
        Ok(ordinals)
    }

    /// Whether files of a zip at `path` were received.
    pub fn has_below(&self, path: &str) -> Result<bool, LedgerError> {
        let query = "SELECT EXISTS (SELECT 1 FROM submissions WHERE path > ?1 AND path < ?2)";
        let (below, beyond) = below(path);
        Ok(self.connection.prepare_cached(query)?.query_row([below, beyond], |row| row.get(0))?)
    }
}

/// Between which texts the paths below `path` stand: `/` comes right before `0`.
fn below(path: &str) -> (String, String) {
    (format!("{path}/"), format!("{path}0"))
}
