//! The hidden sheet: whose form it is, of which month, and by which plan each table was drawn.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::request::Request;
use crate::plan::Dataset;
use crate::plan::form::{HIDDEN_SHEET, KEY_DEPARTMENT, KEY_FORM, KEY_PERIOD, KEY_PLAN, KEY_TABLE, version};

/// How much of a hash names a form.
const IDENTITY_LENGTH: usize = 12;

/// Writes keys into the first column and values into the second, all of them texts.
pub fn draw(sheet: &mut Worksheet, request: &Request, datasets: &[&Dataset]) -> Result<(), XlsxError> {
    sheet.set_name(HIDDEN_SHEET)?.set_hidden(true);
    let (department, period) = (request.department.code.to_string(), request.period.to_string());
    let tables: Vec<(String, String)> = datasets.iter().map(|dataset| (format!("{KEY_TABLE}{}", dataset.code), version(dataset))).collect();
    let of_all: String = tables.iter().flat_map(|(code, version)| [code.as_str(), version.as_str()]).collect();
    let mut identity = blake3::hash(format!("{period}|{department}|{}|{of_all}", request.plan.hash).as_bytes()).to_hex().to_string();
    identity.truncate(IDENTITY_LENGTH);
    let form = format!("{period}-{department}-{identity}");
    let own = [(KEY_FORM, form), (KEY_DEPARTMENT, department), (KEY_PERIOD, period), (KEY_PLAN, request.plan.hash.clone())];
    let own = own.into_iter().map(|(key, value)| (key.to_owned(), value));
    for (row, (key, value)) in (0u32..).zip(own.chain(tables)) {
        sheet.write_string(row, 0, key)?.write_string(row, 1, value)?;
    }
    Ok(())
}
