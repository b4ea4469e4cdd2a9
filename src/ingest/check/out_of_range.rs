//! `out-of-range`: a number below the column's least or above its greatest value; both bounds are allowed values.
//!
//! Where the plan gives none, the unit does (`plan::bounds`); a total row may not leave what the unit allows either.

use rust_decimal::Decimal;

use crate::ingest::check::table::{Table, total_value};
use crate::ingest::check::wording;
use crate::model::{Finding, FindingCode};
use crate::plan::ColumnSpec;

/// Finds numbers outside their column's bounds.
pub fn check(table: &Table) -> Vec<Finding> {
    let mut findings = Vec::new();
    for spec in table.numeric() {
        for row in 0..table.now.rows() {
            let Some((value, broken)) = table.value(row, spec).and_then(|value| Some((value, broken(spec, value, spec.bounds())?))) else {
                continue;
            };
            let finding = table.at_cell(FindingCode::OutOfRange, row, spec, message(table, spec, value, &broken));
            findings.push(Finding { expected: Some(broken), ..finding });
        }
        for total in &table.now.totals {
            let sizes = (-spec.size_max(), spec.size_max());
            let Some((value, broken)) = total_value(total, spec).and_then(|value| Some((value, broken(spec, value, sizes)?))) else {
                continue;
            };
            let finding = table.at_total(FindingCode::OutOfRange, total, spec, message(table, spec, value, &broken));
            findings.push(Finding { expected: Some(broken), ..finding });
        }
    }
    findings
}

/// The bound that a value breaks, in words.
fn broken(spec: &ColumnSpec, value: Decimal, (min, max): (Decimal, Decimal)) -> Option<String> {
    let (word, bound) = match value {
        _ if value < min => ("不应小于", min),
        _ if value > max => ("不应大于", max),
        _ => return None,
    };
    Some(format!("{word}{}", wording::bound(spec, bound)))
}

fn message(table: &Table, spec: &ColumnSpec, value: Decimal, broken: &str) -> String {
    format!("{}{}，{broken}，请核对修改。", table.caption(spec), wording::amount(spec, value))
}

#[cfg(test)]
mod tests {
    use rust_decimal::dec;

    use crate::ingest::check::{Past, sample};

    #[test]
    fn bounds_are_inclusive() {
        let mut dataset = sample::matrix();
        dataset.columns[2].max = Some(dec!(262));
        let now = sample::table(&dataset, &[&["330100", "", "262", ""], &["330200", "", "0", ""], &["330300", "", "262.01", ""]]);
        assert_eq!(sample::told(&dataset, &now, &Past::default()), ["out-of-range C7 1—6月累计262.01亿元，不应大于262亿元，请核对修改。"]);
        let now = sample::table(&dataset, &[&["330100", "", "-3", ""], &["330200", "", "0", ""], &["330300", "", "1", ""]]);
        assert_eq!(sample::told(&dataset, &now, &Past::default()), ["out-of-range C5 1—6月累计-3.00亿元，不应小于0亿元，请核对修改。"]);
    }

    #[test]
    fn without_a_bound_the_unit_has_one() {
        let dataset = sample::matrix();
        let rows: [&[&str]; 3] =
            [&["330100", "", "100000", ""], &["330200", "-100000.01", "1", ""], &["330300", "", "1", "1000000000000000000000000000"]];
        let mut now = sample::table(&dataset, &rows);
        now.totals.push(sample::total("小计", 8, &[("paid_last_year", "100000.01")]));
        let expected = [
            "out-of-range B6 6月-100000.01亿元，不应小于-100000亿元，请核对修改。",
            "out-of-range D7 上年同期累计1000000000000000000000000000.0亿元，不应大于100000亿元，请核对修改。",
            "out-of-range D8 上年同期累计100000.01亿元，不应大于100000亿元，请核对修改。",
        ];
        let told = sample::told(&dataset, &now, &Past::default());
        let own: Vec<&String> = told.iter().filter(|line| line.starts_with("out-of-range")).collect();
        assert_eq!(own, expected);
        assert!(!told.iter().any(|line| line.starts_with("out-of-proportion")), "told once: {told:?}");
    }
}
