//! `last-year-unchanged`: the 上年同期 column is last year's own 上年同期 column: the form was filled over, the base was not.

use crate::ingest::check::table::{Table, number};
use crate::model::{Finding, FindingCode};
use crate::plan::ColumnSpec;

/// Finds 上年同期 columns that repeat last year's file.
pub fn check(table: &Table) -> Vec<Finding> {
    let columns = table.numeric().filter(|spec| spec.last_year_of.is_some() && is_repeated(table, spec));
    columns
        .map(|spec| {
            let caption = table.caption(spec);
            let message = format!("“{caption}”整列与上年同月报送表中的“{caption}”完全相同，疑似未更新，请核对；如确无变化请说明。");
            table.at_column(FindingCode::LastYearUnchanged, spec, message)
        })
        .collect()
}

/// Whether all of the column's figures, and at least two that are not zero, equal those of the same column a year ago.
pub fn is_repeated(table: &Table, spec: &ColumnSpec) -> bool {
    let Some(archived) = table.year_earlier else { return false };
    let pairs: Vec<_> = table
        .matched(archived)
        .into_iter()
        .filter_map(|(row, earlier)| Some((table.value(row, spec)?, number(archived, earlier, spec)?)))
        .collect();
    let telling = pairs.iter().filter(|(now, _)| !now.is_zero()).count();
    telling > 1 && pairs.iter().all(|(now, was)| now == was)
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};

    #[test]
    fn last_year_s_base_again_is_asked_about_once() {
        let dataset = sample::matrix();
        let rows: [&[&str]; 3] = [&["330100", "", "260", "240"], &["330200", "", "245", "230"], &["330300", "", "119", "110"]];
        let mut archived = [sample::table(&dataset, &rows)];
        archived[0].period = sample::june().year_earlier();
        assert_eq!(
            sample::told(&dataset, &sample::investment(), &Past { year_earlier: archived.iter().collect(), ..Past::default() }),
            ["last-year-unchanged D5 “上年同期累计”整列与上年同月报送表中的“上年同期累计”完全相同，疑似未更新，请核对；如确无变化请说明。"]
        );
    }
}
