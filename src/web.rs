//! The daemon seen from outside: `/healthz`, `/readyz` and `/metrics`, on a loopback port. Counts and words, no figures, no names.

mod census;
mod ready;
mod visits;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::daemon::House;

/// A listener that cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}: {source}; change `web.listen` in config/wenjin.toml, or stop what listens there")]
pub struct ListenError {
    address: SocketAddr,
    source: std::io::Error,
}

/// What the pages are made from.
pub struct Pages {
    house: Arc<House>,
    recorded: PrometheusHandle,
    /// One look at the ledger at a time.
    looking: Mutex<()>,
}

impl Pages {
    /// Pages about `house`, with what the recorder holds.
    #[must_use]
    pub fn new(house: Arc<House>, recorded: PrometheusHandle) -> Self {
        census::describe();
        Self { house, recorded, looking: Mutex::new(()) }
    }
}

/// Takes the port.
///
/// # Errors
/// When it is in use, or may not be listened on.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, ListenError> {
    let at = |source| ListenError { address, source };
    let listener = TcpListener::bind(address).await.map_err(at)?;
    let bound = listener.local_addr().map_err(at)?;
    tracing::info!(web.listen = %bound, "listening");
    Ok(listener)
}

/// Answers until `stop`; requests at hand are answered first.
pub async fn serve(listener: TcpListener, pages: Pages, stop: CancellationToken) {
    let router = Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
        .with_state(Arc::new(pages));
    visits::serve(listener, router, stop).await;
}

async fn readyz(State(pages): State<Arc<Pages>>) -> Response {
    let _one = pages.looking.lock().await;
    let house = Arc::clone(&pages.house);
    let Ok(checks) = tokio::task::spawn_blocking(move || ready::examine(&house)).await else {
        return (StatusCode::SERVICE_UNAVAILABLE, "FAIL the look came to a sudden end\n").into_response();
    };
    let code = if checks.iter().all(|(_, found)| found.is_ok()) { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, ready::words(&checks)).into_response()
}

async fn metrics(State(pages): State<Arc<Pages>>) -> Response {
    let _one = pages.looking.lock().await;
    let house = Arc::clone(&pages.house);
    // A look that fails is told by `wenjin_ledger_readable`; what the process itself counted is shown all the same.
    let _ = tokio::task::spawn_blocking(move || census::gauge(&house)).await;
    pages.recorded.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], pages.recorded.render()).into_response()
}
