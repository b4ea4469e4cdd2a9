//! （一）…（十七）: one long table a measure, for each indicator the province first, then the regions.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::charts::{self, Region};
use super::edition::{Edition, HEADER_ROW, Sheet};
use super::page::{self, Orientation};
use super::table::{self, Cell, DASH, Row, Table, column};
use crate::model::{GreyReason, IndicatorRow, RegionFigure, SourceItem};
use crate::present::captions;
use crate::present::theme::{Element, Theme};

pub fn draw(sheet: &mut Worksheet, edition: &Edition, theme: &Theme, number: u32) -> Result<(), XlsxError> {
    let Some(measure) = edition.plan.measure(number) else { return Ok(()) };
    page::set_up(sheet, edition, theme, Orientation::Landscape);
    let title = format!("{}{}", captions::ordinal(number), measure.title);
    let subtitle = format!("责任单位：{}　　　{}", edition.names(&measure.departments), edition.subtitle());
    page::head(sheet, edition, theme, &title, &subtitle)?;
    let table = table(edition, number);
    let after = table.draw(sheet, theme, HEADER_ROW)?;
    let foot = foot(edition, number, &measure.notes);
    let below = after + 2 + u32::try_from(foot.len()).unwrap_or(0);
    let mut tail = 0;
    for (row, text) in (after + 1..).zip(foot) {
        tail += table::paragraph_height(&text, table.width(), Element::Source);
        table::paragraph(sheet, theme, row, table.last_column(), table.width(), &text, Element::Source)?;
    }
    let tab = edition.tab(Sheet::Measure(number));
    if let Some(region) = &charted(edition, number, &tab) {
        tail += CHART_POINTS;
        sheet.insert_chart(below, 0, &charts::regions(theme, region, table.pixels()))?;
    }
    paginate(sheet, &table, tail)
}

/// The points a chart and the empty rows about it take.
const CHART_POINTS: u32 = charts::REGIONS_HEIGHT * 3 / 4 + 36;

/// Breaks pages where an indicator begins, and keeps the notes and the chart whole and with some of the table.
fn paginate(sheet: &mut Worksheet, table: &Table, tail: u32) -> Result<(), XlsxError> {
    let room = page::room(Orientation::Landscape, table.pixels());
    let (header, rows) = table.heights();
    let all = page::HEAD + header + rows.iter().sum::<u32>() + tail;
    // Little more than a page is better printed a little smaller.
    if all <= room * 4 / 3 {
        sheet.set_print_fit_to_pages(1, 1);
        return Ok(());
    }
    let starts: Vec<usize> = table.rows.iter().enumerate().filter(|(_, row)| row.strong).map(|(at, _)| at).collect();
    let breaks: Vec<u32> = pages(&rows, &starts, (room, page::HEAD, header, tail))
        .into_iter()
        .map(|at| HEADER_ROW + 1 + u32::try_from(at).unwrap_or(u32::MAX / 2))
        .collect();
    sheet.set_page_breaks(&breaks)?;
    Ok(())
}

/// The table rows before which a page begins; `paper` is a page's room, the heights of the head, of the repeated header, of the tail.
fn pages(rows: &[u32], starts: &[usize], (room, head, header, tail): (u32, u32, u32, u32)) -> Vec<usize> {
    /// A page is left this many rows short rather than broken inside an indicator; more, where few rows would follow.
    const SHORT: usize = 6;
    const SHORT_BEFORE_FEW: usize = 12;
    let mut breaks = Vec::new();
    let (mut first, mut used) = (0, head + header);
    let height = |from: usize, to: usize| rows.get(from..to).map_or(0, |rows| rows.iter().sum::<u32>());
    for (at, row) in rows.iter().enumerate() {
        if used + row > room {
            let short = if rows.len() - at < SHORT { SHORT_BEFORE_FEW } else { SHORT };
            let start = starts.iter().rev().copied().find(|start| *start > first && *start <= at && *start + short >= at);
            first = start.unwrap_or(at);
            breaks.push(first);
            used = header + height(first, at);
        }
        used += row;
    }
    if used + tail > room {
        // The last indicator moves with the tail, or as much of it as a page holds.
        let last = starts.last().copied().unwrap_or(0).max(first + 1).min(rows.len());
        let fits = std::iter::once(last).chain(last + 4..rows.len()).find(|from| header + height(*from, rows.len()) + tail <= room);
        breaks.push(fits.unwrap_or(rows.len()));
    }
    breaks
}

