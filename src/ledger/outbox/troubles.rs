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

/// How long the server itself has kept mails waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerTrouble {
    /// The most attempts that one of them has behind it.
    pub attempts: u32,
    /// Whether it refuses our login.
    pub login: bool,
}

impl Ledger {
    /// What the server itself does to mails that wait; `prefix` begins the outcome of those, `login` of those whose login was refused.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn server_trouble(&self, prefix: &str, login: &str) -> Result<Option<ServerTrouble>, LedgerError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT max(attempts), max(substr(outcome, 1, length(?2)) = ?2) FROM outbox
             WHERE state = 'pending' AND substr(outcome, 1, length(?1)) = ?1",
        )?;
        let row: (Option<u32>, Option<bool>) = statement.query_row([prefix, login], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(row.0.zip(row.1).map(|(attempts, login)| ServerTrouble { attempts, login }))
    }

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
