//! `out-of-range`: a number below the column's least or above its greatest value; both bounds are allowed values. What is
//! below nought in a month's own amount may be earlier months taken back (核减): asked, never returned as a fault.

use crate::ingest::check::table::Table;
use crate::ingest::check::wording;
use crate::model::{Finding, FindingCode, Severity};
use crate::plan::{Accumulation, ColumnSpec};

/// Finds numbers outside their column's bounds.
pub fn check(table: &Table) -> Vec<Finding> {
    let mut findings = Vec::new();
    for spec in table.numeric() {
        for row in 0..table.now.rows() {
            let Some(value) = table.value(row, spec) else { continue };
            let broken = match (spec.min, spec.max) {
                (Some(min), _) if value < min => Some(("不应小于", min)),
                (_, Some(max)) if value > max => Some(("不应大于", max)),
                _ => None,
            };
            let Some((word, least)) = broken else { continue };
            let is_taken_back = value.is_sign_negative() && least.is_zero() && is_month(table, spec);
            let bound = wording::bound(spec, least);
            let what = if is_taken_back { "请核对；如属核减以前月份，请说明原因" } else { "请核对修改" };
            let message = format!("{}{}，{word}{bound}，{what}。", table.caption(spec), wording::amount(spec, value));
            let finding =
                Finding { expected: Some(format!("{word}{bound}")), ..table.at_cell(FindingCode::OutOfRange, row, spec, message) };
            findings.push(if is_taken_back { finding.with(Severity::Explain) } else { finding });
        }
    }
    findings
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
}
