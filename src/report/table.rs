//! The one way a titled table is drawn: widths, header, rows, filter, frozen and repeated header.

use rust_decimal::Decimal;
use rust_xlsxwriter::{Format, Table as Listing, TableColumn, TableStyle, Worksheet, XlsxError};

use crate::model::{GreyReason, Light};
use crate::present::theme::{Element, Theme};
use crate::present::{captions, numbers, widths};
use crate::settings::Captions;

/// What Excel holds in one cell; a longer text is cut rather than refused.
const CELL_CHARS_MAX: usize = 32_000;

/// "—": not applicable.
pub const DASH: &str = "—";

/// A column: its heading and the bounds of its width.
#[derive(Debug, Clone)]
pub struct Column {
    heading: String,
    min: usize,
    max: usize,
}

/// A column headed `heading`, between `min` and `max` digits wide.
pub fn column(heading: impl Into<String>, min: usize, max: usize) -> Column {
    Column { heading: heading.into(), min, max }
}

impl Column {
    /// The heading as it is written into a column `width` wide: what stands in brackets goes to a line of its own.
    fn wrapped(&self, words: &Captions, width: usize) -> String {
        // A column of lights is headed by its light.
        let heading = match words.heading(&self.heading) {
            shipped if shipped == self.heading => words.light(&self.heading),
            own => own,
        };
        if widths::display(heading) + 2 <= width { heading.to_owned() } else { heading.replacen('（', "\n（", 1) }
    }
}

/// What stands in a cell.
#[derive(Debug, Clone)]
enum Content {
    Text(String),
    Number(Decimal),
}

/// A cell: what it holds, as which element, and where it leads.
#[derive(Debug, Clone)]
pub struct Cell {
    content: Content,
    element: Element,
    link: Option<String>,
}

impl Cell {
    /// Text of an element's looks.
    pub fn text(element: Element, text: impl Into<String>) -> Self {
        Self { content: Content::Text(text.into()), element, link: None }
    }

    /// A figure with `decimals` places, or "—".
    pub fn number(value: Option<Decimal>, decimals: u32) -> Self {
        match value {
            Some(value) => Self { content: Content::Number(value), element: Element::Number(decimals), link: None },
            None => Self::missing(DASH),
        }
    }

    /// A percentage or points with its own decimals (a percentage's growth has those of its figure), at least one, or "—".
    pub fn percent(value: Option<Decimal>) -> Self {
        Self::number(value, value.map_or(1, |value| value.scale().max(1)))
    }

    /// A count.
    pub fn count(value: u32) -> Self {
        Self::number(Some(Decimal::from(value)), 0)
    }

    /// A figure, or why there is none: the grey word, else "—".
    pub fn figure(value: Option<Decimal>, decimals: u32, light: Light) -> Self {
        match (value, light.grey_reason()) {
            (None, Some(reason @ (GreyReason::NotReported | GreyReason::NotDue))) => Self::missing(reason.word()),
            (value, _) => Self::number(value, decimals),
        }
    }

    /// A word in a figure's place.
    pub fn missing(word: impl Into<String>) -> Self {
        Self::text(Element::Missing, word)
    }

    /// A light with its run.
    pub fn light(light: Light, periods_in_row: u32) -> Self {
        Self::text(Element::Light(light), captions::light_label(light, periods_in_row))
    }

    /// A number that is no quantity (序号), centred.
    pub fn centred(self) -> Self {
        Self { element: Element::Index, ..self }
    }

    /// The same cell, leading to `link`.
    pub fn linked(self, link: Option<String>) -> Self {
        Self { link, ..self }
    }

    /// Whether it holds a light's word, or a grey light's in a figure's place.
    fn is_light(&self) -> bool {
        matches!(self.element, Element::Light(_) | Element::Missing)
    }

    fn is_number(&self) -> bool {
        matches!(self.content, Content::Number(_))
    }

