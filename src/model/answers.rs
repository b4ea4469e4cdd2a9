//! Answers (情况说明): the written explanations a department has given, by what each is about.
//!
//! An answer to one finding is kept under its identity. An answer to a group of like findings answers each member by a mark, eight bytes
//! of a hash over the member's identity, so that tens of thousands cost little and each lapses by itself when its value changes.

use std::collections::{BTreeMap, HashMap};

/// What stands for one finding's identity: the first eight bytes of its BLAKE3 hash.
#[must_use]
pub fn mark(identity: &str) -> u64 {
    let bytes = *blake3::hash(identity.as_bytes()).as_bytes();
    bytes.into_iter().take(8).fold(0, |mark, byte| mark << 8 | u64::from(byte))
}

/// The answers of one department for one period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    single: BTreeMap<String, String>,
    texts: Vec<String>,
    marks: HashMap<u64, usize>,
}

impl Answers {
    /// Adds an answer to the finding of that identity.
    pub fn one(&mut self, identity: String, text: String) {
        self.single.insert(identity, text);
    }

    /// Adds an answer to several findings.
    pub fn several(&mut self, marks: impl IntoIterator<Item = u64>, text: String) {
        let at = self.texts.len();
        self.texts.push(text);
        self.marks.extend(marks.into_iter().map(|mark| (mark, at)));
    }

    /// The answer to the finding of that identity; one given to it alone goes before one given to its group.
    #[must_use]
    pub fn to(&self, identity: &str) -> Option<&str> {
        let of_group = || self.marks.get(&mark(identity)).and_then(|at| self.texts.get(*at));
        self.single.get(identity).or_else(of_group).map(|text| text.trim()).filter(|text| !text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_to_a_group_answers_each_member_and_nothing_else() {
        let mut answers = Answers::default();
        answers.several(["a¦1", "b¦2"].map(mark), " 核减 ".to_owned());
        answers.one("b¦2".to_owned(), "另有原因".to_owned());
        assert_eq!((answers.to("a¦1"), answers.to("b¦2")), (Some("核减"), Some("另有原因")));
        assert_eq!(answers.to("a¦3"), None, "another value wants another answer");
    }
}
