//! Leases: one run holds a period; the fence lets a holder that was frozen and wakes write nothing.

use rusqlite::{OptionalExtension, Transaction, params};

use super::{Lease, Ledger, LedgerError, audit, guarded};
use crate::model::Period;

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
        let lease = Lease { period, holder: holder.to_owned(), fence };
        self.connection.hold(lease.clone());
        Ok(lease)
    }

    /// Holds the lease until `until`.
    ///
    /// # Errors
    /// [`LedgerError::Fenced`] when another holder has taken it meanwhile.
    pub fn extend(&mut self, lease: &Lease, until: i64) -> Result<(), LedgerError> {
        let held = self.connection.execute(
            "UPDATE leases SET until = ?3 WHERE period = ?1 AND fence = ?2",
            params![lease.period.to_string(), lease.fence, until],
        )?;
        if held == 1 { Ok(()) } else { self.still_held(lease) }
    }

    /// Looks whether `lease` is the newest of its period, without extending it.
    ///
    /// # Errors
    /// [`LedgerError::Fenced`] when another holder has taken it meanwhile.
    pub fn still_held(&self, lease: &Lease) -> Result<(), LedgerError> {
        guarded::check(&self.connection, lease)
    }

    /// The periods that have ever been held.
    pub fn leased_periods(&self) -> Result<Vec<Period>, LedgerError> {
        let mut statement = self.connection.prepare_cached("SELECT period FROM leases ORDER BY period")?;
        let texts: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        texts.iter().map(|text| super::parse("leases", text)).collect()
    }

    /// Who holds a period at `wall` (Unix seconds): period and holder.
    pub fn holders(&self, wall: i64) -> Result<Vec<(String, String)>, LedgerError> {
        let mut statement = self.connection.prepare_cached("SELECT period, holder FROM leases WHERE until > ?1 ORDER BY period")?;
        Ok(statement.query_map([wall], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?)
    }

    /// Gives the lease back.
    pub fn release(&mut self, lease: &Lease) -> Result<(), LedgerError> {
        self.connection.let_go(lease);
        self.connection
            .execute("UPDATE leases SET until = 0 WHERE period = ?1 AND fence = ?2", params![lease.period.to_string(), lease.fence])?;
        Ok(())
    }

    /// Starts a transaction that is valid only while `lease` is the newest; the commit point of a run goes through here.
    pub(super) fn fenced(&mut self, lease: &Lease) -> Result<Transaction<'_>, LedgerError> {
        let transaction = self.connection.transaction()?;
        guarded::check(&transaction, lease)?;
        Ok(transaction)
    }

    /// Writes an audit row that stands for itself (an operator's act without a table of its own).
    pub fn note(&mut self, at: &str, action: &str, subject: &str, detail: &str) -> Result<(), LedgerError> {
        let transaction = self.connection.transaction()?;
        audit::record(&transaction, at, action, subject, detail)?;
        Ok(transaction.commit()?)
    }
}
