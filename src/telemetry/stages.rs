//! The layer that measures: how long each stage of a run took, and how runs ended.
//!
//! Conduct says no more than a span: `run` with its `run.outcome`, `stage` with its `stage.name`.

use std::time::Instant;

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::filter::{FilterExt as _, filter_fn};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

/// Histogram: seconds a stage took, by `stage`.
pub const DURATION: &str = "wenjin_stage_duration_seconds";
/// Counter: runs of a period, by `outcome`.
const RUNS: &str = "wenjin_runs_total";

/// Names what is measured here to the recorder.
pub fn describe() {
    metrics::describe_histogram!(DURATION, "How long a stage of a run took.");
    metrics::describe_counter!(RUNS, "Runs of a period since the start, by outcome: new, unchanged, no-submission, held, failed.");
}

/// The layer; it looks at conduct's spans alone, whatever the log's level is.
pub fn layer<S>() -> impl Layer<S>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    let measured = |metadata: &Metadata<'_>| metadata.is_span() && matches!(metadata.name(), "run" | "stage");
    Measure.with_filter(LevelFilter::ERROR.and(filter_fn(measured)))
}

struct Measure;

/// What is known of an open span.
struct Open {
    since: Instant,
    /// `stage.name` or `run.outcome`.
    word: Option<String>,
}

impl Visit for Open {
    fn record_str(&mut self, field: &Field, value: &str) {
        if matches!(field.name(), "stage.name" | "run.outcome") {
            self.word = Some(value.to_owned());
        }
    }

    fn record_debug(&mut self, _field: &Field, _value: &dyn std::fmt::Debug) {}
}

impl<S> Layer<S> for Measure
where
    S: Subscriber + for<'span> LookupSpan<'span>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut open = Open { since: Instant::now(), word: None };
        attributes.record(&mut open);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(open);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(open) = span.extensions_mut().get_mut::<Open>()
        {
            values.record(open);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let Some(Open { since, word: Some(word) }) = span.extensions_mut().remove::<Open>() else { return };
        match span.name() {
            "run" => metrics::counter!(RUNS, "outcome" => word).increment(1),
            _ => metrics::histogram!(DURATION, "stage" => word).record(since.elapsed()),
        }
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[test]
    fn a_closed_stage_is_timed_and_a_run_counted() {
        let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            tracing::subscriber::with_default(tracing_subscriber::registry().with(layer()), || {
                let run = tracing::error_span!("run", run.outcome = tracing::field::Empty);
                run.in_scope(|| tracing::error_span!("stage", stage.name = "aggregate").in_scope(|| {}));
                run.record("run.outcome", "new");
                drop(run);
                // A span of another name, and a run that was never decided, count nothing.
                tracing::error_span!("job", run.outcome = "new").in_scope(|| {});
                tracing::error_span!("run").in_scope(|| {});
            });
        });
        let text = handle.render();
        assert!(text.contains("wenjin_runs_total{outcome=\"new\"} 1"), "{text}");
        assert!(text.contains("wenjin_stage_duration_seconds_count{stage=\"aggregate\"} 1"), "{text}");
    }
}
