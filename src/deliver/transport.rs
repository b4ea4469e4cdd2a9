//! Transports: where a stored message goes. It leaves as stored; nothing is built or changed here.

mod file;
mod memory;
mod smtp;

use std::path::PathBuf;
use std::sync::Arc;

use super::DeliverError;
use crate::model::Message;
use crate::settings::{Mail, MailUrl};

pub use memory::Mailbox;
pub use smtp::Timeouts;

/// What became of one attempt. Its texts carry no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The file transport wrote it there (or the same bytes were there already).
    Written(PathBuf),
    /// The server's final 250, for every recipient.
    Sent(String),
    /// 4xx, or the connection failed before the final dot: it may be tried again.
    Deferred(String),
    /// 5xx, for at least one recipient: the operator decides.
    Failed(String),
    /// The connection broke after the final dot: the server may have it; never repeated silently.
    Uncertain(String),
}

/// Why the step to `transmitting` could not be recorded; nothing has left then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TransmitError(pub String);

/// Records the step to `transmitting`.
pub type Transmitting<'a> = dyn FnMut() -> Result<(), TransmitError> + Send + 'a;

/// A way for messages to leave.
#[derive(Debug)]
pub struct Transport {
    inner: Inner,
}

#[derive(Debug)]
enum Inner {
    File(PathBuf),
    Smtp(smtp::Server),
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
                Inner::Smtp(smtp::Server { host: host.clone(), port: *port, login, tls: *tls, timeouts: Timeouts::default() })
            }
        };
        Ok(Self { inner })
    }

    /// Keeps messages in memory, for tests.
    #[must_use]
    pub fn memory() -> (Self, Arc<Mailbox>) {
        let mailbox = Arc::new(Mailbox::default());
        (Self { inner: Inner::Memory(Arc::clone(&mailbox)) }, mailbox)
    }

    /// The same transport with other time-outs (SMTP only).
    #[must_use]
    pub fn with_timeouts(mut self, timeouts: Timeouts) -> Self {
        if let Inner::Smtp(server) = &mut self.inner {
            server.timeouts = timeouts;
        }
        self
    }

    /// Sends one message and says honestly what became of it.
    ///
    /// `transmitting` is called, and must succeed, after the server accepted recipients and DATA and before the first byte of
    /// the message leaves. Writing a file is repeatable, so the file transport does not call it.
    pub async fn send(&self, message: &Message, transmitting: &mut Transmitting<'_>) -> Outcome {
        match &self.inner {
            Inner::File(folder) => file::write(folder, message).await,
            Inner::Smtp(server) => server.send(message, transmitting).await,
            Inner::Memory(mailbox) => mailbox.take(message, transmitting),
        }
    }
}
