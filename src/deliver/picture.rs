//! The picture in a mail: how this department's indicators stand against pace, or how many lights each action has.
//!
//! An SVG from a template, drawn with the one font that comes along, so the same month gives the same bytes everywhere. Every
//! light stands there as a word too, and the same facts stand in the alternative text and in the text letter.

use serde::Serialize;

use super::DeliverError;
use crate::model::ContentHash;
use crate::settings::Captions;

mod actions;
mod bars;
mod font;
mod svg;

pub use actions::of_actions;
pub use bars::of_department;

/// Pixels a picture is wide in the letter; it is drawn with twice as many each way, for sharp text on a telephone.
const WIDTH: u32 = 480;

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
fn picture(template: &str, scene: &impl Serialize, height: u32, title: String, lines: Vec<String>) -> Result<Picture, DeliverError> {
    let svg = svg::render(template, scene)?;
    let png = svg::png(&svg)?;
    // Of the drawing, not of its pixels: these may differ in a bit between processors, a message's identity may not.
    let hash: String = ContentHash::of(svg.as_bytes()).0.chars().take(16).collect();
    Ok(Picture { cid: format!("chart-{hash}@wenjin"), png, title, lines, width: WIDTH, height })
}

/// Texts of the plan that a picture would show and the font cannot draw: what it is, the text, the characters.
///
/// Such an indicator or action is drawn by its code; letter and books show its name as ever.
#[must_use]
pub fn undrawable(plan: &crate::plan::Plan, captions: &Captions) -> Vec<(String, String, String)> {
    let indicators = plan.indicators().map(|(_, indicator)| (format!("indicator {}", indicator.code), indicator.title.as_str()));
    let actions = plan.actions.iter().map(|action| (format!("action {}", action.number), action.short_title.as_str()));
    let lights = crate::settings::captions::LIGHTS.iter().map(|word| (format!("light {word}"), captions.light(word)));
    indicators
        .chain(actions)
        .chain(lights)
        .map(|(what, text)| (what, text.to_owned(), font::lacking(text).into_iter().collect::<String>()))
        .filter(|(_, _, lacking)| !lacking.is_empty())
        .collect()
}

#[cfg(test)]
mod tests;
