//! `out-of-range`: a number below the column's least or above its greatest value; both bounds are allowed values. What is
//! below nought in a month's own amount may be earlier months taken back (核减): asked, never returned as a fault.
//!
//! Where the plan gives none, the unit does (`plan::bounds`); a total row may not leave what the unit allows either.

use rust_decimal::Decimal;

use crate::ingest::check::table::{Table, total_value};
use crate::ingest::check::wording;
use crate::model::{Finding, FindingCode, Severity};
use crate::plan::{Accumulation, ColumnSpec};

/// Finds numbers outside their column's bounds.
pub fn check(table: &Table) -> Vec<Finding> {
    let mut findings = Vec::new();
    for spec in table.numeric() {
        for row in 0..table.now.rows() {
            let Some((value, broken)) = table.value(row, spec).and_then(|value| Some((value, broken(spec, value, spec.bounds())?))) else {
                continue;
            };
            let is_taken_back = value.is_sign_negative() && spec.min.is_some_and(|min| min.is_zero()) && is_month(table, spec);
            let what = if is_taken_back { "请核对；如属核减以前月份，请说明原因" } else { "请核对修改" };
            let finding = table.at_cell(FindingCode::OutOfRange, row, spec, message(table, spec, value, &broken, what));
            let finding = Finding { expected: Some(broken), ..finding };
            findings.push(if is_taken_back { finding.with(Severity::Explain) } else { finding });
        }
        for total in &table.now.totals {
            let sizes = (-spec.size_max(), spec.size_max());
            let Some((value, broken)) = total_value(total, spec).and_then(|value| Some((value, broken(spec, value, sizes)?))) else {
                continue;
            };
            let told = message(table, spec, value, &broken, "请核对修改");
            let finding = table.at_total(FindingCode::OutOfRange, total, spec, told);
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

fn message(table: &Table, spec: &ColumnSpec, value: Decimal, broken: &str, what: &str) -> String {
    format!("{}{}，{broken}，{what}。", table.caption(spec), wording::amount(spec, value))
}

/// Whether a column holds the month's own amount.
fn is_month(table: &Table, spec: &ColumnSpec) -> bool {
    let is_flow = table.dataset.accumulation == Accumulation::Flow && spec.last_year_of.is_none();
    spec.month_of.is_some() || (is_flow && table.amounts().any(|amount| amount.name == spec.name))
}

#[cfg(test)]
mod tests {
    use rust_decimal::dec;

    use crate::ingest::check::{Past, sample};
    use crate::model::Severity;

    #[test]
    fn a_month_below_nought_is_asked_about() {
        let mut dataset = sample::matrix();
        dataset.columns[1].min = Some(dec!(0));
        let now = sample::table(&dataset, &[&["330100", "-3.5", "262", ""], &["330200", "0", "0", ""], &["330300", "1", "-1", ""]]);
        let findings = sample::findings(&dataset, &now, &Past::default());
        let told: Vec<_> = findings.iter().map(|one| (one.severity, one.message.as_str())).collect();
        let month = "6月-3.50亿元，不应小于0亿元，请核对；如属核减以前月份，请说明原因。";
        let total = "1—6月累计-1.00亿元，不应小于0亿元，请核对修改。";
        assert!(told.contains(&(Severity::Explain, month)) && told.contains(&(Severity::Error, total)), "{told:?}");
    }

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
