//! The alerts: what the operator is told when something is wrong, and when it is over.

pub mod condition;
pub mod robots;

pub use condition::{list, raise, recover, recover_others};
