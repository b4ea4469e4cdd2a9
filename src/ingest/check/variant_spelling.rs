//! `variant-spelling`: two keys of a table that differ only in width, spaces, brackets or dashes; in a list also in a firm's legal form
//! (有限公司, 有限责任公司, 股份有限公司), a note of its former name, the province or city before it, or the case of letters, where nothing else on the rows tells the firms apart.

use std::collections::BTreeMap;

use crate::ingest::check::spelling::{firm, unified, without_place};
use crate::ingest::check::table::Table;
use crate::model::{Finding, FindingCode};
use crate::plan::Shape;

/// Finds rows whose key is another spelling of a key above.
pub fn check(table: &Table) -> Vec<Finding> {
    let Some(spec) = table.key_columns().first().copied() else { return Vec::new() };
    let is_list = table.dataset.shape == Shape::Records;
    let places = if is_list { places(table) } else { Vec::new() };
    let mut above: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
    let mut findings = Vec::new();
    for row in 0..table.now.rows() {
        let Some(key) = table.key(table.now, row) else { continue };
        let name = if is_list { firm(&key) } else { unified(&key) };
        let rows = above.entry(without_place(&name, &places).unwrap_or(&name).to_owned()).or_default();
        // The same spelling twice is a duplicate, told as that.
        let is_repeated = rows.iter().any(|(_, written)| *written == key);
        let same = rows.iter().find(|(earlier, written)| {
            unified(written) == unified(&key) || (is_one_name(&firm(written), &name, &places) && may_be_one(table, *earlier, row))
        });
        if let Some((earlier, _)) = same.filter(|_| !is_repeated) {
            let place = table.now.cell(*earlier, &spec.name).map_or_else(String::new, |cell| format!("{cell}的"));
            let (here, there) = (table.key_words(row).1, table.key_words(*earlier).1);
            let message = format!("“{here}”与{place}“{there}”疑为同一对象的不同写法，请统一写法并核对是否重复；如确为不同对象请说明。");
            let finding = table.at_cell(FindingCode::VariantSpelling, row, spec, message);
            findings.push(Finding { expected: Some(there), ..finding });
        }
        if !is_repeated {
            rows.push((row, key));
        }
    }
    findings
}

/// The names a firm's may begin with: the province and its cities.
fn places(table: &Table) -> Vec<String> {
    let province = table.plan.province.name.trim_end_matches('省').to_owned();
    table.plan.regions.iter().map(|region| region.short_name.clone()).chain([province]).filter(|name| !name.is_empty()).collect()
}

/// Whether two names are one but for a place before one of them; of two places each is another firm's.
fn is_one_name(one: &str, other: &str, places: &[String]) -> bool {
    one == other || without_place(one, places) == Some(other) || without_place(other, places) == Some(one)
}

/// Whether two rows of alike names may be one firm: neither another city nor another code tells them apart.
fn may_be_one(table: &Table, one: usize, other: usize) -> bool {
    let told_apart = |name: &str| match (
        table.now.column(name).and_then(|column| column.text(one)),
        table.now.column(name).and_then(|column| column.text(other)),
    ) {
        (Some(one), Some(other)) => unified(&one) != unified(&other),
        _ => false,
    };
    let by_region = table.region_column().is_some_and(|spec| told_apart(&spec.name));
    let mut unique = table.dataset.columns.iter().filter(|spec| spec.unique && !table.dataset.key.contains(&spec.name));
    !by_region && !unique.any(|spec| told_apart(&spec.name))
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

    fn named(rows: &[[&str; 3]]) -> Vec<String> {
        let mut dataset = sample::records();
        dataset.key = vec!["name".to_owned()];
        let rows: Vec<[&str; 7]> = rows.iter().map(|[code, name, city]| [*code, *name, *city, "", "", "", ""]).collect();
        let rows: Vec<&[&str]> = rows.iter().map(<[&str; 7]>::as_slice).collect();
        let told = sample::told(&dataset, &sample::table(&dataset, &rows), &Past::default());
        told.into_iter().filter(|line| line.starts_with("variant-spelling")).map(|line| line.chars().take(19).collect()).collect()
    }

    #[test]
    fn one_firm_in_two_legal_forms_wants_an_explanation() {
        for other in [
            "甲ABC科技（原乙科技有限公司）",
            "浙江甲ABC科技有限公司",
            "杭州市甲ABC科技有限公司",
            "甲ABC科技有限责任公司",
            "甲ABC科技股份有限公司",
            "甲ａｂｃ科技 有限公司",
            "甲ABC科技",
        ] {
            assert_eq!(named(&[["P-1", "甲ABC科技有限公司", "330100"], ["P-2", other, "330100"]]), ["variant-spelling B6"], "{other}");
        }
    }

    #[test]
    fn another_city_tells_two_firms_apart_and_equal_names_are_duplicates() {
        assert_eq!(named(&[["P-1", "甲科技有限公司", "330100"], ["P-2", "甲科技股份有限公司", "330200"]]), [""; 0]);
        assert_eq!(named(&[["P-1", "甲科技有限公司", "330100"], ["P-2", "甲新科技有限公司", "330100"]]), [""; 0]);
        assert_eq!(named(&[["P-1", "甲科技有限公司", "330100"], ["P-2", "甲科技有限公司", "330100"]]), [""; 0]);
        assert_eq!(named(&[["P-1", "杭州甲科技有限公司", "330100"], ["P-2", "宁波甲科技有限公司", "330100"]]), [""; 0]);
    }
}
