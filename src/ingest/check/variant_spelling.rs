//! `variant-spelling`: two keys of a table that differ only in width, spaces, brackets or dashes.

use std::collections::BTreeMap;

use crate::ingest::check::spelling::unified;
use crate::ingest::check::table::Table;
use crate::model::{Finding, FindingCode};

/// Finds rows whose key is another spelling of a key above.
pub fn check(table: &Table) -> Vec<Finding> {
    let Some(spec) = table.key_columns().first().copied() else { return Vec::new() };
    let mut first: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut findings = Vec::new();
    for row in 0..table.now.rows() {
        let Some(key) = table.key(table.now, row) else { continue };
        let Some((earlier, written)) = first.get(&unified(&key)) else {
            first.insert(unified(&key), (row, key));
            continue;
        };
        if *written == key {
            continue;
        }
        let place = table.now.cell(*earlier, &spec.name).map_or_else(String::new, |cell| format!("{cell}的"));
        let (here, there) = (table.key_words(row).1, table.key_words(*earlier).1);
        let message = format!("“{here}”与{place}“{there}”疑为同一对象的不同写法，请统一写法并核对是否重复；如确为不同对象请说明。");
        let finding = table.at_cell(FindingCode::VariantSpelling, row, spec, message);
        findings.push(Finding { expected: Some(there), ..finding });
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};

    #[test]
    fn another_kind_of_brackets_wants_an_explanation() {
        let mut dataset = sample::records();
        dataset.key = vec!["name".to_owned()];
        let now = sample::table(&dataset, &[&["P-1", "甲公司（杭州）", "", "", "", "", ""], &["P-2", "甲公司 (杭州)", "", "", "", "", ""]]);
        assert_eq!(
            sample::told(&dataset, &now, &Past::default()),
            [
                "variant-spelling B6 “甲公司 (杭州)”与B5的“甲公司（杭州）”疑为同一对象的不同写法，请统一写法并核对是否重复；如确为不同对象请说明。"
            ]
        );
    }
}
