//! Codes: what one may look like, and which were seen before. A duplicate names the first place.

use std::collections::BTreeMap;

use crate::settings::document::At;

/// The codes of one kind seen so far, with their places.
pub struct Seen {
    kind: &'static str,
    places: BTreeMap<String, String>,
}

impl Seen {
    /// None yet.
    pub fn new(kind: &'static str) -> Self {
        Self { kind, places: BTreeMap::new() }
    }

    /// Notes a code; reports it if it was there before.
    pub fn add(&mut self, code: &At<String>) {
        match self.places.get(&code.value) {
            Some(first) => code.problem(
                format!("{} `{}` is declared twice", self.kind, code.value),
                format!("it first stands at {first}; give one of them another code"),
            ),
            None => {
                self.places.insert(code.value.clone(), code.place());
            }
        }
    }
}

/// Whether a code can stand in a file name, a column heading and SQL alike: `a–z`, `0–9`, `_`, a letter first.
pub fn is_sound(code: &At<String>, kind: &str) -> bool {
    let sound = code.value.starts_with(|c: char| c.is_ascii_lowercase())
        && code.value.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !sound {
        code.problem(format!("`{}` cannot be a {kind} code", code.value), "use small letters, digits and `_`, a letter first");
    }
    sound
}
