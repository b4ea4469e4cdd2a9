//! The measure a pipeline file is about: its head, then its indicators and tasks.

use crate::model::DepartmentCode;
use crate::plan::{Indicator, Measure, TargetYear};
use crate::settings::document::At;
use crate::settings::table::Table;

use super::circle::Circle;
use super::root::Root;
use super::scope::Scope;
use super::{indicators, tasks};

/// A compiled measure with the places that checks across files need.
pub struct Draft {
    pub number: At<u32>,
    pub indicator_codes: Vec<At<String>>,
    pub task_codes: Vec<At<String>>,
    pub indicators: Vec<indicators::Draft>,
    measure: Measure,
}

/// Reads what follows the datasets; nothing for the shared file.
pub fn read(root: Root<'_>, scope: &Scope<'_>) -> Option<Draft> {
    let Root { table, number, shared } = root;
    if shared {
        table.finish();
        return None;
    }
    let title = table.need_text("title");
    let short_title = table.need_text("short_title").filter(is_tab_name);
    let action = read_action(&table, scope);
    let listed = table.need_texts("departments");
    let departments = scope.departments(&listed);
    let circle =
        Circle { open: departments.iter().any(|department| !scope.reports(department)) || departments.len() < listed.len(), departments };
    let consolidated_by = read_consolidators(&table, &circle, scope);
    let known_number = number.as_ref().map(|number| number.value);
    let (indicator_codes, indicators) = indicators::read(&table, known_number, &circle, scope);
    let (task_codes, tasks) = tasks::read(&table, known_number, &circle, scope);
    let notes = table.texts("notes").into_iter().map(|note| note.value).collect();
    table.finish();
    let number = number?;
    let measure = Measure {
        number: number.value,
        title: title.map(|title| title.value).unwrap_or_default(),
        short_title: short_title.map(|title| title.value).unwrap_or_default(),
        action: action.unwrap_or(0),
        departments: circle.departments,
        consolidated_by,
        indicators: Vec::new(),
        tasks,
        notes,
    };
    Some(Draft { number, indicator_codes, task_codes, indicators, measure })
}

impl Draft {
    /// Begins what is to be reached by a later year in `year`, unless its target says when its way began.
    pub fn beginning(mut self, year: i32) -> Self {
        for target in self.indicators.iter_mut().filter_map(|draft| draft.indicator.target.as_mut()) {
            if let TargetYear::By { since: since @ None, .. } = &mut target.year {
                *since = Some(year);
            }
        }
        self
    }

    /// The finished measure.
    pub fn into_measure(self) -> Measure {
        let indicators = self.indicators.into_iter().map(|draft| draft.indicator).collect::<Vec<Indicator>>();
        Measure { indicators, ..self.measure }
    }
}

fn read_action(table: &Table<'_>, scope: &Scope<'_>) -> Option<u32> {
    let action = table.small("action", 1..=99);
    if !table.has("action") {
        table.missing("action", "1");
    }
    let action = action?;
    if !scope.actions.iter().any(|known| known.number == action.value) && !scope.unread.actions {
        let known = scope.actions.iter().map(|known| known.number.to_string()).collect::<Vec<_>>();
        action.problem(format!("no action {} stands in config/actions.toml", action.value), format!("known are {}", known.join(", ")));
    }
    Some(action.value)
}

fn read_consolidators(table: &Table<'_>, circle: &Circle, scope: &Scope<'_>) -> Vec<DepartmentCode> {
    let named = table.texts("consolidated_by");
    for code in &named {
        let department = DepartmentCode(code.value.clone());
        if scope.departments.iter().any(|known| known.code == department) && !circle.admits(&department) {
            circle.refuse("consolidating department", code);
        }
    }
    if named.is_empty() { circle.departments.first().cloned().into_iter().collect() } else { scope.departments(&named) }
}

/// The short title names a sheet, `06 企业技术改造`: at most 31 characters and none that a sheet's name forbids.
fn is_tab_name(title: &At<String>) -> bool {
    let forbidden = title.value.contains(['[', ']', ':', '*', '?', '/', '\\', '\'']);
    let long = title.value.chars().count() > 28;
    if forbidden || long {
        title.problem(
            if long {
                "`short_title` is longer than a sheet's name may be"
            } else {
                "`short_title` holds a character that a sheet's name may not"
            },
            "write at most 28 characters, without [ ] : * ? / \\ '",
        );
    }
    true
}
