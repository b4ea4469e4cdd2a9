//! Marks: what the last look into a source saw of each file, so that one that has not moved is not read again.

use std::collections::BTreeMap;

use rusqlite::params;

use super::{Ledger, LedgerError};
use crate::model::{ContentHash, Stamp};

/// A file as it was last seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub stamp: Stamp,
    /// The bytes that were taken in; `None` while none were.
    pub hash: Option<ContentHash>,
    /// When they were last read, in Unix seconds.
    pub hashed: i64,
    /// Names the limits they were judged by.
    pub judged_by: String,
}

/// Marks by the bytes of the path below their source.
pub type Marks = BTreeMap<Vec<u8>, Mark>;

/// SQLite has no unsigned numbers; what is beyond them is some other number, the same each time.
fn signed(number: u64) -> i64 {
    i64::from_ne_bytes(number.to_ne_bytes())
}

fn unsigned(number: i64) -> u64 {
    u64::from_ne_bytes(number.to_ne_bytes())
}

impl Ledger {
    /// The marks of a source.
    pub fn marks(&self, source: &str) -> Result<Marks, LedgerError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT path, size, modified, changed, inode, hash, hashed, judged_by FROM marks WHERE source = ?1")?;
        let rows = statement.query_map([source], |row| {
            let stamp = Stamp { size: unsigned(row.get(1)?), modified: row.get(2)?, changed: row.get(3)?, inode: unsigned(row.get(4)?) };
            let hash: Option<String> = row.get(5)?;
            Ok((row.get(0)?, Mark { stamp, hash: hash.map(ContentHash), hashed: row.get(6)?, judged_by: row.get(7)? }))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Puts `now` in the place of the marks a source had, which were `before`; nothing is written where nothing has changed.
    pub fn set_marks(&mut self, source: &str, before: &Marks, now: &Marks) -> Result<(), LedgerError> {
        let gone: Vec<&Vec<u8>> = before.keys().filter(|path| !now.contains_key(*path)).collect();
        let moved: Vec<(&Vec<u8>, &Mark)> = now.iter().filter(|(path, mark)| before.get(*path) != Some(mark)).collect();
        if gone.is_empty() && moved.is_empty() {
            return Ok(());
        }
        let transaction = self.connection.transaction()?;
        {
            let mut remove = transaction.prepare_cached("DELETE FROM marks WHERE source = ?1 AND path = ?2")?;
            for path in gone {
                remove.execute(params![source, path])?;
            }
            let mut put = transaction.prepare_cached(
                "INSERT OR REPLACE INTO marks (source, path, size, modified, changed, inode, hash, hashed, judged_by)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?;
            for (path, Mark { stamp, hash, hashed, judged_by }) in moved {
                let hash = hash.as_ref().map(|hash| &hash.0);
                let (size, inode) = (signed(stamp.size), signed(stamp.inode));
                put.execute(params![source, path, size, stamp.modified, stamp.changed, inode, hash, hashed, judged_by])?;
            }
        }
        Ok(transaction.commit()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_come_back_as_they_were_and_those_of_files_that_are_gone_go() {
        let dir = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::open(&dir.path().join("ledger.sqlite")).unwrap();
        let stamp = Stamp { size: 3, modified: -1, changed: i64::MAX, inode: u64::MAX };
        let seen = Mark { stamp, hash: None, hashed: 0, judged_by: String::new() };
        let read = Mark { stamp, hash: Some(ContentHash::of(b"a")), hashed: 7, judged_by: "limits".to_owned() };
        // Two names that no eye tells apart.
        let both: Marks = [(vec![0xca, 0xa1], seen.clone()), (vec![0xff, 0xca], read.clone())].into();
        ledger.set_marks("folder 1", &Marks::new(), &both).unwrap();
        ledger.set_marks("folder 2", &Marks::new(), &[(b"b".to_vec(), seen.clone())].into()).unwrap();
        assert_eq!(ledger.marks("folder 1").unwrap(), both);
        let one: Marks = [(vec![0xca, 0xa1], read)].into();
        ledger.set_marks("folder 1", &both, &one).unwrap();
        assert_eq!((ledger.marks("folder 1").unwrap(), ledger.marks("folder 2").unwrap().len()), (one, 1));
    }
}
