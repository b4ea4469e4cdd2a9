//! Visits: few at a time, each with deadlines, so that visitors never use up what the month needs.

use std::collections::VecDeque;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// So many visitors are inside at once; the next one takes the place of whoever came first.
///
/// Each holds one file descriptor, of the 1,024 and more that a process has.
const VISITORS_MAX: usize = 32;
/// How long a visitor may take to say what he wants.
const HEAD_MAX: Duration = Duration::from_secs(5);
/// How long a visit may take in all: head, body, answer.
const VISIT_MAX: Duration = Duration::from_secs(30);
/// How much of a head is kept.
const HEAD_BYTES_MAX: usize = 16 << 10;
/// How long nobody is let in after the system could not.
const PAUSE: Duration = Duration::from_secs(1);

/// Answers until `stop`; requests at hand are answered first.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    let tracker = TaskTracker::new();
    let mut inside: VecDeque<AbortHandle> = VecDeque::new();
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "a visitor could not be let in");
                sleep(PAUSE).await;
                continue;
            }
        };
        inside.retain(|visitor| !visitor.is_finished());
        while inside.len() >= VISITORS_MAX
            && let Some(first) = inside.pop_front()
        {
            first.abort();
        }
        inside.push_back(tracker.spawn(visit(stream, router.clone(), stop.clone())).abort_handle());
    }
    tracker.close();
    tracker.wait().await;
}

/// One request and its answer.
async fn visit(stream: TcpStream, router: Router, stop: CancellationToken) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_MAX).max_buf_size(HEAD_BYTES_MAX).keep_alive(false);
    let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let mut connection = std::pin::pin!(connection);
    let visit = async {
        tokio::select! {
            outcome = connection.as_mut() => return outcome,
            () = stop.cancelled() => connection.as_mut().graceful_shutdown(),
        }
        connection.await
    };
    match timeout(VISIT_MAX, visit).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "a visit was broken off"),
        Err(_) => tracing::debug!("a visit took too long"),
    }
}
