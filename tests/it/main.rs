//! Integration tests, in the order of the flow. One binary; the harness runs the real program in a scratch workspace.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it should be")]

mod harness;
mod small;
mod reader;

mod account;
mod again;
mod architecture;
mod backup;
mod check;
mod confined;
mod letters;
mod honesty;
mod daemon;
mod crash;
mod disk;
mod earlier;
mod forms;
mod lease;
mod mail;
mod many;
mod messy;
mod month;
mod orders;
mod packed;
mod plausible;
mod private;
mod reasons;
mod returned;
mod recompute;
mod notices;
mod refusals;
mod remedies;
mod schedule;
mod sources;
mod stale;
mod texts;
mod together;
mod variants;
mod workbook;
mod years;
