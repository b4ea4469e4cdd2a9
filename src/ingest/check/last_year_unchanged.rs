//! `last-year-unchanged`: the 上年同期 column is last year's own 上年同期 column, or last month's: the form was filled over, the base was not.

use crate::ingest::check::table::{Table, number};
use crate::model::{Finding, FindingCode};
use crate::plan::ColumnSpec;

/// Finds 上年同期 columns that repeat last year's file.
pub fn check(table: &Table) -> Vec<Finding> {
    let columns = table.numeric().filter(|spec| spec.last_year_of.is_some());
    let asked = columns.filter_map(|spec| {
        let caption = table.caption(spec);
        let there = match (is_repeated(table, spec), is_of_last_month(table, spec)) {
            (true, _) => format!("上年同月报送表中的“{caption}”"),
            (false, true) => format!("{}报送表中的该列", table.previous_word()),
            (false, false) => return None,
        };
        let message = format!("“{caption}”整列与{there}完全相同，疑似未更新，请核对；如确无变化请说明。");
        Some(table.at_column(FindingCode::LastYearUnchanged, spec, message))
    });
    asked.collect()
}

/// Whether the column is last month's while the one it is held against is not (a whole table again is told as that).
fn is_of_last_month(table: &Table, spec: &ColumnSpec) -> bool {
    let Some((previous, _)) = table.previous_of_year() else { return false };
    let own = spec.last_year_of.as_ref().and_then(|name| table.dataset.column(name));
    let rows = table.matched(previous);
    let is_same = |spec: &ColumnSpec| {
        let pairs = || rows.iter().map(|(row, earlier)| (table.value(*row, spec), number(previous, *earlier, spec)));
        pairs().filter(|(now, _)| now.is_some_and(|now| !now.is_zero())).count() > 2 && pairs().all(|(now, was)| now == was)
    };
    is_same(spec) && own.is_some_and(|own| !is_same(own))
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
    fn last_month_s_base_again_is_asked_about_once() {
        let dataset = sample::matrix();
        let mut may = [sample::investment()];
        may[0].period = sample::june().previous();
        let rows: [&[&str]; 3] = [&["330100", "", "270", "240"], &["330200", "", "260", "230"], &["330300", "", "130", "110"]];
        let told = sample::told(&dataset, &sample::table(&dataset, &rows), &Past { previous: may.iter().collect(), ..Past::default() });
        assert_eq!(told, ["last-year-unchanged D5 “上年同期累计”整列与上月报送表中的该列完全相同，疑似未更新，请核对；如确无变化请说明。"]);
    }

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
