//! A department's indicators: completion of the year's target as bars, pace as a mark on each, the light as a word.

use rust_decimal::Decimal;
use serde::Serialize;

use super::drawing::{Picture, WIDTH, picture};
use super::{font, svg};
use crate::deliver::DeliverError;
use crate::deliver::headers::one_line;
use crate::model::IndicatorRow;
use crate::present::{captions, sentences, theme};
use crate::settings::Captions;

/// A picture of forty bars is not read; what needs attention comes first.
const BARS_MAX: usize = 10;

const TITLE: &str = "完成年度目标与序时进度";
const TOP: u32 = 64;
const ROW: u32 = 48;
/// Pixels a full bar is long.
const BAR: u32 = WIDTH - 32;
/// Pixels the title of an indicator may take, between its light and its figures.
const TITLE_PIXELS: u32 = 290;
const TITLE_SIZE: u32 = 15;

#[derive(Serialize)]
struct Scene {
    family: &'static str,
    height: u32,
    title: &'static str,
    more: Option<String>,
    bars: Vec<Bar>,
}

#[derive(Serialize)]
struct Bar {
    y: u32,
    word: String,
    ink: String,
    ground: String,
    fill: String,
    name: String,
    figures: String,
    /// Pixels, at most a full bar.
    length: String,
    /// Pixels from the bar's beginning; `None` where there is no pace.
    pace: Option<String>,
}

/// The picture of `rows`; `None` where none of them has a completion to show.
pub fn of_department(captions: &Captions, rows: &[&IndicatorRow]) -> Result<Option<Picture>, DeliverError> {
    let shown = |row: &&&IndicatorRow| !row.tracking && row.completion_pct.is_some();
    let all = rows.iter().filter(shown).count();
    let mut ordered = sentences::attention(rows.iter().copied());
    let rest: Vec<_> = rows.iter().copied().filter(|row| !ordered.iter().any(|before| std::ptr::eq(*before, *row))).collect();
    ordered.extend(rest);
    let chosen: Vec<&IndicatorRow> = ordered.iter().filter(shown).take(BARS_MAX).copied().collect();
    if chosen.is_empty() {
        return Ok(None);
    }
    let bars: Vec<Bar> = (0..).zip(&chosen).map(|(at, row)| bar(captions, TOP + at * ROW, row)).collect();
    let count = u32::try_from(bars.len()).unwrap_or(0);
    let more = (all > chosen.len()).then(|| format!("共{all}项，此处列{count}项，其余见附件。"));
    let height = TOP + count * ROW + if more.is_some() { 30 } else { 6 };
    let lines = chosen.iter().map(|row| line(captions, row)).chain(more.clone().map(|more| more.trim_end_matches('。').to_owned()));
    let lines = lines.collect();
    let scene = Scene { family: font::FAMILY, height, title: TITLE, more, bars };
    picture(include_str!("bars.svg"), &scene, height, TITLE.to_owned(), lines).map(Some)
}

fn bar(captions: &Captions, y: u32, row: &IndicatorRow) -> Bar {
    let (ink, ground) = theme::light_colours(row.light);
    let percent = |value: Decimal| format!("{value}%");
    let figures = match (row.completion_pct, row.pace_pct) {
        (Some(done), Some(pace)) => format!("{done}% / {pace}%"),
        (done, _) => done.map_or(String::new(), percent),
    };
    Bar {
        y,
        word: font::fitted(captions.light(row.light.word()), row.light.word(), 34, 15),
        ink: svg::colour(ink),
        ground: svg::colour(ground),
        fill: svg::colour(theme::chart_colour(row.light)),
        name: font::fitted(&one_line(&row.title), &row.code, TITLE_PIXELS, TITLE_SIZE),
        figures,
        length: pixels(row.completion_pct.unwrap_or_default()),
        pace: row.pace_pct.map(pixels),
    }
}

/// So many of the hundred parts of a bar, in pixels; what lies beyond its ends is told by the figure beside it.
fn pixels(percent: Decimal) -> String {
    let held = percent.clamp(Decimal::ZERO, Decimal::ONE_HUNDRED);
    (held * Decimal::from(BAR) / Decimal::ONE_HUNDRED).round_dp(1).to_string()
}

/// `技术改造投资（黄）完成45.8%，序时进度50.0%`.
fn line(captions: &Captions, row: &IndicatorRow) -> String {
    let pace = row.pace_pct.map_or(String::new(), |pace| format!("，序时进度{pace}%"));
    let done = row.completion_pct.map_or(String::new(), |done| format!("完成{done}%"));
    format!("{}（{}）{done}{pace}", one_line(&row.title), captions::light_caption(captions, row.light))
}
