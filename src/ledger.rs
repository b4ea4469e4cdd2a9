//! The ledger: what came, what was accepted, which versions were drawn up, what was sent. One SQLite file.
//!
//! One file per table below, one for the questions about what came. Every change of state writes its audit row in the same transaction.
//! The schema is documented in `ledger/migrations/` and `docs/ledger.md`.

mod error;
mod column;
mod state;
mod lease;
mod guarded;
mod input;
mod leaned;
pub mod audit;
mod bodies;
pub mod leases;
pub mod standing;
mod migrate;
mod open;
pub mod judgement;
pub mod submissions;
pub mod batches;
mod asked;
pub mod census;
pub mod explanations;
pub mod marks;
pub mod outbox;
pub mod notices;
pub mod alerts;
mod packages;
pub mod read_again;
mod restore;
pub mod runs;
pub mod slots;
pub mod unread;

pub use asked::{Known, READ_AGAIN_MAX};
pub use batches::{Beside, Origin};
use column::{from_json, parse, to_json};
pub use error::LedgerError;
use guarded::Guarded;
pub use input::Input;
pub use judgement::Judgement;
pub use leaned::Leaned;
pub use lease::Lease;
pub use marks::{Mark, Marks};
pub use migrate::known_schema;
pub use runs::{Cause, Drawn, Version};
pub use slots::{Decision, SlotRow, SlotState};
pub use standing::Stands;
pub use state::SubmissionState;
pub use submissions::{Arrival, Recorded};
pub use unread::UnreadEntry;

/// An open ledger. One writer at a time; SQLite sees to it.
#[derive(Debug)]
pub struct Ledger {
    connection: Guarded,
}

impl Ledger {
    /// Runs SQLite's own integrity check.
    pub fn check_integrity(&self) -> Result<(), LedgerError> {
        let answer: String = self.connection.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
        if answer == "ok" { Ok(()) } else { Err(LedgerError::Damaged(answer)) }
    }

    /// The schema's version.
    pub fn schema_version(&self) -> Result<i64, LedgerError> {
        Ok(self.connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
    }
}
