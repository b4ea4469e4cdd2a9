//! A pipeline file under compilation: whether it is the shared one, else which measure's.

use crate::settings::document::At;
use crate::settings::table::Table;

use super::pipelines::Pipeline;

/// A pipeline file under compilation.
pub struct Root<'d> {
    pub table: Table<'d>,
    /// `None` for `shared.toml`, and where it cannot be read.
    pub number: Option<At<u32>>,
    pub shared: bool,
}

impl<'d> Root<'d> {
    /// Begins with a file: whether it is the shared one, else which measure's.
    pub fn new(file: &'d Pipeline) -> Self {
        let table = Table::root(&file.parsed);
        let _ = (table.has("valid_from"), table.has("valid_until"));
        let shared = file.name() == "shared.toml";
        let number = if shared { None } else { table.small("number", 1..=99) };
        if !shared && !table.has("number") {
            table.missing("number", "1");
        }
        Self { table, number, shared }
    }
}
