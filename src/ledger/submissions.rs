//! Submissions and their observations: what came, and how it was judged.

use chrono::{DateTime, FixedOffset};
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use super::{Judgement, Ledger, LedgerError, SubmissionState, audit, bodies, from_json, migrate, notices, parse, standing, to_json};
use crate::model::{ContentHash, DeliveryState, DepartmentCode, Finding, Message, Observations, Packed, Period, Refusal};

/// A submission as the ledger has it.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub id: i64,
    pub hash: ContentHash,
    pub path: String,
    pub file: String,
    pub received_at: DateTime<FixedOffset>,
    pub batch: Option<i64>,
    pub state: SubmissionState,
    pub reason: Option<String>,
    pub department: Option<DepartmentCode>,
    pub period: Option<Period>,
    pub plan_hash: String,
    /// What the program's reading meant when its tables were read.
    pub definition: u32,
    /// By what a later reading was whose tables were not taken over ([`ReadBy`](super::read_again::ReadBy)); empty without one.
    pub examined: String,
    pub findings: Vec<Finding>,
}

impl Recorded {
    /// Its place in the order of arrival.
    #[must_use]
    pub fn arrival(&self) -> impl Ord + use<'_> {
        (self.received_at, self.batch, &self.hash, &self.path)
    }
}

/// A file that came, with its judgement.
#[derive(Debug, Clone)]
pub struct Arrival {
    pub hash: ContentHash,
    /// Folders below the source and the file name, joined by `/`.
    pub path: String,
    pub file: String,
    pub received_at: DateTime<FixedOffset>,
    /// Which files it came together with ([`Origin`](super::Origin)).
    pub batch: Option<i64>,
    /// Handed in now; for a known file that means once more: its time is the new one, and an operator's word on it is over.
    pub again: bool,
    /// The plan it was read with.
    pub plan_hash: String,
    /// What the program's reading means.
    pub definition: u32,
    pub judgement: Judgement,
}

pub(super) const COLUMNS: &str =
    "id, hash, path, file, received_at, state, reason, department, period, plan_hash, findings, batch, definition, examined";

pub(super) fn recorded(row: &Row<'_>) -> Result<Recorded, LedgerError> {
    let id: i64 = row.get("id")?;
    let place = format!("submissions.{id}");
    let text = |column: &str| row.get::<_, String>(column);
    let period: Option<String> = row.get("period")?;
    Ok(Recorded {
        id,
        hash: ContentHash(text("hash")?),
        path: text("path")?,
        file: text("file")?,
        received_at: parse(&place, &text("received_at")?)?,
        batch: row.get("batch")?,
        state: parse(&place, &text("state")?)?,
        reason: row.get("reason")?,
        department: row.get::<_, Option<String>>("department")?.map(DepartmentCode),
        period: period.map(|period| parse(&place, &period)).transpose()?,
        plan_hash: text("plan_hash")?,
        definition: row.get("definition")?,
        examined: text("examined")?,
        findings: from_json(&place, &text("findings")?)?,
    })
}

fn record_one(transaction: &Transaction<'_>, at: &str, arrival: &Arrival) -> Result<(), LedgerError> {
    let Arrival { hash, path, judgement, .. } = arrival;
    let place = format!("submissions.{hash}");
    let reason = judgement.refusal().map(Refusal::code);
    let known: bool = transaction
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM submissions WHERE hash = ?1 AND path = ?2)")?
        .query_row(params![hash.0, path], |row| row.get(0))?;
    transaction
        .prepare_cached(
            "INSERT INTO submissions (hash, path, file, received_at, state, reason, department, period, plan_hash, findings, batch, definition,
                 received)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
             ON CONFLICT (hash, path) DO UPDATE SET
                 received_at = ?4, state = ?5, reason = ?6, department = ?7, period = ?8, plan_hash = ?9, findings = ?10, batch = ?11,
                 definition = ?12, received = ?13, examined = ''",
        )?
        .execute(params![
            hash.0,
            path,
            arrival.file,
            arrival.received_at.to_rfc3339(),
            judgement.state().code(),
            reason,
            judgement.department().map(|code| &code.0),
            judgement.period().map(|period| period.to_string()),
            arrival.plan_hash,
            to_json(&place, &judgement.findings())?,
            arrival.batch,
            arrival.definition,
            migrate::instant(arrival.received_at),
        ])?;
    let id: i64 =
        transaction.query_row("SELECT id FROM submissions WHERE hash = ?1 AND path = ?2", params![hash.0, path], |row| row.get(0))?;
    let mut tables = standing::keys_of(transaction, id)?;
    replace_tables(transaction, id, judgement.observations(), judgement.packed())?;
    tables.extend(standing::keys_of(transaction, id)?);
    let action = format!("submission.{}", judgement.state().code());
    audit::record(transaction, at, &action, &id.to_string(), reason.unwrap_or(""))?;
    if arrival.again && known {
        audit::record(transaction, at, HANDED_IN_AGAIN, &id.to_string(), "")?;
    } else if known {
        keep_overruled(transaction, id, judgement)?;
    }
    standing::restand(transaction, &tables)
}

