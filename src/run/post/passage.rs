//! The passage: several messages under way at once, within the limits; the ledger knows each step before it is taken.
//!
//! Asynchronous around the conversations with the server alone: the ledger's steps are short and taken in between. A message
//! is claimed when its turn comes, so that an interruption leaves those behind it as they were.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, VecDeque};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::retry;
use super::traffic::{self, Traffic};
use crate::crash_point;
use crate::deliver::{Outcome, TransmitError, Transport};
use crate::ledger::outbox::Step;
use crate::ledger::{Lease, LedgerError};
use crate::model::{Delivery, DeliveryState};
use crate::run::kit::{Desk, Progress, RunError, lease};
use crate::settings::MailPace;

/// The states of a delivery while it is handed over.
const ON_THE_WAY: &[DeliveryState] = &[DeliveryState::Sending, DeliveryState::Transmitting];

/// How often the passage looks after its lease and the rate while the server is silent.
const LOOK: Duration = Duration::from_secs(1);

/// What a mail without bytes comes to, however often it is tried.
const UNBUILT: &str = "it could not be built; send the workbook by hand, then cancel this mail with a reason";

/// How old a lease grows before it is held for as long again, in seconds; a slow server may take longer than a lease.
const RENEW_SECONDS: i64 = 60;

/// A message under way; when it has arrived or not, the domains it kept busy.
type UnderWay<'p> = Pin<Box<dyn Future<Output = (BTreeSet<String>, Result<(), RunError>)> + 'p>>;

/// Carries messages of one period over one transport.
pub struct Passage<'a> {
    desk: RefCell<&'a mut Desk>,
    own: &'a Lease,
    transport: &'a Transport,
    /// The states messages are claimed from.
    from: &'a [DeliveryState],
    pace: MailPace,
    now: DateTime<Utc>,
    at: String,
    renewed: Cell<i64>,
    /// What the server said when it refused our login: nothing else is tried with it now.
    login_refused: RefCell<Option<Outcome>>,
    /// Whether a mail got through.
    got_through: Cell<bool>,
    /// Files may be written again with the same bytes, so their outcomes are recorded together.
    written: RefCell<Vec<Step>>,
}

impl<'a> Passage<'a> {
    pub fn new(desk: &'a mut Desk, own: &'a Lease, transport: &'a Transport, from: &'a [DeliveryState]) -> Self {
        let (pace, now, at, wall) = (desk.settings.mail.pace, desk.clock.now.to_utc(), desk.at(), (desk.clock.wall)());
        let desk = RefCell::new(desk);
        Self {
            desk,
            own,
            transport,
            from,
            pace,
            now,
            at,
            renewed: Cell::new(wall),
            login_refused: RefCell::default(),
            got_through: Cell::new(false),
            written: RefCell::default(),
        }
    }

    /// Carries them all; returns how many were claimed.
    ///
    /// After an error no further message leaves; those under way come to their end, so that none is uncertain for want of patience.
    pub async fn carry_all(&self, due: &[Delivery], progress: &dyn Progress) -> Result<usize, RunError> {
        let mut waiting: VecDeque<&Delivery> = due.iter().collect();
        let mut under_way: Vec<UnderWay<'_>> = Vec::new();
        let (mut traffic, mut claimed, mut done, mut error) = (Traffic::default(), 0, 0, None);
        lease::renew(&mut self.desk.borrow_mut(), self.own)?;
        loop {
            if progress.is_stopping() {
                // Those under way come to their end; the others stay pending.
                waiting.clear();
            }
            if error.is_none() {
                match self.claim(&mut waiting, &mut traffic) {
                    Ok(batch) => {
                        claimed += batch.len();
                        under_way.extend(batch.into_iter().map(|(delivery, domains)| self.set_out(delivery, domains)));
                    }
                    Err(refused) => error = Some(refused),
                }
            }
            if under_way.is_empty() && (waiting.is_empty() || error.is_some()) {
                break;
            }
            // Silence for a while only means: look after the lease, and whether the rate allows the next.
            if let Ok((domains, recorded)) = tokio::time::timeout(LOOK, first_of(&mut under_way)).await {
                traffic.leave(&domains);
                done += 1;
                progress.step(done, due.len());
                error = error.or(recorded.err());
            }
            error = error.or(self.renew().err());
        }
        if let Some(error) = error {
            return Err(error);
        }
        self.advance(ON_THE_WAY, &self.written.borrow())?;
        Ok(claimed)
    }

