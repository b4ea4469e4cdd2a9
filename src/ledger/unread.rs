//! Entries of sources that could not be read when the sources were last looked into.

use rusqlite::params;

use super::{Ledger, LedgerError, parse};
use crate::model::{DepartmentCode, Period};

/// An entry that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadEntry {
    /// Its name in `config/wenjin.toml`; without one its kind and place there, for instance `folder 1`.
    pub source: String,
    /// Below the source, byte for byte: two names that look alike are two entries.
    pub raw: Vec<u8>,
    /// The same for the eye.
    pub path: String,
    pub reason: String,
    /// As far as name and folders tell.
    pub department: Option<DepartmentCode>,
    pub period: Option<Period>,
}

impl UnreadEntry {
    /// Whether it lies here unreadable: what is only left for the next look does not.
    #[must_use]
    pub fn counts(&self) -> bool {
        !matches!(self.reason.as_str(), "being-written" | "next-look")
    }
}

impl Ledger {
    /// Replaces what is known of `sources`.
    pub fn set_unread(&mut self, sources: &[String], entries: &[UnreadEntry]) -> Result<(), LedgerError> {
        // Nothing is written while nothing has changed: a poll looks every few minutes.
        let known: Vec<UnreadEntry> = self.unread()?.into_iter().filter(|entry| sources.contains(&entry.source)).collect();
        let mut wanted = entries.to_vec();
        wanted.sort_by(|a, b| (&a.source, &a.path, &a.raw).cmp(&(&b.source, &b.path, &b.raw)));
        wanted.dedup_by(|a, b| (&a.source, &a.raw) == (&b.source, &b.raw));
        if known == wanted {
            return Ok(());
        }
        let transaction = self.connection.transaction()?;
        for source in sources {
            transaction.execute("DELETE FROM unread WHERE source = ?1", [source])?;
        }
        for entry in &wanted {
            transaction.execute(
                "INSERT INTO unread (source, raw, path, reason, department, period) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    entry.source,
                    entry.raw,
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
        let mut statement = self
            .connection
            .prepare_cached("SELECT source, raw, path, reason, department, period FROM unread ORDER BY source, path, raw")?;
        let rows = statement.query_map([], |row| {
            let period: Option<String> = row.get(5)?;
            let department = row.get::<_, Option<String>>(4)?.map(DepartmentCode);
            let (source, raw, path, reason) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            Ok((UnreadEntry { source, raw, path, reason, department, period: None }, period))
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
            raw: path.as_bytes().to_vec(),
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

    #[test]
    fn names_that_look_alike_are_two_entries() {
        let dir = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::open(&dir.path().join("ledger.sqlite")).unwrap();
        let entry = |raw: &[u8]| UnreadEntry {
            source: "folder 1".to_owned(),
            raw: raw.to_vec(),
            path: "报表.xlsx".to_owned(),
            reason: "read-failed".to_owned(),
            department: None,
            period: None,
        };
        let both = [entry(b"1"), entry(b"2")];
        ledger.set_unread(&["folder 1".to_owned()], &both).unwrap();
        assert_eq!(ledger.unread().unwrap(), both);
    }
}
