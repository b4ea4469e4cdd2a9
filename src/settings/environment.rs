//! Overrides from the environment: `WENJIN_<TABLE>_<KEY>` stands for the scalar `key` of the plain table `[table]`.

use super::document::{At, Document, Problems};
use super::value::Raw;

/// Looks a variable up; the caller decides whether that is the process's environment.
pub type Lookup<'e> = &'e dyn Fn(&str) -> Option<String>;

/// The overrides of one table.
#[derive(Clone)]
pub struct Overlay<'e> {
    prefix: String,
    lookup: Lookup<'e>,
    problems: Problems,
}

impl std::fmt::Debug for Overlay<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Overlay").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl<'e> Overlay<'e> {
    /// The overrides of `[table]`.
    #[must_use]
    pub fn new(table: &str, lookup: Lookup<'e>, problems: &Problems) -> Self {
        Self { prefix: format!("WENJIN_{}_", table.to_uppercase()), lookup, problems: problems.clone() }
    }

    /// The override of `key`; its document is `environment` and holds the one line `NAME=value`.
    pub(super) fn get<'d>(&self, key: &str) -> Option<At<Raw<'d>>> {
        let name = format!("{}{}", self.prefix, key.to_uppercase());
        let value = (self.lookup)(&name)?;
        let text = format!("{name}={value}");
        Some(At {
            span: name.len() + 1..text.len(),
            document: Document::new("environment", &text, &self.problems),
            value: Raw::Variable(value),
        })
    }
}
