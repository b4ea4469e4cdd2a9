//! The version: what a period has to go on, what is drawn up of it, and what may be said of it later.

pub mod options;
pub mod newest;
mod changes;
pub mod inputs;
pub mod ordinals;
mod digest;
mod recipients;
pub mod page;
pub mod publish;
pub mod withheld;
pub mod draw;
pub mod stale;
pub mod glance;
pub mod summary;
pub mod verify;
pub mod export;

pub use options::Options;
pub use summary::{Mails, Summary};
