//! A lane: one step after the other, each in a blocking thread, never two at once. What a step needs is on the lane's own desk.
//!
//! A step that fails is told and left; one that panics costs its desk, which is opened anew. The lane goes on with the next ring.

use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;

use super::House;
use super::vitals::LaneName;
use crate::plan::slots::Slot;
use crate::run::alert;
use crate::run::kit::{Desk, LedgerError, Progress, RunError};
use crate::run::schedule::poll::Memory;
use crate::run::schedule::{due, job};
use crate::settings::JobKind;

/// What a lane is asked to do.
#[derive(Debug)]
pub enum Order {
    /// Look at what is due.
    Ring,
    /// Carry a slot out.
    Slot(Slot),
    /// Raise an alert: key, words.
    Raise(&'static str, String),
    /// End an alert: key, words.
    Recover(&'static str, String),
}

/// The way to a lane.
#[derive(Debug, Clone)]
pub struct Reach(UnboundedSender<Order>);

impl Reach {
    /// Hands an order over; a lane that has ended needs none.
    pub fn give(&self, order: Order) {
        let _ = self.0.send(order);
    }
}

/// One lane.
pub struct Lane {
    name: LaneName,
    house: Arc<House>,
    stop: CancellationToken,
    reach: Reach,
    orders: UnboundedReceiver<Order>,
    /// Where mails are sent; `None` in the lane that does it.
    delivery: Option<Reach>,
    /// The desk and what polls remember at it; opened at the first step, and anew after a panic.
    desk: Option<(Desk, Memory)>,
    /// How many of its steps panicked.
    panics: u32,
}

impl Lane {
    /// The lane of conduct and the lane of delivery.
    pub fn pair(house: &Arc<House>, stop: &CancellationToken) -> (Self, Self) {
        let open = |name, delivery| {
            let (sender, orders) = unbounded_channel();
            house.vitals.set_open(name, true);
            Self { name, house: Arc::clone(house), stop: stop.clone(), reach: Reach(sender), orders, delivery, desk: None, panics: 0 }
        };
        let delivery = open(LaneName::Delivery, None);
        (open(LaneName::Conduct, Some(delivery.reach())), delivery)
    }

    /// The way to this lane.
    pub fn reach(&self) -> Reach {
        self.reach.clone()
    }

    /// Works off orders until told to stop; what is left then is in the ledger, and found at the next start.
    pub async fn attend(mut self) {
        let _closing = Closing(Arc::clone(&self.house), self.name);
        let stop = self.stop.clone();
        while let Some(Some(first)) = stop.run_until_cancelled(self.orders.recv()).await {
            // Rings that came together are one.
            let mut waiting = vec![first];
            while let Ok(next) = self.orders.try_recv() {
                if !(matches!(next, Order::Ring) && waiting.iter().any(|order| matches!(order, Order::Ring))) {
                    waiting.push(next);
                }
            }
            for order in waiting {
                if !stop.is_cancelled() {
                    self.follow(order).await;
                }
            }
        }
    }

    async fn follow(&mut self, order: Order) {
        match order {
            Order::Ring if self.name == LaneName::Delivery => {
                self.step("sending".to_owned(), |desk, _, progress| job::deliver(desk, progress)).await;
            }
            Order::Ring => self.conduct().await,
            Order::Slot(slot) => self.perform(slot).await,
            Order::Raise(key, text) => {
                self.step("alert".to_owned(), move |desk, _, _| alert::raise(desk, key, &text)).await;
                self.mail();
            }
            Order::Recover(key, text) => {
                self.step("alert".to_owned(), move |desk, _, _| alert::recover(desk, key, &text)).await;
                self.mail();
            }
        }
    }

    /// Asks the ledger what is due and carries it out, oldest first; sending is the other lane's.
    async fn conduct(&mut self) {
        let Some(slots) = self.step("schedule".to_owned(), |desk, _, _| due::tick(desk)).await else { return };
        for slot in slots {
            if self.stop.is_cancelled() {
                return;
            }
            match &self.delivery {
                Some(delivery) if slot.job == JobKind::Retry => delivery.give(Order::Slot(slot)),
                _ => self.perform(slot).await,
            }
        }
        self.mail();
    }

    /// Wakes the lane that sends.
    fn mail(&self) {
        if let Some(delivery) = &self.delivery {
            delivery.give(Order::Ring);
        }
    }

    async fn perform(&mut self, slot: Slot) {
        let (kind, period) = (slot.job, slot.period);
        let plan = self.house.definition().plans.at(period).cloned();
        let words = format!("{} of {period}", kind.code());
        let (of_step, panicked) = (slot.clone(), self.panics);
        let done = self
            .step(words, move |desk, memory, progress| {
                let span = tracing::error_span!("job", job = kind.code(), slot.at = %of_step.scheduled_at, run.period = %period);
                let _entered = span.enter();
                // A period before or after the plan's own is judged by the files that were, or will be, in force.
                if let Some(plan) = plan {
                    desk.plan.clone_from(&plan);
                }
                let done = job::perform(desk, &of_step, memory, progress)?;
                tracing::info!(outcome = done, "job done");
                Ok(())
            })
            .await;
        if self.panics > panicked {
            self.step("schedule".to_owned(), move |desk, _, _| job::broke(desk, &slot)).await;
        }
        let outcome = if done.is_some() { "done" } else { "failed" };
        metrics::counter!("wenjin_jobs_total", "job" => kind.code(), "outcome" => outcome).increment(1);
    }

    /// Takes one step on the lane's desk, set to now; `None` when it failed, which has then been told.
    async fn step<T: Send + 'static>(
        &mut self,
        words: String,
        work: impl FnOnce(&mut Desk, &mut Memory, &Beat) -> Result<T, RunError> + Send + 'static,
    ) -> Option<T> {
        let beat = Beat { house: Arc::clone(&self.house), lane: self.name, stop: self.stop.clone() };
        let (desk, name) = (self.desk.take(), self.name.code());
        self.house.vitals.set_step(self.name, Some(words.clone()));
        let joined = tokio::task::spawn_blocking(move || {
            let (mut desk, mut memory) = match desk.map_or_else(|| beat.house.open_desk().map(|desk| (desk, Memory::default())), Ok) {
                Ok(own) => own,
                Err(error) => return (None, Err(error)),
            };
            beat.house.refresh(&mut desk);
            let outcome = work(&mut desk, &mut memory, &beat);
            (Some((desk, memory)), outcome)
        })
        .await;
        self.house.vitals.set_step(self.name, None);
        let Ok((desk, outcome)) = joined else {
            self.panics += 1;
            tracing::error!(lane = name, step = words, "the step panicked; the lane goes on with the next");
            return None;
        };
        self.desk = desk;
        outcome.map_err(|error| tell(name, &words, &error)).ok()
    }
}

/// Tells an error where it is handled: here. Whoever waits for another run is no failure.
fn tell(lane: &str, step: &str, error: &RunError) {
    if matches!(error, RunError::Ledger(LedgerError::Held { .. })) {
        tracing::info!(lane, step, %error, "put off");
    } else {
        tracing::error!(lane, step, %error, "the step failed");
    }
}

/// Closes the lane in the vitals, however its task ends.
struct Closing(Arc<House>, LaneName);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.vitals.set_open(self.1, false);
    }
}

/// Progress as signs of life.
pub struct Beat {
    house: Arc<House>,
    lane: LaneName,
    stop: CancellationToken,
}

impl Progress for Beat {
    fn stage(&self, name: &'static str) {
        self.house.vitals.beat(self.lane, Some(name));
    }

    fn step(&self, _done: usize, _of: usize) {
        self.house.vitals.beat(self.lane, None);
    }

    fn finish(&self) {
        self.house.vitals.beat(self.lane, None);
    }

    fn is_stopping(&self) -> bool {
        self.stop.is_cancelled()
    }
}
