//! The SMTP transport: one connection a message, command by command, each under its own time-out.
//!
//! Driven by hand because the outcome depends on how far the conversation came: before the final dot a broken connection may
//! be tried again, after it nobody knows (RFC 1047).

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lettre::address::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::TlsParameters;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::{Response, Severity};
use secrecy::{ExposeSecret as _, SecretString};
use tracing::instrument::WithSubscriber as _;
use tracing::subscriber::NoSubscriber;

pub use lettre::transport::smtp::client::AsyncSmtpConnection as Connection;

use super::{Outcome, Transmitting};
use crate::crash_point;
use crate::model::Message;
use crate::settings::{MailPace, Tls};

/// How much of the message is handed to the socket at a time.
const CHUNK_BYTES: usize = 64 << 10;

/// The reply to DATA that asks for the message.
const START_MAIL_INPUT: u16 = 354;

/// How long a goodbye may take; the outcome is known by then.
const GOODBYE: Duration = Duration::from_secs(2);

/// How long to wait for the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For each command's reply.
    pub command: Duration,
    /// For writing the message, and once more for the reply to its final dot (RFC 5321 §4.5.3.2.6 asks for 10 minutes).
    pub message: Duration,
}

impl From<&MailPace> for Timeouts {
    fn from(pace: &MailPace) -> Self {
        let seconds = |seconds: u32| Duration::from_secs(u64::from(seconds));
        Self { command: seconds(pace.timeout_seconds), message: seconds(pace.final_timeout_seconds) }
    }
}

/// A mail server and how to speak to it.
#[derive(Debug)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub login: Option<(String, SecretString)>,
    pub tls: Tls,
    pub timeouts: Timeouts,
}

/// Takes leave of the server; it may not take long.
pub async fn goodbye(mut connection: Connection) {
    let _ = tokio::time::timeout(GOODBYE, connection.quit().with_subscriber(NoSubscriber::new())).await;
}

impl Server {
    /// Sends `message` to all its recipients in one envelope; also gives the connection, to be left by [`goodbye`].
    pub async fn send(&self, message: &Message, transmitting: &mut Transmitting<'_>) -> (Outcome, Option<Connection>) {
        let mut connection = match self.connect().await {
            Ok(connection) => connection,
            Err(outcome) => return (outcome, None),
        };
        let mut in_message = false;
        let outcome = match self.converse(&mut connection, message, transmitting, &mut in_message).await {
            Ok(outcome) | Err(outcome) => outcome,
        };
        // Between 354 and the final dot a QUIT would be text of the message: the connection is only dropped then.
        (outcome, (!in_message).then_some(connection))
    }

    /// Connects, says EHLO, protects the connection and logs in.
    async fn connect(&self) -> Result<Connection, Outcome> {
        let hello = ClientId::default();
        let tls = || TlsParameters::new(self.host.clone()).map_err(|error| Trouble::told("TLS", &error));
        let implicit = if self.tls == Tls::Implicit { Some(tls()?) } else { None };
        let address = (self.host.as_str(), self.port);
        let connecting = Connection::connect_tokio1(address, Some(self.timeouts.command), &hello, implicit, None);
        let mut connection = self.wait("connect", connecting).await?;
        if self.tls == Tls::StartTls {
            self.wait("STARTTLS", connection.starttls(tls()?, &hello)).await?;
        }
        if let Some((user, password)) = &self.login {
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            self.complete("AUTH", connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials)).await?;
        }
        Ok(connection)
    }

    /// MAIL, RCPT for each recipient, DATA, the message. `in_message` tells on return whether the server still reads the message.
    async fn converse(
        &self,
        connection: &mut Connection,
        message: &Message,
        transmitting: &mut Transmitting<'_>,
        in_message: &mut bool,
    ) -> Result<Outcome, Outcome> {
        crash_point!("mail.connected").map_err(|error| Outcome::Deferred(error.to_string()))?;
        self.complete("MAIL", connection.command(Mail::new(Some(address(&message.from)?), Vec::new()))).await?;
        let (reached, refused) = self.recipients(connection, &message.recipients).await?;
        let data = self.wait("DATA", connection.command(Data)).await?;
        if u16::from(data.code()) != START_MAIL_INPUT {
            return Ok(Outcome::Deferred(format!("DATA: unexpected reply {}", reply(&data))));
        }
        *in_message = true;
        if let Err(error) = transmitting() {
            return Ok(Outcome::Deferred(error.to_string()));
        }
        crash_point!("mail.transmitting").map_err(|error| Outcome::Deferred(error.to_string()))?;
        let accepted = self.transmit(connection, &message.bytes).await?;
        *in_message = false;
        if refused.is_empty() {
            return Ok(Outcome::Sent(accepted));
        }
        // Part of the envelope was refused for good: that is no sent mail, and the operator is told who got it.
        let (of, refused) = (message.recipients.len(), refused.join("; "));
        Ok(Outcome::Partly { reply: format!("only part of the {of} recipients got it ({accepted}); {refused}"), reached })
    }

    /// Names every recipient; returns those the server takes, and the refusals for good. With nobody left, or one put off,
    /// nothing is transmitted.
    async fn recipients(&self, connection: &mut Connection, recipients: &[String]) -> Result<(Vec<String>, Vec<String>), Outcome> {
        let (mut taken, mut refused, mut put_off) = (Vec::new(), Vec::new(), Vec::new());
        for (at, recipient) in recipients.iter().enumerate() {
            let stage = format!("recipient {} of {}", at + 1, recipients.len());
            match self.complete(&stage, connection.command(Rcpt::new(address(recipient)?, Vec::new()))).await {
                Ok(()) => taken.push(recipient.clone()),
                Err(Trouble::Refused(words)) => refused.push(words),
                Err(Trouble::PutOff(words)) => put_off.push(words),
                Err(broken @ Trouble::Broken(_)) => return Err(broken.into()),
            }
        }
        if !put_off.is_empty() {
            // One envelope: whoever could have it now gets it with the others at the next attempt, and nobody gets it twice.
            return Err(Outcome::Deferred([put_off, refused].concat().join("; ")));
        }
        if taken.is_empty() {
            return Err(Outcome::Failed(if refused.is_empty() { "no recipient".to_owned() } else { refused.join("; ") }));
        }
        Ok((taken, refused))
    }

    /// Writes the message and waits for the reply to its final dot.
    async fn transmit(&self, connection: &mut Connection, bytes: &[u8]) -> Result<String, Outcome> {
        let written = AtomicBool::new(false);
        // The connection ends the message with its own line break; ours would leave an empty line behind.
        let body = bytes.strip_suffix(b"\r\n").unwrap_or(bytes);
        let chunks = Chunks { rest: body, written: &written };
        let mut sending = pin!(past_the_dot(connection.message_iter(chunks).with_subscriber(NoSubscriber::new()), &written));
        let mut answer = tokio::time::timeout(self.timeouts.message, &mut sending).await;
        if answer.is_err() && written.load(Ordering::SeqCst) {
            answer = tokio::time::timeout(self.timeouts.message, &mut sending).await;
        }
        let broken = match answer {
            Ok(Ok(response)) if is_complete(&response) => return Ok(reply(&response)),
            Ok(Ok(response)) => format!("unexpected reply {}", reply(&response)),
            Ok(Err(error)) if error.status().is_some() => return Err(Trouble::told("message", &error).into()),
            Ok(Err(error)) => without_addresses(&error.to_string()),
            Err(_) => "no reply in time".to_owned(),
        };
        if written.load(Ordering::SeqCst) {
            Err(Outcome::Uncertain(format!("after the final dot: {broken}; the server may have the message")))
        } else {
            Err(Outcome::Deferred(format!("before the final dot: {broken}")))
        }
    }

    /// Waits for a command's 2xx. A 3xx counts as positive with lettre; where no more is asked for, it is no consent.
    async fn complete(&self, stage: &str, step: impl Future<Output = Result<Response, Error>>) -> Result<(), Trouble> {
        let response = self.wait(stage, step).await?;
        if is_complete(&response) { Ok(()) } else { Err(Trouble::Broken(format!("{stage}: unexpected reply {}", reply(&response)))) }
    }

    /// Waits for one step under the command time-out, keeping what it writes (addresses, credentials) out of every log.
    async fn wait<T>(&self, stage: &str, step: impl Future<Output = Result<T, Error>>) -> Result<T, Trouble> {
        match tokio::time::timeout(self.timeouts.command, step.with_subscriber(NoSubscriber::new())).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(error)) => Err(Trouble::told(stage, &error)),
            Err(_) => Err(Trouble::Broken(format!("{stage}: no reply in time"))),
        }
    }
}

