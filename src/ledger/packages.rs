//! Zips of files as they came, with what stood in each.

use std::collections::BTreeSet;

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

    /// Those that lie at one of `paths`, by path and hash.
    pub fn packages_at(&self, paths: &BTreeSet<&str>) -> Result<Vec<Package>, LedgerError> {
        let mut statement =
            self.connection.prepare_cached("SELECT hash, path, received_at, entries FROM packages WHERE path = ?1 ORDER BY hash")?;
        let mut found = Vec::new();
        for path in paths {
            let mut rows = statement.query([path])?;
            while let Some(row) = rows.next()? {
                found.push(package(row)?);
            }
        }
        Ok(found)
    }

    /// The zip of that content, under whatever path it came first.
    pub fn package(&self, hash: &ContentHash) -> Result<Option<Package>, LedgerError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT hash, path, received_at, entries FROM packages WHERE hash = ?1 ORDER BY path LIMIT 1")?;
        let mut rows = statement.query([&hash.0])?;
        rows.next()?.map(package).transpose()
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
