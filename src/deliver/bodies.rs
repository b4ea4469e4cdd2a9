//! Bodies: one letter as plain text and as HTML, from templates embedded in the program.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

use super::DeliverError;
use super::letter::Letter;

const TEXT: &str = include_str!("templates/letter.txt");
const HTML: &str = include_str!("templates/letter.html");

/// The letter as (text, HTML).
pub fn render(letter: &Letter) -> Result<(String, String), DeliverError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?);
    // Not left to the file's ending: what departments wrote stands in the HTML.
    environment.set_auto_escape_callback(|name| if name == "html" { AutoEscape::Html } else { AutoEscape::None });
    environment.add_template("text", TEXT)?;
    environment.add_template("html", HTML)?;
    let letter = Value::from(Serde(letter));
    Ok((environment.get_template("text")?.render(&letter)?, environment.get_template("html")?.render(&letter)?))
}
