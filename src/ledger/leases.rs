//! Leases: one run holds a period; the fence lets a holder that was frozen and wakes write nothing.

use rusqlite::{OptionalExtension, Transaction, params};

use super::{Ledger, LedgerError, audit};
use crate::model::Period;

/// The right to work on a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    pub period: Period,
    pub holder: String,
    pub fence: i64,
}

impl Ledger {
    /// Takes the lease of `period` for `holder` until `until` (Unix seconds, wall clock).
    ///
    /// A lease is free when it has run out at `wall`, or when `is_dead` says that its holder is gone.
    ///
    /// # Errors
    /// [`LedgerError::Held`] when another holder has it.
    pub fn acquire(
        &mut self,
        period: Period,
        holder: &str,
        wall: i64,
        until: i64,
        is_dead: &dyn Fn(&str) -> bool,
    ) -> Result<Lease, LedgerError> {
        let transaction = self.connection.transaction()?;
        let key = period.to_string();
        let present: Option<(String, i64, i64)> = transaction
            .query_row("SELECT holder, fence, until FROM leases WHERE period = ?1", [&key], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        let fence = match present {
            Some((other, _, until)) if until > wall && !is_dead(&other) => return Err(LedgerError::Held { period: key, holder: other }),
            Some((_, fence, _)) => fence + 1,
            None => 1,
        };
        transaction.execute(
            "INSERT INTO leases (period, holder, fence, until) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (period) DO UPDATE SET holder = ?2, fence = ?3, until = ?4",
            params![key, holder, fence, until],
        )?;
        transaction.commit()?;
        Ok(Lease { period, holder: holder.to_owned(), fence })
    }

    /// Holds the lease until `until`.
    ///
    /// # Errors
    /// [`LedgerError::Fenced`] when another holder has taken it meanwhile.
    pub fn extend(&mut self, lease: &Lease, until: i64) -> Result<(), LedgerError> {
        let period = lease.period.to_string();
        let held = self
            .connection
            .execute("UPDATE leases SET until = ?3 WHERE period = ?1 AND fence = ?2", params![period, lease.fence, until])?;
        if held == 1 { Ok(()) } else { Err(LedgerError::Fenced { period }) }
    }

    /// Gives the lease back.
    pub fn release(&mut self, lease: &Lease) -> Result<(), LedgerError> {
        self.connection
            .execute("UPDATE leases SET until = 0 WHERE period = ?1 AND fence = ?2", params![lease.period.to_string(), lease.fence])?;
        Ok(())
    }

    /// Starts a transaction that is valid only while `lease` is the newest; every commit of a run goes through here.
    pub(super) fn fenced(&mut self, lease: &Lease) -> Result<Transaction<'_>, LedgerError> {
        let transaction = self.connection.transaction()?;
        let fence: Option<i64> =
            transaction.query_row("SELECT fence FROM leases WHERE period = ?1", [lease.period.to_string()], |row| row.get(0)).optional()?;
        if fence == Some(lease.fence) { Ok(transaction) } else { Err(LedgerError::Fenced { period: lease.period.to_string() }) }
    }

    /// Writes an audit row that stands for itself (an operator's act without a table of its own).
    pub fn note(&mut self, at: &str, action: &str, subject: &str, detail: &str) -> Result<(), LedgerError> {
        let transaction = self.connection.transaction()?;
        audit::record(&transaction, at, action, subject, detail)?;
        Ok(transaction.commit()?)
    }
}
