//! `missing-value`: a required cell is blank, or a list that must not be empty has no rows.
//!
//! A column the sheet lacks altogether is reading's finding; a city's row without any value is `missing-region`.

use crate::ingest::check::missing_region;
use crate::ingest::check::table::Table;
use crate::model::{Finding, FindingCode};
use crate::plan::{ColumnType, Shape};

/// Finds blank required cells.
pub fn check(table: &Table) -> Vec<Finding> {
    if table.now.rows() == 0 && table.dataset.shape == Shape::Records && !table.dataset.may_be_empty {
        let message = "本表未填任何数据，请补填后重新报送。".to_owned();
        return vec![table.at_table(FindingCode::MissingValue, message)];
    }
    let mut findings = Vec::new();
    for row in (0..table.now.rows()).filter(|row| !missing_region::is_blank_row(table, *row)) {
        for spec in table.dataset.columns.iter().filter(|spec| spec.required) {
            let on_sheet = table.now.cell(row, &spec.name).is_some();
            if !on_sheet || table.printed(row, spec).is_some() {
                continue;
            }
            let hint = match spec.kind {
                ColumnType::Integer | ColumnType::Decimal => "请补填；确为零请填0。",
                ColumnType::Choice => "请从下拉列表中选择。",
                _ => "请补填。",
            };
            let message = format!("“{}”未填，{hint}", table.caption(spec));
            findings.push(table.at_cell(FindingCode::MissingValue, row, spec, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};

    #[test]
    fn a_blank_required_cell_is_named() {
        let dataset = sample::matrix();
        let mut now = sample::investment();
        assert!(sample::told(&dataset, &now, &Past::default()).is_empty());
        now = sample::table(&dataset, &[&["330100", "60", "262", "240"], &["330200", "50", "", "230"], &["330300", "", "120.25", ""]]);
        assert_eq!(sample::told(&dataset, &now, &Past::default()), ["missing-value C6 “1—6月累计”未填，请补填；确为零请填0。"]);
        // Without the column on the sheet the missing column is what was found, not each of its cells.
        now.cells[1][2] = None;
        assert!(sample::told(&dataset, &now, &Past::default()).is_empty());
    }

    #[test]
    fn only_lists_that_may_be_empty_may_be_empty() {
        let mut dataset = sample::records();
        let now = sample::table(&dataset, &[]);
        assert_eq!(sample::told(&dataset, &now, &Past::default()), ["missing-value - 本表未填任何数据，请补填后重新报送。"]);
        dataset.may_be_empty = true;
        assert!(sample::told(&dataset, &now, &Past::default()).is_empty());
    }
}
