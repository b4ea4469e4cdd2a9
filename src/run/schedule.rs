//! The schedule: what is due by the clock, and what each job does.

mod slot_alerts;
pub mod due;
pub mod poll;
pub mod job;
