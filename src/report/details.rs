//! 指标明细: everything an indicator row carries beyond the leader's table.
//!
//! ```text
//! 编号 │ 指标名称 │ 单位 │ 数据期 │ 当月 │ 环比 │ 累计 │ 上年同期 │ 同比 │ 公布同比 │ 计算同比 │ 序时进度 │ 完成年度目标 │ 比序时进度
//!   │ 年内走势 (sparkline behind a word) │ 月均需 │ 预计全年 │ 上期亮灯 │ 亮灯 │ 报送范围 │ 各市位次
//! ```
//!
//! The sparkline is drawn from the months that stand on the measure's sheet. Not every viewer shows it, and `LibreOffice` does not
//! print it: the word in its cell and those months say the same.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use rust_xlsxwriter::{Color, Sparkline, Worksheet, XlsxError};

use super::edition::{Edition, HEADER_ROW, Sheet};
use super::measure::months::Months;
use super::page::{self, Orientation};
use super::table::{Cell, DASH, Row, Table, column};
use crate::model::{IndicatorRow, SeriesPoint, SourceItem};
use crate::present::theme::{Element, Theme};

pub fn draw(sheet: &mut Worksheet, edition: &Edition, theme: &Theme) -> Result<(), XlsxError> {
    page::set_up(sheet, edition, theme, Orientation::Landscape);
    page::head(
        sheet,
        edition,
        theme,
        "指标明细",
        &format!("{}　　年内走势的逐月数据见各举措表；预计全年为推算，不作评价依据", edition.subtitle()),
    )?;
    let mut columns = vec![
        column("编号", 6, 7),
        column("指标名称", 24, 36),
        column("单位", 6, 9),
        column("数据期", 8, 9),
        column("当月", 9, 14),
        column("环比（%）", 7, 9),
        column("累计", 12, 16),
        column("上年同期", 10, 16),
        column("同比（%）", 7, 9),
        column("公布同比（%）", 10, 10),
        column("计算同比（%）", 10, 10),
        column("序时进度（%）", 9, 9),
        column("完成年度目标（%）", 12, 12),
        column("比序时进度（百分点）", 11, 11),
        column("年内走势（较上期）", TREND_WIDTH, TREND_WIDTH),
        column(needed_heading(edition), 11, 14),
        column("预计全年（推算）", 11, 14),
        column("上期亮灯", 10, 10),
        column("亮灯（连续期数）", 12, 12),
        column("报送范围", 9, 9),
    ];
    if edition.appearance.ranks {
        columns.push(column("各市位次（前三位）", 16, 22));
    }
    let rows = edition.rows.iter().map(|row| line(edition, row)).collect();
    let table = Table { name: "details".to_owned(), columns, rows, empty: "本册没有指标" };
    table.draw(sheet, theme, HEADER_ROW)?;
    trends(sheet, edition, theme)?;
    page::gather(sheet, Orientation::Landscape, table.pixels(), table.sheet_height());
    sheet.set_freeze_panes(HEADER_ROW + 1, 2)?;
    Ok(())
}

/// The column of sparklines, and its digits.
const TREND_COLUMN: u16 = 14;
const TREND_WIDTH: usize = 13;

/// Draws each indicator's year as a line, from the months on its measure's sheet.
fn trends(sheet: &mut Worksheet, edition: &Edition, theme: &Theme) -> Result<(), XlsxError> {
    let months: BTreeMap<u32, Months> =
        edition.measures.iter().filter_map(|measure| Some((measure.number, Months::of(edition, measure.number)?))).collect();
    for (at, row) in (HEADER_ROW + 1..).zip(&edition.rows) {
        let course = months.get(&row.measure).and_then(|months| months.courses.iter().find(|course| course.row.code == row.code));
        if let Some(course) = course {
            let tab = edition.tab(Sheet::Measure(row.measure));
            let line = Sparkline::new()
                .set_range((tab.as_str(), course.line, course.first, course.line, course.last))
                .set_sparkline_color(Color::RGB(theme.palette.accent))
                .set_line_weight(1.5)
                .show_last_point(true)
                .set_last_point_color(Color::RGB(theme.palette.contrast));
            sheet.add_sparkline(at, TREND_COLUMN, &line)?;
        }
    }
    Ok(())
}