/// Passes the point behind the final dot: everything is written, the reply is still out.
async fn past_the_dot<T>(sending: impl Future<Output = Result<T, Error>>, written: &AtomicBool) -> Result<T, Error> {
    let mut sending = pin!(sending);
    std::future::poll_fn(|context| {
        let polled = sending.as_mut().poll(context);
        if polled.is_pending() && written.load(Ordering::SeqCst) {
            // Only a kill is of use here: the reply decides, whatever else goes wrong.
            drop(crash_point!("mail.dot_sent"));
        }
        polled
    })
    .await
}

/// The message in pieces. Being asked for one after the last means that all of them were written and the dot is next.
struct Chunks<'a> {
    rest: &'a [u8],
    written: &'a AtomicBool,
}

impl<'a> Iterator for Chunks<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            self.written.store(true, Ordering::SeqCst);
            return None;
        }
        let (chunk, rest) = self.rest.split_at(self.rest.len().min(CHUNK_BYTES));
        self.rest = rest;
        Some(chunk)
    }
}

/// Why a step before the final dot failed.
enum Trouble {
    /// 5xx.
    Refused(String),
    /// 4xx; the conversation can go on.
    PutOff(String),
    /// No reply, or none we understand.
    Broken(String),
}

impl Trouble {
    fn told(stage: &str, error: &Error) -> Self {
        let Some(code) = error.status() else {
            return Self::Broken(without_addresses(&format!("{stage}: {error}")));
        };
        let text = std::error::Error::source(error).map_or(String::new(), ToString::to_string);
        let words = without_addresses(&format!("{stage}: {code} {text}"));
        if error.is_permanent() { Self::Refused(words) } else { Self::PutOff(words) }
    }
}

impl From<Trouble> for Outcome {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Refused(words) => Self::Failed(words),
            Trouble::PutOff(words) | Trouble::Broken(words) => Self::Deferred(words),
        }
    }
}

/// Whether the reply is 2xx.
fn is_complete(response: &Response) -> bool {
    response.code().severity == Severity::PositiveCompletion
}

fn reply(response: &Response) -> String {
    let text = response.message().collect::<Vec<_>>().join(" ");
    without_addresses(format!("{} {text}", response.code()).trim_end())
}

/// Servers repeat addresses in their replies; outcomes are shown and logged, so they leave them out.
fn without_addresses(text: &str) -> String {
    let words = text.split_whitespace().map(|word| if word.contains('@') { "(address)" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

fn address(text: &str) -> Result<Address, Outcome> {
    text.parse().map_err(|_| Outcome::Failed("the stored message names an address that is none".to_owned()))
}

#[cfg(test)]
mod tests;
