//! The only place that writes to standard output and standard error. Foreign names and words cannot move the terminal.

use std::io::Write as _;

use crate::present::visible::{visible, visible_lines};

/// Prints a line; a closed pipe (`wenjin show | head`) is no error.
pub fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{}", visible_lines(text));
}

/// Prints one line that quotes foreign names or words: a line end among them begins no line of theirs.
pub fn quoting(text: &str) {
    line(&visible(text));
}

/// Prints one JSON document.
pub fn json(value: &serde_json::Value) {
    line(&serde_json::to_string_pretty(value).unwrap_or_default());
}

/// Prints a line for the person at the terminal, beside the results.
pub fn error(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", visible_lines(text));
}

/// Prints problems of the workspace as they were drawn, with their colours, where `error` prints.
pub fn drawn_beside(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// The same where `line` prints.
pub fn drawn(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}