/// How the latest data month moved, in a word: against pace (加快, 放缓) where there is one, else the value itself.
///
/// Judged by the printed figures, so that whoever compares the months on the measure's sheet finds the same.
fn moved(row: &IndicatorRow) -> &'static str {
    let [.., before, now] = row.series.as_slice() else { return DASH };
    let ahead = |point: &SeriesPoint| Some(point.completion_pct? - point.pace_pct?);
    let words = |order| match order {
        Ordering::Greater => ("加快", "上升"),
        Ordering::Less => ("放缓", "下降"),
        Ordering::Equal => ("持平", "持平"),
    };
    match (ahead(now).zip(ahead(before)), now.year_to_date.zip(before.year_to_date)) {
        (Some((now, before)), _) => words(now.cmp(&before)).0,
        (None, Some((now, before))) => words(now.cmp(&before)).1,
        (None, None) => DASH,
    }
}

/// `月均需（后6个月）`.
fn needed_heading(edition: &Edition) -> String {
    match 12 - edition.month.period.month() {
        0 => "后续月均需".to_owned(),
        months => format!("月均需（后{months}个月）"),
    }
}

fn line(edition: &Edition, row: &IndicatorRow) -> Row {
    let lit = |light, run| if row.tracking { Cell::text(Element::Centre, DASH) } else { Cell::light(light, run) };
    let needed = match row.needed_per_month {
        Some(needed) if needed.is_zero() => Cell::missing("已完成"),
        needed => Cell::number(needed, needed.map_or(row.decimals, |needed| needed.scale())),
    };
    let mut cells = vec![
        Cell::text(Element::Index, &row.code),
        Cell::text(Element::Name, &row.title),
        Cell::text(Element::Centre, &row.unit),
        Cell::text(Element::Centre, edition.data_label(row).unwrap_or_else(|| DASH.to_owned())),
        Cell::number(row.month, row.decimals).linked(edition.source_link(&row.code, None)),
        Cell::percent(row.month_growth_pct),
        Cell::figure(row.year_to_date, row.decimals, row.light).linked(edition.source_link(&row.code, None)),
        Cell::number(row.last_year, row.decimals).linked(edition.item_link(&row.code, None, SourceItem::LastYear)),
        Cell::percent(row.growth_pct).linked(edition.item_link(&row.code, None, SourceItem::ReportedGrowth)),
        Cell::percent(row.reported_growth_pct).linked(edition.item_link(&row.code, None, SourceItem::ReportedGrowth)),
        Cell::percent(row.computed_growth_pct),
        Cell::percent(row.pace_pct),
        Cell::percent(row.completion_pct),
        Cell::percent(row.ahead_points),
        Cell::text(Element::Note, moved(row)),
        needed,
        Cell::number(row.landing, row.landing.map_or(row.decimals, |landing| landing.scale())),
        row.previous_light.map_or_else(|| Cell::text(Element::Centre, DASH), |light| lit(light, 0)),
        lit(row.light, row.periods_in_row),
        Cell::text(Element::Centre, format!("{}/{}", row.coverage.reported, row.coverage.expected)),
    ];
    if edition.appearance.ranks {
        cells.push(Cell::text(Element::Note, leading(edition, row)));
    }
    cells.into()
}

/// The regions in the first three places, best first.
fn leading(edition: &Edition, row: &IndicatorRow) -> String {
    let mut ranked: Vec<_> =
        row.regions.iter().filter_map(|region| region.rank.filter(|rank| *rank <= 3).map(|rank| (rank, region))).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    let short = |code| edition.plan.region(code).map(|region| region.short_name.as_str());
    let names: Vec<_> = ranked.iter().filter_map(|(_, region)| short(&region.code)).collect();
    if names.is_empty() { DASH.to_owned() } else { names.join("、") }
}

#[cfg(test)]
mod tests {
    use rust_decimal::{Decimal, dec};

    use super::*;
    use crate::model::{Light, Period};
    use crate::present::sample;

    fn row(points: &[(Decimal, Option<Decimal>)]) -> IndicatorRow {
        let point = |(month, (value, pace)): (u32, &(Decimal, Option<Decimal>))| SeriesPoint {
            period: Period::new(2022, month).unwrap(),
            year_to_date: Some(*value),
            month: None,
            completion_pct: pace.map(|_| *value),
            pace_pct: *pace,
        };
        IndicatorRow { series: (2..).zip(points).map(point).collect(), ..sample::row("6.2", Light::Green) }
    }

    #[test]
    fn the_trend_is_a_word_too() {
        // More of the target than a month before, but pace grew by more.
        assert_eq!(moved(&row(&[(dec!(40.0), Some(dec!(41.7))), (dec!(45.8), Some(dec!(50.0)))])), "放缓");
        assert_eq!(moved(&row(&[(dec!(30.0), Some(dec!(41.7))), (dec!(45.8), Some(dec!(50.0)))])), "加快");
        assert_eq!(moved(&row(&[(dec!(2.0), None), (dec!(1.0), None)])), "下降");
        assert_eq!(moved(&row(&[(dec!(2.0), None)])), "—");
    }
}
