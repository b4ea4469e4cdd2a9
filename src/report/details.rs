//! 指标明细: everything an indicator row carries beyond the leader's table.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::edition::{Edition, HEADER_ROW};
use super::page::{self, Orientation};
use super::table::{Cell, DASH, Row, Table, column};
use crate::model::{IndicatorRow, SourceItem};
use crate::present::captions;
use crate::present::theme::{Element, Theme};

pub fn draw(sheet: &mut Worksheet, edition: &Edition, theme: &Theme) -> Result<(), XlsxError> {
    page::set_up(sheet, edition, theme, Orientation::Landscape);
    page::head(sheet, edition, theme, "指标明细", &format!("{}　　预计全年为推算，不作评价依据", edition.subtitle()))?;
    let mut columns = vec![
        column("编号", 6, 7),
        column("指标名称", 20, 26),
        column("单位", 6, 9),
        column("数据期", 8, 9),
        column("当月", 9, 14),
        column("环比（%）", 7, 9),
        column("累计", 12, 16),
        column("上年同期", 10, 16),
        column("同比（%）", 7, 9),
        column("公布同比（%）", 10, 10),
        column("计算同比（%）", 10, 10),
        column("序时进度（%）", 10, 10),
        column("完成年度目标（%）", 14, 14),
        column("比序时进度（百分点）", 12, 12),
        column(needed_heading(edition), 12, 14),
        column("预计全年（推算）", 11, 14),
        column("上期亮灯", 12, 12),
        column("亮灯（连续期数）", 12, 12),
        column("报送范围", 10, 10),
    ];
    if edition.appearance.ranks {
        columns.push(column("各市位次（前三位）", 14, 20));
    }
    let rows = edition.rows.iter().map(|row| line(edition, row)).collect();
    let table = Table { name: "details".to_owned(), columns, rows, empty: "本册没有指标" };
    table.draw(sheet, theme, HEADER_ROW)?;
    page::gather(sheet, Orientation::Landscape, table.pixels(), table.sheet_height());
    sheet.set_freeze_panes(HEADER_ROW + 1, 2)?;
    Ok(())
}

/// `后6个月月均需`.
fn needed_heading(edition: &Edition) -> String {
    match 12 - edition.month.period.month() {
        0 => "后续月均需".to_owned(),
        months => format!("后{months}个月月均需"),
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
        Cell::text(Element::Centre, row.data_period.map_or(DASH.to_owned(), captions::to_date_label)),
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
