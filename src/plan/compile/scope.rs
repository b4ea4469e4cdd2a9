//! What a pipeline file may name: departments, regions, actions and the datasets declared so far.

use std::cell::Cell;
use std::collections::BTreeSet;

use crate::model::DepartmentCode;
use crate::plan::{Action, Checks, Dataset, Department};
use crate::settings::document::At;
use crate::settings::suggest;

use super::regions::Regions;

/// The names in reach.
pub struct Scope<'c> {
    pub departments: &'c [Department],
    pub regions: &'c Regions,
    pub actions: &'c [Action],
    pub datasets: Vec<Declared>,
    /// Whether some pipeline file could not be read in full: a dataset that is not found may only be unread.
    pub partial: bool,
    /// The numbers of the checks, those of datasets among them.
    pub checks: Checks,
    pub unread: Unread,
}

/// Which files of `config/` are missing or could not be read in full: nobody is told that a name is unknown which may stand there.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unread {
    pub departments: bool,
    pub regions: bool,
    pub actions: bool,
}

/// A dataset as declared.
pub struct Declared {
    pub dataset: Dataset,
    pub place: At<()>,
    /// Columns with a problem of their own, about which no expression complains again.
    pub doubtful: BTreeSet<String>,
    pub used: Cell<bool>,
}

impl<'c> Scope<'c> {
    /// A scope without datasets.
    pub fn new(departments: &'c [Department], regions: &'c Regions, actions: &'c [Action]) -> Self {
        Self { departments, regions, actions, datasets: Vec::new(), partial: false, checks: Checks::default(), unread: Unread::default() }
    }

    /// The department of that code, if it is one; reports it if not.
    pub fn department(&self, code: &At<String>) -> Option<DepartmentCode> {
        if self.departments.iter().any(|department| department.code.0 == code.value) {
            return Some(DepartmentCode(code.value.clone()));
        }
        if !self.unread.departments {
            code.problem(
                format!("no department `{}` stands in config/departments.toml", code.value),
                suggest::hint(&code.value, self.departments.iter().map(|department| department.code.0.as_str())),
            );
        }
        None
    }

    /// The departments of a list, each once.
    pub fn departments(&self, codes: &[At<String>]) -> Vec<DepartmentCode> {
        let mut found: Vec<DepartmentCode> = Vec::new();
        for code in codes {
            let Some(department) = self.department(code) else { continue };
            if found.contains(&department) {
                code.problem(format!("department `{department}` is listed twice"), "keep one of the two");
            } else {
                found.push(department);
            }
        }
        found
    }

    /// Whether a department hands in workbooks.
    pub fn reports(&self, code: &DepartmentCode) -> bool {
        self.departments.iter().any(|department| department.code == *code && department.reports)
    }

    /// The dataset of that code, marked as used; reports it if there is none.
    pub fn dataset(&self, code: &At<String>) -> Option<&Declared> {
        let found = self.datasets.iter().find(|declared| declared.dataset.code == code.value);
        match found {
            Some(declared) => declared.used.set(true),
            // A slip is told all the same: the dataset that is meant is there.
            None if self.partial && suggest::closest(&code.value, self.datasets.iter().map(|one| one.dataset.code.as_str())).is_none() => {}
            None => code.problem(
                format!("no dataset `{}` is declared", code.value),
                suggest::hint(&code.value, self.datasets.iter().map(|declared| declared.dataset.code.as_str())),
            ),
        }
        found
    }

    /// The datasets, for the plan.
    pub fn into_datasets(self) -> Vec<Dataset> {
        self.datasets.into_iter().map(|declared| declared.dataset).collect()
    }
}
