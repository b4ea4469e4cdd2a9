//! The workbooks of a month: one whole book and one for each reporting department, from the same sheets.
//!
//! A pure function of its arguments: the same month gives the same bytes. No figure is computed here.

use crate::model::{DepartmentCode, Month};
use crate::plan::{Department, Plan};
use crate::present::captions;
use crate::settings::{Appearance, Office};

mod book;
mod corrections;
mod cover;
mod details;
mod edition;
mod findings;
mod indicators;
mod measure;
mod notes;
mod overview;
mod page;
mod reporting;
#[cfg(test)]
pub(crate) mod sample;
mod sources;
mod table;
mod tasks;

use edition::Edition;

/// One workbook, ready to be stored or attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// `None` is the whole book.
    pub department: Option<DepartmentCode>,
    pub file_name: String,
    pub bytes: Vec<u8>,
}

/// Why a workbook could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The workbook library refused something.
    #[error("the workbook `{file_name}` could not be written")]
    Workbook { file_name: String, source: rust_xlsxwriter::XlsxError },
}

/// Draws the whole book, then one for each reporting department in 机构序列, in parallel.
pub fn books(plan: &Plan, appearance: &Appearance, office: &Office, month: &Month) -> Result<Vec<Book>, ReportError> {
    let departments: Vec<Option<&Department>> = std::iter::once(None).chain(plan.reporting_departments().map(Some)).collect();
    let lanes = std::thread::available_parallelism().map_or(1, usize::from);
    let per_lane = departments.len().div_ceil(lanes).max(1);
    std::thread::scope(|scope| {
        let lanes: Vec<_> = departments
            .chunks(per_lane)
            .map(|lane| scope.spawn(move || lane.iter().map(|department| draw(plan, appearance, office, month, *department)).collect::<Vec<_>>()))
            .collect();
        lanes.into_iter().flat_map(|lane| lane.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    })
}

/// Draws one book.
fn draw(plan: &Plan, appearance: &Appearance, office: &Office, month: &Month, department: Option<&Department>) -> Result<Book, ReportError> {
    let file_name = captions::book_file_name(plan, appearance, month.period, department, month.version);
    let edition = Edition::new(plan, appearance, office, month, department);
    match book::write(&edition) {
        Ok(bytes) => Ok(Book { department: department.map(|department| department.code.clone()), file_name, bytes }),
        Err(source) => Err(ReportError::Workbook { file_name, source }),
    }
}
