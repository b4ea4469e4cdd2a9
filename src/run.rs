//! Conduct: the month and everything around it, in rooms. Only here do stages, archive and ledger meet.
//!
//! A submission comes in by `intake`, counts in a `version`, is told in the version's own mails and in `letters`, and leaves by `post`;
//! `month` does all of it for one period, `schedule` calls that when its time has come.
//!
//! Rooms stand in reading order: each uses only those above it, and no two files of a room use each other (a test holds them to
//! that). Doors (command line, daemon, web) call nothing but these.

// what every step works with
pub mod kit;
// what the operator is told: raised, ended
pub mod alert;
// what leaves
pub mod post;
// what came, judged
pub mod intake;
// what is drawn up of it, and what it was drawn up from
pub mod version;
// what is said
pub mod letters;
// ledger, plan and texts kept in order
pub mod upkeep;
// after a crash
pub mod recovery;
// the month on one screen
pub mod month;
// what is due, by the clock
pub mod schedule;