/// Puts `tables` in the place of those the submission has; whoever calls it finds anew what stands.
pub(super) fn replace_tables(
    transaction: &Transaction<'_>,
    id: i64,
    tables: &[Observations],
    packed: &[Packed],
) -> Result<(), LedgerError> {
    transaction.prepare_cached("DELETE FROM observations WHERE submission = ?1")?.execute([id])?;
    for (at, observations) in tables.iter().enumerate() {
        let made = packed.get(at).is_none().then(|| bodies::packed(id, observations)).transpose()?;
        let body = packed.get(at).or(made.as_ref()).map(|packed| packed.0.as_slice());
        transaction
            .prepare_cached(
                "INSERT INTO observations (submission, dataset, department, period, body, packed) VALUES (?1, ?2, ?3, ?4, '', ?5)",
            )?
            .execute(params![id, observations.dataset, observations.department.0, observations.period.to_string(), body,])?;
    }
    Ok(())
}

/// The audit's word for a file that came once more: an earlier word of the operator's on it is over.
const HANDED_IN_AGAIN: &str = "submission.handed_in_again";

/// A file that is read anew (the plan has changed) keeps what the operator said of it.
fn keep_overruled(transaction: &Transaction<'_>, id: i64, judgement: &Judgement) -> Result<(), LedgerError> {
    let [accepted, returned, refused, withdrawn] = SubmissionState::ALL.map(by_operator);
    let last: Option<(String, String)> = transaction
        .prepare_cached("SELECT action, detail FROM audit WHERE subject = ?1 AND action IN (?2, ?3, ?4, ?5, ?6) ORDER BY id DESC LIMIT 1")?
        .query_row(params![id.to_string(), HANDED_IN_AGAIN, accepted, returned, refused, withdrawn], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((action, reason)) = last else { return Ok(()) };
    let Some(state) = SubmissionState::ALL.into_iter().find(|state| action == by_operator(*state)) else { return Ok(()) };
    if state == SubmissionState::Accepted && judgement.state() == SubmissionState::Refused {
        return Ok(());
    }
    transaction.execute("UPDATE submissions SET state = ?2, reason = ?3 WHERE id = ?1", params![id, state.code(), reason])?;
    Ok(())
}

fn by_operator(state: SubmissionState) -> String {
    format!("submission.{}.by_operator", state.code())
}

impl Ledger {
    /// Acknowledges files that are already in the archive and records how each was judged, in one transaction.
    ///
    /// A file known by (hash, path) keeps its row and arrival; its judgement and observations are replaced.
    pub fn record(&mut self, at: &str, arrivals: &[Arrival]) -> Result<(), LedgerError> {
        self.record_with(at, arrivals, &[])
    }

    /// The same, with the mails that tell what came of them.
    pub fn record_with(&mut self, at: &str, arrivals: &[Arrival], mails: &[(Message, DeliveryState)]) -> Result<(), LedgerError> {
        let transaction = self.connection.transaction()?;
        for arrival in arrivals {
            record_one(&transaction, at, arrival)?;
        }
        for (mail, state) in mails {
            notices::store(&transaction, at, mail, *state)?;
        }
        Ok(transaction.commit()?)
    }

    /// Changes a submission's state by the operator's word.
    pub fn overrule(&mut self, at: &str, id: i64, state: SubmissionState, reason: &str) -> Result<(), LedgerError> {
        let transaction = self.connection.transaction()?;
        transaction.execute("UPDATE submissions SET state = ?2, reason = ?3 WHERE id = ?1", params![id, state.code(), reason])?;
        standing::restand(&transaction, &standing::keys_of(&transaction, id)?)?;
        audit::record(&transaction, at, &by_operator(state), &id.to_string(), reason)?;
        Ok(transaction.commit()?)
    }

    /// The hashes of files that are refused for `reason`.
    pub fn refused_for(&self, reason: Refusal) -> Result<Vec<ContentHash>, LedgerError> {
        let query = "SELECT DISTINCT hash FROM submissions WHERE state = ?1 AND reason = ?2 ORDER BY hash";
        let mut statement = self.connection.prepare_cached(query)?;
        let hashes = statement.query_map([SubmissionState::Refused.code(), reason.code()], |row| Ok(ContentHash(row.get(0)?)))?;
        Ok(hashes.collect::<Result<_, _>>()?)
    }

    /// The datasets a submission's observations cover.
    pub fn datasets_of(&self, id: i64) -> Result<Vec<String>, LedgerError> {
        let mut statement = self.connection.prepare_cached("SELECT dataset FROM observations WHERE submission = ?1 ORDER BY dataset")?;
        Ok(statement.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: &str = "2022-07-11T09:00:00+08:00";

    fn ledger() -> (tempfile::TempDir, Ledger) {
        let dir = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&dir.path().join("ledger.sqlite")).unwrap();
        (dir, ledger)
    }

    fn arrival(bytes: &str, path: &str, day: u32) -> Arrival {
        let period = Period::new(2022, 6).unwrap();
        let department = DepartmentCode("jxt".to_owned());
        let observations = Observations {
            dataset: "investment".to_owned(),
            department: department.clone(),
            period,
            sheet: "投资".to_owned(),
            columns: Vec::new(),
            cells: Vec::new(),
            totals: Vec::new(),
            parts: Vec::new(),
        };
        Arrival {
            hash: ContentHash::of(bytes.as_bytes()),
            path: path.to_owned(),
            file: path.to_owned(),
            received_at: format!("2022-07-{day:02}T09:00:00+08:00").parse().unwrap(),
            batch: Some(0),
            again: false,
            plan_hash: String::new(),
            definition: 1,
            judgement: Judgement::Read { department, period, findings: Vec::new(), observations: vec![observations], packed: Vec::new() },
        }
    }

    fn stands(ledger: &Ledger) -> Vec<String> {
        let period = Period::new(2022, 6).unwrap();
        ledger.standing(None, None, period..=period).unwrap().into_iter().map(|one| one.file).collect()
    }

    #[test]
    fn the_same_bytes_under_another_name_supersede_nothing() {
        let (_dir, mut ledger) = ledger();
        ledger.record(AT, &[arrival("a", "a.xlsx", 1), arrival("a", "copy.xlsx", 2)]).unwrap();
        assert_eq!(stands(&ledger), ["a.xlsx"]);
        ledger.record(AT, &[arrival("b", "b.xlsx", 3)]).unwrap();
        assert_eq!(stands(&ledger), ["b.xlsx"]);
    }

    #[test]
    fn a_withdrawn_file_stays_withdrawn_when_it_is_read_anew() {
        let (_dir, mut ledger) = ledger();
        ledger.record(AT, &[arrival("a", "a.xlsx", 1)]).unwrap();
        let id = ledger.submissions_of(Period::new(2022, 6).unwrap()).unwrap()[0].id;
        ledger.overrule(AT, id, SubmissionState::Withdrawn, "误报").unwrap();
        ledger.record(AT, &[arrival("a", "a.xlsx", 1)]).unwrap();
        let known = ledger.submissions_of(Period::new(2022, 6).unwrap()).unwrap().remove(0);
        assert_eq!((known.state, known.reason.as_deref()), (SubmissionState::Withdrawn, Some("误报")));
        assert!(stands(&ledger).is_empty());
        ledger.record(AT, &[Arrival { again: true, ..arrival("a", "a.xlsx", 5) }]).unwrap();
        assert_eq!(stands(&ledger), ["a.xlsx"], "its department hands it in once more");
        ledger.record(AT, &[arrival("a", "a.xlsx", 5)]).unwrap();
        assert_eq!(stands(&ledger), ["a.xlsx"]);
    }

    #[test]
    fn a_file_handed_in_again_after_another_stands_again() {
        let (_dir, mut ledger) = ledger();
        ledger.record(AT, &[arrival("a", "a.xlsx", 1), arrival("b", "b.xlsx", 2)]).unwrap();
        ledger.record(AT, &[Arrival { again: true, ..arrival("a", "a.xlsx", 3) }]).unwrap();
        assert_eq!(stands(&ledger), ["a.xlsx"]);
    }
}
