//! The `[remind]` table: when departments are reminded.

use super::table::Table;

/// When departments are reminded, in working days from a due day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remind {
    /// Days before it; 0 is the due day itself.
    pub before: Vec<u32>,
    /// Days after it.
    pub after: Vec<u32>,
    /// Periods in a row of a red light, or of a missing report, from which a letter is drafted for the operator; 0 never.
    pub escalate_after: u32,
}

impl Default for Remind {
    fn default() -> Self {
        Self { before: vec![2, 0], after: vec![1, 3], escalate_after: 2 }
    }
}

/// Reads `[remind]`: two working days before, on the day, one and three after.
pub fn read(table: Table<'_>) -> Remind {
    let mut remind = Remind::default();
    for (key, field) in [("before", &mut remind.before), ("after", &mut remind.after)] {
        if table.has(key) {
            *field = table.smalls(key, 0..=60);
        }
    }
    if let Some(periods) = table.small("escalate_after", 0..=12) {
        remind.escalate_after = periods.value;
    }
    table.finish();
    remind
}
