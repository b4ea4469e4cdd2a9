//! Rows by their keys, worked out once a table; and the keys that all departments reported in one month.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::ingest::check::spelling::unified;
use crate::model::{DepartmentCode, Observations};
use crate::plan::{ColumnSpec, ColumnType, Dataset};

/// One table's rows by key.
#[derive(Debug, Default)]
pub struct Keyed {
    /// Each row's unified key; `None` while a key cell is blank.
    pub of_rows: Vec<Option<String>>,
    /// The first row of each unified key.
    pub first: BTreeMap<String, usize>,
}

impl Keyed {
    /// Reads the keys of a table of `dataset`.
    #[must_use]
    pub fn of(dataset: &Dataset, table: &Observations) -> Self {
        let columns = columns(dataset);
        let of_rows: Vec<Option<String>> = (0..table.rows()).map(|row| Some(unified(&written(&columns, table, row)?))).collect();
        let mut first = BTreeMap::new();
        for (row, key) in of_rows.iter().enumerate() {
            if let Some(key) = key {
                first.entry(key.clone()).or_insert(row);
            }
        }
        Self { of_rows, first }
    }
}

/// The columns that identify a row; a table of regions is identified by its region.
#[must_use]
pub fn columns(dataset: &Dataset) -> Vec<&ColumnSpec> {
    let declared: Vec<_> = dataset.key.iter().filter_map(|name| dataset.column(name)).collect();
    let region = || dataset.columns.iter().find(|spec| spec.kind == ColumnType::Region);
    if declared.is_empty() { region().into_iter().collect() } else { declared }
}

/// A row's key cells as they were read, joined by `|`; `None` while one is blank.
#[must_use]
pub fn written(columns: &[&ColumnSpec], table: &Observations, row: usize) -> Option<String> {
    let cells: Option<Vec<String>> = columns.iter().map(|spec| table.column(&spec.name)?.text(row)).collect();
    cells.filter(|cells| !cells.is_empty()).map(|cells| cells.join("|"))
}

/// Who reported which key of one list in one month; kept in step while files are judged, so that no two files are compared.
#[derive(Debug, Clone, Default)]
pub struct Reported(HashMap<String, BTreeSet<DepartmentCode>>);

impl Reported {
    /// Counts the rows of an accepted table.
    pub fn add(&mut self, dataset: &Dataset, table: &Observations) {
        for key in Keyed::of(dataset, table).first.into_keys() {
            self.0.entry(key).or_default().insert(table.department.clone());
        }
    }

    /// Forgets those of one that no longer stands.
    pub fn remove(&mut self, dataset: &Dataset, table: &Observations) {
        for key in Keyed::of(dataset, table).first.keys() {
            if let Some(departments) = self.0.get_mut(key) {
                departments.remove(&table.department);
            }
        }
    }

    /// The departments that reported a unified key.
    pub fn by(&self, key: &str) -> impl Iterator<Item = &DepartmentCode> {
        self.0.get(key).into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::check::sample;

    #[test]
    fn a_key_is_known_by_those_who_report_it_now() {
        let dataset = sample::records();
        let ours = sample::table(&dataset, &[&["P-1", "甲", "330100", "", "", "", ""], &["P-2", "乙", "330100", "", "", "", ""]]);
        let theirs = Observations {
            department: DepartmentCode("fgw".to_owned()),
            ..sample::table(&dataset, &[&["Ｐ-2", "乙", "330200", "", "", "", ""]])
        };
        let mut reported = Reported::default();
        reported.add(&dataset, &ours);
        reported.add(&dataset, &theirs);
        let by = |reported: &Reported, key| reported.by(key).map(|code| code.0.clone()).collect::<Vec<_>>().join(" ");
        assert_eq!((by(&reported, "P-1"), by(&reported, "P-2"), by(&reported, "P-3")), ("jxt".into(), "fgw jxt".into(), String::new()));
        reported.remove(&dataset, &ours);
        assert_eq!((by(&reported, "P-1"), by(&reported, "P-2")), (String::new(), "fgw".into()));
    }
}
