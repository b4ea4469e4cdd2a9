//! 数据审核意见: what is still to be mended or explained, and the explanations given.
//!
//! Rows of named enterprises never leave their own department's book: the whole book says what is wrong, not about whom.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::edition::{Edition, HEADER_ROW};
use super::page::{self, Orientation};
use super::table::{Cell, DASH, Row, Table, column};
use crate::model::{DepartmentCode, Finding, Light, Severity};
use crate::plan::Shape;
use crate::present::theme::{Element, Theme};

pub fn draw(sheet: &mut Worksheet, edition: &Edition, theme: &Theme) -> Result<(), XlsxError> {
    page::set_up(sheet, edition, theme, Orientation::Landscape);
    let own: Vec<_> = edition.month.findings.iter().filter(|(department, _)| edition.is_of(department)).collect();
    let mut weighty: Vec<_> = own.iter().copied().filter(|(_, finding)| finding.severity != Severity::Note).collect();
    weighty.sort_by_key(|(department, finding)| (edition.place(department), finding.severity));
    let notes = own.len() - weighty.len();
    let told = if notes == 0 { String::new() } else { format!("；另有提示{notes}条，已随审核意见告知报送单位") };
    let subtitle = format!("{}　　须修改和请说明共{}条{told}", edition.subtitle(), weighty.len());
    page::head(sheet, edition, theme, "数据审核意见", &subtitle)?;
    let columns = vec![
        column("序号", 6, 6),
        column("单位", 14, 16),
        column("级别", 10, 10),
        column("文件", 24, 36),
        column("工作表", 12, 18),
        column("单元格", 9, 10),
        column("审核意见", 40, 64),
        column("情况说明", 24, 44),
    ];
    let rows = (1..).zip(weighty).map(|(number, (department, finding))| line(edition, number, department, finding)).collect();
    let table = Table { name: "findings".to_owned(), columns, rows, empty: "没有待处理的审核意见" };
    table.draw(sheet, theme, HEADER_ROW)?;
    page::gather(sheet, Orientation::Landscape, table.pixels(), table.sheet_height());
    Ok(())
}

fn line(edition: &Edition, number: u32, department: &DepartmentCode, finding: &Finding) -> Row {
    let light = if finding.severity == Severity::Error { Light::Red } else { Light::Yellow };
    let place = &finding.place;
    let optional = |text: Option<&String>| Cell::text(Element::Centre, text.map_or(DASH, String::as_str));
    vec![
        Cell::count(number).centred(),
        Cell::text(Element::Name, edition.plan.department_name(department)),
        Cell::text(Element::Light(light), finding.severity.word()),
        Cell::text(Element::Note, &place.file),
        optional(place.sheet.as_ref()),
        optional(place.cell.as_ref()),
        Cell::text(Element::Text, message(edition, finding, &finding.message)),
        Cell::text(Element::Text, finding.explanation.as_deref().map_or(DASH.to_owned(), |text| message(edition, finding, text))),
    ]
    .into()
}

/// A finding's words; in the whole book without the names that identify a listed row.
fn message(edition: &Edition, finding: &Finding, text: &str) -> String {
    let listed =
        finding.dataset.as_deref().and_then(|code| edition.plan.dataset(code)).is_some_and(|dataset| dataset.shape == Shape::Records);
    if edition.department.is_some() || !listed {
        return text.to_owned();
    }
    let keys = finding.row_key.iter().flat_map(|key| key.split('|'));
    keys.filter(|name| name.chars().count() > 1 && !name.is_ascii()).fold(text.to_owned(), |text, name| text.replace(name, "某单位"))
}
