//! The returned workbook (退回修改): the department's own file with its wrong cells marked, and taken off again.
//!
//! Untouched parts are copied as they are stored; a touched part is its original bytes with insertions and replacements by offset
//! (`splice`). Nothing here is ever read as XML and written back. Runs in the worker, but for `wanted` and `words`, which are values.

pub mod wanted;
pub mod words;
pub mod splice;
pub mod xml;
pub mod parts;
pub mod relations;
pub mod workbook;
pub mod styles;
mod looks;
mod cells;
mod drawing;
mod comments;
mod vml;
mod list;
mod record;
mod annotate;
mod put;
mod blank;
mod own;
mod off;
pub mod said;

pub use blank::list_alone;
pub use off::off;
pub use parts::Unfit;
pub use put::put;

/// The file with its marks and our sheet; marks from before are taken off first.
///
/// # Errors
/// Why it cannot be marked: the list goes alone then.
pub fn marked(bytes: &[u8], wanted: &wanted::Wanted) -> Result<Vec<u8>, Unfit> {
    match off(bytes)? {
        Some(bare) => put(&bare, wanted, false),
        None => put(bytes, wanted, false),
    }
}

#[cfg(test)]
mod tests;
