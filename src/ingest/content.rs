//! What the content of one cell says: texts, choices, dates, numbers and regions, with every conversion told.

pub mod nfkc;
pub mod coercion;
pub mod text;
pub mod worded;
pub mod choice;
pub mod date;
pub mod number;
pub mod region;
