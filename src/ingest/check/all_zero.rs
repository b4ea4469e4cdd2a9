//! `all-zero`: a column of amounts is 0 throughout that was not last month: a form whose formulas or links were lost.
//!
//! A cumulative column that falls to 0 is asked about cell by cell (`cumulative-decreased`); this is for single months and for lists.

use crate::ingest::check::table::{Table, number};
use crate::model::{Finding, FindingCode};
use crate::plan::ColumnSpec;

/// So many zeros make a column.
const ROWS_MIN: usize = 3;

/// Finds columns of nothing but zeros that had figures in most of their rows the last time.
pub fn check(table: &Table) -> Vec<Finding> {
    let cumulative: Vec<&str> = table.cumulative().map(|spec| spec.name.as_str()).collect();
    let columns = table.amounts().filter(|spec| !cumulative.contains(&spec.name.as_str()) && is_emptied(table, spec));
    columns
        .map(|spec| {
            let message = format!(
                "“{}”整列为0，{}多数行不为0，疑似公式或者引用失效，请核对；如确实均为0请说明原因。",
                table.caption(spec),
                table.previous_word()
            );
            table.at_column(FindingCode::AllZero, spec, message)
        })
        .collect()
}

fn is_emptied(table: &Table, spec: &ColumnSpec) -> bool {
    let Some((previous, _)) = table.previous_of_year() else { return false };
    let values: Vec<_> = (0..table.now.rows()).filter_map(|row| table.value(row, spec)).collect();
    if values.len() < ROWS_MIN || values.iter().any(|value| !value.is_zero()) {
        return false;
    }
    let before: Vec<_> = table.matched(previous).into_iter().filter_map(|(_, earlier)| number(previous, earlier, spec)).collect();
    before.iter().filter(|value| !value.is_zero()).count() * 2 > before.len()
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};

    fn told(months: [&str; 3]) -> Vec<String> {
        let dataset = sample::matrix();
        let [first, second, third] = months;
        let rows: [&[&str]; 3] = [&["330100", first, "262", ""], &["330200", second, "250.50", ""], &["330300", third, "120.25", ""]];
        let may_rows: [&[&str]; 3] = [&["330100", "50", "262", ""], &["330200", "45", "250.50", ""], &["330300", "0", "120.25", ""]];
        let mut may = [sample::table(&dataset, &may_rows)];
        may[0].period = sample::june().previous();
        let past = Past { previous: may.iter().collect(), year: may.iter().collect(), ..Past::default() };
        let told = sample::told(&dataset, &sample::table(&dataset, &rows), &past);
        told.into_iter().filter(|line| line.starts_with("all-zero")).collect()
    }

    #[test]
    fn a_column_of_zeros_is_asked_about_once() {
        assert_eq!(
            told(["0", "0", "0"]),
            ["all-zero B5 “6月”整列为0，上月多数行不为0，疑似公式或者引用失效，请核对；如确实均为0请说明原因。"]
        );
        assert!(told(["0", "0.5", "0"]).is_empty(), "a month with little in it");
    }
}
