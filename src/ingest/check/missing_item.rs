//! `missing-item`: an item that the form asks for has no row.

use std::collections::BTreeSet;

use crate::ingest::check::spelling::unified;
use crate::ingest::check::table::Table;
use crate::ingest::check::unknown_item::meant;
use crate::model::{Finding, FindingCode};

/// Finds expected items that no row bears; spelling variants count as borne.
pub fn check(table: &Table) -> Vec<Finding> {
    let Some(spec) = table.key_columns().first().copied().filter(|_| !table.dataset.items.is_empty()) else { return Vec::new() };
    let Some(column) = table.now.column(&spec.name) else { return Vec::new() };
    let present: BTreeSet<String> = (0..table.now.rows()).filter_map(|row| column.text(row)).map(|item| unified(&item)).collect();
    // An item with a note in brackets is told at its row.
    let noted: BTreeSet<&str> = (0..table.now.rows()).filter_map(|row| meant(table, &column.text(row)?)).collect();
    let missing = table.dataset.items.iter().filter(|item| !present.contains(&unified(item)) && !noted.contains(item.as_str()));
    missing
        .map(|item| {
            let message = format!("缺少“{item}”一行，请补上。未报请留空，确为零请填0。");
            let finding = table.at_table(FindingCode::MissingItem, message);
            Finding { row_key: Some(item.clone()), column: Some(spec.name.clone()), expected: Some(item.clone()), ..finding }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};

    #[test]
    fn an_item_without_a_row_is_named() {
        let dataset = sample::form();
        let whole = sample::table(&dataset, &[&["税费 减免", "900", "800"], &["物流及其他", "", ""]]);
        assert!(sample::told(&dataset, &whole, &Past::default()).is_empty());
        let short = sample::table(&dataset, &[&["税费减免", "900", "800"]]);
        assert_eq!(
            sample::told(&dataset, &short, &Past::default()),
            ["missing-item A5 缺少“物流及其他”一行，请补上。未报请留空，确为零请填0。"]
        );
    }
}
