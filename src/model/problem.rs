//! A problem: a defect in `config/` or `pipelines/`. All of them are shown at once.

use std::ops::Range;

/// One defect, with the piece of source it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The path relative to the workspace, for instance `pipelines/m06-technology-upgrade.toml`.
    pub file: String,
    /// The bytes to underline in `source`; an empty range at 0 where the whole file is meant.
    pub span: Range<usize>,
    /// The file's text (shared by all problems of the file); empty where the file could not be read.
    pub source: std::sync::Arc<str>,
    /// A lower-case fragment, no full stop.
    pub message: String,
    /// The way out.
    pub hint: Option<String>,
}

impl Problem {
    /// 1-based line and column (in characters) of the span's start.
    #[must_use]
    pub fn line_column(&self) -> (usize, usize) {
        let before = self.source.get(..self.span.start).unwrap_or("");
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |text| text.chars().count()) + 1;
        (line, column)
    }
}
