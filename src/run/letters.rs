//! The letters: what is said besides the version's own mails.

pub mod remind;
pub mod forms;
pub mod drafts;
pub mod gate;
