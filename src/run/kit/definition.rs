//! The definition: what the program reads and what a figure means, as a number that is raised when either changes.

/// The number of what the program's reading and its figures mean: raised when either changes its meaning, recorded with each version.
///
/// It stands outside the digest: a program that means something else makes no version by itself.
pub const DEFINITION: u32 = 4;
