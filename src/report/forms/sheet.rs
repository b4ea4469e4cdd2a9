//! Draws one table of a form: title, lines, heading, cells, signatures; headings are locked, cells are open.

use rust_xlsxwriter::{ProtectionOptions, Worksheet, XlsxError};

use super::columns::units;
use super::request::Request;
use super::table::{Cell, Field, Table, title};
use super::validation;
use crate::plan::form::{NOTHING_NEW, REMARKS, TICK};
use crate::present::theme::{Element, Theme};
use crate::present::{captions, numbers, widths};
use crate::report::page::{self, Orientation};
use crate::report::table::write_text;

/// Title, the line below it, and the line to tick: the heading stands below them.
const HEADING_ROW: u32 = 3;
/// What stands above the rows and below them, in points.
const HEAD_POINTS: u32 = 112;
const FOOT_POINTS: u32 = 120;
/// Wider sheets lie across the paper.
const PORTRAIT_DIGITS: usize = 100;
/// What is signed below a table.
const SIGNATURES: [[&str; 3]; 2] = [["填报单位（盖章）：", "填报人：", "审核人："], ["单位负责人：", "联系电话：", "填报日期："]];

/// Draws the sheet.
pub fn draw(page: &mut Worksheet, request: &Request, theme: &Theme, table: &Table) -> Result<(), XlsxError> {
    let dataset = table.dataset;
    page.set_name(dataset.sheets.first().unwrap_or(&dataset.title))?;
    let wide = table.columns.iter().map(|column| column.width).sum::<usize>() > PORTRAIT_DIGITS;
    let marks = page::marks_of(&request.settings.appearance);
    let orientation = if wide { Orientation::Landscape } else { Orientation::Portrait };
    page::paper(page, &marks, theme, orientation);
    for (at, column) in (0u16..).zip(&table.columns) {
        page.set_column_width(at, f64::from(to_u32(column.width)))?;
    }
    head(page, request, theme, table)?;
    let top = heading(page, theme, table)?;
    let mut height = HEAD_POINTS;
    for (row, cells) in (top..).zip(&table.rows) {
        height += line(page, theme, table, row, cells)?;
    }
    let pixels = table.columns.iter().map(|column| to_u32(column.width) * 7 + 5).sum();
    page::gather(page, orientation, pixels, height + FOOT_POINTS);
    validation::lay(page, request, table, top)?;
    foot(page, theme, table, top + to_u32(table.rows.len()))?;
    page.set_freeze_panes(top, table.kept)?.set_repeat_rows(HEADING_ROW, top - 1)?.set_selection(top, table.kept, top, table.kept)?;
    page.protect_with_options(&ProtectionOptions {
        format_cells: true,
        format_columns: true,
        format_rows: true,
        insert_rows: table.is_list,
        delete_rows: table.is_list,
        sort: table.is_list,
        use_autofilter: true,
        insert_links: true,
        edit_objects: true,
        ..ProtectionOptions::default()
    });
    Ok(())
}

fn head(page: &mut Worksheet, request: &Request, theme: &Theme, table: &Table) -> Result<(), XlsxError> {
    let dataset = table.dataset;
    let due = request.plan.calendar.due(request.period, dataset.due_day);
    let due = captions::due(due, request.settings.schedule.deadline_hour);
    page.write_string_with_format(0, 0, title(dataset, request.period), &theme.format(Element::Title))?;
    let line: Vec<String> = [Some(format!("填报单位：{}", request.department.name)), Some(format!("{due}前报送")), table.line.clone()]
        .into_iter()
        .flatten()
        .collect();
    page.write_string_with_format(1, 0, line.join("　　"), &theme.format(Element::Subtitle))?;
    let units: Vec<&str> = units(dataset).iter().map(|unit| unit.name()).collect();
    if !units.is_empty() {
        let right = theme.format(Element::Subtitle).set_align(rust_xlsxwriter::FormatAlign::Right);
        page.write_string_with_format(1, last(table), format!("单位：{}", units.join("、")), &right)?;
    }
    page.set_row_height(0, 30)?.set_row_height(1, 20)?.set_row_height(2, if table.tick { 20 } else { 8 })?;
    if table.tick {
        let label = format!("{NOTHING_NEW}（选“{TICK}”）：");
        page.merge_range(2, 0, 2, 1, &label, &theme.format(Element::Subtitle))?;
        page.write_blank(2, 2, &theme.format(Element::EntryCentre))?;
        page.add_data_validation(2, 2, 2, 2, &validation::tick()?)?;
    }
    Ok(())
}

