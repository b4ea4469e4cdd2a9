//! Deliveries that need the operator, and which of them he has been told of.

use crate::ledger::{Ledger, LedgerError, parse};
use crate::model::{DeliveryState, DepartmentCode, Period};

/// A mail that failed or may have arrived, and that no later version has taken the place of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trouble {
    pub period: Period,
    pub department: DepartmentCode,
    /// `true`: nobody knows whether it arrived; `false`: it failed.
    pub uncertain: bool,
}

impl Ledger {
    /// The troubles of all periods, each once, sorted.
    pub fn delivery_troubles(&self) -> Result<Vec<Trouble>, LedgerError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT period, department, state FROM outbox AS mail WHERE state IN ('failed', 'uncertain') AND NOT EXISTS (
                 SELECT 1 FROM outbox AS later WHERE later.period = mail.period AND later.department = mail.department
                 AND mail.version > 0 AND later.version > mail.version AND later.state IN ('sent', 'written'))",
        )?;
        let mut rows = statement.query([])?;
        let mut troubles = Vec::new();
        while let Some(row) = rows.next()? {
            let period: String = row.get(0)?;
            let state: String = row.get(2)?;
            troubles.push(Trouble {
                period: parse("outbox", &period)?,
                department: DepartmentCode(row.get(1)?),
                uncertain: state == DeliveryState::Uncertain.code(),
            });
        }
        troubles.sort();
        Ok(troubles)
    }

    /// The keys of the open alerts about deliveries.
    pub fn delivery_alerts(&self) -> Result<Vec<String>, LedgerError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT key FROM alerts WHERE recovered_at IS NULL AND substr(key, 1, 9) = 'delivery.' ORDER BY key")?;
        Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
    }
}
