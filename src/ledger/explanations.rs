//! Written explanations: one for a finding, or one for several like ones together.

use rusqlite::params;

use super::{Ledger, LedgerError, audit};
use crate::model::{Answers, DepartmentCode, Period, answers};

impl Ledger {
    /// Keeps a written explanation for the findings with these identities; `name` is what they are called together.
    pub fn explain(
        &mut self,
        at: &str,
        (department, period): (&DepartmentCode, Period),
        name: &str,
        identities: &[String],
        text: &str,
    ) -> Result<(), LedgerError> {
        let transaction = self.connection.transaction()?;
        if let [identity] = identities {
            transaction.execute(
                "INSERT INTO explanations (department, period, identity, text) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET text = ?4",
                params![department.0, period.to_string(), identity, text],
            )?;
        } else {
            let mut marks: Vec<u64> = identities.iter().map(|identity| answers::mark(identity)).collect();
            marks.sort_unstable();
            let members: Vec<u8> = marks.iter().flat_map(|mark| mark.to_be_bytes()).collect();
            transaction.execute(
                "INSERT INTO answers (department, period, name, text, members) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET text = ?4, members = ?5",
                params![department.0, period.to_string(), name, text, members],
            )?;
        }
        audit::record(&transaction, at, "finding.explained", &format!("{department} {period}"), name)?;
        Ok(transaction.commit()?)
    }

    /// What a department said of single findings of a period: identity, text.
    pub fn explained(&self, department: &DepartmentCode, period: Period) -> Result<Vec<(String, String)>, LedgerError> {
        let query = "SELECT identity, text FROM explanations WHERE department = ?1 AND period = ?2 ORDER BY identity";
        let mut statement = self.connection.prepare_cached(query)?;
        let rows = statement.query_map(params![department.0, period.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The explanations that hold for a department's period: its own, and those of earlier periods that are about a value (a blank is
    /// asked about every month).
    pub fn explanations(&self, department: &DepartmentCode, period: Period) -> Result<Answers, LedgerError> {
        let mut answers = Answers::default();
        let of = params![department.0, period.to_string()];
        let mut groups =
            self.connection.prepare_cached("SELECT text, members FROM answers WHERE department = ?1 AND period = ?2 ORDER BY rowid")?;
        let rows = groups.query_map(of, |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
        for row in rows {
            let (text, members) = row?;
            let marks = members.as_chunks::<8>().0;
            answers.several(marks.iter().map(|bytes| u64::from_be_bytes(*bytes)), text);
        }
        let mut single = self.connection.prepare_cached(
            "SELECT identity, text FROM explanations
             WHERE department = ?1 AND (period = ?2 OR (period < ?2 AND identity NOT LIKE '%¦')) ORDER BY period",
        )?;
        let rows = single.query_map(of, |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        for row in rows {
            let (identity, text) = row?;
            answers.one(identity, text);
        }
        Ok(answers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_to_many_costs_eight_bytes_each_and_answers_each() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ledger.sqlite");
        let mut ledger = Ledger::open(&path).unwrap();
        let (department, period) = (DepartmentCode("jxt".to_owned()), Period::new(2022, 6).unwrap());
        let identities: Vec<String> = (0..60_000).map(|n| format!("t¦unit-factor¦{n}¦paid¦{n}")).collect();
        ledger.explain("now", (&department, period), "group-a", &identities, "核减").unwrap();
        ledger.explain("now", (&department, period), "t¦x¦1¦¦", &["t¦x¦1¦¦".to_owned()], "单独").unwrap();
        let answers = ledger.explanations(&department, period).unwrap();
        assert!(identities.iter().all(|identity| answers.to(identity) == Some("核减")));
        assert_eq!((answers.to("t¦x¦1¦¦"), answers.to("t¦unit-factor¦1¦paid¦2")), (Some("单独"), None));
        assert_eq!(ledger.explanations(&department, period.next()).unwrap(), Answers::default());
        drop(ledger);
        assert!(std::fs::metadata(&path).unwrap().len() < 1_000_000);
    }
}
