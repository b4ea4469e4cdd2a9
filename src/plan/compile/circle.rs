//! Who may answer for something in a measure.

use crate::model::DepartmentCode;
use crate::settings::document::At;
use crate::settings::suggest;

/// Who may answer for something in a measure.
pub struct Circle {
    pub departments: Vec<DepartmentCode>,
    /// A measure of 省级有关单位 (an entry that does not report itself) is open to every department.
    pub open: bool,
}

impl Circle {
    /// Whether that department may answer here.
    pub fn admits(&self, department: &DepartmentCode) -> bool {
        self.open || self.departments.contains(department)
    }

    /// Reports one that may not.
    pub fn refuse(&self, role: &str, code: &At<String>) {
        let listed = self.departments.iter().map(|department| department.0.as_str());
        code.problem(format!("{role} `{}` is not among the measure's departments", code.value), suggest::hint(&code.value, listed));
    }
}
