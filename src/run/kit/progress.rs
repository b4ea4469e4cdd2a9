//! Progress: how conduct tells a door how far it is.

/// Something that shows progress: a bar on a terminal, lines elsewhere, nothing in tests.
pub trait Progress: Sync {
    /// A stage begins: `receive`, `aggregate`, `report`, `deliver`.
    fn stage(&self, name: &'static str);
    /// `done` of `of` items of the present stage are finished.
    fn step(&self, done: usize, of: usize);
    /// The run is over.
    fn finish(&self);
    /// Whether the process was told to stop: nothing further is begun that may take long.
    fn is_stopping(&self) -> bool {
        false
    }
}

/// Carries out a stage: told to the door, measured by the span (see `telemetry`).
pub fn during<T>(progress: &dyn Progress, name: &'static str, work: impl FnOnce() -> T) -> T {
    progress.stage(name);
    // At the level of errors, so that the span stands around every line that is logged at all.
    tracing::error_span!("stage", stage.name = name).in_scope(work)
}

/// Shows nothing.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {
    fn stage(&self, _name: &'static str) {}
    fn step(&self, _done: usize, _of: usize) {}
    fn finish(&self) {}
}
