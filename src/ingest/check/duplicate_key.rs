//! `duplicate-key`: the same key twice in one table, or a value twice in a column whose values are unique.

use std::collections::BTreeMap;

use crate::ingest::check::table::Table;
use crate::model::{Finding, FindingCode};
use crate::plan::ColumnSpec;

/// Finds rows that repeat the key of a row above, spelled the same.
pub fn check(table: &Table) -> Vec<Finding> {
    let keys = table.key_columns();
    let mut findings = match keys.first() {
        Some(first) => repeated(table, first, |row| table.key(table.now, row), |row| table.key_words(row)),
        None => Vec::new(),
    };
    let alone = |spec: &ColumnSpec| keys.len() == 1 && keys.iter().any(|key| key.name == spec.name);
    for spec in table.dataset.columns.iter().filter(|spec| spec.unique && !alone(spec)) {
        let words = |row| (table.caption(spec), table.printed(row, spec).unwrap_or_default());
        findings.extend(repeated(table, spec, |row| table.now.column(&spec.name)?.text(row), words));
    }
    findings
}

fn repeated(
    table: &Table,
    spec: &ColumnSpec,
    key: impl Fn(usize) -> Option<String>,
    words: impl Fn(usize) -> (String, String),
) -> Vec<Finding> {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let mut findings = Vec::new();
    for row in 0..table.now.rows() {
        let Some(key) = key(row) else { continue };
        let Some(earlier) = first.get(&key) else {
            first.insert(key, row);
            continue;
        };
        let (caption, value) = words(row);
        let place = table.now.cell(*earlier, &spec.name).map_or_else(String::new, |cell| format!("（{cell}）"));
        let is_own = table.now.cell(*earlier, &spec.name) == table.now.cell(row, &spec.name);
        let rows = table.sheet_row(*earlier).zip(table.sheet_row(row)).filter(|(above, here)| is_own && above != here);
        let message = match rows {
            // One merged cell, or cells left blank below it, stand for both.
            Some((above, here)) => {
                format!("{caption}“{value}”{place}下有第{above}行、第{here}行两行，请只保留一行，或在其中一行改填其他{caption}。")
            }
            None => format!("{caption}“{value}”与上文{place}重复，请删除重复行或修改。"),
        };
        findings.push(table.at_cell(FindingCode::DuplicateKey, row, spec, message));
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};

    #[test]
    fn the_later_of_two_equal_keys_is_named() {
        let dataset = sample::records();
        let now = sample::table(
            &dataset,
            &[&["P-1", "甲", "330100", "", "", "", ""], &["P-2", "乙", "330200", "", "", "", ""], &["P-1", "丙", "330200", "", "", "", ""]],
        );
        assert_eq!(
            sample::told(&dataset, &now, &Past::default()),
            ["duplicate-key A7 项目代码“P-1”与上文（A5）重复，请删除重复行或修改。"]
        );
    }

    #[test]
    fn two_rows_under_one_cell_are_named_by_their_rows() {
        let dataset = sample::matrix();
        let mut now = sample::table(
            &dataset,
            &[&["330100", "", "262", ""], &["330200", "", "250", ""], &["330300", "", "120", ""], &["330300", "", "5", ""]],
        );
        now.cells[3][0] = now.cells[2][0];
        assert_eq!(
            sample::told(&dataset, &now, &Past::default()),
            ["duplicate-key A7 地区“温州”（A7）下有第7行、第8行两行，请只保留一行，或在其中一行改填其他地区。"]
        );
    }

    #[test]
    fn a_key_of_two_columns_is_told_whole() {
        let mut dataset = sample::records();
        dataset.key = vec!["name".to_owned(), "region".to_owned()];
        let row = |code: &'static str, region: &'static str| [code, "甲", region, "", "", "", ""];
        let (a, b, c) = (row("P-1", "330100"), row("P-2", "330200"), row("P-3", "330100"));
        assert_eq!(
            sample::told(&dataset, &sample::table(&dataset, &[&a, &b, &c]), &Past::default()),
            ["duplicate-key B7 项目名称、地区“甲、杭州”与上文（B5）重复，请删除重复行或修改。"]
        );
    }

    #[test]
    fn a_city_twice_and_a_unique_value_twice_are_duplicates_too() {
        let dataset = sample::matrix();
        let rows: [&[&str]; 4] =
            [&["330100", "", "262", ""], &["330200", "", "250", ""], &["330300", "", "120", ""], &["330200", "", "250", ""]];
        let told = sample::told(&dataset, &sample::table(&dataset, &rows), &Past::default());
        assert_eq!(told, ["duplicate-key A8 地区“宁波”与上文（A6）重复，请删除重复行或修改。"]);

        let mut dataset = sample::records();
        dataset.columns[1].unique = true;
        let now = sample::table(&dataset, &[&["P-1", "甲", "", "", "", "", ""], &["P-2", "甲", "", "", "", "", ""]]);
        assert_eq!(sample::told(&dataset, &now, &Past::default()), ["duplicate-key B6 项目名称“甲”与上文（B5）重复，请删除重复行或修改。"]);
    }
}
