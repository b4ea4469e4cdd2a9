//! 报送情况: who handed in what and when, in 机构序列.
//!
//! ```text
//! 序号 │ 单位 │ 调度表 │ 应报时间 │ 报送状态 │ 报送时间 │ 及时情况 │ 收到文件数 │ 采用文件
//! 1    │ 省发展改革委 │ … │ 7月8日（星期五） │ 已报送 │ 7月7日10:12 │ 按时 │ 1 │ …
//! ```

use rust_decimal::Decimal;
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::edition::{Edition, HEADER_ROW};
use super::page::{self, Orientation};
use super::table::{Cell, DASH, Row, Table, column};
use crate::model::{GreyReason, Light, ReportState, ReportingRow, Timeliness, quantity};
use crate::present::captions;
use crate::present::theme::{Element, Theme};

pub fn draw(sheet: &mut Worksheet, edition: &Edition, theme: &Theme) -> Result<(), XlsxError> {
    page::set_up(sheet, edition, theme, Orientation::Landscape);
    let mut lines: Vec<_> = edition.month.reporting.iter().filter(|line| edition.is_of(&line.department)).collect();
    // Stable: a department's datasets stay in the plan's order.
    lines.sort_by_key(|line| edition.place(&line.department));
    page::head(sheet, edition, theme, "报送情况", &format!("{}　　{}", edition.subtitle(), rates(lines.iter().copied())))?;
    let columns = vec![
        column("序号", 6, 6),
        column("单位", 14, 16),
        column("调度表", 28, 40),
        column("应报时间", 20, 22),
        column("报送状态", 12, 18),
        column("报送时间", 16, 18),
        column("及时情况", 10, 10),
        column("收到文件数", 8, 9),
        column("采用文件", 30, 50),
    ];
    let rows = (1..).zip(lines).map(|(number, line)| row(edition, number, line)).collect();
    let table = Table { name: "reporting".to_owned(), columns, rows, empty: "本册没有应报送的调度表" };
    table.draw(sheet, theme, HEADER_ROW)?;
    page::gather(sheet, Orientation::Landscape, table.pixels(), table.sheet_height());
    Ok(())
}

fn row(edition: &Edition, number: u32, line: &ReportingRow) -> Row {
    let (light, timely) = match (line.state, line.timeliness) {
        (ReportState::Accepted, Some(Timeliness::Late)) => (Light::Green, "逾期"),
        (ReportState::Accepted, Some(Timeliness::OnTime)) => (Light::Green, "按时"),
        (ReportState::Accepted | ReportState::Superseded, _) => (Light::Green, DASH),
        (ReportState::Returned, _) => (Light::Yellow, DASH),
        (ReportState::Missing | ReportState::Refused, _) => (Light::Red, DASH),
        (ReportState::NotDue, _) => (Light::Grey(GreyReason::NotDue), DASH),
    };
    let timely_element = if timely == "逾期" { Element::Light(Light::Yellow) } else { Element::Centre };
    vec![
        Cell::count(number).centred(),
        Cell::text(Element::Name, edition.plan.department_name(&line.department)),
        Cell::text(Element::Text, &line.title),
        Cell::text(Element::Centre, if line.state == ReportState::NotDue { DASH.to_owned() } else { captions::weekday(line.due) }),
        Cell::text(Element::Light(light), line.state.word()),
        Cell::text(Element::Centre, line.received_at.map_or(DASH.to_owned(), captions::received)),
        Cell::text(timely_element, timely),
        Cell::count(line.versions).centred(),
        Cell::text(Element::Note, line.file.as_deref().unwrap_or(DASH)),
    ]
    .into()
}

/// `应报送28张，已报送27张，报送率96.4%；按时25张，按时率89.3%`, over the tables that are due.
pub fn rates<'a>(lines: impl IntoIterator<Item = &'a ReportingRow>) -> String {
    let (mut due, mut accepted, mut on_time) = (0u32, 0u32, 0u32);
    for line in lines.into_iter().filter(|line| line.state != ReportState::NotDue) {
        due += 1;
        let counts = matches!(line.state, ReportState::Accepted | ReportState::Superseded);
        accepted += u32::from(counts);
        on_time += u32::from(counts && line.timeliness == Some(Timeliness::OnTime));
    }
    let share =
        |part: u32| quantity::percent(Decimal::from(part), Decimal::from(due), 1).map_or(DASH.to_owned(), |share| format!("{share}%"));
    format!("应报送调度表{due}张，已报送{accepted}张，报送率{}；按时{on_time}张，按时率{}", share(accepted), share(on_time))
}
