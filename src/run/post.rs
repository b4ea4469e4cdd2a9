//! The post: stored mails leave, are tried again, given up or released. They are sent as stored.

pub mod outbox;
mod retry;
mod traffic;
pub mod troubles;
mod passage;
pub mod send;
pub mod remedy;
