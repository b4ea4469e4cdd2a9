//! Zips of files as they came, with what stood in each.

use rusqlite::{Row, params};

use super::{Ledger, LedgerError, audit, from_json, parse, to_json};
use crate::model::{ContentHash, Package};

impl Ledger {
    /// Remembers a zip whose bytes are in the archive; of one that is known by (hash, path) it is noted what is found in it now.
    pub fn add_package(&mut self, at: &str, package: &Package) -> Result<(), LedgerError> {
        let entries = to_json("packages", &package.entries)?;
        let transaction = self.connection.transaction()?;
        let added = transaction.execute(
            "INSERT INTO packages (hash, path, received_at, entries) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET entries = ?4 WHERE entries <> ?4",
            params![package.hash.0, package.path, package.received_at.to_rfc3339(), entries],
        )?;
        if added > 0 {
            audit::record(&transaction, at, "package.received", &package.hash.0, &package.path)?;
        }
        Ok(transaction.commit()?)
    }

    /// All of them, by path and hash.
    pub fn packages(&self) -> Result<Vec<Package>, LedgerError> {
        let mut statement = self.connection.prepare_cached("SELECT hash, path, received_at, entries FROM packages ORDER BY path, hash")?;
        let mut rows = statement.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            all.push(package(row)?);
        }
        Ok(all)
    }

    /// The zip of that content, under whatever path it came first.
    pub fn package(&self, hash: &ContentHash) -> Result<Option<Package>, LedgerError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT hash, path, received_at, entries FROM packages WHERE hash = ?1 ORDER BY path LIMIT 1")?;
        let mut rows = statement.query([&hash.0])?;
        rows.next()?.map(package).transpose()
    }

    /// Whether files of a zip at `path` were received.
    pub fn has_below(&self, path: &str) -> Result<bool, LedgerError> {
        let below = format!("{path}/");
        let query = "SELECT EXISTS (SELECT 1 FROM submissions WHERE substr(path, 1, length(?1)) = ?1)";
        Ok(self.connection.query_row(query, [below], |row| row.get(0))?)
    }
}

fn package(row: &Row<'_>) -> Result<Package, LedgerError> {
    let (received_at, entries): (String, String) = (row.get(2)?, row.get(3)?);
    Ok(Package {
        hash: ContentHash(row.get(0)?),
        path: row.get(1)?,
        received_at: parse("packages", &received_at)?,
        entries: from_json("packages", &entries)?,
    })
}
