//! `unknown-choice`: a text that is not among its column's choices.

use crate::ingest::check::table::Table;
use crate::model::{Finding, FindingCode};
use crate::plan::ColumnType;

/// Finds texts off the list; indicators count by exact words, so a near miss is a miss.
pub fn check(table: &Table) -> Vec<Finding> {
    let mut findings = Vec::new();
    let choices = table.dataset.columns.iter().filter(|spec| spec.kind == ColumnType::Choice && !spec.choices.is_empty());
    for spec in choices {
        let Some(column) = table.now.column(&spec.name) else { continue };
        for row in 0..table.now.rows() {
            let Some(text) = column.text(row).filter(|text| !spec.choices.contains(text)) else { continue };
            let list = spec.choices.join("、");
            let message = format!("{}“{text}”不在可选项内，请从下拉列表中选择：{list}。", table.caption(spec));
            let finding = table.at_cell(FindingCode::UnknownChoice, row, spec, message);
            findings.push(Finding { expected: Some(list), ..finding });
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};

    #[test]
    fn a_word_off_the_list_is_named_with_the_list() {
        let dataset = sample::records();
        let now = sample::table(
            &dataset,
            &[&["P-1", "甲", "330100", "省级", "9800", "5000", ""], &["P-2", "乙", "330200", "", "1200", "800", ""]],
        );
        assert_eq!(
            sample::told(&dataset, &now, &Past::default()),
            ["unknown-choice D5 级别“省级”不在可选项内，请从下拉列表中选择：省级重点、市县。"]
        );
    }
}
