//! What a command ends with: exit codes, as `docs/commands.md` lists them.

pub const DONE: u8 = 0;
pub const FAILED: u8 = 1;
pub const INVALID_PLAN: u8 = 4;
pub const RETURNED: u8 = 10;
pub const DELIVERY_INCOMPLETE: u8 = 11;

/// An exit code, or an error that is printed.
pub type Outcome = anyhow::Result<u8>;
