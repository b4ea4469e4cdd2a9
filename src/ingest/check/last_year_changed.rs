//! `last-year-changed`: 上年同期 differs from what was archived a year ago. The submitted figure is used; both are kept.

use crate::ingest::check::last_year_unchanged;
use crate::ingest::check::table::{Table, number};
use crate::ingest::check::wording::{self, amount};
use crate::model::{Finding, FindingCode};

/// Compares each 上年同期 column with the archived figures.
pub fn check(table: &Table) -> Vec<Finding> {
    let Some(archived) = table.year_earlier else { return Vec::new() };
    let matched = table.matched(archived);
    let mut findings = Vec::new();
    for spec in table.numeric() {
        let Some(own) = spec.last_year_of.as_ref().and_then(|name| table.dataset.column(name)) else { continue };
        // A column copied from last year's file differs everywhere, for one reason.
        if last_year_unchanged::is_repeated(table, spec) {
            continue;
        }
        for (row, earlier) in &matched {
            let (Some(now), Some(was)) = (table.value(*row, spec), number(archived, *earlier, own)) else { continue };
            if now == was {
                continue;
            }
            let message = format!(
                "{}{}，与上年报送的{}不一致，以本次报送为准，两数均留存备查；如有误请修改。",
                table.caption(spec),
                amount(spec, now),
                amount(own, was)
            );
            let finding = table.at_cell(FindingCode::LastYearChanged, *row, spec, message);
            findings.push(Finding { expected: Some(wording::number(own, was)), ..finding });
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};

    #[test]
    fn a_base_that_moved_is_noted_with_both_figures() {
        let dataset = sample::matrix();
        let rows: [&[&str]; 3] = [&["330100", "", "240", "200"], &["330200", "", "228.80", "190"], &["330300", "", "110", "100"]];
        let mut archived = [sample::table(&dataset, &rows)];
        archived[0].period = sample::june().year_earlier();
        assert_eq!(
            sample::told(&dataset, &sample::investment(), &Past { year_earlier: archived.iter().collect(), ..Past::default() }),
            ["last-year-changed D6 上年同期累计230.00亿元，与上年报送的228.80亿元不一致，以本次报送为准，两数均留存备查；如有误请修改。"]
        );
    }
}
