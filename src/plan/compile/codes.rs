//! Codes: what one may look like, and that no two things share one. A duplicate names the first place.

use std::collections::BTreeMap;

use crate::settings::document::At;

use super::measures::Draft;
use super::scope::Scope;

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

/// No two datasets share a code.
pub fn datasets(scope: &Scope<'_>) {
    let mut seen = Seen::new("dataset");
    for declared in &scope.datasets {
        seen.add(&declared.place.with(declared.dataset.code.clone()));
    }
}

/// No two measures share a number, none is left out, and no two indicators or tasks share a code.
pub fn measures(scope: &Scope<'_>, drafts: &[Draft]) {
    let mut numbers = Seen::new("measure");
    let mut indicators = Seen::new("indicator");
    let mut tasks = Seen::new("task");
    for draft in drafts {
        numbers.add(&draft.number.with(draft.number.value.to_string()));
        draft.indicator_codes.iter().for_each(|code| indicators.add(code));
        draft.task_codes.iter().for_each(|code| tasks.add(code));
    }
    if scope.partial {
        return;
    }
    let mut sorted = drafts.iter().collect::<Vec<_>>();
    sorted.sort_by_key(|draft| draft.number.value);
    let mut expected = 1;
    for draft in sorted {
        let number = draft.number.value;
        if number > expected {
            let missing =
                if number == expected + 1 { format!("measure {expected}") } else { format!("measures {expected}–{}", number - 1) };
            draft.number.problem(format!("{missing} is missing before measure {number}"), "number the measures 1, 2, 3 … without a gap");
        }
        expected = number + 1;
    }
}
