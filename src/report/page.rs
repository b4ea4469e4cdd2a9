//! What every sheet shares: paper, margins, footer, and the three lines above its table.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::edition::Edition;
use crate::present::captions;
use crate::present::theme::{Element, Theme};
use crate::settings::Appearance;

/// How a sheet lies on the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orientation {
    Portrait,
    Landscape,
}

/// A4, one page wide, mark and page numbers in the footer.
pub fn set_up(sheet: &mut Worksheet, edition: &Edition, theme: &Theme, orientation: Orientation) {
    paper(sheet, &marks(edition), theme, orientation);
}

/// [`set_up`] for a sheet of any workbook, with what its footer says.
pub fn paper(sheet: &mut Worksheet, marks: &str, theme: &Theme, orientation: Orientation) {
    const A4: u8 = 9;
    sheet.set_paper_size(A4).set_print_fit_to_pages(1, 0).set_print_center_horizontally(true).set_screen_gridlines(false);
    sheet.set_margins(0.5, 0.5, 0.6, 0.7, 0.3, 0.35);
    match orientation {
        Orientation::Portrait => sheet.set_portrait(),
        Orientation::Landscape => sheet.set_landscape(),
    };
    let font = format!("&\"{},Regular\"&9", theme.body_font());
    // The space keeps a digit that begins the mark from being read as part of the size.
    sheet.set_footer(format!("&L{font} {}&R{font} 第 &P 页 / 共 &N 页", marks.replace('&', "&&")));
}

/// The points of sheet that one page holds, below each other, when the sheet is `pixels` wide and scaled to the page's width.
pub fn room(orientation: Orientation, pixels: u32) -> u32 {
    // A4 less the margins, in pixels across and points down; a little is kept back for fonts that differ.
    let (across, down) = match orientation {
        Orientation::Portrait => (698, 732),
        Orientation::Landscape => (1026, 492),
    };
    down * pixels.max(across) / across
}

/// Fits a sheet whose content is `height` points high on fewer pages, where the last one would hold little.
pub fn gather(sheet: &mut Worksheet, orientation: Orientation, pixels: u32, height: u32) {
    /// Print this much smaller, in percent, is still easy to read.
    const SMALLER_PCT: u32 = 15;
    let room = room(orientation, pixels);
    let pages = (height / room).max(1);
    if height > pages * room && height * 100 <= pages * room * (100 + SMALLER_PCT) {
        sheet.set_print_fit_to_pages(1, u16::try_from(pages).unwrap_or(0));
    }
}

/// The points the three lines of `head` take.
pub const HEAD: u32 = 66;

/// The mark, and on samples that they are one.
pub fn marks(edition: &Edition) -> String {
    marks_of(edition.appearance)
}

/// The same of what the settings say.
pub fn marks_of(appearance: &Appearance) -> String {
    let sample = if appearance.sample { format!("　　{}", captions::SAMPLE_MARK) } else { String::new() };
    format!("{}{sample}", appearance.mark)
}

/// Mark, title and a line below it, in the three rows above the table.
pub fn head(sheet: &mut Worksheet, edition: &Edition, theme: &Theme, title: &str, subtitle: &str) -> Result<(), XlsxError> {
    sheet.write_string_with_format(0, 0, &edition.appearance.mark, &theme.format(Element::Mark))?;
    // Short titles are spaced out as shipped; under another name the sheet is titled by that.
    let name = title.replace('　', "");
    let own = theme.captions().sheet(&name);
    let title = if own == name { title } else { own };
    sheet.write_string_with_format(1, 0, title, &theme.format(Element::Title))?;
    sheet.write_string_with_format(2, 0, subtitle, &theme.format(Element::Subtitle))?;
    sheet.set_row_height(0, 16)?.set_row_height(1, 30)?.set_row_height(2, 20)?;
    Ok(())
}
