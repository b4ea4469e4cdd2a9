//! Deliveries that need the operator, and which of them he has been told of.

use chrono::{DateTime, Utc};

use crate::ledger::{Ledger, LedgerError, parse};
use crate::model::{DeliveryState, DepartmentCode, Period};

/// A mail that failed or may have arrived, and that no later version has taken the place of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trouble {
    pub period: Period,
    pub department: DepartmentCode,
    /// `true`: nobody knows whether it arrived; `false`: it failed.
    pub uncertain: bool,
    /// It was tried, and no mail of its version was sent to anybody.
    pub nobody_got_it: bool,
}

/// How long mails have waited while none got through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerTrouble {
    /// Since when.
    pub since: DateTime<Utc>,
    /// Whether the server refuses our login.
    pub login: bool,
    /// Whether it spoke of no mail at all before it refused.
    pub away: bool,
    /// How many readers wait.
    pub readers: u32,
}

/// When the first mail was put off, whether a login was refused, whether the server let none pass, how many readers wait.
type Waiting = (Option<String>, Option<bool>, Option<bool>, u32);

impl Ledger {
    /// What keeps all mails waiting; `prefix` begins the outcome of those the server itself did not let pass, `login` of those whose
    /// login was refused. `None` while nothing waits, or something gets through.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn server_trouble(&self, prefix: &str, login: &str) -> Result<Option<ServerTrouble>, LedgerError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT MIN(put_off_at), MAX(substr(outcome, 1, length(?2)) = ?2), MAX(substr(outcome, 1, length(?1)) = ?1),
                 COUNT(DISTINCT recipients)
             FROM outbox WHERE state = 'pending' AND put_off_at IS NOT NULL",
        )?;
        let row: Waiting = statement.query_row([prefix, login], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        let (Some(since), login, away, readers) = row else { return Ok(None) };
        Ok(Some(ServerTrouble {
            since: parse("outbox", &since)?,
            login: login.unwrap_or_default(),
            away: away.unwrap_or_default(),
            readers,
        }))
    }

    /// The troubles of all periods, each once, sorted.
    pub fn delivery_troubles(&self) -> Result<Vec<Trouble>, LedgerError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT period, department, state, attempts > 0 AND length(bytes) > 0 AND NOT EXISTS (
                 SELECT 1 FROM outbox AS other WHERE other.period = mail.period AND other.version = mail.version
                 AND other.state IN ('sent', 'written', 'uncertain'))
             FROM outbox AS mail WHERE state IN ('failed', 'uncertain') AND NOT EXISTS (
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
                nobody_got_it: row.get(3)?,
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
