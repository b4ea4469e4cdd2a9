//! From a template and its values to SVG, and from SVG to PNG.

use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::Tree;
use serde::Serialize;

use super::font;
use crate::deliver::DeliverError;

/// Drawn pixels a pixel of the letter.
const SCALE: u8 = 2;

/// Fills the template; every text in it is escaped.
pub fn render(template: &str, scene: &impl Serialize) -> Result<String, DeliverError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    Ok(environment.render_str(template, Value::from(Serde(scene)))?)
}

/// Draws it.
pub fn png(svg: &str) -> Result<Vec<u8>, DeliverError> {
    let tree = Tree::from_str(svg, &font::options()).map_err(|error| DeliverError::Picture(error.to_string()))?;
    let size = tree.size().to_int_size();
    let mut pixmap = Pixmap::new(size.width() * u32::from(SCALE), size.height() * u32::from(SCALE))
        .ok_or_else(|| DeliverError::Picture("it has no size".to_owned()))?;
    resvg::render(&tree, Transform::from_scale(f32::from(SCALE), f32::from(SCALE)), &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|error| DeliverError::Picture(error.to_string()))
}

/// A colour as SVG writes it.
#[must_use]
pub fn colour(rgb: u32) -> String {
    format!("#{rgb:06X}")
}