    /// As it is printed, for widths.
    fn printed(&self) -> String {
        match (&self.content, self.element) {
            (Content::Text(text), _) => text.clone(),
            (Content::Number(value), Element::Number(decimals)) => {
                let text = format!("{value:.*}", decimals as usize);
                let digits = text.chars().take_while(|c| *c != '.').filter(char::is_ascii_digit).count();
                // Thousands separators take room too.
                format!("{text}{}", ",".repeat(digits.saturating_sub(1) / 3))
            }
            (Content::Number(value), _) => value.to_string(),
        }
    }
}

/// A row; a strong one stands out.
#[derive(Debug, Clone)]
pub struct Row {
    pub cells: Vec<Cell>,
    pub strong: bool,
}

impl From<Vec<Cell>> for Row {
    fn from(cells: Vec<Cell>) -> Self {
        Self { cells, strong: false }
    }
}

/// A table of a sheet.
#[derive(Debug, Clone)]
pub struct Table {
    /// Unique in the workbook, ASCII.
    pub name: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// What its only row says when there is none.
    pub empty: &'static str,
}

impl Table {
    /// The columns' widths.
    fn widths(&self) -> Vec<usize> {
        let printed: Vec<Vec<String>> = self.rows.iter().map(|row| row.cells.iter().map(Cell::printed).collect()).collect();
        // A text wraps, a number that does not fit is printed as ###: numbers may pass the upper bound.
        let digits =
            |at: usize| self.rows.iter().filter_map(move |row| row.cells.get(at)).filter(|cell| cell.is_number()).map(Cell::printed);
        let width = |(at, column): (usize, &Column)| {
            let texts = widths::column(printed.iter().filter_map(|row| row.get(at)).map(String::as_str), column.min, column.max);
            digits(at).map(|text| widths::display(&text) + 2).fold(texts, usize::max)
        };
        self.columns.iter().enumerate().map(width).collect()
    }

    /// The number of columns, less one: the last one's index.
    pub fn last_column(&self) -> u16 {
        u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(u16::MAX)
    }

    /// Draws the table with its header in `top`, freezes and repeats the header; returns the row after its last.
    pub fn draw(&self, sheet: &mut Worksheet, theme: &Theme, top: u32) -> Result<u32, XlsxError> {
        let after = self.draw_among(sheet, theme, top, true)?;
        sheet.set_freeze_panes(top + 1, 0)?.set_repeat_rows(top, top)?;
        Ok(after)
    }

    /// Draws the table without freezing anything, as one part of a sheet; `wide`: its columns set the sheet's widths.
    pub fn draw_among(&self, sheet: &mut Worksheet, theme: &Theme, top: u32, wide: bool) -> Result<u32, XlsxError> {
        let widths = self.widths();
        if wide {
            for (at, width) in (0u16..).zip(&widths) {
                sheet.set_column_width(at, to_f64(*width))?;
            }
        }
        let count = u32::try_from(self.rows.len().max(1)).unwrap_or(u32::MAX);
        let heading = theme.format(Element::Heading);
        let headings: Vec<_> = self.columns.iter().zip(&widths).map(|(column, width)| column.wrapped(theme.captions(), *width)).collect();
        let columns: Vec<_> = headings.iter().map(|text| TableColumn::new().set_header(text).set_header_format(&heading)).collect();
        let listing = Listing::new().set_name(&self.name).set_style(TableStyle::None).set_columns(&columns);
        sheet.add_table(top, 0, top + count, self.last_column(), &listing)?;
        sheet.set_row_height(top, f64::from(self.heading_height(theme.captions(), &widths)))?;
        if self.rows.is_empty() {
            sheet.write_string_with_format(top + 1, 0, self.empty, &theme.format(Element::Subtitle))?;
        }
        for (at, row) in (top + 1..).zip(&self.rows) {
            draw_row(sheet, theme, at, row)?;
            sheet.set_row_height(at, f64::from(row.height(&widths)))?;
        }
        Ok(top + 1 + count)
    }

