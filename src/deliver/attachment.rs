//! Workbooks to be sent, and whose they are.

use crate::model::DepartmentCode;

/// The code that stands for the leading group where others bear a department's.
pub const LEADING_GROUP: &str = "all";

/// A workbook to be sent.
#[derive(Debug, Clone, Copy)]
pub struct Attachment<'a> {
    /// `None`: the whole book.
    pub department: Option<&'a DepartmentCode>,
    pub file_name: &'a str,
    pub bytes: &'a [u8],
}
