//! `out-of-range`: a number below the column's least or above its greatest value; both bounds are allowed values.

use crate::ingest::check::table::Table;
use crate::ingest::check::wording;
use crate::model::{Finding, FindingCode};

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
            let Some((word, bound)) = broken else { continue };
            let bound = wording::bound(spec, bound);
            let message = format!("{}{}，{word}{bound}，请核对修改。", table.caption(spec), wording::amount(spec, value));
            let finding = table.at_cell(FindingCode::OutOfRange, row, spec, message);
            findings.push(Finding { expected: Some(format!("{word}{bound}")), ..finding });
        }
    }
    findings
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
}
