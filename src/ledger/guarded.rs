//! The connection, guarded: while a lease is held, every transaction first looks whether it still is.
//!
//! So a holder that was frozen past its lease and wakes writes nothing, whatever table it was about to change.

use std::ops::Deref;

use rusqlite::{Connection, OptionalExtension as _, Transaction};

use super::{Lease, LedgerError};

/// A connection that knows which leases its process holds.
#[derive(Debug)]
pub struct Guarded {
    connection: Connection,
    held: Vec<Lease>,
}

impl Guarded {
    pub fn new(connection: Connection) -> Self {
        Self { connection, held: Vec::new() }
    }

    /// Guards every transaction from here on by `lease`.
    pub fn hold(&mut self, lease: Lease) {
        // Whoever takes a period again has no use for what he held of it before.
        self.held.retain(|held| held.period != lease.period);
        self.held.push(lease);
    }

    /// Ends the guard, whether the lease is still ours or not.
    pub fn let_go(&mut self, lease: &Lease) {
        self.held.retain(|held| held != lease);
    }

    /// Starts a transaction that may write; it takes the place of [`Connection::transaction`].
    ///
    /// # Errors
    /// [`LedgerError::Fenced`] when a lease of this process was taken by another holder.
    pub fn transaction(&mut self) -> Result<Transaction<'_>, LedgerError> {
        let transaction = self.connection.transaction()?;
        for lease in &self.held {
            check(&transaction, lease)?;
        }
        Ok(transaction)
    }
}

impl Deref for Guarded {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

/// Whether `lease` is the newest of its period.
pub fn check(connection: &Connection, lease: &Lease) -> Result<(), LedgerError> {
    let period = lease.period.to_string();
    let present: Option<(i64, String)> = connection
        .query_row("SELECT fence, holder FROM leases WHERE period = ?1", [&period], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    match present {
        Some((fence, _)) if fence == lease.fence => Ok(()),
        other => Err(LedgerError::Fenced { period, holder: other.map_or_else(|| "nobody".to_owned(), |(_, holder)| holder) }),
    }
}