    /// Claims the messages that may leave now, in one step; those another process took are passed over.
    fn claim<'d>(
        &self,
        waiting: &mut VecDeque<&'d Delivery>,
        traffic: &mut Traffic,
    ) -> Result<Vec<(&'d Delivery, BTreeSet<String>)>, RunError> {
        let mut chosen = Vec::new();
        let mut at = 0;
        while let Some(delivery) = waiting.get(at).copied() {
            let domains = traffic::domains(&delivery.message);
            if !self.transport.is_local() {
                if !traffic.admits(&self.pace, &domains) {
                    at += 1;
                    continue;
                }
                let desk = &mut **self.desk.borrow_mut();
                if desk.rate.take((desk.clock.wall)(), self.pace.rate_per_minute).is_err() {
                    break;
                }
            }
            traffic.enter(&domains);
            waiting.remove(at);
            chosen.push((delivery, domains));
        }
        if chosen.is_empty() {
            return Ok(chosen);
        }
        let requeued = |delivery: &Delivery| delivery.state != DeliveryState::Pending;
        let steps: Vec<Step> = chosen
            .iter()
            .map(|(delivery, _)| Step { requeued: requeued(delivery), ..Step::new(delivery.id, DeliveryState::Sending) })
            .collect();
        let taken = self.advance(self.from, &steps)?;
        crash_point!("mail.claimed").map_err(RunError::at("mail"))?;
        let (taken, passed): (Vec<_>, Vec<_>) = chosen.into_iter().partition(|(delivery, _)| taken.contains(&delivery.id));
        for (_, domains) in passed {
            traffic.leave(&domains);
        }
        Ok(taken)
    }

    fn set_out<'p>(&'p self, delivery: &'p Delivery, domains: BTreeSet<String>) -> UnderWay<'p> {
        Box::pin(async move { (domains, self.carry(delivery).await) })
    }

    /// Hands one message to the transport; `transmitting` is committed before its first byte leaves, the outcome as soon as it is known.
    async fn carry(&self, delivery: &Delivery) -> Result<(), RunError> {
        if delivery.message.bytes.is_empty() {
            return self.record(delivery, &Outcome::Failed(UNBUILT.to_owned()));
        }
        let refused = self.login_refused.borrow().clone();
        if let Some(refused) = refused {
            return self.record(delivery, &refused);
        }
        let mut transmitting = || {
            let step = Step::new(delivery.id, DeliveryState::Transmitting);
            match self.advance(&[DeliveryState::Sending], &[step]) {
                Ok(taken) if taken.is_empty() => Err(TransmitError("the delivery was taken by another process".to_owned())),
                Ok(_) => Ok(()),
                Err(error) => Err(TransmitError(error.to_string())),
            }
        };
        let attempt = self.transport.send(&delivery.message, &mut transmitting).await;
        if matches!(attempt.outcome, Outcome::Unavailable { login: true, .. }) {
            *self.login_refused.borrow_mut() = Some(attempt.outcome.clone());
        }
        let recorded = self.record(delivery, &attempt.outcome);
        attempt.leave().await;
        recorded
    }

    fn record(&self, delivery: &Delivery, outcome: &Outcome) -> Result<(), RunError> {
        let queued_at = if delivery.state == DeliveryState::Pending { delivery.queued_at.to_utc() } else { self.now };
        let step = retry::after(delivery, queued_at, outcome, self.now, &self.pace);
        self.got_through.set(self.got_through.get() || step.to == DeliveryState::Sent);
        let step = Step { stuck: step.to == DeliveryState::Pending && !self.got_through.get(), ..step };
        let message = &delivery.message;
        tracing::info!(
            outbox.id = delivery.id,
            run.period = %message.period,
            department = %message.department,
            mail.kind = message.kind.code(),
            state = step.to.code(),
            "delivery"
        );
        if step.to == DeliveryState::Written {
            self.written.borrow_mut().push(step);
            return Ok(());
        }
        crash_point!("mail.answered").map_err(RunError::at("mail"))?;
        self.advance(ON_THE_WAY, &[step])?;
        crash_point!("mail.committed").map_err(RunError::at("mail"))?;
        Ok(())
    }

    fn advance(&self, from: &[DeliveryState], steps: &[Step]) -> Result<Vec<i64>, LedgerError> {
        self.desk.borrow_mut().ledger.advance(self.own, &self.at, from, steps)
    }

    /// Holds the lease for as long again when it has grown old; whoever lost it sends nothing more.
    fn renew(&self) -> Result<(), RunError> {
        let desk = &mut **self.desk.borrow_mut();
        let wall = (desk.clock.wall)();
        if (wall - self.renewed.get()).abs() < RENEW_SECONDS {
            return Ok(());
        }
        self.renewed.set(wall);
        lease::renew(desk, self.own)
    }
}

/// Waits for the first of them to end and takes it out; for ever when there is none.
async fn first_of<T>(under_way: &mut Vec<Pin<Box<dyn Future<Output = T> + '_>>>) -> T {
    poll_fn(|context| {
        let ended = under_way.iter_mut().enumerate().find_map(|(at, one)| match one.as_mut().poll(context) {
            Poll::Ready(value) => Some((at, value)),
            Poll::Pending => None,
        });
        match ended {
            Some((at, value)) => {
                drop(under_way.swap_remove(at));
                Poll::Ready(value)
            }
            None => Poll::Pending,
        }
    })
    .await
}
