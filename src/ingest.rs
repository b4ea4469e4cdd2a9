//! Ingest: submissions in, typed observations and findings out.

pub mod check;