    /// The points its header is high.
    fn heading_height(&self, words: &Captions, widths: &[usize]) -> u32 {
        let size = Element::Heading.size();
        let lines =
            self.columns.iter().zip(widths).map(|(column, width)| widths::lines(&column.wrapped(words, *width), *width, size)).max();
        points(widths::height(lines.unwrap_or(1), size), 8)
    }

    /// The points its header and each of its rows are high.
    pub fn heights(&self) -> (u32, Vec<u32>) {
        let widths = self.widths();
        (self.heading_height(&Captions::shipped(), &widths), self.rows.iter().map(|row| row.height(&widths)).collect())
    }

    /// The digits all its columns are wide together.
    pub fn width(&self) -> usize {
        self.widths().iter().sum()
    }

    /// The points a sheet with nothing but its head and this table is high.
    pub fn sheet_height(&self) -> u32 {
        let (header, rows) = self.heights();
        super::page::HEAD + header + rows.iter().sum::<u32>()
    }

    /// The pixels all its columns are wide together, as Excel pads them.
    pub fn pixels(&self) -> u32 {
        let pixels = self.widths().iter().map(|width| width * 7 + 5).sum::<usize>();
        u32::try_from(pixels).unwrap_or(u32::MAX)
    }
}

impl Row {
    /// The points its longest text needs.
    fn height(&self, widths: &[usize]) -> u32 {
        let needed = |(cell, width): (&Cell, &usize)| match &cell.content {
            Content::Text(text) => widths::height(widths::lines(text, *width, cell.element.size()), cell.element.size()),
            Content::Number(_) => 0,
        };
        points(self.cells.iter().zip(widths).map(needed).max().unwrap_or(0), 2)
    }
}

/// Draws the cells of one row.
fn draw_row(sheet: &mut Worksheet, theme: &Theme, at: u32, row: &Row) -> Result<(), XlsxError> {
    for (column, cell) in (0u16..).zip(&row.cells) {
        let format = if row.strong { theme.strong(cell.element) } else { theme.format(cell.element) };
        if let Some(link) = &cell.link {
            sheet.write_url_with_format(at, column, link.as_str(), &format)?;
        }
        match &cell.content {
            Content::Text(text) if cell.is_light() => write_text(sheet, at, column, &captions::worded(theme.captions(), text), format)?,
            Content::Text(text) => write_text(sheet, at, column, text, format)?,
            Content::Number(value) => {
                sheet.write_number_with_format(at, column, numbers::cell(*value), &format)?;
            }
        }
    }
    Ok(())
}

/// Writes a text as text, whatever it begins with.
pub fn write_text(sheet: &mut Worksheet, row: u32, column: u16, text: &str, format: Format) -> Result<(), XlsxError> {
    // Editing such a cell must not turn it into a formula either.
    let format = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format.set_quote_prefix() } else { format };
    let text: String = text.chars().take(CELL_CHARS_MAX).collect();
    sheet.write_string_with_format(row, column, text, &format)?;
    Ok(())
}

/// A paragraph merged over the columns up to `last`, which are `width` wide together, as high as it needs.
pub fn paragraph(
    sheet: &mut Worksheet,
    theme: &Theme,
    row: u32,
    last: u16,
    width: usize,
    text: &str,
    element: Element,
) -> Result<(), XlsxError> {
    sheet.merge_range(row, 0, row, last, text, &theme.format(element))?;
    sheet.set_row_height(row, f64::from(paragraph_height(text, width, element)))?;
    Ok(())
}

/// The points such a paragraph is high.
pub fn paragraph_height(text: &str, width: usize, element: Element) -> u32 {
    points(widths::height(widths::lines(text, width, element.size()), element.size()), 2)
}

/// A row's height in points: what its text needs and some air; Excel refuses more than 409.
fn points(text: usize, air: usize) -> u32 {
    u32::try_from(text + air).unwrap_or(400).clamp(16, 400)
}

fn to_f64(value: usize) -> f64 {
    f64::from(u32::try_from(value).unwrap_or(u32::MAX))
}
