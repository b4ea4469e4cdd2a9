//! (to be written)

pub mod problems;