/// The cells of the indicator a chart says most about: the first with growth by region, else the one whose regions differ most.
fn charted<'a>(edition: &Edition, number: u32, tab: &'a str) -> Option<Region<'a>> {
    /// Fewer different values need no chart.
    const DIFFERENT_MIN: usize = 4;
    let different = |row: &IndicatorRow| row.regions.iter().filter_map(|region| region.year_to_date).collect::<BTreeSet<_>>().len();
    let mut best: Option<((bool, usize), Region)> = None;
    let mut first = HEADER_ROW + 2;
    for row in edition.rows_of(number) {
        let count = u32::try_from(row.regions.len()).ok()?;
        let worth = (row.regions.iter().any(|region| region.growth_pct.is_some()), different(row));
        if worth.1 >= DIFFERENT_MIN && best.as_ref().is_none_or(|(other, _)| worth > *other && !other.0) {
            let data = row.data_period.map(captions::to_date_label).unwrap_or_default();
            let title = format!("{}：{data}累计（{}）", row.title, row.unit);
            best = Some((worth, Region { tab, first, last: first + count - 1, names: 1, values: 5, title }));
        }
        first += 1 + count;
    }
    best.map(|(_, region)| region)
}

fn table(edition: &Edition, number: u32) -> Table {
    let mut columns = vec![
        column("指标", 18, 27),
        column("地区", 8, 8),
        column("单位", 6, 8),
        column("数据期", 8, 8),
        column("当月", 9, 13),
        column("累计", 10, 13),
        column("上年同期", 10, 13),
        column("累计同比（%）", 9, 9),
        column("与全省增速之差（百分点）", 14, 14),
        column("占全省（%）", 8, 8),
        column("年度目标", 12, 23),
        column("完成年度目标（%）", 12, 12),
        column("亮灯", 10, 10),
    ];
    if edition.appearance.ranks {
        columns.extend([column("位次", 6, 6), column("位次变化", 9, 9)]);
    }
    let mut rows = Vec::new();
    for row in edition.rows_of(number) {
        rows.push(Row { cells: province(edition, row), strong: true });
        rows.extend(row.regions.iter().map(|region| Row::from(of_region(edition, row, region))));
    }
    let figures = edition.plan.measure(number).is_some_and(|measure| !measure.indicators.is_empty());
    let empty =
        if figures { "本项举措在本册没有可列的指标" } else { "本项举措没有量化指标，见“重点任务”" };
    Table { name: format!("measure_{number:02}"), columns, rows, empty }
}

fn province(edition: &Edition, row: &IndicatorRow) -> Vec<Cell> {
    let share = row.regions.iter().any(|region| region.share_pct.is_some()).then_some(Decimal::new(1000, 1));
    let dash = || Cell::text(Element::Centre, DASH);
    let mut cells = vec![
        Cell::text(Element::Name, format!("{} {}", row.code, row.title)),
        Cell::text(Element::Name, &edition.plan.province.short_name),
        Cell::text(Element::Centre, &row.unit),
        Cell::text(Element::Centre, row.data_period.map_or(DASH.to_owned(), captions::to_date_label)),
        Cell::number(row.month, row.decimals).linked(edition.source_link(&row.code, None)),
        Cell::figure(row.year_to_date, row.decimals, row.light).linked(edition.source_link(&row.code, None)),
        Cell::number(row.last_year, row.decimals).linked(edition.item_link(&row.code, None, SourceItem::LastYear)),
        Cell::percent(row.growth_pct).linked(edition.item_link(&row.code, None, SourceItem::ReportedGrowth)),
        Cell::missing(DASH),
        Cell::percent(share),
        super::indicators::target(row),
        Cell::percent(row.completion_pct),
        if row.tracking { dash() } else { Cell::light(row.light, row.periods_in_row) },
    ];
    if edition.appearance.ranks {
        cells.extend([dash(), dash()]);
    }
    cells
}

