//! The forms (调度表): for each department a workbook with a sheet for each table it hands in, to be filled in and sent back.
//!
//! A pure function of its arguments: the same inputs give the same bytes. What a form prints beside the datasets' own columns is
//! known again by the words of `plan/form.rs`; headings are those that reading accepts.

mod request;
mod columns;
mod table;
mod matrix;
mod list;
mod across;
mod hints;
mod validation;
mod sheet;
mod guide;
mod hidden;
mod book;

pub use book::{Form, draw};
pub use request::{Request, owed};
