//! （一）…（十七）: a sheet a measure. The figures are one long table; below it the year's months, charts, notes and the source.
//!
//! ```text
//! （六）推动企业技术改造
//! 责任单位：省经信厅、省发展改革委、省财政厅　2022年1—6月　第1版 …
//! ┌ figures ─ 指标 │ 地区 │ 单位 │ 数据期 │ 当月 │ 累计 │ …          frozen and repeated header
//! 年内各月累计进度
//! ┌ months ── 指标 │ 项目 │ 单位 │ 1—2月 │ 3月 │ …
//! ┌ chart: 各市累计（columns）与同比（markers） ┐ ┌ chart: 完成进度与序时进度 ┐
//! 注：…  来源：…
//! ```

use std::collections::BTreeSet;

use rust_xlsxwriter::{Chart, Worksheet, XlsxError};

use super::charts::{self, Line, Region};
use super::edition::{Edition, HEADER_ROW, Sheet};
use super::page::{self, Orientation};
use super::table;
use crate::model::IndicatorRow;
use crate::plan;
use crate::present::theme::{Element, Theme};
use crate::present::{captions, owners, sentences};

pub mod figures;
pub mod months;
mod pages;

use months::Months;
use pages::Block;

/// Charts stand side by side in so many places; one of the regions takes two.
const PLACES: u32 = 4;
/// The rows one line of charts takes, and the points each is high.
const CHART_ROWS: u32 = 12;
const ROW_POINTS: f64 = 12.75;
const CHART_POINTS: u32 = 153;
const CHART_PIXELS: u32 = 190;
/// A narrower sheet is stretched to this, so that all measures print in one size and fill the paper.
const PIXELS_MIN: u32 = 1300;
/// The points of a title and the empty row above it.
const TITLE_POINTS: u32 = 36;

pub fn draw(sheet: &mut Worksheet, edition: &Edition, theme: &Theme, number: u32) -> Result<(), XlsxError> {
    let Some(measure) = edition.plan.measure(number) else { return Ok(()) };
    page::set_up(sheet, edition, theme, Orientation::Landscape);
    let title = format!("{}{}", captions::ordinal(number), measure.title);
    let subtitle = format!("责任单位：{}　　　{}", edition.names(&measure.departments), edition.subtitle());
    page::head(sheet, edition, theme, &title, &subtitle)?;
    let mut table = figures::table(edition, number);
    let mut months = Months::of(edition, number);
    // Both tables stand in the same columns.
    if let Some(months) = &months {
        table.widen(&months.table);
    }
    table.stretch(PIXELS_MIN);
    if let Some(months) = &mut months {
        months.table.widen(&table);
    }
    let mut row = table.draw(sheet, theme, HEADER_ROW)?;
    let mut tail = Vec::new();
    let (mut pixels, mut width, mut last) = (table.pixels(), table.width(), table.last_column());
    if let Some(months) = &months {
        tail.push(Block { row, points: TITLE_POINTS + months.table.points() });
        let title = months.header - 1;
        sheet.write_string_with_format(title, 0, "年内各月累计进度", &theme.format(Element::Section))?.set_row_height(title, 22)?;
        row = months.table.draw_among(sheet, theme, months.header, true)?;
        if months.table.last_column() > last {
            (pixels, width, last) = (months.table.pixels(), months.table.width(), months.table.last_column());
        }
    }
    row = arrange(sheet, drawn(edition, theme, number, months.as_ref()), &mut tail, row, pixels)? + 1;
    let foot = foot(edition, number, &measure.notes);
    let points = foot.iter().map(|text| table::paragraph_height(text, width, Element::Source)).sum::<u32>() + 13;
    // Notes stay with what they are below.
    match tail.last_mut() {
        Some(block) => block.points += points,
        None => tail.push(Block { row: row - 1, points }),
    }
    for (row, text) in (row..).zip(foot) {
        table::paragraph(sheet, theme, row, last, width, &text, Element::Source)?;
    }
    pages::set(sheet, &table, &tail, pixels)
}

