//! The forms (调度表): for each department a workbook with a sheet for each table it hands in, to be filled in and sent back.
//!
//! A pure function of its arguments: the same inputs give the same bytes. What a form prints beside the datasets' own columns is
//! known again by the words of `plan/form.rs`; headings are those that reading accepts.

use rust_xlsxwriter::{DocProperties, Workbook, XlsxError};

use super::ReportError;
use crate::model::{DepartmentCode, Observations, Period};
use crate::plan::{Dataset, Department, Plan, Shape};
use crate::present::captions;
use crate::present::theme::Theme;
use crate::settings::Settings;

mod columns;
mod table;
mod list;
mod matrix;
mod across;
mod hints;
mod validation;
mod sheet;
mod guide;
mod hidden;

use table::Table;

/// What a form is drawn from.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub plan: &'a Plan,
    pub settings: &'a Settings,
    pub department: &'a Department,
    pub period: Period,
    /// The department's newest accepted tables before the period, at most one of each dataset.
    pub past: &'a [Observations],
    /// Tables that are filled in already.
    pub given: &'a [Observations],
    /// Its indicators that were yellow or red last month: code, title.
    pub behind: &'a [(String, String)],
}

/// One department's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    pub department: DepartmentCode,
    pub period: Period,
    pub file_name: String,
    pub bytes: Vec<u8>,
}

/// The tables a department hands in for `period`, in the plan's order.
#[must_use]
pub fn owed<'a>(plan: &'a Plan, department: &DepartmentCode, period: Period) -> Vec<&'a Dataset> {
    plan.datasets.iter().filter(|dataset| dataset.from.contains(department) && plan.owes(dataset, period)).collect()
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

/// `2022年7月调度表　省经信厅`.
fn title(request: &Request) -> String {
    let period = request.period;
    format!("{}年{}调度表　{}", period.year(), captions::month_label(period), request.department.name)
}

fn table_of<'a>(request: &Request<'a>, dataset: &'a Dataset) -> Table<'a> {
    match dataset.shape {
        Shape::Records => list::table(request, dataset),
        Shape::Matrix if dataset.regions_across => across::table(request, dataset),
        Shape::Matrix | Shape::Form => matrix::table(request, dataset),
    }
}

/// The table of a dataset among `tables`.
fn of<'a>(tables: &'a [Observations], dataset: &Dataset) -> Option<&'a Observations> {
    tables.iter().find(|table| table.dataset == dataset.code)
}
