//! Logs and measurements: log lines to standard error, as text or JSON; durations and outcomes to the metrics recorder.
//!
//! Messages read alone; identifiers are fields, on the event or on the spans around it. No address, no cell value.

mod lines;
mod stages;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

/// The upper bounds of the stages' duration buckets, in seconds.
const BUCKETS: [f64; 10] = [0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0];

/// Starts logging; `verbosity` −1 errors only, 0 warnings, 1 info, 2 debug. `RUST_LOG` overrides it.
pub fn start(format: LogFormat, verbosity: i8) {
    let level = match verbosity {
        i8::MIN..=-1 => "error",
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(format!("error,wenjin={level}")));
    // Colours would have to be told from what a name brings along.
    let lines = fmt::layer().with_ansi(false).with_writer(|| lines::Lines(std::io::stderr()));
    let lines = match format {
        LogFormat::Text => lines.with_target(false).boxed(),
        // The spans' fields stand in `spans`, outermost first; a second copy of the innermost would only lengthen the line.
        LogFormat::Json => lines.json().with_current_span(false).boxed(),
    };
    // A second start (in a test) keeps the first subscriber.
    let _ = tracing_subscriber::registry().with(stages::layer()).with(lines.with_filter(filter)).try_init();
}

/// Installs the recorder of this process; the handle renders what was recorded as Prometheus text.
///
/// # Errors
/// When the process has a recorder already.
pub fn record() -> Result<PrometheusHandle, BuildError> {
    let matcher = Matcher::Full(stages::DURATION.to_owned());
    let handle = PrometheusBuilder::new().set_buckets_for_metric(matcher, &BUCKETS)?.install_recorder()?;
    stages::describe();
    Ok(handle)
}
