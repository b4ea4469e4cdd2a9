//! The kit: what every step works with. Nothing here remembers a step.

pub mod error;
pub mod clock;
pub mod progress;
pub mod definition;
pub mod process;
pub mod files;
pub mod rate;
pub mod copies;
pub mod desk;
pub mod lease;
pub mod disk;

pub use crate::collect::UnreadReason;
pub use crate::ledger::{Cause, LedgerError, Recorded, SlotRow, SlotState, SubmissionState, UnreadEntry, Version};
pub use clock::Clock;
pub use desk::Desk;
pub use error::RunError;
pub use progress::Progress;
