//! 总览: text first, because leaders read text; tiles, lights per action, and what needs attention.
//!
//! ```text
//! 　　截至6月底，应评价的48项指标中……与上月相比，新增红灯1项……
//! ┌ tiles: 指标 绿 黄 红 灰 ─┐ ┌ chart: lights per action, ┐
//! ┌ actions: 行动 绿 黄 红 灰 ┐ │ stacked bars              │
//! 需关注指标
//! ┌ attention: 指标（单位） │ 年度目标 │ 累计 │ 完成年度目标 │ 亮灯 │ 责任单位 │ 原因、下一步措施、预计时间 │ 举措
//! ```

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::charts::{self, SERIES};
use super::cover::tile_row;
use super::edition::Edition;
use super::indicators::target;
use super::page::{self, Orientation};
use super::reporting;
use super::table::{self, Cell, DASH, Row, Table, column};
use crate::model::{IndicatorRow, Light};
use crate::present::theme::{Element, GREY, Theme};
use crate::present::{captions, sentences};

pub fn draw(sheet: &mut Worksheet, edition: &Edition, theme: &Theme, tab: &str) -> Result<(), XlsxError> {
    page::set_up(sheet, edition, theme, Orientation::Portrait);
    page::head(sheet, edition, theme, "总　览", &edition.subtitle())?;
    let attention = attention(edition);
    let (last, width) = (attention.last_column(), attention.width());
    let mut row = 4;
    for text in paragraphs(edition) {
        // A Chinese paragraph begins two characters in.
        table::paragraph(sheet, theme, row, last, width, &format!("　　{text}"), Element::Body)?;
        row += 1;
    }
    let beside = row + 1;
    row = tiles(sheet, edition, theme, beside)? + 1;
    row = actions(sheet, edition, theme, tab, row, beside)? + 1;
    sheet.write_string_with_format(row, 0, "需关注指标", &theme.format(Element::Section))?.set_row_height(row, 22)?;
    let after = attention.draw_among(sheet, theme, row + 1, true)?;
    let source = format!(
        "红灯在前，同色的按低于序时进度的幅度排列；“—”为不适用。累计数、重点任务可点击，分别转到数据来源和该举措的表；亮灯规则见“说明”。{}。",
        edition.appearance.note.trim_end_matches('。')
    );
    table::paragraph(sheet, theme, after + 1, last, width, &source, Element::Source)
}

/// The state of things in words.
fn paragraphs(edition: &Edition) -> Vec<String> {
    let rows = || edition.rows.iter().copied();
    let mut texts = vec![sentences::overview(edition.plan, edition.month, rows())];
    if let Some(department) = edition.department {
        let own = sentences::count(rows().filter(|row| row.owner == department.code));
        if own.total > 0 {
            texts.push(format!("其中，{}负责的{}", department.name, sentences::department_counts(&own)));
        }
    }
    texts.extend(unexplained(edition));
    let reporting = edition.month.reporting.iter().filter(|line| edition.is_of(&line.department));
    texts.push(format!("{}。", reporting::rates(reporting)));
    texts
}

/// Which of last month's yellow and red indicators still want a word; `None` where none does.
fn unexplained(edition: &Edition) -> Option<String> {
    let rows = edition.rows.iter().filter(|row| edition.month.unexplained.contains(&row.code));
    let named: Vec<String> = rows.map(|row| format!("{}（{}）", row.title, edition.plan.department_name(&row.owner))).collect();
    let count = named.len();
    (count > 0).then(|| format!("上月黄灯、红灯指标中，有{count}项未报送滞后原因和下一步措施：{}。", named.join("、")))
}

fn tiles(sheet: &mut Worksheet, edition: &Edition, theme: &Theme, row: u32) -> Result<u32, XlsxError> {
    let counts = sentences::count(edition.rows.iter().copied());
    let tiles = [
        (None, counts.total, "指标"),
        (Some(Light::Green), counts.green, "绿"),
        (Some(Light::Yellow), counts.yellow, "黄"),
        (Some(Light::Red), counts.red, "红"),
        (Some(GREY), counts.grey(), "灰"),
    ];
    tile_row(sheet, theme, row, 0, &tiles)?;
    Ok(row + 2)
}

