//! `missing-region`: a table of cities lacks one of them.
//!
//! A row that is not there is 须修改: nobody can tell a city without data from a lost row. A row that is there and blank is
//! 未报, which happens: it is 请说明, and coverage counts its cells as not reported, never as zero.

use std::collections::BTreeMap;

use crate::ingest::check::table::Table;
use crate::model::{Finding, FindingCode, RegionCode, Severity};
use crate::plan::Shape;

/// Finds expected cities without a row, and rows without a value.
pub fn check(table: &Table) -> Vec<Finding> {
    let Some(spec) = table.region_column().filter(|_| table.dataset.shape == Shape::Matrix) else { return Vec::new() };
    let Some(column) = table.now.column(&spec.name) else { return Vec::new() };
    let rows: BTreeMap<&RegionCode, usize> = (0..table.now.rows()).rev().filter_map(|row| Some((column.region(row)?, row))).collect();
    let mut findings = Vec::new();
    for region in &table.plan.regions {
        match rows.get(&region.code) {
            None => {
                let message = format!("“{}”一行未填。未报请留空，确为零请填0。", region.short_name);
                let finding = table.at_table(FindingCode::MissingRegion, message);
                let (row_key, column) = (Some(region.code.0.clone()), Some(spec.name.clone()));
                findings.push(Finding { row_key, column, expected: Some(region.short_name.clone()), ..finding });
            }
            Some(row) if is_blank_row(table, *row) => {
                let message = format!("“{}”一行未填。未报请留空并在“情况说明”栏注明，确为零请填0。", region.short_name);
                let finding = table.at_cell(FindingCode::MissingRegion, *row, spec, message);
                findings.push(Finding { severity: Severity::Explain, found: None, ..finding });
            }
            Some(_) => {}
        }
    }
    findings
}

/// Whether a city's row holds the city and nothing else, though the sheet has cells for more.
pub fn is_blank_row(table: &Table, row: usize) -> bool {
    if table.dataset.shape != Shape::Matrix {
        return false;
    }
    let Some(region) = table.region_column() else { return false };
    let mut others = table.dataset.columns.iter().filter(|spec| spec.name != region.name).peekable();
    let on_sheet = table.dataset.columns.iter().any(|spec| spec.name != region.name && table.now.cell(row, &spec.name).is_some());
    table.printed(row, region).is_some() && others.peek().is_some() && on_sheet && others.all(|spec| table.printed(row, spec).is_none())
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};
    use crate::model::Severity;

    #[test]
    fn a_city_without_a_row_returns_the_file() {
        let dataset = sample::matrix();
        let now = sample::table(&dataset, &[&["330100", "60", "262", "240"], &["330300", "40", "120.25", "110"]]);
        let findings = sample::findings(&dataset, &now, &Past::default());
        assert_eq!(sample::told(&dataset, &now, &Past::default()), ["missing-region A5 “宁波”一行未填。未报请留空，确为零请填0。"]);
        assert_eq!((findings[0].severity, findings[0].row_key.as_deref()), (Severity::Error, Some("330200")));
    }

    #[test]
    fn a_blank_row_wants_an_explanation_and_a_zero_is_a_value() {
        let dataset = sample::matrix();
        let rows: [&[&str]; 3] = [&["330100", "60", "262", "240"], &["330200", "", "", ""], &["330300", "0", "0", "0"]];
        let findings = sample::findings(&dataset, &sample::table(&dataset, &rows), &Past::default());
        assert_eq!(findings.len(), 1);
        assert_eq!((findings[0].severity, findings[0].place.cell), (Severity::Explain, "A6".parse().ok()));
        assert_eq!(findings[0].message, "“宁波”一行未填。未报请留空并在“情况说明”栏注明，确为零请填0。");
    }
}
