//! `config/checks.toml` and a dataset's `checks`: the numbers of the checks. What a file leaves out keeps its default.

use crate::plan::checks::Numbers;
use crate::settings::document::Parsed;
use crate::settings::table::Table;

/// The file, from the workspace.
pub const FILE: &str = "config/checks.toml";

/// Reads the file; without one the defaults hold.
pub fn read(parsed: Option<&Parsed>) -> Numbers {
    let mut numbers = Numbers::default();
    if let Some(parsed) = parsed {
        set(Table::root(parsed), &mut numbers);
    }
    numbers
}

/// A dataset's own numbers over the general ones, if it sets any.
pub fn own(dataset: &Table<'_>, general: &Numbers) -> Option<Numbers> {
    let mut numbers = general.clone();
    set(dataset.table("checks")?, &mut numbers);
    Some(numbers)
}

fn set(table: Table<'_>, numbers: &mut Numbers) {
    for (key, field) in numbers.fields() {
        let Some(value) = table.exact(key) else { continue };
        if value.value.is_sign_negative() {
            value.problem(format!("`{key}` is below nought"), "write the number above which an officer is asked");
        } else {
            *field = value.value;
        }
    }
    table.finish();
}
