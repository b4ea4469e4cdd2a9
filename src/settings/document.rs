//! One definition file as read: its name, its text, and where the problems of all files gather.
//!
//! A document is cheap to clone, so that every value read from it can carry it along and report on itself later.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use toml::de::DeTable;

use super::value::{self, Entries};
use crate::model::Problem;

/// Where the problems of all files gather.
#[derive(Debug, Clone, Default)]
pub struct Problems(Rc<RefCell<Vec<Problem>>>);

impl Problems {
    /// Adds one.
    pub fn push(&self, problem: Problem) {
        self.0.borrow_mut().push(problem);
    }

    /// Takes them all, by file and position, each once.
    #[must_use]
    pub fn take(&self) -> Vec<Problem> {
        let mut problems = std::mem::take(&mut *self.0.borrow_mut());
        problems.sort_by(|a, b| (&a.file, a.span.start, a.span.end, &a.message).cmp(&(&b.file, b.span.start, b.span.end, &b.message)));
        problems.dedup_by(|a, b| a.file == b.file && a.span == b.span && a.message == b.message);
        problems
    }
}

/// The text of one file, under the name messages call it by.
#[derive(Debug, Clone)]
pub struct Document {
    file: Rc<str>,
    text: Arc<str>,
    problems: Problems,
    /// The lines syntax errors stand on.
    torn: Rc<RefCell<Vec<usize>>>,
    partial: Rc<Cell<bool>>,
}

/// A document and the table it holds.
#[derive(Debug)]
pub struct Parsed {
    pub document: Document,
    pub root: Entries,
}

impl Document {
    /// A document of that text.
    #[must_use]
    pub fn new(file: &str, text: &str, problems: &Problems) -> Self {
        Self { file: file.into(), text: text.into(), problems: problems.clone(), torn: Rc::default(), partial: Rc::default() }
    }

    /// Reads `file` under the workspace and parses it; reports what hinders that.
    #[must_use]
    pub fn open(workspace: &Path, file: &str, problems: &Problems) -> Option<Parsed> {
        let nowhere = Self::new(file, "", problems);
        let bytes = match std::fs::read(workspace.join(file)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                nowhere.problem(
                    0..0,
                    "this file is missing",
                    "create it (docs/plan-files.md shows what stands in it), or name the right folder with `--workspace`",
                );
                return None;
            }
            Err(error) => {
                nowhere.problem(0..0, format!("this file cannot be read: {error}"), "check its owner and permissions");
                return None;
            }
        };
        match String::from_utf8(bytes) {
            Ok(text) => Some(Self::parse(file, &text, problems)),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let line = error.as_bytes().iter().take(valid).filter(|byte| **byte == b'\n').count() + 1;
                nowhere.problem(0..0, format!("line {line} is not UTF-8 text"), "save the file as UTF-8 (it may be GBK)");
                None
            }
        }
    }

    /// Parses `text`, reporting every syntax error; what could be read is returned all the same.
    #[must_use]
    pub fn parse(file: &str, text: &str, problems: &Problems) -> Parsed {
        let document = Self::new(file, text, problems);
        let (root, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let span = error.span().unwrap_or(0..0);
            document.problem(span.clone(), syntax_message(error.message()), syntax_hint(error.message()));
            document.torn.borrow_mut().push(document.line(span.start));
        }
        document.partial.set(!errors.is_empty());
        Parsed { document, root: value::entries(root.get_ref()) }
    }

    /// The name messages call it by.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether syntax errors kept part of it from being read, so that what is missing may only be unread.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.partial.get()
    }

    /// Reports a problem; on a line with a syntax error only that one is told.
    pub fn problem(&self, span: Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        if self.torn.borrow().contains(&self.line(span.start)) {
            return;
        }
        self.problems.push(Problem {
            file: self.file.to_string(),
            span,
            source: Arc::clone(&self.text),
            message: message.into(),
            hint: Some(hint.into()),
        });
    }

    /// The same document with `span` blotted out, for messages about secrets.
    #[must_use]
    pub fn masked(&self, span: &Range<usize>) -> Self {
        let masked = self.text.char_indices().map(|(at, c)| if span.contains(&at) { '*' } else { c }).collect::<String>();
        Self { text: masked.into(), ..self.clone() }
    }

    /// `file:line:column` of an offset.
    #[must_use]
    pub fn place(&self, offset: usize) -> String {
        let problem =
            Problem { file: String::new(), span: offset..offset, source: Arc::clone(&self.text), message: String::new(), hint: None };
        let (line, column) = problem.line_column();
        format!("{}:{line}:{column}", self.file)
    }

    fn line(&self, offset: usize) -> usize {
        self.text.get(..offset).map_or(0, |before| before.matches('\n').count())
    }
}

/// A value with its place.
#[derive(Debug, Clone)]
pub struct At<T> {
    pub value: T,
    pub span: Range<usize>,
    pub document: Document,
}

impl<T> At<T> {
    /// Reports a problem with the value.
    pub fn problem(&self, message: impl Into<String>, hint: impl Into<String>) {
        self.document.problem(self.span.clone(), message, hint);
    }

    /// `file:line:column`.
    #[must_use]
    pub fn place(&self) -> String {
        self.document.place(self.span.start)
    }

    /// The same place with another value.
    #[must_use]
    pub fn with<U>(&self, value: U) -> At<U> {
        At { value, span: self.span.clone(), document: self.document.clone() }
    }
}

impl At<String> {
    /// Reports a problem with a part of the text, given as bytes of the value; escapes fall back to the whole literal.
    pub fn problem_inside(&self, part: Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        self.document.problem(self.inside(part), message, hint);
    }

    /// The place of a part of the text in the document.
    #[must_use]
    pub fn inside(&self, part: Range<usize>) -> Range<usize> {
        let literal = self.document.text().get(self.span.clone()).unwrap_or("");
        match literal.find(self.value.as_str()) {
            Some(start) if !part.is_empty() && part.end <= self.value.len() => {
                self.span.start + start + part.start..self.span.start + start + part.end
            }
            _ => self.span.clone(),
        }
    }
}

/// The parser's message as a lower-case fragment.
fn syntax_message(message: &str) -> String {
    format!("this is not TOML: {}", message.trim_end_matches('.'))
}

fn syntax_hint(message: &str) -> &'static str {
    if message.contains("duplicate key") {
        "keep one of the two"
    } else {
        "a line is `key = value`, texts stand in \"quotes\", headings in [brackets]"
    }
}
