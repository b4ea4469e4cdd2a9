//! How problems, figures, dates and lights are worded and drawn: shared by every stage that shows something to people.
//!
//! Only form stands here: no figure is computed that the indicator tables do not carry, apart from counting lights.

pub mod captions;
pub mod checks;
pub mod numbers;
pub mod owners;
pub mod problems;
pub mod sentences;
pub mod theme;
pub mod visible;
pub mod widths;

#[cfg(test)]
pub mod sample;
