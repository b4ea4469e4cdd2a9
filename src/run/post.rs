//! The post: what leaves. Stored mails are sent as stored; every step is in the ledger before it is taken.

pub mod outbox;
mod retry;
mod traffic;
pub mod troubles;
mod passage;
pub mod send;
pub mod remedy;
