//! The SMTP transport: one connection a message, command by command, each under its own time-out.
//!
//! Driven by hand because the outcome depends on how far the conversation came: before the final dot a broken connection may
//! be tried again, after it nobody knows (RFC 1047).

pub mod reply;
mod wire;
mod trouble;
mod login;

use std::time::Duration;

use secrecy::SecretString;

use super::{Outcome, Transmitting};
use crate::crash_point;
use crate::model::Message;
use crate::settings::{MailPace, Tls};

use reply::{Reply, shown};
use trouble::Trouble;
use wire::{Fault, in_time};

pub use wire::Wire as Connection;

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
    drop(connection.command("QUIT", GOODBYE).await);
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

    /// Connects and logs in. What goes wrong before a mail is spoken of is the server's, or our settings': no mail is to blame.
    async fn connect(&self) -> Result<Connection, Outcome> {
        let (mut connection, hello) = self.greet().await.map_err(|trouble| trouble.of_server(false))?;
        if let Some((user, password)) = &self.login {
            let login = login::login(self.timeouts.command, &mut connection, &hello, user, password).await;
            login.map_err(|trouble| trouble.of_server(true))?;
        }
        Ok(connection)
    }

    /// Connects, says EHLO, and protects the connection; also gives what the server offers then.
    async fn greet(&self) -> Result<(Connection, Reply), Trouble> {
        let patience = self.timeouts.command;
        let fault = |stage: &'static str| move |fault: Fault| Trouble::Broken(format!("{stage}: {fault}"));
        let connecting = async {
            let connection = Connection::connect(&self.host, self.port).await?;
            if self.tls == Tls::Implicit { connection.protect(&self.host).await } else { Ok(connection) }
        };
        let mut connection = in_time(patience, connecting).await.map_err(fault("connect"))?;
        let greeting = connection.reply(patience).await.map_err(fault("connect"))?;
        complete("connect", &greeting)?;
        let hello = format!("EHLO {}", own_name());
        let mut answer = self.complete("EHLO", &mut connection, &hello).await?;
        if self.tls == Tls::StartTls {
            if answer.offers("STARTTLS").is_none() {
                return Err(Trouble::Broken("STARTTLS: the server does not offer it".to_owned()));
            }
            self.complete("STARTTLS", &mut connection, "STARTTLS").await?;
            connection = in_time(patience, connection.protect(&self.host)).await.map_err(fault("STARTTLS"))?;
            // What was offered in the clear counts no more (RFC 3207 §4.2).
            answer = self.complete("EHLO", &mut connection, &hello).await?;
        }
        Ok((connection, answer))
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
        self.complete("MAIL", connection, &format!("MAIL FROM:<{}>", address(&message.from)?)).await?;
        let (reached, refused) = self.recipients(connection, &message.recipients).await?;
        let data = self.ask("DATA", connection, "DATA").await?;
        if data.code != START_MAIL_INPUT {
            return Err(Trouble::of("DATA", data.code, &data.shown()).into());
        }
        *in_message = true;
        // A verdict that is there already is none on this message.
        connection.quiet().await.map_err(|fault| Outcome::Deferred(format!("DATA: {fault}")))?;
        if let Err(error) = transmitting() {
            return Ok(Outcome::Deferred(error.to_string()));
        }
        crash_point!("mail.transmitting").map_err(|error| Outcome::Deferred(error.to_string()))?;
        self.write(connection, &message.bytes).await?;
        let accepted = self.end(connection).await?;
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
            match self.complete(&stage, connection, &format!("RCPT TO:<{}>", address(recipient)?)).await {
                Ok(_) => taken.push(recipient.clone()),
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

    /// Writes the message, all but its final dot.
    async fn write(&self, connection: &mut Connection, bytes: &[u8]) -> Result<(), Outcome> {
        let text = stuffed(bytes);
        let writing = async {
            for chunk in text.chunks(CHUNK_BYTES) {
                connection.write(chunk).await?;
            }
            Ok(())
        };
        let written = match in_time(self.timeouts.message, writing).await {
            Ok(()) => connection.quiet().await,
            Err(fault) => Err(fault),
        };
        match written {
            Ok(()) => Ok(()),
            // A server may refuse in the midst of a message; it has none without the dot, whatever it says.
            Err(Fault::Early) => match connection.reply(self.timeouts.command).await {
                Ok(reply) if reply.code >= 400 => Err(Trouble::of("message", reply.code, &reply.shown()).into()),
                _ => Err(Outcome::Deferred(format!("before the final dot: {}", Fault::Early))),
            },
            Err(fault) => Err(Outcome::Deferred(format!("before the final dot: {}", shown(&fault.to_string())))),
        }
    }

    /// Writes the final dot and waits for its reply, which alone tells whether the server has the message.
    async fn end(&self, connection: &mut Connection) -> Result<String, Outcome> {
        let uncertain = |why: &str| Outcome::Uncertain(format!("after the final dot: {why}; the server may have the message"));
        let told = |fault: Fault| uncertain(&shown(&fault.to_string()));
        in_time(self.timeouts.command, connection.write(b".\r\n")).await.map_err(told)?;
        // Only a kill is of use here: the reply decides, whatever else goes wrong.
        drop(crash_point!("mail.dot_sent"));
        let reply = connection.reply(self.timeouts.message).await.map_err(told)?;
        match reply.code {
            code if reply.is_complete() || code >= 400 => {}
            _ => return Err(uncertain(&format!("unexpected reply {}", reply.shown()))),
        }
        if reply.is_complete() { Ok(reply.shown()) } else { Err(Trouble::of("message", reply.code, &reply.shown()).into()) }
    }

    /// Says a line and wants 2xx: a 3xx where no more is asked for is no consent.
    async fn complete(&self, stage: &str, connection: &mut Connection, line: &str) -> Result<Reply, Trouble> {
        let reply = self.ask(stage, connection, line).await?;
        complete(stage, &reply)?;
        Ok(reply)
    }

    async fn ask(&self, stage: &str, connection: &mut Connection, line: &str) -> Result<Reply, Trouble> {
        let told = |fault: Fault| Trouble::Broken(format!("{stage}: {}", shown(&fault.to_string())));
        connection.command(line, self.timeouts.command).await.map_err(told)
    }
}

fn complete(stage: &str, reply: &Reply) -> Result<(), Trouble> {
    if reply.is_complete() { Ok(()) } else { Err(Trouble::of(stage, reply.code, &reply.shown())) }
}

/// The message as it goes over the wire (RFC 5321 §4.5.2): a dot before each line that begins with one, a line end behind the last.
fn stuffed(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len() + bytes.len() / 64 + 2);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let begins = text.is_empty() || text.ends_with(b"\r\n");
        if begins && line.first() == Some(&b'.') {
            text.push(b'.');
        }
        text.extend_from_slice(line);
    }
    if !text.ends_with(b"\r\n") {
        text.extend_from_slice(b"\r\n");
    }
    text
}

/// What this machine calls itself in EHLO; without a name its address stands for it.
fn own_name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let name = name.trim();
    let is_name = !name.is_empty() && name.len() <= 253 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    if is_name { name.to_owned() } else { "[127.0.0.1]".to_owned() }
}

fn address(text: &str) -> Result<&str, Outcome> {
    let is_one = text.contains('@') && !text.contains(|c: char| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>'));
    if is_one { Ok(text) } else { Err(Outcome::Failed("the stored message names an address that is none".to_owned())) }
}

#[cfg(test)]
mod tests;
