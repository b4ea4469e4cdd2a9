//! Entries of sources that could not be read when the sources were last looked into.

use rusqlite::params;

use super::{Ledger, LedgerError, parse};
use crate::model::{DepartmentCode, Period};

/// An entry that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadEntry {
    /// Kind and place in `config/wenjin.toml`, for instance `folder 1`.
    pub source: String,
    /// Below the source.
    pub path: String,
    pub reason: String,
    /// As far as name and folders tell.
    pub department: Option<DepartmentCode>,
    pub period: Option<Period>,
}

impl Ledger {
    /// Replaces what is known of `sources`.
    pub fn set_unread(&mut self, sources: &[String], entries: &[UnreadEntry]) -> Result<(), LedgerError> {
        // Nothing is written while nothing has changed: a poll looks every few minutes.
        let known: Vec<UnreadEntry> = self.unread()?.into_iter().filter(|entry| sources.contains(&entry.source)).collect();
        let mut wanted = entries.to_vec();
        wanted.sort_by(|a, b| (&a.source, &a.path).cmp(&(&b.source, &b.path)));
        wanted.dedup_by(|a, b| (&a.source, &a.path) == (&b.source, &b.path));
        if known == wanted {
            return Ok(());
        }
        let transaction = self.connection.transaction()?;
        for source in sources {
            transaction.execute("DELETE FROM unread WHERE source = ?1", [source])?;
        }
        for entry in &wanted {
            transaction.execute(
                "INSERT INTO unread (source, path, reason, department, period) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    entry.source,
                    entry.path,
                    entry.reason,
                    entry.department.as_ref().map(|code| &code.0),
                    entry.period.map(|period| period.to_string())
                ],
            )?;
        }
        Ok(transaction.commit()?)
    }

    /// All such entries, by source and path.
    pub fn unread(&self) -> Result<Vec<UnreadEntry>, LedgerError> {
        let mut statement =
            self.connection.prepare_cached("SELECT source, path, reason, department, period FROM unread ORDER BY source, path")?;
        let rows = statement.query_map([], |row| {
            let period: Option<String> = row.get(4)?;
            let department = row.get::<_, Option<String>>(3)?.map(DepartmentCode);
            Ok((UnreadEntry { source: row.get(0)?, path: row.get(1)?, reason: row.get(2)?, department, period: None }, period))
        })?;
        rows.map(|row| {
            let (entry, period) = row?;
            Ok(UnreadEntry { period: period.map(|period| parse("unread", &period)).transpose()?, ..entry })
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_look_replaces_what_the_one_before_found_in_the_same_source() {
        let dir = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::open(&dir.path().join("ledger.sqlite")).unwrap();
        let entry = |source: &str, path: &str| UnreadEntry {
            source: source.to_owned(),
            path: path.to_owned(),
            reason: "permission-denied".to_owned(),
            department: Some(DepartmentCode("jxt".to_owned())),
            period: Period::new(2022, 6),
        };
        let both = ["folder 1".to_owned(), "folder 2".to_owned()];
        ledger.set_unread(&both, &[entry("folder 2", "b"), entry("folder 1", "a")]).unwrap();
        assert_eq!(ledger.unread().unwrap(), [entry("folder 1", "a"), entry("folder 2", "b")]);
        ledger.set_unread(&both[..1], &[]).unwrap();
        assert_eq!(ledger.unread().unwrap(), [entry("folder 2", "b")], "a source that was not reached keeps what was known");
    }
}
