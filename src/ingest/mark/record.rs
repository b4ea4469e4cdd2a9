//! The record of a marking, hidden on our sheet: which parts were changed and how, so that they come back byte by byte as long as no
//! other program has saved the workbook.

use serde::{Deserialize, Serialize};

use super::parts::{Changed, Parts, hash};
use super::splice::{Splice, Trace, undo};

/// A changed part: name, hash of what it is now, and (offset, length, what stood there); `None` where it was added.
#[derive(Serialize, Deserialize)]
struct Entry(String, String, Option<Vec<(usize, usize, String)>>);

/// The record as text.
#[must_use]
pub fn written(changed: &[Changed]) -> String {
    let entry = |one: &Changed| {
        let traces = one.traces.as_ref().map(|traces| traces.iter().map(|trace| (trace.at, trace.length, trace.old.clone())).collect());
        Entry(one.name.clone(), one.hash.clone(), traces)
    };
    serde_json::to_string(&changed.iter().map(entry).collect::<Vec<_>>()).unwrap_or_default()
}

/// Takes everything back; `false` where another program has written any of the parts since, and nothing is done then.
pub fn take_back(parts: &mut Parts, record: &str) -> bool {
    let Ok(entries) = serde_json::from_str::<Vec<Entry>>(record) else { return false };
    let mut back: Vec<(String, Option<Splice>)> = Vec::new();
    for Entry(name, known, traces) in entries {
        let Some(content) = parts.bytes(&name) else { return false };
        if hash(&content) != known {
            return false;
        }
        let Some(traces) = traces else {
            back.push((name, None));
            continue;
        };
        let traces: Vec<Trace> = traces.into_iter().map(|(at, length, old)| Trace { at, length, old }).collect();
        let Ok(text) = String::from_utf8(content) else { return false };
        let Some(before) = undo(&text, &traces) else { return false };
        back.push((name, Some(Splice::replace(0..text.len(), before))));
    }
    if back.is_empty() {
        return false;
    }
    for (name, splice) in back {
        match splice {
            Some(splice) => parts.splice(&name, [splice]),
            None => parts.drop_part(&name),
        }
    }
    true
}
