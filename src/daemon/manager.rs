//! The service manager: what systemd is told over its notify socket. Without one nothing is said.

use std::time::{Duration, Instant};

use sd_notify::NotifyState;

use super::Vitals;

/// Ready, and what is being done.
pub fn ready(status: &str) {
    tell(&[NotifyState::Ready, NotifyState::Status(status)]);
}

/// A reload begins; it ends with [`ready`].
pub fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(error) => tracing::warn!(%error, "the monotonic clock cannot be read; the service manager was not told of the reload"),
    }
}

/// The end begins.
pub fn stopping() {
    tell(&[NotifyState::Stopping, NotifyState::Status("stopping")]);
}

/// What is being done.
pub fn status(words: &str) {
    tell(&[NotifyState::Status(words)]);
}

/// Half the time within which the watchdog wants to hear from us, if it does.
pub fn watchdog_pause() -> Option<Duration> {
    // A pause of nothing would be no pause.
    sd_notify::watchdog_enabled().map(|limit| (limit / 2).max(Duration::from_millis(10)))
}

/// Feeds the watchdog while both lanes are alive; a daemon whose lanes are stuck is started anew.
pub fn alive(vitals: &Vitals) {
    match vitals.lanes(Instant::now()) {
        Ok(()) => tell(&[NotifyState::Watchdog]),
        Err(words) => tracing::error!(words, "the watchdog is not fed"),
    }
}

fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::debug!(%error, "the service manager cannot be told");
    }
}
