//! `config/actions.toml`: the plan's actions (行动).

use crate::plan::Action;
use crate::settings::document::Parsed;
use crate::settings::table::Table;

use super::codes;

/// Reads the file.
pub fn read(parsed: &Parsed) -> Vec<Action> {
    let root = Table::root(parsed);
    let mut actions = Vec::new();
    let mut seen = codes::Seen::new("action");
    for table in root.tables("action") {
        let number = table.small("number", 1..=99);
        match &number {
            Some(number) => seen.add(&number.with(number.value.to_string())),
            None if table.has("number") => {}
            None => table.missing("number", "1"),
        }
        let title = table.need_text("title");
        let short_title = table.text("short_title").or_else(|| title.clone());
        if let (Some(number), Some(title), Some(short_title)) = (number, title, short_title) {
            actions.push(Action { number: number.value, title: title.value, short_title: short_title.value });
        }
        table.finish();
    }
    if !root.has("action") {
        root.missing("action", "[{ number = 1, title = \"…\" }]");
    }
    root.finish();
    actions
}