/// The charts of a measure and how many places each takes: one indicator's regions, its months, and the months of those behind pace.
///
/// The months of all stand in the table above them; a chart of each would bury those that matter.
fn drawn(edition: &Edition, theme: &Theme, number: u32, months: Option<&Months>) -> Vec<(u32, Chart)> {
    let tab = edition.tab(Sheet::Measure(number));
    let mut charts = Vec::new();
    let mut shown: Vec<&str> = Vec::new();
    if let Some((row, region)) = charted(edition, number, &tab) {
        charts.push((2, charts::regions(theme, &region)));
        shown.push(&row.code);
    }
    let behind = sentences::attention(edition.rows_of(number));
    shown.extend(behind.into_iter().map(|row| row.code.as_str()).filter(|code| !shown.contains(code)).collect::<Vec<_>>());
    let courses = || months.iter().flat_map(|months| &months.courses).filter(|course| course.paced);
    let mut chosen: Vec<_> = shown.iter().filter_map(|code| courses().find(|course| course.row.code == **code)).collect();
    if chosen.is_empty() {
        chosen.extend(courses().next());
    }
    // One line of charts: a second would leave the table's page.
    let room = if charts.is_empty() { 4 } else { 2 };
    for course in chosen.into_iter().take(room) {
        let Some(header) = months.map(|months| months.header) else { break };
        let title = format!("{} {}（%）", course.row.code, course.row.title);
        let ahead = course.row.ahead_points.is_some_and(|points| points.is_sign_positive());
        let line = Line { tab: &tab, header, row: course.line, first: course.first, last: course.last, title, ahead };
        charts.push((1, charts::months(theme, &line)));
    }
    match charts.as_mut_slice() {
        [(places, _)] => *places *= 2,
        [(places @ 2, _), _] => *places = 3,
        _ => {}
    }
    charts
}

/// Sets the charts side by side below the tables, from `top` on; returns the row after them.
fn arrange(sheet: &mut Worksheet, charts: Vec<(u32, Chart)>, tail: &mut Vec<Block>, top: u32, pixels: u32) -> Result<u32, XlsxError> {
    let (mut row, mut after, mut place) = (top, top, 0);
    for (places, mut chart) in charts {
        if place + places > PLACES {
            (row, place) = (after, 0);
        }
        if place == 0 {
            after = row + CHART_ROWS;
            tail.push(Block { row, points: CHART_POINTS });
            for row in row..after {
                sheet.set_row_height(row, ROW_POINTS)?;
            }
        }
        chart.set_width(pixels * places / PLACES - 8).set_height(CHART_PIXELS);
        sheet.insert_chart_with_offset(row, 0, &chart, pixels * place / PLACES, 8)?;
        place += places;
    }
    Ok(after)
}

/// The cells of the indicator a chart says most about: the first with growth by region, else the one whose regions differ most.
fn charted<'a>(edition: &Edition<'a>, number: u32, tab: &'a str) -> Option<(&'a IndicatorRow, Region<'a>)> {
    /// Fewer different values need no chart.
    const DIFFERENT_MIN: usize = 4;
    // What belongs to no city is no city's bar.
    let cities = |row: &'a IndicatorRow| row.regions.iter().filter(|region| region.code != plan::own::own().code);
    let different = |row: &'a IndicatorRow| cities(row).filter_map(|region| region.year_to_date).collect::<BTreeSet<_>>().len();
    let mut best: Option<((bool, usize), &IndicatorRow, Region)> = None;
    let mut first = HEADER_ROW + 2;
    for row in edition.rows_of(number) {
        let count = u32::try_from(cities(row).count()).ok()?;
        let worth = (cities(row).any(|region| region.growth_pct.is_some()), different(row));
        if worth.1 >= DIFFERENT_MIN && best.as_ref().is_none_or(|(other, ..)| worth > *other && !other.0) {
            // A place without growth has a word in its cell, which a marker would show at nought.
            let growth = cities(row).all(|region| region.growth_pct.is_some());
            let title = format!("{} {}：各市{}累计", row.code, row.title, edition.data_label(row).unwrap_or_default());
            best = Some((worth, row, Region { tab, first, last: first + count - 1, growth, title, unit: row.unit.clone() }));
        }
        first += 1 + u32::try_from(row.regions.len()).ok()?;
    }
    best.map(|(_, row, region)| (row, region))
}

/// The notes and the source line below the table.
fn foot(edition: &Edition, number: u32, notes: &[String]) -> Vec<String> {
    let mut lines: Vec<_> = notes.iter().map(|note| format!("注：{note}。").replace("。。", "。")).collect();
    let owners = edition.plan.measure(number).and_then(|measure| owners::outside(edition.plan, measure));
    lines.extend(owners.map(|words| format!("注：{words}")));
    for row in edition.rows_of(number) {
        let remarks = super::indicators::remarks(edition, row);
        if !remarks.is_empty() {
            lines.push(format!("{} {}：{remarks}。", row.code, row.title).replace("。。", "。"));
        }
    }
    let mut files: Vec<_> = edition
        .rows_of(number)
        .flat_map(|row| &row.sources)
        .map(|source| format!("{}{}报送", edition.plan.department_name(&source.department), captions::day(source.received_at.date_naive())))
        .collect();
    files.sort();
    files.dedup();
    if !files.is_empty() {
        let lights = if edition.appearance.region_lights { "目标未分解到市的，不评价各市亮灯。" } else { "" };
        lines.push(format!("来源：{}，逐项出处见“数据来源”。{lights}", files.join("、")));
    }
    lines
}
