//! Alerts: what the operator is told, by mail and by robots.

pub mod condition;
pub mod robots;

pub use condition::{list, raise, recover, recover_others};
