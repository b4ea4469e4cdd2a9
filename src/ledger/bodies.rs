//! A table's row in `observations`: a column file; one that an earlier program wrote is JSON, and is read on.

use rusqlite::Row;
use rusqlite::types::ValueRef;

use super::{LedgerError, from_json};
use crate::model::columns::{Damaged, unpacked};
use crate::model::{Observations, Packed};

/// The columns of `observations` that hold the table.
pub(super) const COLUMNS: &str = "packed, body";

/// The table in a row of [`COLUMNS`].
pub(super) fn table(submission: i64, row: &Row<'_>) -> Result<Observations, LedgerError> {
    match row.get_ref("packed")? {
        ValueRef::Blob(file) => unpacked(file).map_err(|damaged| content(submission, damaged)),
        _ => from_json(&place(submission), &row.get::<_, String>("body")?),
    }
}

/// A table for a row.
pub(super) fn packed(submission: i64, table: &Observations) -> Result<Packed, LedgerError> {
    Packed::of(table).map_err(|damaged| content(submission, damaged))
}

fn content(submission: i64, reason: Damaged) -> LedgerError {
    LedgerError::Content { place: place(submission), reason: reason.to_string() }
}

fn place(submission: i64) -> String {
    format!("observations of submission {submission}")
}

#[cfg(test)]
mod tests {
    use rusqlite::params;

    use super::*;
    use crate::ledger::{Arrival, Judgement, Ledger};
    use crate::model::{Column, ContentHash, DepartmentCode, Period, Values};

    fn observations() -> Observations {
        Observations {
            dataset: "investment".to_owned(),
            department: DepartmentCode("jxt".to_owned()),
            period: Period::new(2022, 6).unwrap(),
            sheet: "投资".to_owned(),
            columns: vec![Column { name: "note".to_owned(), values: Values::Text(vec![None, Some("甲".to_owned())]) }],
            cells: vec![vec![None], vec![Some((3, 1).into())]],
            totals: Vec::new(),
            parts: Vec::new(),
        }
    }

    /// A ledger with one accepted table, and its submission's number.
    fn ledger(folder: &std::path::Path) -> (Ledger, i64) {
        let mut ledger = Ledger::open(&folder.join("ledger.sqlite")).unwrap();
        let table = observations();
        let arrival = Arrival {
            hash: ContentHash::of(b"a"),
            path: "a.xlsx".to_owned(),
            file: "a.xlsx".to_owned(),
            received_at: "2022-07-08T09:00:00+08:00".parse().unwrap(),
            batch: Some(0),
            again: false,
            plan_hash: String::new(),
            definition: 1,
            judgement: Judgement::Read {
                department: table.department.clone(),
                period: table.period,
                findings: Vec::new(),
                observations: vec![table],
                packed: Vec::new(),
            },
        };
        ledger.record("2022-07-11T09:00:00+08:00", &[arrival]).unwrap();
        let id = ledger.submissions_of(Period::new(2022, 6).unwrap()).unwrap()[0].id;
        (ledger, id)
    }

    #[test]
    fn a_table_is_kept_as_a_column_file_and_one_kept_as_json_is_read_on() {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, id) = ledger(folder.path());
        let kept: (String, i64) = ledger
            .connection
            .query_row("SELECT body, length(packed) > 0 FROM observations", [], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        assert_eq!(kept, (String::new(), 1));
        assert_eq!(ledger.tables_of(id).unwrap(), [observations()]);
        let json = serde_json::to_string(&observations()).unwrap();
        ledger.connection.execute("UPDATE observations SET body = ?1, packed = NULL", [json]).unwrap();
        assert_eq!(ledger.tables_of(id).unwrap(), [observations()]);
    }

    #[test]
    fn a_damaged_table_is_told_with_its_submission() {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, id) = ledger(folder.path());
        let Packed(mut file) = packed(id, &observations()).unwrap();
        *file.last_mut().unwrap() ^= 1;
        ledger.connection.execute("UPDATE observations SET packed = ?1", params![file]).unwrap();
        let error = ledger.tables_of(id).unwrap_err().to_string();
        assert_eq!(
            error,
            format!("the ledger holds something unreadable in observations of submission {id}: no intact column file: its hash differs")
        );
    }
}
