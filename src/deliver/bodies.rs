//! Bodies: what a mail says as subject, plain text and HTML, from templates that come with the program or stand in `config/`.
//!
//! Whoever sends another kind of mail adds a [`Kind`] and its specimens here; the checks of `problems` then hold for it too.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

use super::DeliverError;
use super::headers::one_line;
use crate::settings::Templates;

mod problems;
mod specimen;

pub use problems::problems;

/// One template as shipped.
#[derive(Debug, Clone, Copy)]
pub struct Template {
    /// The file in `config/templates/` that stands in its place.
    pub name: &'static str,
    pub source: &'static str,
}

impl Template {
    /// The office's own, else the shipped one.
    fn source_in<'a>(&self, templates: &'a Templates) -> &'a str {
        templates.get(self.name).map_or(self.source, String::as_str)
    }

    /// HTML is escaped by the file's ending.
    fn is_html(&self) -> bool {
        std::path::Path::new(self.name).extension().is_some_and(|ending| ending == "html")
    }
}

/// The templates of one kind of mail; all three read the same values.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    pub subject: Template,
    pub text: Template,
    pub html: Template,
}

impl Kind {
    /// All of them.
    pub fn templates(&self) -> [Template; 3] {
        [self.subject, self.text, self.html]
    }
}

/// The letter of a month, first version or correction.
pub const LETTER: Kind = Kind {
    subject: Template { name: "letter-subject.txt", source: include_str!("templates/letter-subject.txt") },
    text: Template { name: "letter.txt", source: include_str!("templates/letter.txt") },
    html: Template { name: "letter.html", source: include_str!("templates/letter.html") },
};

/// Every kind, with values to try its templates on.
fn kinds() -> Vec<(Kind, Vec<serde_json::Value>)> {
    vec![(LETTER, specimen::letters())]
}

/// Name and text of every shipped template.
#[must_use]
pub fn shipped() -> Vec<(&'static str, &'static str)> {
    kinds().iter().flat_map(|(kind, _)| kind.templates()).map(|template| (template.name, template.source)).collect()
}

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// One line.
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Fills the templates of `kind` with `values`.
pub fn render(templates: &Templates, kind: &Kind, values: &impl Serialize) -> Result<Said, DeliverError> {
    let values = Value::from(Serde(values));
    let fill = |template: &Template| fill(template, template.source_in(templates), &values);
    Ok(Said { subject: one_line(&fill(&kind.subject)?), text: fill(&kind.text)?, html: fill(&kind.html)? })
}

fn fill(template: &Template, source: &str, values: &Value) -> Result<String, minijinja::Error> {
    let mut environment = environment()?;
    let html = template.is_html();
    // Not left to the environment's own reading of the ending: what departments wrote stands in the HTML.
    environment.set_auto_escape_callback(move |_| if html { AutoEscape::Html } else { AutoEscape::None });
    environment.add_template(template.name, source)?;
    environment.get_template(template.name)?.render(values)
}

/// Strict: a name that is not there is an error, never an empty place. `safe` is taken away: nothing is HTML but the template.
fn environment<'a>() -> Result<Environment<'a>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?);
    environment.remove_filter("safe");
    Ok(environment)
}

#[cfg(test)]
mod tests;
