//! A package opened once: everything our own reading needs of it, beside the cells that calamine reads.
//!
//! Each part is inflated at most once and asked all questions together: secrecy marks, what calamine stumbles over, and what it does
//! not tell: hidden rows, merged areas, drop-down lists, formulas, how the workbook was saved.

mod xml;
pub mod sheet_part;
pub mod strings_part;
pub mod workbook_part;
mod seen;
mod package;

use super::margins;
use super::sniff::Format;

pub use seen::{Survey, resolved};

/// Looks a file through.
#[must_use]
pub fn survey(format: Format, bytes: Vec<u8>) -> Survey {
    if format == Format::Xls {
        return Survey { marked: margins::has_wide_mark(&bytes), bytes, ..Survey::default() };
    }
    package::look_through(format, bytes)
}

#[cfg(test)]
mod tests;
