//! Versions of a period: what each was drawn from, what it showed, and the commit that makes it count.

use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::{Input, Leaned, Lease, Ledger, LedgerError, audit, from_json, outbox, parse, to_json};
use crate::model::{ContentHash, Correction, DeliveryState, DepartmentCode, IndicatorTable, Message, Period, ReportingRow, TaskStatus};

/// Why a version was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cause {
    /// A person ran it.
    #[default]
    Operator,
    /// All expected submissions were in.
    Complete,
    /// The cut-off had come.
    CutOff,
    /// A late or corrected file came after a version.
    Refresh,
    /// An earlier period it leans on was corrected, and a person had it redone.
    Stale,
}

impl Cause {
    const ALL: [Self; 5] = [Self::Operator, Self::Complete, Self::CutOff, Self::Refresh, Self::Stale];

    /// The word in the ledger, the audit and `--json`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Complete => "complete",
            Self::CutOff => "cut-off",
            Self::Refresh => "refresh",
            Self::Stale => "stale",
        }
    }
}

impl std::str::FromStr for Cause {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|cause| cause.code() == text).ok_or_else(|| format!("unknown cause `{text}`"))
    }
}

/// The newest version of a period, without what it showed.
#[derive(Debug, Clone)]
pub struct Drawn {
    pub version: u32,
    pub plan_hash: String,
    pub cause: Cause,
    /// What it was drawn from, month by month.
    pub leaned: Leaned,
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
    /// The version of last month whose lights it tells changes from; `None`: told from the figures, as before there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<u32>,
    /// Codes of last month's yellow and red indicators of which nobody said why; versions of earlier programs have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unexplained: Vec<String>,
    /// What it prints otherwise than the version before, with the causes it told; versions of earlier programs have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrections: Option<Vec<Correction>>,
}

/// One version of a period.
#[derive(Debug, Clone)]
pub struct Version {
    pub period: Period,
    pub version: u32,
    pub digest: String,
    pub plan_hash: String,
    pub program: String,
    /// What the program's reading and figures meant, as a number that grows with it.
    pub definition: u32,
    pub cause: Cause,
    /// RFC 3339, the run's `now`.
    pub now: String,
    pub manifest: Vec<ManifestEntry>,
    pub inputs: Vec<Input>,
    pub shown: Shown,
    /// BLAKE3 of the tables: equal across program versions for equal inputs.
    pub figures_hash: String,
}

/// The audit's word for a mail that tells what was withheld.
const TOLD_FOR_A_REASON: &str = "outbox.withheld";

