//! The intake: what came, from the sources or by hand, is read, judged and remembered.

pub mod claims;
pub mod explanations;
mod remarks;
mod said;
pub mod past;
pub mod packages;
pub mod waiting;
pub mod lots;
pub mod together;
pub mod returned;
pub mod receive;
pub mod reread;
pub mod look;
pub mod sources;
pub mod overrule;
