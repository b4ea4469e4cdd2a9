//! The `[receipts]` table: what is answered to whoever hands a file in.

use super::table::Table;

/// What is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipts {
    /// A returned file goes back with its cells marked.
    pub returned: bool,
    /// Files that `run` and `backfill` find by hand are answered, too.
    pub by_hand: bool,
}

impl Default for Receipts {
    fn default() -> Self {
        Self { returned: true, by_hand: false }
    }
}

/// Reads the table.
pub fn read(table: Table<'_>) -> Receipts {
    let mut receipts = Receipts::default();
    for (key, field) in [("returned", &mut receipts.returned), ("by_hand", &mut receipts.by_hand)] {
        if let Some(said) = table.flag(key) {
            *field = said.value;
        }
    }
    table.finish();
    receipts
}
