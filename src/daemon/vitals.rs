//! Signs of life: what each lane is doing, whether the config last read was valid, how far the daemon is.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// A step that has shown no progress for so long is stuck. A mail server may take ten minutes for its last word.
const STUCK_AFTER: Duration = Duration::from_mins(30);

/// The daemon's lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LaneName {
    /// Receives, draws up, reminds, copies.
    Conduct,
    /// Sends.
    Delivery,
}

impl LaneName {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Conduct, Self::Delivery];

    /// The word in logs and metrics.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Conduct => "conduct",
            Self::Delivery => "delivery",
        }
    }
}

/// How far the daemon is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Starting,
    Serving,
    Stopping,
}

/// One lane's signs of life.
#[derive(Debug, Clone, Default)]
struct LaneVitals {
    open: bool,
    /// What it does, and when it last got on with it.
    step: Option<(String, Instant)>,
    stage: Option<&'static str>,
}

/// What the watchdog, the health pages and the status line look at.
#[derive(Debug)]
pub struct Vitals {
    inner: Mutex<Inner>,
    changed: Notify,
}

#[derive(Debug)]
struct Inner {
    phase: Phase,
    conduct: LaneVitals,
    delivery: LaneVitals,
    config: Result<(), String>,
}

impl Inner {
    fn lane(&mut self, lane: LaneName) -> &mut LaneVitals {
        match lane {
            LaneName::Conduct => &mut self.conduct,
            LaneName::Delivery => &mut self.delivery,
        }
    }
}

impl Vitals {
    /// Starting; no lane is open, the config was valid.
    pub(super) fn new() -> Self {
        let inner = Inner { phase: Phase::Starting, conduct: LaneVitals::default(), delivery: LaneVitals::default(), config: Ok(()) };
        Self { inner: Mutex::new(inner), changed: Notify::new() }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far the daemon is.
    pub fn phase(&self) -> Phase {
        self.inner().phase
    }

    pub(super) fn set_phase(&self, phase: Phase) {
        self.inner().phase = phase;
        self.changed.notify_one();
    }

    /// Whether the config last read was valid, or what was wrong with it.
    pub fn config(&self) -> Result<(), String> {
        self.inner().config.clone()
    }

    pub(super) fn set_config(&self, config: Result<(), String>) {
        self.inner().config = config;
    }

    pub(super) fn set_open(&self, lane: LaneName, open: bool) {
        self.inner().lane(lane).open = open;
    }

    /// The lane begins a step, or has ended it.
    pub(super) fn set_step(&self, lane: LaneName, step: Option<String>) {
        let mut inner = self.inner();
        let lane = inner.lane(lane);
        lane.step = step.map(|words| (words, Instant::now()));
        lane.stage = None;
        drop(inner);
        self.changed.notify_one();
    }

    /// The lane got on with its step; a stage is named where one begins.
    pub(super) fn beat(&self, lane: LaneName, stage: Option<&'static str>) {
        let mut inner = self.inner();
        let lane = inner.lane(lane);
        if let Some((_, beat)) = &mut lane.step {
            *beat = Instant::now();
        }
        if stage.is_some() {
            lane.stage = stage;
            drop(inner);
            self.changed.notify_one();
        }
    }

    /// Whether the lane is at work.
    pub fn is_busy(&self, lane: LaneName) -> bool {
        self.inner().lane(lane).step.is_some()
    }

    /// Whether the lane is there and gets on with its step.
    pub fn lane(&self, lane: LaneName, now: Instant) -> Result<(), String> {
        let mut inner = self.inner();
        let vitals = inner.lane(lane);
        if !vitals.open {
            return Err(format!("lane {} is not open", lane.code()));
        }
        match &vitals.step {
            Some((words, beat)) if now.saturating_duration_since(*beat) > STUCK_AFTER => {
                Err(format!("lane {} is stuck: {words}", lane.code()))
            }
            _ => Ok(()),
        }
    }

    /// Whether both lanes are alive.
    pub fn lanes(&self, now: Instant) -> Result<(), String> {
        LaneName::ALL.into_iter().try_for_each(|lane| self.lane(lane, now))
    }

    /// What is being done, in words.
    pub fn doing(&self) -> Option<String> {
        let inner = self.inner();
        let words = |lane: &LaneVitals| {
            let (step, _) = lane.step.as_ref()?;
            Some(lane.stage.map_or_else(|| step.clone(), |stage| format!("{step} ({stage})")))
        };
        let both: Vec<String> = [&inner.conduct, &inner.delivery].into_iter().filter_map(words).collect();
        (!both.is_empty()).then(|| both.join(", "))
    }

    /// Waits until something was changed that the status line shows.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_that_shows_no_progress_is_stuck_until_it_does() {
        let vitals = Vitals::new();
        let start = Instant::now();
        assert_eq!(vitals.lanes(start), Err("lane conduct is not open".to_owned()));
        for lane in LaneName::ALL {
            vitals.set_open(lane, true);
        }
        assert_eq!(vitals.lanes(start), Ok(()));
        vitals.set_step(LaneName::Delivery, Some("sending".to_owned()));
        let later = Instant::now() + STUCK_AFTER + Duration::from_secs(1);
        assert_eq!(vitals.lanes(later), Err("lane delivery is stuck: sending".to_owned()));
        vitals.set_step(LaneName::Delivery, None);
        assert_eq!(vitals.lanes(later), Ok(()));
    }

    #[test]
    fn the_status_names_step_and_stage_of_both_lanes() {
        let vitals = Vitals::new();
        assert_eq!(vitals.doing(), None);
        vitals.set_step(LaneName::Conduct, Some("poll of 2022-06".to_owned()));
        vitals.beat(LaneName::Conduct, Some("aggregate"));
        vitals.set_step(LaneName::Delivery, Some("sending".to_owned()));
        assert_eq!(vitals.doing().as_deref(), Some("poll of 2022-06 (aggregate), sending"));
    }
}
