//! Retrying: what follows from an attempt: sent, put off until when, given up, left to the operator. Pure.

use chrono::{DateTime, TimeDelta, Utc};

use crate::deliver::Outcome;
use crate::ledger::outbox::Step;
use crate::model::{Delivery, DeliveryState};
use crate::settings::MailPace;

/// The step that follows from the outcome of an attempt on `delivery` (as it stood before the attempt), queued at `queued_at`.
pub fn after(delivery: &Delivery, queued_at: DateTime<Utc>, outcome: &Outcome, now: DateTime<Utc>, pace: &MailPace) -> Step {
    let step = |to| Step::new(delivery.id, to);
    match outcome {
        Outcome::Written(_) => step(DeliveryState::Written).because("written"),
        Outcome::Sent(reply) => step(DeliveryState::Sent).because(reply.as_str()),
        Outcome::Failed(reply) => step(DeliveryState::Failed).because(reply.as_str()),
        Outcome::Partly { reply, reached } => {
            let reached = delivery.reached.iter().chain(reached).cloned().collect();
            Step { reached: Some(reached), ..step(DeliveryState::Failed).because(reply.as_str()) }
        }
        Outcome::Uncertain(reason) => step(DeliveryState::Uncertain).because(reason.as_str()),
        Outcome::Unavailable { reply, .. } => put_off(delivery, queued_at, &format!("{SERVER}{reply}"), now, pace),
        Outcome::Deferred(reply) => put_off(delivery, queued_at, reply, now, pace),
    }
}

/// How the words begin where the server itself is the trouble.
pub const SERVER: &str = "server: ";

/// How they begin where it refuses our login.
pub const LOGIN: &str = "server: AUTH: 5";

fn put_off(delivery: &Delivery, queued_at: DateTime<Utc>, reply: &str, now: DateTime<Utc>, pace: &MailPace) -> Step {
    let step = |to| Step::new(delivery.id, to);
    let end = queued_at + TimeDelta::hours(i64::from(pace.lifetime_hours));
    if now >= end {
        let words = format!("given up: still put off after {} hours; last: {reply}", pace.lifetime_hours);
        return step(DeliveryState::Failed).because(words);
    }
    // One last attempt falls on the end of the lifetime.
    let next_at = end.min(now + pause(pace, &delivery.message.message_id, delivery.attempts + 1));
    Step { next_at: Some(next_at), ..step(DeliveryState::Pending).because(reply) }
}

/// The pause after the `attempt`-th attempt: it doubles from `retry_minutes` to `retry_minutes_max`, less up to a quarter that
/// message and attempt decide, so that mails put off together do not come back together.
fn pause(pace: &MailPace, message_id: &str, attempt: u32) -> TimeDelta {
    let whole = (i64::from(pace.retry_minutes) * 60) << attempt.saturating_sub(1).min(24);
    let whole = whole.min(longest(pace).num_seconds());
    let hash = blake3::hash(format!("{message_id} {attempt}").as_bytes());
    let draw = hash.as_bytes().iter().take(7).fold(0, |draw, byte| (draw << 8) | i64::from(*byte));
    TimeDelta::seconds(whole - draw % (whole / 4 + 1))
}

fn longest(pace: &MailPace) -> TimeDelta {
    TimeDelta::minutes(i64::from(pace.retry_minutes_max.max(pace.retry_minutes)))
}

/// The times outside which a pending mail is due: before the first, or, where the clock went back, after the second.
pub fn not_due_within(now: DateTime<Utc>, pace: &MailPace) -> (DateTime<Utc>, DateTime<Utc>) {
    (now, now + longest(pace))
}

/// Whether a pending mail's time has come.
pub fn is_due(delivery: &Delivery, now: DateTime<Utc>, pace: &MailPace) -> bool {
    let (from, until) = not_due_within(now, pace);
    delivery.next_at.is_none_or(|next| next <= from || next > until)
}

#[cfg(test)]
mod tests;
