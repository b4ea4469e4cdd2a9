//! 数据来源: for each figure the file, sheet and cells it was read from; figures elsewhere link here.

use std::collections::BTreeSet;

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
        column("编号", 6, 7),
        column("指标", 22, 40),
        column("地区", 9, 10),
        column("单位", 12, 14),
        column("文件", 28, 40),
        column("工作表", 12, 22),
        column("单元格", 14, 36),
        column("行数", 7, 8),
        column("报送时间", 13, 13),
        column("校验码", 14, 14),
        column("第几次报送", 6, 8),
    ];
    let rows = edition.sources.iter().map(|source| line(edition, source)).collect();
    let table = Table { name: "sources".to_owned(), columns, rows, empty: "本册没有可列出处的数据" };
    table.draw(sheet, theme, HEADER_ROW)?;
    page::gather(sheet, Orientation::Landscape, table.pixels(), table.sheet_height());
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
        Cell::text(Element::Centre, &line.region),
        Cell::text(Element::Centre, edition.plan.department_name(&source.department)),
        Cell::text(Element::Note, &source.file),
        Cell::text(Element::Note, &source.sheet),
        Cell::text(Element::Note, cells(&line.cells)),
        Cell::count(line.rows),
        Cell::text(Element::Centre, captions::received(source.received_at)),
        Cell::text(Element::Note, hash),
        Cell::text(Element::Centre, versions.unwrap_or_else(|| DASH.to_owned())),
    ]
    .into()
}

/// The cells read, while they are few; else from which to which column and row they lie.
fn cells(read: &[&str]) -> String {
    /// About two printed lines.
    const CHARS_MAX: usize = 64;
    let all = read.join(",");
    if all.chars().count() <= CHARS_MAX {
        return all.replace(',', "、");
    }
    let corners: Vec<(&str, u32)> = all.split([',', ':']).filter_map(corner).collect();
    let columns: BTreeSet<(usize, &str)> = corners.iter().map(|(column, _)| (column.len(), *column)).collect();
    let rows = corners.iter().map(|(_, row)| *row);
    match (rows.clone().min(), rows.max()) {
        (Some(first), Some(last)) => {
            let spans = columns.into_iter().map(|(_, column)| format!("{column}{first}:{column}{last}")).collect::<Vec<_>>();
            format!("{}中该地区各行", spans.join("、"))
        }
        _ => all.chars().take(CHARS_MAX).chain(['…']).collect(),
    }
}

/// A reference like `AB12` as its column and row.
fn corner(reference: &str) -> Option<(&str, u32)> {
    let (column, row) = reference.split_at(reference.find(|c: char| c.is_ascii_digit())?);
    Some((column, row.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_cells_are_named_and_many_by_the_block_they_lie_in() {
        assert_eq!(cells(&["D5", "D6:D7"]), "D5、D6:D7");
        let many: Vec<String> = (4..40).map(|row| format!("B{row},E{row}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert_eq!(cells(&many), "B4:B39、E4:E39中该地区各行");
    }
}
