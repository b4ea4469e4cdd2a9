//! The memory transport: a server in the process that keeps messages and misbehaves as told. For tests alone.

use std::collections::{BTreeMap, VecDeque};
use std::panic::resume_unwind;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Outcome, Transmitting};
use crate::model::Message;

/// What the server does with one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Accept,
    /// 4xx before DATA.
    PutOff,
    /// 5xx before DATA.
    Refuse,
    /// 4xx after the final dot.
    PutOffAtDot,
    /// 5xx after the final dot.
    RefuseAtDot,
    /// Refuses the last recipient and takes the message for the others.
    AcceptForOthers,
    /// The connection breaks after the final dot; the server has the message.
    KeepAndBreak,
    /// The connection breaks after the final dot; the server has nothing.
    LoseAndBreak,
    /// Our process dies while it connects.
    DieConnecting,
    /// Our process dies after `transmitting` was recorded; the server has nothing.
    DieTransmitting,
    /// Our process dies before it records the 250.
    DieAccepted,
}

/// Our process died; thrown past the code under test.
pub struct Death;

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What arrived, in order, and what comes next.
#[derive(Debug, Default)]
pub struct Mailbox {
    messages: Mutex<Vec<Message>>,
    script: Mutex<VecDeque<Act>>,
    /// How long each message takes.
    pub pause: Mutex<Duration>,
    busy: Mutex<BTreeMap<String, (usize, usize)>>,
}

impl Mailbox {
    /// A copy of all messages taken so far.
    pub fn messages(&self) -> Vec<Message> {
        held(&self.messages).clone()
    }

    /// Tells what the server does with the next messages; beyond them it accepts.
    pub fn script(&self, acts: &[Act]) {
        *held(&self.script) = acts.iter().copied().collect();
    }

    /// The most messages that were under way at once to a domain (to all of them: `""`).
    pub fn at_once(&self, domain: &str) -> usize {
        held(&self.busy).get(domain).map_or(0, |(_, most)| *most)
    }

    fn busy(&self, message: &Message, came: bool) {
        let domains = message.recipients.iter().filter_map(|recipient| recipient.split_once('@')).map(|(_, domain)| domain);
        let domains: std::collections::BTreeSet<&str> = domains.chain([""]).collect();
        let mut busy = held(&self.busy);
        for domain in domains {
            let (now, most) = busy.entry(domain.to_owned()).or_default();
            *now = if came { *now + 1 } else { *now - 1 };
            *most = (*most).max(*now);
        }
    }

    /// Takes a message as a server would.
    pub(super) async fn take(&self, message: &Message, transmitting: &mut Transmitting<'_>) -> Outcome {
        let act = held(&self.script).pop_front().unwrap_or(Act::Accept);
        let pause = *held(&self.pause);
        self.busy(message, true);
        tokio::time::sleep(pause).await;
        self.busy(message, false);
        match act {
            Act::PutOff => return Outcome::Deferred("450 later".to_owned()),
            Act::Refuse => return Outcome::Failed("550 no".to_owned()),
            Act::DieConnecting => resume_unwind(Box::new(Death)),
            _ => {}
        }
        if let Err(error) = transmitting() {
            return Outcome::Deferred(error.to_string());
        }
        let mut taken = message.clone();
        if act == Act::AcceptForOthers && taken.recipients.len() > 1 {
            taken.recipients.pop();
        }
        let reached = taken.recipients.clone();
        if !matches!(act, Act::PutOffAtDot | Act::RefuseAtDot | Act::LoseAndBreak | Act::DieTransmitting) {
            held(&self.messages).push(taken);
        }
        match act {
            Act::PutOffAtDot => Outcome::Deferred("452 later".to_owned()),
            Act::RefuseAtDot => Outcome::Failed("554 no".to_owned()),
            Act::AcceptForOthers if reached.len() < message.recipients.len() => {
                Outcome::Partly { reply: "only part of the recipients got it".to_owned(), reached }
            }
            Act::KeepAndBreak | Act::LoseAndBreak => Outcome::Uncertain("after the final dot".to_owned()),
            Act::DieTransmitting | Act::DieAccepted => resume_unwind(Box::new(Death)),
            _ => Outcome::Sent("250 kept in memory".to_owned()),
        }
    }
}