/// Lights per action, as a small table and, right of it and of the tiles, the chart drawn from it.
fn actions(sheet: &mut Worksheet, edition: &Edition, theme: &Theme, tab: &str, top: u32, beside: u32) -> Result<u32, XlsxError> {
    sheet.write_string_with_format(top, 0, "各项行动亮灯情况（指标项数）", &theme.format(Element::Section))?.set_row_height(top, 22)?;
    let numbers = |action: u32| {
        let of_action = |row: &&IndicatorRow| edition.plan.measure(row.measure).is_some_and(|measure| measure.action == action);
        let counts = sentences::count(edition.rows.iter().copied().filter(of_action));
        [counts.green, counts.yellow, counts.red, counts.grey()]
    };
    let rows: Vec<Row> = edition
        .plan
        .actions
        .iter()
        .map(|action| (action, numbers(action.number)))
        .filter(|(_, counts)| counts.iter().any(|count| *count > 0))
        .map(|(action, counts)| {
            let mut cells = vec![Cell::text(Element::Name, &action.short_title)];
            cells.extend(counts.map(|count| Cell::count(u32::try_from(count).unwrap_or(u32::MAX)).centred()));
            cells.into()
        })
        .collect();
    let count = u32::try_from(rows.len()).unwrap_or(0);
    let columns = [("行动", 26)].into_iter().chain(SERIES.map(|(_, word)| (word, 10))).map(|(word, width)| column(word, width, width));
    let table = Table { name: "actions".to_owned(), columns: columns.collect(), rows, empty: DASH };
    let after = table.draw_among(sheet, theme, top + 1, false)?;
    if count > 0 {
        // As wide as the two last columns, from the tiles down to the end of the small table.
        let size = (CHART_DIGITS * 7, 4 * (TILES_POINTS + ROW_POINTS * (count + 3)) / 3);
        sheet.insert_chart_with_offset(beside, 5, &charts::lights(theme, tab, top + 1, count, size), 8, 0)?;
    }
    Ok(after)
}

/// Digits the two columns below the chart are wide.
const CHART_DIGITS: u32 = 67;
/// Points the tiles are high, and a row of the small table.
const TILES_POINTS: u32 = 54;
const ROW_POINTS: u32 = 18;

fn attention(edition: &Edition) -> Table {
    let columns = vec![
        column("指标（单位）", 31, 31),
        column("年度目标", 14, 14),
        column(format!("{}累计", captions::to_date_label(edition.month.period)), 11, 11),
        column("完成年度目标（%）", 12, 12),
        column("亮灯（连续期数）", 12, 12),
        column("责任单位", 12, 12),
        column("滞后原因、下一步措施和预计时间", 49, 49),
        column("重点任务", 8, 8),
    ];
    let rows = sentences::attention(edition.rows.iter().copied()).into_iter().map(|row| line(edition, row)).collect();
    Table { name: "attention".to_owned(), columns, rows, empty: "没有黄灯、红灯指标" }
}

fn line(edition: &Edition, row: &IndicatorRow) -> Row {
    let lagging = edition.lagging(row).map_or("滞后原因和下一步措施未报送".to_owned(), |lagging| {
        let parts = [
            (lagging.reason.as_str(), "原因："),
            (lagging.next_steps.as_str(), "下一步："),
            (lagging.expected.as_str(), "预计达到序时进度："),
        ];
        let said = parts.into_iter().map(|(text, word)| (text.trim().trim_end_matches('。'), word)).filter(|(text, _)| !text.is_empty());
        said.map(|(text, word)| format!("{word}{text}")).collect::<Vec<_>>().join("\n")
    });
    vec![
        Cell::text(Element::Name, format!("{}（{}）", row.title, row.unit)),
        target(row),
        Cell::figure(row.year_to_date, row.decimals, row.light).linked(edition.source_link(&row.code, None)),
        Cell::percent(row.completion_pct),
        Cell::light(row.light, row.periods_in_row),
        Cell::text(Element::Centre, edition.plan.department_name(&row.owner)),
        Cell::text(Element::Note, lagging),
        // A short text: LibreOffice does not wrap one that is a link.
        Cell::text(Element::Index, captions::ordinal(row.measure)).linked(Some(edition.measure_link(row))),
    ]
    .into()
}
