//! Conditions: each is told to the operator once when it arises and once when it is over, by mail and by robots.
//!
//! Both functions only store: the mail waits in the outbox for [`crate::run::post::send::due`], the robots for [`super::robots::due`].
//! Keys are `<kind>[:<place>…]`; the kinds are listed in `docs/notices.md`.

use std::collections::BTreeSet;

use crate::deliver::notice::alert::{self, Told};
use crate::ledger::alerts::{Alert, Telling};
use crate::run::kit::{Desk, RunError};

/// Raises the alert `key`; nothing happens while it is open already. `text` holds no figure, address or cell value.
pub fn raise(desk: &mut Desk, key: &str, text: &str) -> Result<(), RunError> {
    if desk.ledger.open_alert(key)?.is_some() {
        return Ok(());
    }
    let telling = telling(desk, key, text, false);
    let at = desk.at();
    if desk.ledger.raise_alert(&at, key, text, &telling)? {
        tracing::warn!(alert.key = key, reason = text, "alert raised");
    }
    Ok(())
}

/// Ends the alert `key` and tells so; nothing happens when it is not open.
pub fn recover(desk: &mut Desk, key: &str, text: &str) -> Result<(), RunError> {
    if desk.ledger.open_alert(key)?.is_none() {
        return Ok(());
    }
    let telling = telling(desk, key, text, true);
    let at = desk.at();
    if desk.ledger.recover_alert(&at, key, text, &telling)? {
        tracing::info!(alert.key = key, reason = text, "alert is over");
    }
    Ok(())
}

/// Ends the open alerts of `kind` whose keys are not among `still`.
pub fn recover_others(desk: &mut Desk, kind: &str, still: &BTreeSet<String>, text: &str) -> Result<(), RunError> {
    let open = desk.ledger.open_alerts()?;
    for alert in open.iter().filter(|alert| alert.key.split(':').next() == Some(kind) && !still.contains(&alert.key)) {
        recover(desk, &alert.key, text)?;
    }
    Ok(())
}

/// The newest `limit` alerts, oldest first; only those that are not over, unless `over` asks for all.
///
/// # Errors
/// Of the ledger.
pub fn list(desk: &Desk, over: bool, limit: u32) -> Result<Vec<Alert>, RunError> {
    Ok(desk.ledger.alerts(over, limit)?)
}

/// How it is told. A mail that cannot be written keeps neither the ledger nor the robots from knowing.
fn telling(desk: &Desk, key: &str, text: &str, over: bool) -> Telling {
    let told = Told { key, text, over, now: desk.clock.now };
    // What is about no month stands with the month that is followed up now.
    let period = told.period().unwrap_or_else(|| desk.month_at_hand());
    let mail = alert::compose(&desk.plan, &desk.settings, period, &told).unwrap_or_else(|error| {
        tracing::error!(alert.key = key, %error, "the alert's mail cannot be written");
        None
    });
    Telling { robots: desk.settings.alert.webhooks.len(), notice: alert::notice(&desk.plan, &told), mail }
}
