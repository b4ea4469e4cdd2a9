//! A workbook opened: its worksheets, with what the look through its package told of them.

use crate::model::Refusal;
use crate::settings::Limits;

use super::sheet::Book;
use super::sniff::Format;
use super::survey::Survey;

impl Book {
    /// Opens a workbook that was surveyed and reads every worksheet.
    ///
    /// # Errors
    ///
    /// The refusal the sender is told.
    pub fn open(format: Format, mut survey: Survey, limits: &Limits) -> Result<Self, Refusal> {
        let mut book = Self::read(format, std::mem::take(&mut survey.bytes), limits)?;
        if format == Format::Xlsx {
            book.placeholders = survey.saves_placeholders();
            survey.complete(&mut book.sheets);
        }
        Ok(book)
    }
}
