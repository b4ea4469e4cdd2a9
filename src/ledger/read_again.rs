//! Files that are read again: their state and findings stay, their tables are taken over or stay as well.

use rusqlite::{Transaction, params};

use super::{Ledger, LedgerError, Recorded, audit, bodies, standing, submissions};
use crate::model::Observations;

/// By which plan, and by which meaning of the program's reading, files are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadBy<'a> {
    pub plan_hash: &'a str,
    pub definition: u32,
}

impl ReadBy<'_> {
    /// Whether the file's tables were read by it.
    #[must_use]
    pub fn has_read(&self, one: &Recorded) -> bool {
        (one.plan_hash.as_str(), one.definition) == (self.plan_hash, self.definition)
    }

    /// Whether the file was read by it and kept the tables it had.
    #[must_use]
    pub fn has_left(&self, one: &Recorded) -> bool {
        one.examined == self.mark()
    }

    fn mark(&self) -> String {
        format!("{}:{}", self.definition, self.plan_hash)
    }
}

/// What came of reading a file again.
#[derive(Debug, Clone)]
pub struct ReadAgain {
    /// Of the submission.
    pub id: i64,
    /// `None`: those it has stay.
    pub tables: Option<Vec<Observations>>,
}

impl Ledger {
    /// Records what came of reading files again, in one transaction.
    pub fn read_again(&mut self, at: &str, by: ReadBy<'_>, files: &[ReadAgain]) -> Result<(), LedgerError> {
        let transaction = self.connection.transaction()?;
        for file in files {
            one(&transaction, at, by, file)?;
        }
        Ok(transaction.commit()?)
    }

    /// The tables of a submission, by dataset.
    pub fn tables_of(&self, id: i64) -> Result<Vec<Observations>, LedgerError> {
        let query = format!("SELECT {} FROM observations WHERE submission = ?1 ORDER BY dataset", bodies::COLUMNS);
        let mut statement = self.connection.prepare_cached(&query)?;
        let mut rows = statement.query([id])?;
        let mut tables = Vec::new();
        while let Some(row) = rows.next()? {
            tables.push(bodies::table(id, row)?);
        }
        Ok(tables)
    }
}

fn one(transaction: &Transaction<'_>, at: &str, by: ReadBy<'_>, file: &ReadAgain) -> Result<(), LedgerError> {
    let detail = if let Some(tables) = &file.tables {
        let mut keys = standing::keys_of(transaction, file.id)?;
        submissions::replace_tables(transaction, file.id, tables, &[])?;
        keys.extend(standing::keys_of(transaction, file.id)?);
        standing::restand(transaction, &keys)?;
        transaction.execute(
            "UPDATE submissions SET plan_hash = ?2, definition = ?3, examined = '' WHERE id = ?1",
            params![file.id, by.plan_hash, by.definition],
        )?;
        "tables taken over"
    } else {
        transaction.execute("UPDATE submissions SET examined = ?2 WHERE id = ?1", params![file.id, by.mark()])?;
        "tables kept"
    };
    audit::record(transaction, at, "submission.read_again", &file.id.to_string(), detail)
}
