//! Transports: where a stored message goes. It leaves as stored; nothing is built or changed here.

mod outcome;
mod file;
#[cfg(test)]
mod memory;
pub mod smtp;

use std::path::PathBuf;
#[cfg(test)]
use std::sync::Arc;

use super::DeliverError;
use crate::model::Message;
use crate::settings::{Mail, MailUrl};

#[cfg(test)]
pub use memory::{Act, Mailbox};
pub use outcome::{Outcome, TransmitError, Transmitting};
pub use smtp::Timeouts;

/// An attempt, its outcome known and its connection still to be left.
pub struct Attempt {
    pub outcome: Outcome,
    connection: Option<smtp::Connection>,
}

impl Attempt {
    /// Takes leave of the server. The outcome is recorded before: a goodbye may take seconds, and a crash in them would leave an
    /// accepted message uncertain.
    pub async fn leave(self) {
        if let Some(connection) = self.connection {
            smtp::goodbye(connection).await;
        }
    }
}

/// A way for messages to leave.
#[derive(Debug)]
pub struct Transport {
    inner: Inner,
}

#[derive(Debug)]
enum Inner {
    File(PathBuf),
    Smtp(smtp::Server),
    #[cfg(test)]
    Memory(Arc<Mailbox>),
}

impl Transport {
    /// The transport `mail.url` names. Nothing is connected yet.
    pub fn new(mail: &Mail) -> Result<Self, DeliverError> {
        let inner = match &mail.transport {
            MailUrl::File(folder) => Inner::File(folder.clone()),
            MailUrl::Smtp { host, port, user, tls } => {
                let login = match (user, &mail.password) {
                    (None, _) => None,
                    (Some(user), Some(password)) => Some((user.clone(), password.clone())),
                    (Some(_), None) => return Err(DeliverError::NoPassword),
                };
                Inner::Smtp(smtp::Server { host: host.clone(), port: *port, login, tls: *tls, timeouts: Timeouts::from(&mail.pace) })
            }
        };
        Ok(Self { inner })
    }

    /// Keeps messages in memory.
    #[cfg(test)]
    #[must_use]
    pub fn memory() -> (Self, Arc<Mailbox>) {
        let mailbox = Arc::new(Mailbox::default());
        (Self { inner: Inner::Memory(Arc::clone(&mailbox)) }, mailbox)
    }

    /// The same transport with other time-outs (SMTP only).
    #[cfg(test)]
    #[must_use]
    pub fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        if let Inner::Smtp(server) = &mut self.inner {
            server.timeouts = timeouts;
        }
        self
    }

    /// Whether messages stay on this machine, where a server's pace does not matter and the same bytes may be written again.
    #[must_use]
    pub fn is_local(&self) -> bool {
        matches!(self.inner, Inner::File(_))
    }

    /// Sends one message and says honestly what became of it.
    ///
    /// `transmitting` is called, and must succeed, after the server accepted recipients and DATA and before the first byte of
    /// the message leaves. Writing a file is repeatable, so the file transport does not call it.
    pub async fn send(&self, message: &Message, transmitting: &mut Transmitting<'_>) -> Attempt {
        let (outcome, connection) = match &self.inner {
            Inner::File(folder) => (file::write(folder, message).await, None),
            Inner::Smtp(server) => server.send(message, transmitting).await,
            #[cfg(test)]
            Inner::Memory(mailbox) => (mailbox.take(message, transmitting).await, None),
        };
        Attempt { outcome, connection }
    }
}
