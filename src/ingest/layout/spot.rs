//! Where a cell stands.

/// A cell's place, or `None` where the sheet lacks the column.
pub type Spot = Option<(u32, u32)>;
