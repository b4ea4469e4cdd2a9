//! 数据来源: for each figure the file, sheet and cells it was read from; figures elsewhere link here.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::edition::{Edition, HEADER_ROW, SourceLine};
use super::page::{self, Orientation};
use super::table::{Cell, DASH, Row, Table, column};
use crate::present::captions;
use crate::present::theme::{Element, Theme};

/// How much of a hash is printed: enough to find the file in the archive.
const HASH_CHARS: usize = 12;

pub fn draw(sheet: &mut Worksheet, edition: &Edition, theme: &Theme) -> Result<(), XlsxError> {
    page::set_up(sheet, edition, theme, Orientation::Landscape);
    page::head(sheet, edition, theme, "数据来源", &format!("{}　　校验码为文件内容BLAKE3值的前12位", edition.subtitle()))?;
    let columns = vec![
        column("编号", 7, 8),
        column("指标", 22, 30),
        column("地区", 9, 10),
        column("单位", 14, 16),
        column("文件", 28, 46),
        column("工作表", 14, 20),
        column("单元格", 14, 30),
        column("行数", 7, 8),
        column("报送时间", 15, 16),
        column("校验码", 15, 15),
        column("第几次报送", 8, 8),
    ];
    let rows = edition.sources.iter().map(|source| line(edition, source)).collect();
    Table { name: "sources".to_owned(), columns, rows, empty: "本册没有可列出处的数据" }.draw(sheet, theme, HEADER_ROW)?;
    Ok(())
}

fn line(edition: &Edition, line: &SourceLine) -> Row {
    let source = line.source;
    let hash: String = source.hash.0.chars().take(HASH_CHARS).collect();
    let reporting = &edition.month.reporting;
    let versions = reporting.iter().find(|row| row.hash.as_ref() == Some(&source.hash)).map(|row| row.versions.to_string());
    vec![
        Cell::text(Element::Index, &line.row.code),
        Cell::text(Element::Text, &line.row.title),
        Cell::text(Element::Centre, line.region),
        Cell::text(Element::Centre, edition.plan.department_name(&source.department)),
        Cell::text(Element::Note, &source.file),
        Cell::text(Element::Note, &source.sheet),
        Cell::text(Element::Note, &source.cells),
        Cell::count(source.rows),
        Cell::text(Element::Centre, captions::received(source.received_at)),
        Cell::text(Element::Note, hash),
        Cell::text(Element::Centre, versions.unwrap_or_else(|| DASH.to_owned())),
    ]
    .into()
}
