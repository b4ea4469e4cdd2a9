//! For the leading group: how many lights of each colour every action has, as stacked bars with their words.

use serde::Serialize;

use super::drawing::{Picture, WIDTH, picture};
use super::{font, svg};
use crate::deliver::DeliverError;
use crate::deliver::headers::one_line;
use crate::model::{IndicatorRow, Light, Month};
use crate::plan::Plan;
use crate::present::theme::{self, GREY};
use crate::present::{captions, sentences, widths};
use crate::settings::Captions;

const TITLE: &str = "各项行动亮灯情况（指标项数）";
const TOP: u32 = 46;
const ROW: u32 = 54;
/// Pixels the longest bar takes.
const BAR: u32 = WIDTH - 32;
const NAME_PIXELS: u32 = 230;
const NAME_SIZE: u32 = 15;

#[derive(Serialize)]
struct Scene {
    family: &'static str,
    height: u32,
    title: &'static str,
    bars: Vec<Bar>,
}

#[derive(Serialize)]
struct Bar {
    y: u32,
    name: String,
    parts: Vec<Part>,
}

#[derive(Serialize)]
struct Part {
    x: u32,
    width: u32,
    word: String,
    /// Whether the word has room inside as well.
    labelled: bool,
    count: usize,
    ink: String,
    fill: String,
}

/// The picture of all actions; `None` where no indicator is counted.
pub fn of_actions(plan: &Plan, captions: &Captions, month: &Month) -> Result<Option<Picture>, DeliverError> {
    let of_action = |action: u32| {
        let of = |row: &&IndicatorRow| plan.measure(row.measure).is_some_and(|measure| measure.action == action);
        let counts = sentences::count(month.rows().filter(of));
        [(Light::Green, counts.green), (Light::Yellow, counts.yellow), (Light::Red, counts.red), (GREY, counts.grey())]
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .collect::<Vec<_>>()
    };
    let counted: Vec<_> =
        plan.actions.iter().map(|action| (action, of_action(action.number))).filter(|(_, parts)| !parts.is_empty()).collect();
    let Some(most) = counted.iter().map(|(_, parts)| total(parts)).max() else { return Ok(None) };
    let unit = BAR / u32::try_from(most).unwrap_or(BAR).max(1);
    let bars: Vec<Bar> = (0..)
        .zip(&counted)
        .map(|(at, (action, parts))| Bar {
            y: TOP + at * ROW,
            name: font::fitted(
                &one_line(&action.short_title),
                &format!("行动{}", captions::numeral(action.number)),
                NAME_PIXELS,
                NAME_SIZE,
            ),
            parts: laid(captions, parts, unit),
        })
        .collect();
    let height = TOP + u32::try_from(bars.len()).unwrap_or(0) * ROW + 6;
    let words = |parts: &[(Light, usize)]| {
        parts.iter().map(|(light, count)| format!("{}{count}项", captions.light(light.word()))).collect::<Vec<_>>().join("、")
    };
    let lines = counted.iter().map(|(action, parts)| format!("{}{}", one_line(&action.short_title), words(parts))).collect();
    let scene = Scene { family: font::FAMILY, height, title: TITLE, bars };
    picture(include_str!("actions.svg"), &scene, height, TITLE.to_owned(), lines).map(Some)
}

fn total(parts: &[(Light, usize)]) -> usize {
    parts.iter().map(|(_, count)| count).sum()
}

/// The parts side by side, `unit` pixels an indicator.
fn laid(captions: &Captions, parts: &[(Light, usize)], unit: u32) -> Vec<Part> {
    let mut x = 16;
    let mut laid = Vec::new();
    for (light, count) in parts {
        let width = u32::try_from(*count).unwrap_or(0) * unit;
        let word = font::fitted(captions.light(light.word()), light.word(), 34, 14);
        laid.push(Part {
            x,
            // A gap keeps neighbours apart for those who see no colours.
            width: width.saturating_sub(2).max(1),
            labelled: usize::try_from(width).unwrap_or(0) >= widths::display(&word) * 7 + 8,
            word,
            count: *count,
            ink: svg::colour(theme::light_colours(*light).0),
            fill: svg::colour(theme::chart_colour(*light)),
        });
        x += width;
    }
    laid
}
