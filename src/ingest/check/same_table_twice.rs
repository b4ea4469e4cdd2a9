//! `same-table-twice`: two files that came together hold one table with different contents. They are never added up, and neither is
//! taken for the newer one.

use crate::model::{ContentHash, Finding, FindingCode, Observations, Place, Values};
use crate::plan::Plan;

/// So many files stand in a message.
const NAMES_MAX: usize = 10;

/// Another file that came together with the one under check.
#[derive(Debug, Clone, Copy)]
pub struct Other<'a> {
    pub file: &'a str,
    pub hash: &'a ContentHash,
    pub tables: &'a [Observations],
}

/// Finds the tables of `own` that other files of its batch hold differently; the same table twice is no question.
#[must_use]
pub fn find(plan: &Plan, file: &str, own: &[Observations], others: &[Other]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for table in own {
        let differs = |other: &&Other| other.tables.iter().any(|theirs| is_same_table(table, theirs) && !says_the_same(table, theirs));
        let mut differing: Vec<(&str, &str)> =
            others.iter().filter(differs).map(|other| (other.file, other.hash.0.get(..HASH_CHARS).unwrap_or(&other.hash.0))).collect();
        differing.sort_unstable();
        differing.dedup();
        if differing.is_empty() {
            continue;
        }
        let names: Vec<String> = differing.iter().take(NAMES_MAX).map(|(name, hash)| format!("“{name}”（校验码{hash}）")).collect();
        let names = names.concat();
        let title = plan.dataset(&table.dataset).map_or(table.dataset.as_str(), |dataset| dataset.title.as_str());
        let message = format!(
            "“{title}”在{names}中也有一份，内容不同，尚未说明以哪一份为准。各份不会相加，均暂未采用：请合并为一份完整的表后重新报送；如以本文件这一份为准，请说明。"
        );
        let place = Place {
            file: file.to_owned(),
            sheet: Some(table.sheet.clone()),
            cell: table.cells.first().and_then(|row| row.iter().find_map(|cell| *cell)),
        };
        let found = Some(differing.iter().map(|(_, hash)| *hash).collect::<Vec<_>>().join("、"));
        findings.push(Finding { dataset: Some(table.dataset.clone()), found, ..Finding::new(FindingCode::SameTableTwice, place, message) });
    }
    findings
}

/// So much of a hash tells two files of one name apart.
const HASH_CHARS: usize = 8;

fn is_same_table(one: &Observations, other: &Observations) -> bool {
    one.dataset == other.dataset && one.department == other.department && one.period == other.period
}

/// Equal values in every column and total; where they stand on the sheet does not matter.
fn says_the_same(one: &Observations, other: &Observations) -> bool {
    let values = |table: &Observations| -> Vec<(String, Values)> {
        table.columns.iter().map(|column| (column.name.clone(), column.values.clone())).collect()
    };
    let totals =
        |table: &Observations| -> Vec<_> { table.totals.iter().map(|total| (total.label.clone(), total.values.clone())).collect() };
    one.rows() == other.rows() && values(one) == values(other) && totals(one) == totals(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::check::sample;

    #[test]
    fn halves_of_a_list_are_asked_about_and_equal_tables_are_not() {
        let dataset = sample::records();
        let plan = sample::plan(&dataset);
        let (upper, mut lower) = (sample::projects(), sample::projects());
        let hash = ContentHash::of(b"lower");
        let found = |lower: &Observations| {
            let others = [Other { file: "下.xlsx", hash: &hash, tables: std::slice::from_ref(lower) }];
            find(&plan, "上.xlsx", std::slice::from_ref(&upper), &others)
        };
        lower.sheet = "另一张".to_owned();
        lower.cells.iter_mut().flatten().flatten().for_each(|cell| cell.row += 7);
        assert!(found(&lower).is_empty(), "the same rows elsewhere on a sheet");
        lower = sample::table(&dataset, &[&["P-3", "丙公司", "330100", "", "", "", ""]]);
        let findings = found(&lower);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].returns_file() && findings[0].message.contains("“下.xlsx”"), "{}", findings[0].message);
        lower.period = sample::june().previous();
        assert!(found(&lower).is_empty(), "another month's");
    }
}
