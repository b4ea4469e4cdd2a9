//! The letters: what is said besides a version's own mails: reminders, drafts of letters, the page before release.

pub mod remind;
pub mod forms;
pub mod drafts;
pub mod gate;
