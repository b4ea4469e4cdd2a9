//! The picture in a mail: how this department's indicators stand against pace, or how many lights each action has.
//!
//! An SVG from a template, drawn with the one font that comes along, so the same month gives the same bytes everywhere. Every
//! light stands there as a word too, and the same facts stand in the alternative text and in the text letter.

use crate::settings::Captions;

mod font;
mod svg;
mod drawing;
mod actions;
mod bars;

pub use actions::of_actions;
pub use bars::of_department;
pub use drawing::Picture;

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
