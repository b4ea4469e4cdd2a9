//! 主要指标: the leader's table, twelve columns that read on A4.
//!
//! ```text
//! 序号 │ 重点任务 │ 指标名称 │ 单位 │ 年度目标 │ 1—6月累计 │ 累计同比 │ 完成年度目标 (bar) │ 比序时进度 │ 亮灯 │ 责任单位 │ 备注
//! ```

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::edition::{Edition, HEADER_ROW, Sheet};
use super::page::{self, Orientation};
use super::table::{Cell, DASH, Row, Table, column};
use crate::model::{IndicatorRow, SourceItem};
use crate::present::captions;
use crate::present::theme::{Element, Theme};

pub fn draw(sheet: &mut Worksheet, edition: &Edition, theme: &Theme) -> Result<(), XlsxError> {
    page::set_up(sheet, edition, theme, Orientation::Landscape);
    page::head(sheet, edition, theme, "主要指标进展情况", &format!("{}　　“—”为不适用", edition.subtitle()))?;
    let columns = vec![
        column("序号", 5, 5),
        column("重点任务", 9, 9),
        column("指标名称", 20, 30),
        column("单位", 6, 9),
        column("年度目标", 12, 22),
        column(format!("{}累计", captions::to_date_label(edition.month.period)), 11, 14),
        column("累计同比（%）", 9, 9),
        column("完成年度目标（%）", 12, 12),
        column("比序时进度（百分点）", 12, 12),
        column("亮灯（连续期数）", 12, 12),
        column("责任单位", 13, 14),
        column("备注", 20, 46),
    ];
    let rows = (1..).zip(&edition.rows).map(|(number, row)| line(edition, number, row)).collect();
    let table = Table { name: "indicators".to_owned(), columns, rows, empty: "本册没有指标" };
    table.draw(sheet, theme, HEADER_ROW)?;
    table.bars(sheet, theme, HEADER_ROW, COMPLETION)?;
    page::gather(sheet, Orientation::Landscape, table.pixels(), table.sheet_height());
    Ok(())
}

/// The column of 完成年度目标.
const COMPLETION: u16 = 7;

fn line(edition: &Edition, number: u32, row: &IndicatorRow) -> Row {
    let light = if row.tracking { Cell::text(Element::Centre, DASH) } else { Cell::light(row.light, row.periods_in_row) };
    vec![
        Cell::count(number).centred(),
        Cell::text(Element::Index, captions::ordinal(row.measure)).linked(Some(edition.link(Sheet::Measure(row.measure), 0))),
        Cell::text(Element::Name, &row.title),
        Cell::text(Element::Centre, &row.unit),
        target(row),
        Cell::figure(row.year_to_date, row.decimals, row.light).linked(edition.source_link(&row.code, None)),
        Cell::percent(row.growth_pct).linked(edition.item_link(&row.code, None, SourceItem::ReportedGrowth)),
        Cell::percent(row.completion_pct),
        Cell::percent(row.ahead_points),
        light,
        Cell::text(Element::Centre, edition.plan.department_name(&row.owner)),
        Cell::text(Element::Note, Some(remarks(edition, row)).filter(|text| !text.is_empty()).unwrap_or_else(|| DASH.to_owned())),
    ]
    .into()
}

/// The target in the plan's words.
pub fn target(row: &IndicatorRow) -> Cell {
    let text = if row.target_text.is_empty() { DASH } else { row.target_text.as_str() };
    Cell::text(Element::Centre, text)
}

/// 备注: the row's notes, the months its data are of where they are others than the heading's, and gaps in coverage.
pub fn remarks(edition: &Edition, row: &IndicatorRow) -> String {
    let mut notes = row.notes.clone();
    if row.tracking {
        notes.push("跟踪指标，不评价".to_owned());
    }
    if let Some(data) = row.data_period.filter(|data| *data != edition.month.period && row.year_to_date.is_some()) {
        let label = captions::to_date_label(data);
        if !notes.iter().any(|note| note.contains(&label)) {
            notes.push(format!("数据为{label}"));
        }
    }
    let coverage = row.coverage;
    if row.year_to_date.is_some() && coverage.reported < coverage.expected {
        let part = format!("{}/{}", coverage.reported, coverage.expected);
        if !notes.iter().any(|note| note.contains(&part)) {
            notes.push(format!("已报{part}"));
        }
    }
    notes.join("；")
}
