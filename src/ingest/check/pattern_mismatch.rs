//! `pattern-mismatch`: a text that does not have its column's form, for instance a project code.

use regex::Regex;

use crate::ingest::check::table::Table;
use crate::model::{Finding, FindingCode};

/// Finds texts that do not match their column's pattern.
pub fn check(table: &Table) -> Vec<Finding> {
    let mut findings = Vec::new();
    for spec in &table.dataset.columns {
        // A pattern that is no regular expression is a problem of the plan, told when it is compiled.
        let Some(pattern) = spec.pattern.as_deref().and_then(|pattern| Regex::new(pattern).ok()) else { continue };
        let Some(column) = table.now.column(&spec.name) else { continue };
        for row in 0..table.now.rows() {
            let Some(text) = column.text(row).filter(|text| !pattern.is_match(text)) else { continue };
            let message = format!("{}“{text}”格式不符，请按填报说明核对修改。", table.caption(spec));
            let finding = table.at_cell(FindingCode::PatternMismatch, row, spec, message);
            findings.push(Finding { expected: Some(pattern.as_str().to_owned()), ..finding });
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};

    #[test]
    fn a_code_of_another_form_is_named() {
        let mut dataset = sample::records();
        let now = sample::projects();
        dataset.columns[0].pattern = Some("^P-[0-9]+$".to_owned());
        assert!(sample::told(&dataset, &now, &Past::default()).is_empty());
        dataset.columns[0].pattern = Some("^P-[1]+$".to_owned());
        assert_eq!(sample::told(&dataset, &now, &Past::default()), ["pattern-mismatch A6 项目代码“P-2”格式不符，请按填报说明核对修改。"]);
    }
}
