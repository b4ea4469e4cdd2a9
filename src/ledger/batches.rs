//! Batches: which files bear one received time. A file keeps its batch, so that a later reading finds it beside the same others.

use chrono::{DateTime, FixedOffset};
use rusqlite::params;

use super::{Ledger, LedgerError, SubmissionState, from_json, parse};
use crate::model::{ContentHash, DepartmentCode, Finding, FindingCode, Observations, Period};

/// When a file came and with which others; nobody knows of files recorded before batches were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    pub received_at: DateTime<FixedOffset>,
    pub batch: Option<i64>,
}

impl Origin {
    /// The batch of files whose time the transport told.
    pub const TOLD: i64 = 0;

    /// Whether files of both came together.
    #[must_use]
    pub fn is_with(&self, other: &Self) -> bool {
        self.batch.is_some() && self.batch == other.batch && self.received_at == other.received_at
    }
}

/// A file that came, and its tables.
#[derive(Debug, Clone)]
pub struct Beside {
    pub path: String,
    pub file: String,
    pub hash: ContentHash,
    pub tables: Vec<Observations>,
}

impl Ledger {
    /// A number for files that are taken in together now.
    pub fn next_batch(&self) -> Result<i64, LedgerError> {
        Ok(self.connection.query_row("SELECT COALESCE(MAX(batch), 0) + 1 FROM submissions", [], |row| row.get(0))?)
    }

    /// How the file of that hash and path came and stands; `None` for an unknown one.
    pub fn origin(&self, hash: &ContentHash, path: &str) -> Result<Option<(Origin, SubmissionState)>, LedgerError> {
        let mut statement =
            self.connection.prepare_cached("SELECT received_at, batch, state FROM submissions WHERE hash = ?1 AND path = ?2")?;
        let rows: Vec<(String, Option<i64>, String)> =
            statement.query_map([&hash.0, path], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect::<Result<_, _>>()?;
        let Some((received_at, batch, state)) = rows.into_iter().next() else { return Ok(None) };
        Ok(Some((Origin { received_at: parse(&hash.0, &received_at)?, batch }, parse(&hash.0, &state)?)))
    }

    /// How those bytes came, under whatever name, while it is open which of several tables counts; `None` where nothing is.
    pub fn undecided(&self, hash: &ContentHash) -> Result<Option<Origin>, LedgerError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT received_at, batch, findings FROM submissions WHERE hash = ?1 AND state = ?2 AND batch IS NOT NULL ORDER BY id DESC",
        )?;
        let rows: Vec<(String, i64, String)> = statement
            .query_map(params![hash.0, SubmissionState::Returned.code()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        for (received_at, batch, findings) in rows {
            let findings: Vec<Finding> = from_json(&hash.0, &findings)?;
            if findings.iter().any(|finding| finding.code == FindingCode::SameTableTwice && finding.returns_file()) {
                return Ok(Some(Origin { received_at: parse(&hash.0, &received_at)?, batch: Some(batch) }));
            }
        }
        Ok(None)
    }

    /// The department's files of that origin for the period that were read and not withdrawn.
    pub fn came_with(&self, origin: Origin, department: &DepartmentCode, period: Period) -> Result<Vec<Beside>, LedgerError> {
        let Some(batch) = origin.batch else { return Ok(Vec::new()) };
        let mut statement = self.connection.prepare_cached(
            "SELECT id, path, file, hash, received_at FROM submissions
             WHERE period = ?1 AND department = ?2 AND batch = ?3 AND state IN ('accepted', 'returned') ORDER BY hash, path",
        )?;
        let rows: Vec<(i64, String, String, String, String)> = statement
            .query_map(params![period.to_string(), department.0, batch], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
            })?
            .collect::<Result<_, _>>()?;
        let mut found = Vec::new();
        for (id, path, file, hash, received_at) in rows {
            // The same instant may be written in two zones.
            if parse::<DateTime<FixedOffset>>(&hash, &received_at)? != origin.received_at {
                continue;
            }
            let tables = self.tables_of(id)?;
            found.push(Beside { path, file, hash: ContentHash(hash), tables });
        }
        Ok(found)
    }

    /// When those bytes were first accepted for that department and period, and under which name.
    pub fn first_accepted(
        &self,
        hash: &ContentHash,
        department: &DepartmentCode,
        period: Period,
    ) -> Result<Option<(DateTime<FixedOffset>, String)>, LedgerError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT received_at, file FROM submissions WHERE hash = ?1 AND department = ?2 AND period = ?3 AND state = 'accepted'",
        )?;
        let rows: Vec<(String, String)> = statement
            .query_map(params![hash.0, department.0, period.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let rows: Result<Vec<(DateTime<FixedOffset>, String)>, LedgerError> =
            rows.into_iter().map(|(at, file)| Ok((parse(&hash.0, &at)?, file))).collect();
        Ok(rows?.into_iter().min())
    }
}
