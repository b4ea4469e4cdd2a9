//! Claims: whose a file is that was not read, and of which month, as far as its name and folders tell.

use crate::ingest;
use crate::ledger::Recorded;
use crate::model::{DepartmentCode, Period};
use crate::run::kit::Desk;

/// Whose a file that was not read is and of which month; what older programs did not note down its path tells.
pub fn claimed(desk: &Desk, one: &Recorded) -> (Option<DepartmentCode>, Option<Period>) {
    let folders: Vec<String> = one.path.split('/').map(str::to_owned).collect();
    let folders = folders.split_last().map_or(&[][..], |(_, folders)| folders);
    let (department, period) = ingest::claimed(&one.file, folders, &desk.plan);
    (one.department.clone().or(department), one.period.or(period))
}
