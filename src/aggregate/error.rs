//! Why the figures of a period could not be drawn up.

/// Why the figures of a period could not be drawn up.
#[derive(Debug, thiserror::Error)]
pub enum AggregateError {
    #[error("dataset `{dataset}`: {source}")]
    Frame {
        dataset: String,
        #[source]
        source: polars::error::PolarsError,
    },
    #[error("dataset `{dataset}`: the evaluation stopped unexpectedly")]
    Panicked { dataset: String },
    #[error("dataset `{dataset}`: `{expression}` yields {found} instead of an exact number")]
    Inexact { dataset: String, expression: String, found: String },
}

impl AggregateError {
    /// The dataset it is about.
    #[must_use]
    pub fn dataset(&self) -> &str {
        match self {
            Self::Frame { dataset, .. } | Self::Panicked { dataset } | Self::Inexact { dataset, .. } => dataset,
        }
    }
}
