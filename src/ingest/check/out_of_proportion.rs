//! `out-of-proportion`: one amount is many times the largest other of its column, and was not so last time.

use rust_decimal::Decimal;

use crate::ingest::check::size::exceeds;
use crate::ingest::check::table::{Table, number};
use crate::ingest::check::wording::amount;
use crate::model::{Finding, FindingCode};
use crate::plan::Shape;

/// So many other amounts tell what is usual.
const OTHERS_MIN: usize = 3;

/// Looks at every column of amounts; the items of a form differ by nature.
pub fn check(table: &Table) -> Vec<Finding> {
    if table.dataset.shape == Shape::Form {
        return Vec::new();
    }
    let times = table.numbers().proportion_times;
    let mut findings = Vec::new();
    for spec in table.amounts() {
        let mut sizes: Vec<(Decimal, usize)> = (0..table.now.rows())
            .filter_map(|row| Some((table.value(row, spec)?.abs(), row)))
            .filter(|(size, _)| !size.is_zero())
            .collect();
        sizes.sort_unstable();
        let [.., (other, _), (largest, row)] = sizes.as_slice() else { continue };
        if sizes.len() <= OTHERS_MIN || !exceeds(*largest, times, *other) {
            continue;
        }
        let before = [table.previous, table.replaced].into_iter().flatten().filter_map(|earlier| {
            let (_, there) = table.matched(earlier).into_iter().find(|(here, _)| here == row)?;
            number(earlier, there, spec)
        });
        if before.into_iter().any(|was| exceeds(was.abs(), times, *other)) {
            continue;
        }
        let message = format!(
            "{}{}，超过本栏其余最大值{}的{times}倍，请核对单位和小数点；如属实请说明原因。",
            table.caption(spec),
            amount(spec, *largest),
            amount(spec, *other)
        );
        findings.push(table.at_cell(FindingCode::OutOfProportion, *row, spec, message));
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};

    const ROWS: [&[&str]; 5] = [
        &["P-1", "甲公司", "330100", "市县", "9800", "500", "2022-03-01"],
        &["P-2", "乙公司", "330200", "市县", "1200", "80", "2022-06-30"],
        &["P-3", "丙公司", "330200", "市县", "3000", "90", "2022-06-30"],
        &["P-4", "丁公司", "330200", "市县", "2000", "60", "2022-06-30"],
        &["P-5", "戊公司", "330200", "市县", "560000", "70", "2022-06-30"],
    ];

    #[test]
    fn a_project_of_another_order_is_asked_about_once() {
        let dataset = sample::records();
        let now = sample::table(&dataset, &ROWS);
        let expected = "out-of-proportion E9 总投资560000万元，超过本栏其余最大值9800万元的50倍，请核对单位和小数点；如属实请说明原因。";
        assert_eq!(sample::told(&dataset, &now, &Past::default()), [expected]);
        let mut may = [now.clone()];
        may[0].period = sample::june().previous();
        let told = sample::told(&dataset, &now, &Past { previous: may.iter().collect(), ..Past::default() });
        assert!(!told.iter().any(|line| line.starts_with("out-of-proportion")), "it was so last month: {told:?}");
    }

    #[test]
    fn two_amounts_are_no_measure_of_each_other() {
        let dataset = sample::records();
        let now = sample::table(&dataset, &[ROWS[1], ROWS[4]]);
        assert!(sample::told(&dataset, &now, &Past::default()).is_empty());
    }
}
