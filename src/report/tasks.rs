//! 重点任务: what departments say about the tasks without a figure.
//!
//! ```text
//! 重点任务 │ 编号 │ 任务内容 │ 责任单位 │ 填报单位 │ 进度状态 │ 进展情况 │ 存在问题 │ 下一步措施 │ 完成时限
//! （六）   │ 6-1  │ …       │ …       │ …       │ 推进中   │ …       │ …       │ …         │ 2022年12月
//! ```

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::edition::{Edition, HEADER_ROW, Sheet};
use super::page::{self, Orientation};
use super::table::{Cell, DASH, Row, Table, column};
use crate::model::{GreyReason, Light, TaskStatus};
use crate::present::captions;
use crate::present::theme::{Element, Theme};

pub fn draw(sheet: &mut Worksheet, edition: &Edition, theme: &Theme) -> Result<(), XlsxError> {
    page::set_up(sheet, edition, theme, Orientation::Landscape);
    let tasks: Vec<_> =
        edition.month.tasks.iter().filter(|task| edition.measures.iter().any(|measure| measure.number == task.measure)).collect();
    let missing = tasks.iter().filter(|task| task.status.is_none()).count();
    let reported = tasks.len() - missing;
    let summary = format!("{}　　共{}项任务，已报进展{reported}项，未报送{missing}项", edition.subtitle(), tasks.len());
    page::head(sheet, edition, theme, "重点任务进展情况", &summary)?;
    let columns = vec![
        column("重点任务", 11, 11),
        column("编号", 8, 8),
        column("任务内容", 30, 40),
        column("责任单位", 16, 22),
        column("填报单位", 14, 15),
        column("进度状态", 10, 10),
        column("进展情况", 30, 44),
        column("存在问题", 16, 30),
        column("下一步措施", 20, 36),
        column("完成时限", 12, 14),
    ];
    let rows = tasks.into_iter().map(|task| line(edition, task)).collect();
    let table = Table { name: "tasks".to_owned(), columns, rows, empty: "本册没有任务" };
    table.draw(sheet, theme, HEADER_ROW)?;
    page::gather(sheet, Orientation::Landscape, table.pixels(), table.sheet_height());
    Ok(())
}

fn line(edition: &Edition, task: &TaskStatus) -> Row {
    let said = |text: &Option<String>| Cell::text(Element::Text, text.as_deref().filter(|text| !text.trim().is_empty()).unwrap_or(DASH));
    vec![
        Cell::text(Element::Index, captions::ordinal(task.measure)).linked(Some(edition.link(Sheet::Measure(task.measure), 0))),
        Cell::text(Element::Index, &task.code),
        Cell::text(Element::Name, &task.title),
        Cell::text(Element::Note, edition.names(&task.departments)),
        Cell::text(Element::Centre, edition.plan.department_name(&task.owner)),
        status(task.status.as_deref()),
        said(&task.progress),
        said(&task.problems),
        said(&task.next_steps),
        Cell::text(Element::Centre, task.due.as_deref().unwrap_or(DASH)),
    ]
    .into()
}

/// The status as its word; 滞后 stands out, and so does what was not reported.
fn status(status: Option<&str>) -> Cell {
    let grey = Light::Grey(GreyReason::NotReported);
    match status {
        None => Cell::text(Element::Light(grey), GreyReason::NotReported.word()),
        Some("滞后") => Cell::text(Element::Light(Light::Red), "滞后"),
        Some("已完成") => Cell::text(Element::Light(Light::Green), "已完成"),
        Some(other) => Cell::text(Element::Centre, other),
    }
}
