//! The daemon: the bell rings, the ledger says what is due, conduct does it. Nothing here remembers what was run.
//!
//! Two lanes work side by side, each with its own desk: one for everything the schedule starts, one for sending, so that a mail
//! server that stalls holds nothing else up. Signals, the service manager and the health pages see both through [`Vitals`].

mod bell;
mod descriptors;
mod house;
mod instance;
mod lane;
mod manager;
mod vitals;

use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::run::recovery;
use crate::settings::JobKind;
use bell::Bell;
use lane::{Lane, Order, Reach};

pub use house::{House, Start};
pub use instance::{Instance, InstanceError};
pub use vitals::{LaneName, Phase, Vitals};

/// How often the ledger is asked what is due without any ring: a ring that is lost costs no more than this.
const STEADY: Duration = Duration::from_mins(1);

/// How many rings may wait; more of them would say nothing new.
const RINGS_MAX: usize = 64;

/// The signals that are listened to, from before the first step on.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// SIGTERM or SIGINT.
    async fn stop(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// The ways to both lanes.
struct Lanes {
    conduct: Reach,
    delivery: Reach,
}

/// Serves until told to stop, then cancels `stop` so that whatever runs beside it ends too.
///
/// # Errors
/// When the signals cannot be listened to, the ledger is damaged or cannot be opened, or both lanes came to an end.
pub async fn serve(house: Arc<House>, stop: CancellationToken) -> anyhow::Result<()> {
    let mut signals = Signals::listen()?;
    descriptors::raise();
    let starting = Arc::clone(&house);
    let recovered = tokio::task::spawn_blocking(move || {
        let mut desk = starting.open_desk()?;
        recovery::recover(&mut desk)
    });
    tokio::select! {
        recovered = recovered => recovered??,
        () = signals.stop() => {
            manager::stopping();
            stop.cancel();
            return Ok(());
        }
    }

    let tracker = TaskTracker::new();
    let (conduct, delivery) = Lane::pair(&house, &stop);
    let lanes = Lanes { conduct: conduct.reach(), delivery: delivery.reach() };
    tracker.spawn(conduct.attend());
    tracker.spawn(delivery.attend());
    tracker.close();
    // What recovery put back to pending leaves before anything else is asked for.
    lanes.delivery.give(Order::Ring);

    let ended = attend(&house, &lanes, &mut signals, &tracker).await;

    house.vitals.set_phase(Phase::Stopping);
    manager::stopping();
    stop.cancel();
    let grace = Duration::from_secs(house.definition().settings.schedule.grace_seconds);
    tokio::select! {
        () = tracker.wait() => tracing::info!("stopped"),
        () = tokio::time::sleep(grace) => {
            tracing::warn!(grace.seconds = grace.as_secs(), "the step at hand took longer than the grace; the next start goes on with it");
        }
        () = signals.stop() => tracing::warn!("told to stop again; the next start goes on with the step at hand"),
    }
    ended
}

/// Passes rings, signals and the service manager's wishes on, until told to stop.
async fn attend(house: &Arc<House>, lanes: &Lanes, signals: &mut Signals, tracker: &TaskTracker) -> anyhow::Result<()> {
    let (rings, mut rung) = mpsc::channel(RINGS_MAX);
    let mut bell = Bell::hang(&house.definition().settings.schedule, &rings).await;
    let mut steady = interval(STEADY);
    steady.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut watchdog = interval(manager::watchdog_pause().unwrap_or(STEADY));
    watchdog.set_missed_tick_behavior(MissedTickBehavior::Delay);
    house.vitals.set_phase(Phase::Serving);
    manager::ready(&house.status());
    tracing::info!("ready");
    let ended = loop {
        tokio::select! {
            _ = signals.terminate.recv() => break Ok(()),
            _ = signals.interrupt.recv() => break Ok(()),
            // The service manager starts anew.
            () = tracker.wait() => break Err(anyhow::anyhow!("both lanes came to an end")),
            _ = signals.hang_up.recv() => {
                manager::reloading();
                if reload(house, lanes).await {
                    bell.take_down().await;
                    bell = Bell::hang(&house.definition().settings.schedule, &rings).await;
                }
                manager::ready(&house.status());
            }
            Some(kind) = rung.recv() => {
                lanes.conduct.give(Order::Ring);
                // Conduct may be busy for long; what is due to be sent need not wait for it to say so.
                if kind == JobKind::Retry && house.vitals.is_busy(LaneName::Conduct) {
                    lanes.delivery.give(Order::Ring);
                }
            }
            _ = steady.tick() => lanes.conduct.give(Order::Ring),
            _ = watchdog.tick() => manager::alive(&house.vitals),
            () = house.vitals.changed() => manager::status(&house.status()),
        }
    };
    bell.take_down().await;
    ended
}

/// The alert that is open while `config/` or `pipelines/` were refused.
const CONFIG_ALERT: &str = "config.invalid";

/// Reads `config/` and `pipelines/` anew: a valid workspace replaces the one in force, a bad one is told in full and changes nothing.
async fn reload(house: &Arc<House>, lanes: &Lanes) -> bool {
    let reading = Arc::clone(house);
    let read = tokio::task::spawn_blocking(move || reading.reload()).await;
    let refused = match read {
        Ok(Ok(())) => None,
        Ok(Err(words)) => Some(words),
        Err(_) => Some(vec!["reading it came to a sudden end".to_owned()]),
    };
    let valid = refused.is_none();
    if let Some(words) = refused {
        for problem in &words {
            tracing::error!(problem, "config refused");
        }
        let count = words.len();
        tracing::error!(problems = count, "the earlier config stays in force");
        house.vitals.set_config(Err(format!(
            "{count} problem(s) in config/ or pipelines/; the earlier ones stay in force until `wenjin check` finds none"
        )));
        let text = format!("config/ 或 pipelines/ 有{count}处问题，沿用原配置；请用 wenjin check 逐项核对，改正后重新载入");
        lanes.conduct.give(Order::Raise(CONFIG_ALERT, text));
    } else {
        tracing::info!(plan.hash = house.definition().plans.newest.hash.get(..12), "config reloaded");
        house.vitals.set_config(Ok(()));
        lanes.conduct.give(Order::Recover(CONFIG_ALERT, "config/ 和 pipelines/ 已改正并生效".to_owned()));
        lanes.conduct.give(Order::Ring);
    }
    valid
}
