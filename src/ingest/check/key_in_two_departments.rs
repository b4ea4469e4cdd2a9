//! `key-in-two-departments`: a row that another department has reported too.
//!
//! Only lists: cities stand in every department's tables. The later received file is asked; the accepted one is never undone.

use crate::ingest::check::table::Table;
use crate::model::{Finding, FindingCode};
use crate::plan::Shape;

/// Finds keys that stand in another department's accepted list, in whatever spelling.
pub fn check(table: &Table) -> Vec<Finding> {
    let Some(spec) = table.key_columns().first().copied().filter(|_| table.dataset.shape == Shape::Records) else {
        return Vec::new();
    };
    let Some(reported) = table.reported else { return Vec::new() };
    let mut findings = Vec::new();
    for (row, key) in table.keyed(table.now).of_rows.iter().enumerate() {
        let by = key.iter().flat_map(|key| reported.by(key));
        for other in by.filter(|department| **department != table.now.department) {
            let (caption, value) = table.key_words(row);
            let name = table.plan.department_name(other);
            let message = format!("{caption}“{value}”{name}已报送，请核对是否重复；如确需分别报送，请说明原因。");
            findings.push(table.at_cell(FindingCode::KeyInTwoDepartments, row, spec, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::keys::Reported;
    use crate::ingest::check::{Past, sample};
    use crate::model::{DepartmentCode, Observations};

    #[test]
    fn a_project_of_another_department_is_asked_about() {
        let dataset = sample::records();
        let now = sample::projects();
        let mut theirs = sample::table(&dataset, &[&["Ｐ-2", "乙公司技改", "330200", "", "", "", ""]]);
        let told = |theirs: &Observations| {
            let mut reported = Reported::default();
            reported.add(&dataset, theirs);
            sample::told(&dataset, &now, &Past { reported: vec![("projects", &reported)], ..Past::default() })
        };
        // The department's own earlier file is superseded, not doubled.
        assert!(told(&theirs).is_empty());
        theirs.department = DepartmentCode("fgw".to_owned());
        assert_eq!(
            told(&theirs),
            ["key-in-two-departments A6 项目代码“P-2”省发展改革委已报送，请核对是否重复；如确需分别报送，请说明原因。"]
        );
    }

    #[test]
    fn cities_stand_in_every_department_s_table() {
        let dataset = sample::matrix();
        let mut theirs = sample::investment();
        theirs.department = DepartmentCode("fgw".to_owned());
        let mut reported = Reported::default();
        reported.add(&dataset, &theirs);
        let past = Past { reported: vec![("investment", &reported)], ..Past::default() };
        assert!(sample::told(&dataset, &sample::investment(), &past).is_empty());
    }
}
