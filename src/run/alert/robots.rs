//! The robots: what alerts have stored for them leaves here, again and again with growing pauses until a robot has it.

use chrono::TimeDelta;

use crate::deliver::notice::alert::{self, Told};
use crate::deliver::webhook::{self, Patience};
use crate::ledger::notices;
use crate::run::kit::{Desk, RunError};

/// Then a notice is given up; with the pauses below that is after half a day.
const ATTEMPTS_MAX: u32 = 16;
/// The first pause; it doubles with each attempt.
const PAUSE_MINUTES: i64 = 1;
const PAUSE_MINUTES_MAX: i64 = 60;

/// Tells the robots what is due; returns how many were told. A robot that fails is tried again later.
pub fn due(desk: &mut Desk) -> Result<usize, RunError> {
    due_within(desk, Patience::default())
}

/// [`due`] with the time a robot is given to answer.
pub fn due_within(desk: &mut Desk, patience: Patience) -> Result<usize, RunError> {
    let now = desk.clock.now.to_utc();
    let waiting = desk.ledger.due_notices(now)?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(RunError::at("tokio runtime"))?;
    let (at, wall) = (desk.at(), desk.clock.wall);
    let mut told = 0;
    for notice in waiting {
        let robot = notice.webhook + 1;
        let outcome = match desk.settings.alert.webhooks.get(notice.webhook) {
            None => notices::Told::Failed { reason: "the robot is no longer in config/wenjin.toml".to_owned() },
            Some(webhook) => match runtime.block_on(webhook::tell(webhook, &notice.text, wall(), patience)) {
                Ok(()) => notices::Told::Sent,
                Err(error) if notice.attempts + 1 >= ATTEMPTS_MAX => notices::Told::Failed { reason: error.to_string() },
                Err(error) => notices::Told::Deferred { reason: error.to_string(), next_at: now + pause(notice.attempts) },
            },
        };
        match &outcome {
            notices::Told::Sent => told += 1,
            notices::Told::Deferred { reason, .. } => tracing::warn!(webhook.number = robot, reason, "robot not told; tried again later"),
            notices::Told::Failed { reason } => tracing::error!(webhook.number = robot, reason, "robot not told; given up"),
        }
        desk.ledger.record_notice(&at, notice.id, &outcome)?;
    }
    Ok(told)
}

fn pause(attempts: u32) -> TimeDelta {
    TimeDelta::minutes(PAUSE_MINUTES.saturating_mul(1 << attempts.min(20)).min(PAUSE_MINUTES_MAX))
}

/// How many notices to robots wait, and how many were given up.
///
/// # Errors
/// Of the ledger.
pub fn counts(desk: &Desk) -> Result<(usize, usize), RunError> {
    Ok(desk.ledger.notice_counts()?)
}

/// Sends every robot a test message and says how each answered, in the order of `config/wenjin.toml`.
pub fn probe(desk: &Desk) -> Result<Vec<Result<(), String>>, RunError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(RunError::at("tokio runtime"))?;
    let text = alert::notice(&desk.plan, &Told { key: "test", text: "", over: false, now: desk.clock.now });
    let wall = desk.clock.wall;
    let answers = desk
        .settings
        .alert
        .webhooks
        .iter()
        .map(|robot| runtime.block_on(webhook::tell(robot, &text, wall(), Patience::default())).map_err(|error| error.to_string()));
    Ok(answers.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour() {
        let minutes: Vec<i64> = [0, 1, 5, 6, 7, 40].map(|attempts| pause(attempts).num_minutes()).to_vec();
        assert_eq!(minutes, [1, 2, 32, 60, 60, 60]);
    }
}
