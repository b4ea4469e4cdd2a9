//! 数据来源: for each printed figure the file, sheet and cells it was read from; figures elsewhere lead here.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::anchors::SourceLine;
use super::edition::{Edition, HEADER_ROW};
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
        column("编号", 6, 7),
        column("指标", 22, 30),
        column("地区", 8, 14),
        column("项目", 9, 9),
        column("报送单位", 12, 14),
        column("文件", 28, 40),
        column("工作表", 12, 20),
        column("单元格", 14, 44),
        column("行数", 7, 8),
        column("报送时间", 13, 13),
        column("校验码", 14, 14),
        column("第几次报送", 6, 8),
    ];
    let rows = edition.anchors.lines.iter().map(|source| line(edition, source)).collect();
    let table = Table { name: "sources".to_owned(), columns, rows, empty: "本册没有可列出处的数据" };
    table.draw(sheet, theme, HEADER_ROW)?;
    page::gather(sheet, Orientation::Landscape, table.pixels(), table.sheet_height());
    Ok(())
}

fn line(edition: &Edition, line: &SourceLine) -> Row {
    let source = line.source;
    let hash: String = source.hash.0.chars().take(HASH_CHARS).collect();
    let nth = edition.month.arrivals.get(&source.hash);
    vec![
        Cell::text(Element::Index, &line.row.code),
        Cell::text(Element::Text, &line.row.title),
        Cell::text(Element::Centre, line.place),
        Cell::text(Element::Centre, source.item.word()),
        Cell::text(Element::Centre, edition.plan.department_name(&source.department)),
        Cell::text(Element::Note, &source.file),
        Cell::text(Element::Note, &source.sheet),
        // As `trace` gives them; pasted into the name box of the original they select the cells.
        Cell::text(Element::Note, if source.cells.is_empty() { DASH } else { source.cells.as_str() }),
        Cell::count(source.rows),
        Cell::text(Element::Centre, captions::received(source.received_at)),
        Cell::text(Element::Note, hash),
        nth.map_or_else(|| Cell::text(Element::Centre, DASH), |nth| Cell::count(*nth).centred()),
    ]
    .into()
}
