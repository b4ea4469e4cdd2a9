//! `config/templates/`: the office's own mail templates, as text. Optional; what they may say is checked where they are used.

use std::collections::BTreeMap;
use std::path::Path;

use super::document::{Document, Problems};

/// The folder they stand in.
pub const FOLDER: &str = "config/templates";

/// The ending of a shipped template laid there to start from; such files are not read.
pub const SHIPPED: &str = "shipped";

/// More than any letter needs.
const BYTES_MAX: u64 = 256 << 10;

/// File name (`letter.html`) → text; empty where the program's own are used.
pub type Templates = BTreeMap<String, String>;

/// Reads the folder, if there is one.
pub(super) fn read(workspace: &Path, problems: &Problems) -> Templates {
    let mut templates = Templates::new();
    let Ok(entries) = std::fs::read_dir(workspace.join(FOLDER)) else { return templates };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        // Editors' leftovers and the shipped texts are no templates.
        if name.starts_with('.') || name.ends_with('~') || name.ends_with(&format!(".{SHIPPED}")) {
            continue;
        }
        let document = Document::new(&format!("{FOLDER}/{name}"), "", problems);
        let path = entry.path();
        match path.metadata() {
            Ok(about) if about.len() > BYTES_MAX => {
                document.problem(0..0, format!("this template is larger than {BYTES_MAX} bytes"), "a mail is a letter; shorten it");
                continue;
            }
            _ => {}
        }
        match std::fs::read(&path).map(String::from_utf8) {
            // An editor's byte order mark would stand at the head of the letter.
            Ok(Ok(text)) => _ = templates.insert(name, text.trim_start_matches('\u{feff}').replace("\r\n", "\n")),
            Ok(Err(_)) => document.problem(0..0, "this template is not UTF-8 text", "save the file as UTF-8 (it may be GBK)"),
            Err(error) => document.problem(0..0, format!("this template cannot be read: {error}"), "check its owner and permissions"),
        }
    }
    templates
}
