//! The bell: it rings when a cron entry's time has come, and no more. What is due is the ledger's to say.
//!
//! The scheduler neither catches up nor guards against overlap, rings twice at times, and keeps the offset its zone had when it
//! was hung, an hour wrong after a change to summer time: a ring too many or too few costs nothing (see `daemon::STEADY`).

use tokio::sync::mpsc;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

use crate::settings::{JobKind, Schedule};

/// A bell for every cron entry.
pub struct Bell {
    scheduler: Option<JobScheduler>,
}

impl Bell {
    /// Hangs it; without one the steady tick alone asks what is due.
    pub async fn hang(schedule: &Schedule, rings: &mpsc::Sender<JobKind>) -> Self {
        match hung(schedule, rings).await {
            Ok(scheduler) => Self { scheduler: Some(scheduler) },
            Err(error) => {
                tracing::error!(%error, "the bell cannot be hung; the ledger is asked once a minute");
                Self { scheduler: None }
            }
        }
    }

    /// Takes it down.
    pub async fn take_down(&mut self) {
        if let Some(mut scheduler) = self.scheduler.take()
            && let Err(error) = scheduler.shutdown().await
        {
            tracing::warn!(%error, "the bell was not taken down properly");
        }
    }
}

async fn hung(schedule: &Schedule, rings: &mpsc::Sender<JobKind>) -> Result<JobScheduler, JobSchedulerError> {
    let scheduler = JobScheduler::new().await?;
    for job in &schedule.jobs {
        let (kind, rings) = (job.kind, rings.clone());
        let ring = move |_, _| {
            // Full: so many rings wait already that one more says nothing.
            let _ = rings.try_send(kind);
            Box::pin(std::future::ready(())) as std::pin::Pin<Box<dyn Future<Output = ()> + Send>>
        };
        scheduler.add(Job::new_async_tz(six_fields(&job.cron), schedule.zone, ring)?).await?;
    }
    scheduler.start().await?;
    Ok(scheduler)
}

/// The scheduler wants seconds first; five fields mean the full minute.
fn six_fields(cron: &str) -> String {
    if cron.split_whitespace().count() == 5 { format!("0 {cron}") } else { cron.to_owned() }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::settings::PeriodRule;

    fn schedule(crons: &[(JobKind, &str)]) -> Schedule {
        let jobs =
            crons.iter().map(|(kind, cron)| crate::settings::Job { kind: *kind, cron: (*cron).to_owned(), rule: PeriodRule::Previous });
        Schedule { jobs: jobs.collect(), ..Schedule::default() }
    }

    #[test]
    fn five_fields_get_the_full_minute() {
        assert_eq!(six_fields("0 18 20 * *"), "0 0 18 20 * *");
        assert_eq!(six_fields("*/2 * * * * *"), "*/2 * * * * *");
    }

    // In real time, and on several threads: the scheduler's own needs.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn it_rings_each_second_until_it_is_taken_down() {
        let (rings, mut rung) = mpsc::channel(8);
        let mut bell = Bell::hang(&schedule(&[(JobKind::Poll, "* * * * * *"), (JobKind::Backup, "30 2 1 1 *")]), &rings).await;
        for _ in 0..2 {
            let kind = tokio::time::timeout(Duration::from_secs(5), rung.recv()).await.expect("no ring within five seconds");
            assert_eq!(kind, Some(JobKind::Poll));
        }
        bell.take_down().await;
        while rung.try_recv().is_ok() {}
        assert!(tokio::time::timeout(Duration::from_millis(2500), rung.recv()).await.is_err(), "it rang after it was taken down");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_full_house_of_rings_blocks_nobody() {
        let (rings, mut rung) = mpsc::channel(1);
        rings.try_send(JobKind::Retry).unwrap();
        let mut bell = Bell::hang(&schedule(&[(JobKind::Poll, "* * * * * *")]), &rings).await;
        tokio::time::sleep(Duration::from_millis(1500)).await;
        assert_eq!(rung.recv().await, Some(JobKind::Retry));
        assert_eq!(tokio::time::timeout(Duration::from_secs(5), rung.recv()).await.expect("the bell fell silent"), Some(JobKind::Poll));
        bell.take_down().await;
    }
}