fn of_region(edition: &Edition, row: &IndicatorRow, region: &RegionFigure) -> Vec<Cell> {
    let ahead = region.growth_pct.zip(row.growth_pct).map(|(own, province)| own - province);
    let centred = |text: String| Cell::text(Element::Centre, text);
    let value = match region.year_to_date {
        // The province's figure is there, so this one is missing: 未报送, never zero.
        None if row.year_to_date.is_some() => Cell::missing(GreyReason::NotReported.word()),
        value => Cell::figure(value, row.decimals, row.light),
    };
    let light = region.light.filter(|_| edition.appearance.region_lights);
    let mut cells = vec![
        // The title stands in the indicator's first row; here its code is enough to filter by.
        Cell::text(Element::Note, &row.code),
        Cell::text(Element::Text, &region.name),
        Cell::text(Element::Centre, &row.unit),
        centred(row.data_period.map_or(DASH.to_owned(), captions::to_date_label)),
        Cell::number(region.month, row.decimals).linked(edition.source_link(&row.code, Some(&region.code))),
        value.linked(edition.source_link(&row.code, Some(&region.code))),
        Cell::number(region.last_year, row.decimals).linked(edition.item_link(&row.code, Some(&region.code), SourceItem::LastYear)),
        Cell::percent(region.growth_pct).linked(edition.item_link(&row.code, Some(&region.code), SourceItem::ReportedGrowth)),
        Cell::percent(ahead),
        Cell::percent(region.share_pct),
        region.target.map_or_else(|| centred(DASH.to_owned()), |target| Cell::number(Some(target), target.scale())),
        Cell::percent(region.completion_pct),
        light.map_or_else(|| centred(DASH.to_owned()), |light| Cell::light(light, 0)),
    ];
    if edition.appearance.ranks {
        cells.push(centred(region.rank.map_or(DASH.to_owned(), |rank| rank.to_string())));
        cells.push(centred(change(region.rank_change)));
    }
    cells
}

/// `↑1`, `↓2`; "—" where the place is the same or there is none to compare with.
fn change(places: Option<i32>) -> String {
    match places {
        Some(up @ 1..) => format!("↑{up}"),
        Some(down @ ..=-1) => format!("↓{}", down.unsigned_abs()),
        _ => DASH.to_owned(),
    }
}

/// The notes and the source line below the table.
fn foot(edition: &Edition, number: u32, notes: &[String]) -> Vec<String> {
    let mut lines: Vec<_> = notes.iter().map(|note| format!("注：{note}。").replace("。。", "。")).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_begins_with_an_indicator_where_one_begins_near_its_end() {
        // Eight rows of 10 fit a page; the second indicator begins two rows before the end.
        assert_eq!(pages(&[10; 16], &[0, 6], (100, 10, 10, 0)), [6, 15]);
        // Nothing begins near: broken where it is full.
        assert_eq!(pages(&[10; 16], &[0], (100, 10, 10, 0)), [8]);
    }

    #[test]
    fn notes_and_chart_are_never_cut_and_never_alone() {
        assert_eq!(pages(&[10; 7], &[0, 4], (100, 10, 10, 40)), [4]);
        // All of the last indicator would not fit beside the tail: its last rows go along.
        assert_eq!(pages(&[10; 8], &[0], (100, 10, 10, 50)), [5]);
        assert!(pages(&[10; 4], &[0], (100, 10, 10, 40)).is_empty());
    }
}
