//! The memory transport: messages stay in the process. For tests of what is sent, and how often.

use std::sync::Mutex;

use super::{Outcome, Transmitting};
use crate::model::Message;

/// What was "sent", in order.
#[derive(Debug, Default)]
pub struct Mailbox {
    messages: Mutex<Vec<Message>>,
}

impl Mailbox {
    /// A copy of all messages taken so far.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.messages.lock().map(|messages| messages.clone()).unwrap_or_default()
    }

    /// Takes a message as a server would.
    pub(super) fn take(&self, message: &Message, transmitting: &mut Transmitting<'_>) -> Outcome {
        if let Err(error) = transmitting() {
            return Outcome::Deferred(error.to_string());
        }
        match self.messages.lock() {
            Ok(mut messages) => {
                messages.push(message.clone());
                Outcome::Sent("250 kept in memory".to_owned())
            }
            Err(_) => Outcome::Failed("the mailbox was left locked by a panic".to_owned()),
        }
    }
}
