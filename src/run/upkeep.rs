//! The upkeep: the ledger's copies, the plan's turn of the year, the office's texts, and whether all is in order.

pub mod backup;
pub mod restore;
pub mod doctor;
pub mod census;
pub mod audit;
pub mod texts;
pub mod example;
pub mod roll;
