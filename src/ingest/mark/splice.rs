//! Splices: the only way a part is ever changed. A part is its original bytes with insertions and replacements by offset.

use std::ops::Range;

/// One change of a part's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    /// What is replaced; empty for an insertion.
    pub at: Range<usize>,
    pub new: String,
}

impl Splice {
    /// Puts text in before the byte `at`.
    #[must_use]
    pub fn insert(at: usize, new: impl Into<String>) -> Self {
        Self { at: at..at, new: new.into() }
    }

    /// Puts text in the place of bytes.
    #[must_use]
    pub fn replace(at: Range<usize>, new: impl Into<String>) -> Self {
        Self { at, new: new.into() }
    }

    /// Takes bytes out.
    #[must_use]
    pub fn remove(at: Range<usize>) -> Self {
        Self { at, new: String::new() }
    }
}

/// What a splice left behind, told in offsets of the changed part: enough to take it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// Where the new text begins in the changed part, and how long it is.
    pub at: usize,
    pub length: usize,
    /// What stood there before.
    pub old: String,
}

/// The changed text, and how to take the changes back. Splices at one place keep their order; `None` where two overlap.
#[must_use]
pub fn apply(text: &str, mut splices: Vec<Splice>) -> Option<(String, Vec<Trace>)> {
    splices.sort_by_key(|splice| (splice.at.start, splice.at.end));
    let grown: usize = splices.iter().map(|splice| splice.new.len()).sum();
    let (mut changed, mut traces, mut done) = (String::with_capacity(text.len() + grown), Vec::new(), 0);
    for splice in splices {
        changed.push_str(text.get(done..splice.at.start)?);
        let old = text.get(splice.at.clone())?.to_owned();
        traces.push(Trace { at: changed.len(), length: splice.new.len(), old });
        changed.push_str(&splice.new);
        done = splice.at.end;
    }
    changed.push_str(text.get(done..)?);
    Some((changed, traces))
}

/// Takes changes back; `None` where the text is not the one they were made in.
#[must_use]
pub fn undo(changed: &str, traces: &[Trace]) -> Option<String> {
    let (mut text, mut done) = (String::with_capacity(changed.len()), 0);
    for trace in traces {
        text.push_str(changed.get(done..trace.at)?);
        text.push_str(&trace.old);
        done = trace.at.checked_add(trace.length)?;
    }
    text.push_str(changed.get(done..)?);
    Some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn splices_keep_their_order_and_may_not_overlap() {
        let splices = vec![Splice::replace(4..5, "E"), Splice::insert(2, "1"), Splice::insert(2, "2"), Splice::remove(0..1)];
        let (changed, traces) = apply("abcdef", splices).unwrap();
        assert_eq!(changed, "b12cdEf");
        assert_eq!(undo(&changed, &traces).as_deref(), Some("abcdef"));
        assert_eq!(apply("abc", vec![Splice::remove(0..2), Splice::remove(1..3)]), None);
        assert_eq!(apply("甲", vec![Splice::insert(1, "x")]), None, "inside a character");
    }

    proptest! {
        #[test]
        fn what_was_spliced_comes_back(text in "[a-z]{0,40}", cuts in proptest::collection::vec((0_usize..40, 0_usize..3, "[A-Z]{0,3}"), 0..9)) {
            let mut at = 0;
            let mut splices = Vec::new();
            for (from, length, new) in cuts {
                let from = (at + from).min(text.len());
                let to = (from + length).min(text.len());
                splices.push(Splice::replace(from..to, new));
                at = to;
            }
            let (changed, traces) = apply(&text, splices).unwrap();
            prop_assert_eq!(undo(&changed, &traces), Some(text));
        }
    }
}