type Raw = (String, u32, String, String, String, String, String, String, String, String, String, u32);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
        row.get(7)?,
        row.get(8)?,
        row.get(9)?,
        row.get(10)?,
        row.get(11)?,
    ))
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
        unbuilt: &[(Message, String)],
        state: DeliveryState,
        place: &dyn Fn() -> std::io::Result<()>,
    ) -> Result<(), LedgerError> {
        let put_in_place = place;
        let place = format!("runs.{}.{}", version.period, version.version);
        let manifest = to_json(&place, &version.manifest)?;
        let transaction = self.fenced(lease)?;
        transaction.execute(
            "INSERT INTO runs (period, version, digest, plan_hash, program, now, manifest, manifest_hash, inputs, figures, figures_hash, cause,
                 definition, leaned)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
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
                version.cause.code(),
                version.definition,
                to_json(&place, &Leaned::of(&version.inputs))?,
            ],
        )?;
        for message in messages {
            outbox::supersede(&transaction, &version.now, message)?;
            outbox::insert(&transaction, &version.now, message, state)?;
        }
        for (message, reason) in unbuilt {
            outbox::supersede(&transaction, &version.now, message)?;
            outbox::insert_failed(&transaction, &version.now, message, reason)?;
        }
        let detail = format!("{}: {} mails {}", version.cause.code(), messages.len(), state.code());
        audit::record(&transaction, &version.now, "run.committed", &format!("{} v{}", version.period, version.version), &detail)?;
        put_in_place().map_err(LedgerError::Place)?;
        Ok(transaction.commit()?)
    }

    /// Stores mails of a version that counts already, which tell what was withheld up to it, and those that could not be built;
    /// none is stored twice.
    pub fn store_corrections(
        &mut self,
        lease: &Lease,
        at: &str,
        messages: &[Message],
        unbuilt: &[(Message, String)],
        state: DeliveryState,
    ) -> Result<(), LedgerError> {
        let transaction = self.fenced(lease)?;
        for message in messages {
            outbox::supersede(&transaction, at, message)?;
            if outbox::insert(&transaction, at, message, state)? {
                let subject = transaction.last_insert_rowid().to_string();
                audit::record(&transaction, at, &format!("outbox.{}", state.code()), &subject, message.kind.code())?;
            }
            audit::record(&transaction, at, TOLD_FOR_A_REASON, &message.message_id, &lease.period.to_string())?;
        }
        for (message, reason) in unbuilt {
            outbox::supersede(&transaction, at, message)?;
            outbox::insert_failed(&transaction, at, message, reason)?;
            audit::record(&transaction, at, TOLD_FOR_A_REASON, &message.message_id, &lease.period.to_string())?;
        }
        Ok(transaction.commit()?)
    }

    /// The Message-IDs of the mails of `period` that told what had been withheld, up to their version.
    pub fn told_for_a_reason(&self, period: Period) -> Result<Vec<String>, LedgerError> {
        let mut statement = self.connection.prepare_cached("SELECT subject FROM audit WHERE action = ?1 AND detail = ?2")?;
        let ids = statement.query_map([TOLD_FOR_A_REASON, &period.to_string()], |row| row.get(0))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// Gives the newest version a digest of the present form; nothing else of it changes.
    pub fn renew_digest(&mut self, lease: &Lease, at: &str, version: u32, digest: &str) -> Result<(), LedgerError> {
        let period = lease.period.to_string();
        let transaction = self.fenced(lease)?;
        transaction.execute("UPDATE runs SET digest = ?3 WHERE period = ?1 AND version = ?2", params![period, version, digest])?;
        audit::record(&transaction, at, "run.digest_renewed", &format!("{period} v{version}"), digest)?;
        Ok(transaction.commit()?)
    }

    /// The newest version of `period`.
    pub fn latest(&self, period: Period) -> Result<Option<Version>, LedgerError> {
        self.version(period, None)
    }

    /// The version of that number; `None`: the newest.
    pub fn version(&self, period: Period, number: Option<u32>) -> Result<Option<Version>, LedgerError> {
        let found = self
            .connection
            .query_row(
                "SELECT period, version, digest, plan_hash, program, now, manifest, inputs, figures, figures_hash, cause, definition
                 FROM runs WHERE period = ?1 AND (?2 IS NULL OR version = ?2) ORDER BY version DESC LIMIT 1",
                params![period.to_string(), number],
                raw,
            )
            .optional()?;
        let Some((period, version, digest, plan_hash, program, now, manifest, inputs, figures, figures_hash, cause, definition)) = found
        else {
            return Ok(None);
        };
        let place = format!("runs.{period}.{version}");
        Ok(Some(Version {
            period: parse(&place, &period)?,
            version,
            digest,
            plan_hash,
            program,
            definition,
            cause: parse(&place, &cause)?,
            now,
            manifest: from_json(&place, &manifest)?,
            inputs: from_json(&place, &inputs)?,
            shown: from_json(&place, &figures)?,
            figures_hash,
        }))
    }

    /// What the newest version of `period` was drawn from, without what it showed.
    pub fn drawn(&self, period: Period) -> Result<Option<Drawn>, LedgerError> {
        let found: Option<(u32, String, String, String)> = self
            .connection
            .prepare_cached("SELECT version, plan_hash, cause, leaned FROM runs WHERE period = ?1 ORDER BY version DESC LIMIT 1")?
            .query_row([period.to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .optional()?;
        let Some((version, plan_hash, cause, leaned)) = found else { return Ok(None) };
        let place = format!("runs.{period}.{version}");
        Ok(Some(Drawn { version, plan_hash, cause: parse(&place, &cause)?, leaned: from_json(&place, &leaned)? }))
    }

    /// How many versions of `period` were made because a late or corrected file came.
    pub fn refreshes(&self, period: Period) -> Result<u32, LedgerError> {
        let mut statement = self.connection.prepare_cached("SELECT COUNT(*) FROM runs WHERE period = ?1 AND cause = ?2")?;
        Ok(statement.query_row([period.to_string().as_str(), Cause::Refresh.code()], |row| row.get(0))?)
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
