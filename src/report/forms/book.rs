//! One form: its sheets in order, its properties, its bytes.

use rust_xlsxwriter::{DocProperties, Workbook, XlsxError};

use super::request::{Request, owed, title};
use super::table::Table;
use super::{across, guide, hidden, list, matrix, sheet};
use crate::model::{DepartmentCode, Period};
use crate::plan::{Dataset, Shape};
use crate::present::captions;
use crate::present::theme::Theme;
use crate::report::ReportError;

/// One department's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    pub department: DepartmentCode,
    pub period: Period,
    pub file_name: String,
    pub bytes: Vec<u8>,
}

/// Draws a department's form; `None` where it hands in nothing for the period.
///
/// # Errors
/// The workbook library refuses something.
pub fn draw(request: &Request) -> Result<Option<Form>, ReportError> {
    let datasets = owed(request.plan, &request.department.code, request.period);
    if datasets.is_empty() {
        return Ok(None);
    }
    let file_name = captions::form_file_name(request.period, &request.department.name);
    match write(request, &datasets) {
        Ok(bytes) => Ok(Some(Form { department: request.department.code.clone(), period: request.period, file_name, bytes })),
        Err(source) => Err(ReportError::Workbook { file_name, source }),
    }
}

fn write(request: &Request, datasets: &[&Dataset]) -> Result<Vec<u8>, XlsxError> {
    let theme = Theme::of(request.settings.appearance.theme).worded(&request.settings.appearance.captions);
    let mut workbook = Workbook::new();
    workbook.set_default_format(&theme.default_format(), 17, 64)?;
    workbook.set_properties(&properties(request));
    guide::draw(workbook.add_worksheet(), request, &theme, datasets)?;
    for dataset in datasets {
        let table = table_of(request, dataset);
        sheet::draw(workbook.add_worksheet(), request, &theme, &table)?;
    }
    hidden::draw(workbook.add_worksheet(), request, datasets)?;
    workbook.save_to_buffer()
}

/// The time of creation is the first moment after the period, whenever the form is drawn: the same form has the same bytes.
fn properties(request: &Request) -> DocProperties {
    let after = request.period.next().first_day().and_time(chrono::NaiveTime::MIN).and_utc();
    let settings = request.settings;
    DocProperties::new()
        .set_title(title(request))
        .set_author(&settings.office.name)
        .set_company(&settings.office.name)
        .set_category(&settings.appearance.mark)
        .set_comment(if settings.appearance.sample { captions::SAMPLE_MARK } else { "" })
        .set_creation_datetime(&after)
}

/// The table of a dataset, by its shape.
fn table_of<'a>(request: &Request<'a>, dataset: &'a Dataset) -> Table<'a> {
    match dataset.shape {
        Shape::Records => list::table(request, dataset),
        Shape::Matrix if dataset.regions_across => across::table(request, dataset),
        Shape::Matrix | Shape::Form => matrix::table(request, dataset),
    }
}
