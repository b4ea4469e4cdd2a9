//! How conduct tells a door how far it is.

/// Something that shows progress: a bar on a terminal, lines elsewhere, nothing in tests.
pub trait Progress: Sync {
    /// A stage begins: `receive`, `aggregate`, `report`, `deliver`.
    fn stage(&self, name: &'static str);
    /// `done` of `of` items of the present stage are finished.
    fn step(&self, done: usize, of: usize);
    /// The run is over.
    fn finish(&self);
}

/// Shows nothing.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {
    fn stage(&self, _name: &'static str) {}
    fn step(&self, _done: usize, _of: usize) {}
    fn finish(&self) {}
}
