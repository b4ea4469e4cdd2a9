//! `month-cumulative-swapped`: in most rows the month is larger than the cumulative figure it is part of.

use crate::ingest::check::table::Table;
use crate::ingest::check::wording::amount;
use crate::model::{Finding, FindingCode};

/// Compares each month column with its cumulative one.
pub fn check(table: &Table) -> Vec<Finding> {
    let mut findings = Vec::new();
    for month in table.numeric() {
        let Some(total) = month.month_of.as_ref().and_then(|name| table.dataset.column(name)) else { continue };
        let pairs: Vec<_> =
            (0..table.now.rows()).filter_map(|row| Some((row, table.value(row, month)?, table.value(row, total)?))).collect();
        let larger: Vec<_> = pairs.iter().filter(|(_, month, total)| month > total).collect();
        let Some((row, first_month, first_total)) = larger.first().filter(|_| larger.len() * 2 > pairs.len()) else { continue };
        let message = format!(
            "{}{}，大于{}{}，{}行中有{}行如此，两列疑似填反，请核对；如确为核减所致请说明原因。",
            table.caption(month),
            amount(month, *first_month),
            table.caption(total),
            amount(total, *first_total),
            pairs.len(),
            larger.len()
        );
        let finding = table.at_cell(FindingCode::MonthCumulativeSwapped, *row, month, message);
        findings.push(Finding { row_key: None, ..finding });
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};

    #[test]
    fn swapped_columns_are_told_once() {
        let dataset = sample::matrix();
        let rows: [&[&str]; 3] = [&["330100", "262", "60", "240"], &["330200", "250.50", "50", "230"], &["330300", "40", "120.25", "110"]];
        assert_eq!(
            sample::told(&dataset, &sample::table(&dataset, &rows), &Past::default()),
            [
                "month-cumulative-swapped B5 6月262.00亿元，大于1—6月累计60.00亿元，3行中有2行如此，两列疑似填反，请核对；如确为核减所致请说明原因。"
            ]
        );
    }

    #[test]
    fn one_odd_row_is_no_swap() {
        let dataset = sample::matrix();
        let rows: [&[&str]; 3] = [&["330100", "60", "59", "240"], &["330200", "50", "250.50", "230"], &["330300", "40", "40", "110"]];
        assert!(sample::told(&dataset, &sample::table(&dataset, &rows), &Past::default()).is_empty());
    }
}
