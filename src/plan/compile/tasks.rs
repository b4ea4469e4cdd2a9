//! `[[task]]`: a task without a figure.

use crate::model::DepartmentCode;
use crate::plan::Task;
use crate::settings::document::At;
use crate::settings::table::Table;

use super::circle::Circle;
use super::scope::Scope;

/// Reads the tasks of a measure: their codes with places, and the tasks.
pub fn read(measure: &Table<'_>, number: Option<u32>, circle: &Circle, scope: &Scope<'_>) -> (Vec<At<String>>, Vec<Task>) {
    let mut codes = Vec::new();
    let mut tasks = Vec::new();
    for table in measure.tables("task") {
        let code = table.need_text("code").filter(|code| is_code(code, number));
        codes.extend(code.clone());
        tasks.extend(read_one(table, code, circle, scope));
    }
    (codes, tasks)
}

fn read_one(table: Table<'_>, code: Option<At<String>>, circle: &Circle, scope: &Scope<'_>) -> Option<Task> {
    let title = table.need_text("title");
    let listed = table.texts("departments");
    for code in &listed {
        let department = DepartmentCode(code.value.clone());
        if scope.departments.iter().any(|known| known.code == department) && !circle.admits(&department) {
            circle.refuse("department", code);
        }
    }
    let departments = if listed.is_empty() { circle.departments.clone() } else { scope.departments(&listed) };
    let owner = read_owner(&table, &departments, circle, scope);
    let notes = table.texts("notes").into_iter().map(|note| note.value).collect();
    table.finish();
    Some(Task { code: code?.value, title: title?.value, departments, owner: owner?, notes })
}

/// The one who reports on it: the first department unless the file says otherwise, and one that reports at all.
fn read_owner(table: &Table<'_>, departments: &[DepartmentCode], circle: &Circle, scope: &Scope<'_>) -> Option<DepartmentCode> {
    let Some(owner) = table.text("owner") else {
        let first = departments.first()?;
        if !scope.reports(first) {
            table.problem(
                format!("nobody reports on this task: its first department `{first}` hands in nothing"),
                "name one that does: `owner = \"fgw\"`",
            );
        }
        return Some(first.clone());
    };
    let department = scope.department(&owner)?;
    if !scope.reports(&department) {
        owner.problem(format!("owner `{department}` hands in nothing"), "name a department that reports");
    } else if !departments.contains(&department) && !circle.open {
        owner.problem(format!("owner `{department}` is not among the task's departments"), "name one of them, or add it to `departments`");
    }
    Some(department)
}

fn is_code(code: &At<String>, number: Option<u32>) -> bool {
    let parts = code.value.split_once('-').map(|(measure, rest)| (measure.parse::<u32>(), rest.parse::<u32>()));
    let sound = match (parts, number) {
        (Some((Ok(measure), Ok(_))), Some(number)) => measure == number,
        (Some((Ok(_), Ok(_))), None) => true,
        _ => false,
    };
    if !sound {
        let number = number.map_or_else(|| "6".to_owned(), |number| number.to_string());
        code.problem(format!("`{}` is no task code of this measure", code.value), format!("number the tasks `{number}-1`, `{number}-2` …"));
    }
    sound
}
