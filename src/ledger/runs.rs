//! Versions of a period: what each was drawn from, what it showed, and the commit that makes it count.

use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::{Lease, Ledger, LedgerError, audit, from_json, outbox, parse, to_json};
use crate::model::{ContentHash, DeliveryState, DepartmentCode, IndicatorTable, Message, Period, ReportingRow, TaskStatus};

/// Which submission stood for a department's dataset when a version was drawn up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Input {
    pub period: Period,
    pub department: DepartmentCode,
    pub dataset: String,
    pub file: String,
    pub hash: ContentHash,
}

/// One workbook of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestEntry {
    pub file: String,
    #[serde(rename = "blake3")]
    pub hash: ContentHash,
    pub department: Option<DepartmentCode>,
}

/// What a version showed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    pub tables: Vec<IndicatorTable>,
    pub tasks: Vec<TaskStatus>,
    pub reporting: Vec<ReportingRow>,
}

/// One version of a period.
#[derive(Debug, Clone)]
pub struct Version {
    pub period: Period,
    pub version: u32,
    pub digest: String,
    pub plan_hash: String,
    pub program: String,
    /// RFC 3339, the run's `now`.
    pub now: String,
    pub manifest: Vec<ManifestEntry>,
    pub inputs: Vec<Input>,
    pub shown: Shown,
    /// BLAKE3 of the tables: equal across program versions for equal inputs.
    pub figures_hash: String,
}

type Raw = (String, u32, String, String, String, String, String, String, String, String);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?, row.get(7)?, row.get(8)?, row.get(9)?))
}

impl Ledger {
    /// The commit point of a run: version, manifest hash and outbox rows in one transaction under the lease's fence.
    ///
    /// `place` puts the version's folder into its place, inside that transaction: a holder that lost its lease never comes so far.
    pub fn commit_version(
        &mut self,
        lease: &Lease,
        version: &Version,
        messages: &[Message],
        state: DeliveryState,
        place: &dyn Fn() -> std::io::Result<()>,
    ) -> Result<(), LedgerError> {
        let put_in_place = place;
        let place = format!("runs.{}.{}", version.period, version.version);
        let manifest = to_json(&place, &version.manifest)?;
        let transaction = self.fenced(lease)?;
        transaction.execute(
            "INSERT INTO runs (period, version, digest, plan_hash, program, now, manifest, manifest_hash, inputs, figures, figures_hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                version.period.to_string(),
                version.version,
                version.digest,
                version.plan_hash,
                version.program,
                version.now,
                manifest,
                ContentHash::of(manifest.as_bytes()).0,
                to_json(&place, &version.inputs)?,
                to_json(&place, &version.shown)?,
                version.figures_hash,
            ],
        )?;
        for message in messages {
            outbox::supersede(&transaction, &version.now, message)?;
            outbox::insert(&transaction, message, state)?;
        }
        let detail = format!("{} mails {}", messages.len(), state.code());
        audit::record(&transaction, &version.now, "run.committed", &format!("{} v{}", version.period, version.version), &detail)?;
        put_in_place().map_err(LedgerError::Place)?;
        Ok(transaction.commit()?)
    }

    /// The newest version of `period`.
    pub fn latest(&self, period: Period) -> Result<Option<Version>, LedgerError> {
        let found = self
            .connection
            .query_row(
                "SELECT period, version, digest, plan_hash, program, now, manifest, inputs, figures, figures_hash
                 FROM runs WHERE period = ?1 ORDER BY version DESC LIMIT 1",
                [period.to_string()],
                raw,
            )
            .optional()?;
        let Some((period, version, digest, plan_hash, program, now, manifest, inputs, figures, figures_hash)) = found else {
            return Ok(None);
        };
        let place = format!("runs.{period}.{version}");
        Ok(Some(Version {
            period: parse(&place, &period)?,
            version,
            digest,
            plan_hash,
            program,
            now,
            manifest: from_json(&place, &manifest)?,
            inputs: from_json(&place, &inputs)?,
            shown: from_json(&place, &figures)?,
            figures_hash,
        }))
    }

    /// The numbers of all versions of `period`.
    pub fn versions(&self, period: Period) -> Result<Vec<u32>, LedgerError> {
        let mut statement = self.connection.prepare_cached("SELECT version FROM runs WHERE period = ?1 ORDER BY version")?;
        Ok(statement.query_map([period.to_string()], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// All periods that have a version, oldest first.
    pub fn periods(&self) -> Result<Vec<Period>, LedgerError> {
        let mut statement = self.connection.prepare_cached("SELECT DISTINCT period FROM runs ORDER BY period")?;
        let texts: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        texts.iter().map(|text| parse("runs", text)).collect()
    }
}