/// Draws the heading in one or two rows; returns the row below it.
fn heading(page: &mut Worksheet, theme: &Theme, table: &Table) -> Result<u32, XlsxError> {
    let format = theme.format(Element::FormHeading);
    let two = table.columns.iter().any(|column| column.upper.is_some());
    let lowest = HEADING_ROW + u32::from(two);
    let mut at = 0;
    while let Some(column) = table.columns.get(at) {
        let first = to_u16(at);
        let Some(upper) = &column.upper else {
            if two {
                page.merge_range(HEADING_ROW, first, lowest, first, &column.lower, &format)?;
            } else {
                page.write_string_with_format(lowest, first, &column.lower, &format)?;
            }
            at += 1;
            continue;
        };
        let group: Vec<_> = table.columns.iter().skip(at).take_while(|other| other.upper.as_ref() == Some(upper)).collect();
        let end = to_u16(at + group.len() - 1);
        if group.len() > 1 {
            page.merge_range(HEADING_ROW, first, HEADING_ROW, end, upper, &format)?;
        } else {
            page.write_string_with_format(HEADING_ROW, first, upper, &format)?;
        }
        for (column, one) in (first..).zip(&group) {
            page.write_string_with_format(lowest, column, &one.lower, &format)?;
        }
        at += group.len();
    }
    let lines = table.columns.iter().map(|column| widths::lines(&column.lower, column.width, Element::FormHeading.size())).max();
    let height = widths::height(lines.unwrap_or(1), Element::FormHeading.size()) + 8;
    page.set_row_height(lowest, f64::from(to_u32(height.max(22))))?;
    if two {
        page.set_row_height(HEADING_ROW, 22)?;
    }
    Ok(lowest + 1)
}

/// Draws a row; returns how many points high it is.
fn line(page: &mut Worksheet, theme: &Theme, table: &Table, row: u32, cells: &[Cell]) -> Result<u32, XlsxError> {
    if table.is_list {
        // A row can be deleted only where none of its cells is locked, however far to the right.
        page.set_row_format(row, &theme.format(Element::Open))?;
    }
    for (column, cell) in (0u16..).zip(cells) {
        let format = if table.is_list { theme.open(cell.element) } else { theme.format(cell.element) };
        match &cell.field {
            Field::Blank => page.write_blank(row, column, &format).map(drop)?,
            Field::Text(text) => write_text(page, row, column, text, format)?,
            Field::Number(number) => page.write_number_with_format(row, column, numbers::cell(*number), &format).map(drop)?,
            Field::Date(day) => page.write_datetime_with_format(row, column, day, &format).map(drop)?,
        }
    }
    let lines = |(cell, width): (&Cell, usize)| match &cell.field {
        Field::Text(text) if cell.element == Element::Entry => widths::lines(text, width, cell.element.size()),
        _ => 1,
    };
    let lines = cells.iter().zip(table.columns.iter().map(|column| column.width)).map(lines).max().unwrap_or(1);
    let height = to_u32(widths::height(lines, Element::Entry.size()) + 6).clamp(21, 400);
    page.set_row_height(row, f64::from(height))?;
    Ok(height)
}

/// The table's own words, a note, and who signs.
fn foot(page: &mut Worksheet, theme: &Theme, table: &Table, below: u32) -> Result<(), XlsxError> {
    let open = theme.format(Element::Open);
    let end = last(table);
    page.merge_range(below, 0, below, end, &format!("{REMARKS}："), &theme.format(Element::Entry))?;
    page.set_row_height(below, 32)?;
    let mut row = below + 1;
    if let Some(note) = &table.note {
        page.write_string_with_format(row, 0, note, &theme.format(Element::Subtitle))?;
        page.set_row_height(row, 24)?;
        row += 1;
    }
    row += 1;
    for signatures in SIGNATURES {
        for (column, text) in places(table).into_iter().zip(signatures) {
            page.write_string_with_format(row, column, text, &open)?;
        }
        page.set_row_height(row, 24)?;
        row += 1;
    }
    Ok(())
}

/// Three columns, about a third of the sheet's width from each other.
fn places(table: &Table) -> [u16; 3] {
    let whole: usize = table.columns.iter().map(|column| column.width).sum();
    let at = |third: usize| {
        let mut left = 0;
        let before = |column: &&super::columns::Column| {
            left += column.width;
            left <= whole * third / 3
        };
        to_u16(table.columns.iter().take_while(before).count())
    };
    let (second, third) = (at(1).max(1), at(2).max(2));
    [0, second, third.max(second + 1)]
}

fn last(table: &Table) -> u16 {
    to_u16(table.columns.len().saturating_sub(1))
}

fn to_u16(value: usize) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}

fn to_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
