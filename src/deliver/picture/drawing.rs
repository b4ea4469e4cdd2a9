//! A picture ready to be embedded, and how one is drawn from its template.

use serde::Serialize;

use super::svg;
use crate::deliver::DeliverError;
use crate::model::ContentHash;

/// Pixels a picture is wide in the letter; it is drawn with twice as many each way, for sharp text on a telephone.
pub const WIDTH: u32 = 480;

/// A picture ready to be embedded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// What the HTML and the part's Content-ID name it by, without angle brackets; from its content.
    pub cid: String,
    pub png: Vec<u8>,
    pub title: String,
    /// What it shows, a line each.
    pub lines: Vec<String>,
    /// Pixels it takes in the letter.
    pub width: u32,
    pub height: u32,
}

impl Picture {
    /// Title and lines as one alternative text.
    #[must_use]
    pub fn alt(&self) -> String {
        format!("{}：{}。", self.title, self.lines.join("；"))
    }
}

/// Draws `scene` with its template.
pub fn picture(template: &str, scene: &impl Serialize, height: u32, title: String, lines: Vec<String>) -> Result<Picture, DeliverError> {
    let svg = svg::render(template, scene)?;
    let png = svg::png(&svg)?;
    // Of the drawing, not of its pixels: these may differ in a bit between processors, a message's identity may not.
    let hash: String = ContentHash::of(svg.as_bytes()).0.chars().take(16).collect();
    Ok(Picture { cid: format!("chart-{hash}@wenjin"), png, title, lines, width: WIDTH, height })
}
