//! The service manager: what systemd is told over its notify socket. Without one nothing is said.

use std::sync::OnceLock;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::{Duration, Instant};

use sd_notify::NotifyState;

use super::Vitals;

/// How many messages may wait for a manager that does not listen.
const UNHEARD_MAX: usize = 64;

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

/// Hands a message to the thread that speaks: a manager that does not listen must not hold the daemon up, and order is kept.
fn tell(state: &[NotifyState<'_>]) {
    static SPEAKER: OnceLock<Option<SyncSender<String>>> = OnceLock::new();
    let speaker = SPEAKER.get_or_init(|| {
        std::env::var_os("NOTIFY_SOCKET")?;
        let (sender, messages) = sync_channel::<String>(UNHEARD_MAX);
        let speak = move || {
            for message in messages {
                if let Err(error) = sd_notify::notify(&[NotifyState::Custom(&message)]) {
                    tracing::debug!(%error, "the service manager cannot be told");
                }
            }
        };
        std::thread::Builder::new().name("manager".to_owned()).spawn(speak).ok().map(|_| sender)
    });
    if let Some(speaker) = speaker {
        let lines: Vec<String> = state.iter().map(ToString::to_string).collect();
        // Full: nobody has listened for so long that one word more is no loss.
        let _ = speaker.try_send(lines.join("\n"));
    }
}
