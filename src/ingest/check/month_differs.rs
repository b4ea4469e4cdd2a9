//! `month-differs`: a month's amount is not the difference of its cumulative and last month's. Asked only where both are far
//! apart and it matters to the column; earlier months are revised all the time.

use rust_decimal::{Decimal, dec};

use crate::ingest::check::size::{is_share, sum};
use crate::ingest::check::table::{Table, number};
use crate::ingest::check::wording::{self, amount};
use crate::model::{Finding, FindingCode, Severity};
use crate::plan::ColumnSpec;

/// Compares each month column with the step of its cumulative one.
pub fn check(table: &Table) -> Vec<Finding> {
    let Some((previous, then)) = table.previous_of_year() else { return Vec::new() };
    if then.next() != table.data() {
        return Vec::new();
    }
    let matched = table.matched(previous);
    let mut findings = Vec::new();
    for month in table.amounts() {
        let Some(total) = month.month_of.as_ref().and_then(|name| table.dataset.column(name)) else { continue };
        let Some(whole) = sum((0..table.now.rows()).filter_map(|row| table.value(row, total))) else { continue };
        let mut told = false;
        for (row, earlier) in &matched {
            let values = (table.value(*row, month), table.value(*row, total), number(previous, *earlier, total));
            let (Some(own), Some(now), Some(was)) = values else { continue };
            let Some((step, gap)) = now.checked_sub(was).and_then(|step| Some((step, own.checked_sub(step)?.abs()))) else { continue };
            let Some(asked) = is_asked(table, (own, step, gap), whole, month) else { continue };
            // One note a column is enough: revisions come for all cities at once.
            if asked || !told {
                told |= !asked;
                findings.push(finding(table, *row, (month, total), (own, step), asked));
            }
        }
    }
    findings
}

/// Whether the officer is asked; `None` where both agree but for rounding.
fn is_asked(table: &Table, (own, step, gap): (Decimal, Decimal, Decimal), whole: Decimal, month: &ColumnSpec) -> Option<bool> {
    let unit = Decimal::try_new(1, month.decimals).ok()?;
    // Three roundings of half a unit each.
    if gap <= unit.checked_mul(dec!(1.5))? {
        return None;
    }
    let numbers = table.numbers();
    let larger = own.abs().max(step.abs());
    let beyond = |percent, of| is_share(gap, percent, of) && !is_equal(gap, percent, of);
    Some(beyond(numbers.month_pct, larger) && beyond(numbers.month_total_pct, whole.abs()))
}

/// Exactly that share is not yet beyond it.
fn is_equal(part: Decimal, percent: Decimal, whole: Decimal) -> bool {
    part.checked_mul(Decimal::ONE_HUNDRED).zip(whole.checked_mul(percent)).is_some_and(|(part, whole)| part == whole)
}

fn finding(table: &Table, row: usize, (month, total): (&ColumnSpec, &ColumnSpec), (own, step): (Decimal, Decimal), asked: bool) -> Finding {
    let what = if asked {
        "请核对；如系调整以前月份所致请说明原因。"
    } else {
        "如系调整以前月份所致，无须处理。"
    };
    let message = format!(
        "“{}”{}{}，按{}减去上月累计应为{}，{what}",
        table.key_words(row).1,
        table.caption(month),
        amount(month, own),
        table.caption(total),
        amount(month, step)
    );
    let severity = if asked { FindingCode::MonthDiffers.severity() } else { Severity::Note };
    Finding { severity, expected: Some(wording::number(month, step)), ..table.at_cell(FindingCode::MonthDiffers, row, month, message) }
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};
    use crate::model::Severity;

    fn findings(month: &str) -> Vec<(Severity, String)> {
        let dataset = sample::matrix();
        let may = [sample::investment_of_may()];
        let rows: [&[&str]; 3] =
            [&["330100", month, "262.00", "240"], &["330200", "50.00", "250.50", "230"], &["330300", "40.00", "120.25", "110"]];
        let past = Past { previous: may.iter().collect(), ..Past::default() };
        sample::findings(&dataset, &sample::table(&dataset, &rows), &past).into_iter().map(|one| (one.severity, one.message)).collect()
    }

    #[test]
    fn a_month_far_from_the_step_is_asked_and_a_revision_noted() {
        assert!(findings("60.01").is_empty(), "rounding");
        let note = "“杭州”6月66.00亿元，按1—6月累计减去上月累计应为60.00亿元，如系调整以前月份所致，无须处理。";
        assert_eq!(findings("66"), [(Severity::Note, note.to_owned())]);
        let asked = "“杭州”6月6.00亿元，按1—6月累计减去上月累计应为60.00亿元，请核对；如系调整以前月份所致请说明原因。";
        assert_eq!(findings("6"), [(Severity::Explain, asked.to_owned())]);
        assert_eq!(findings("600").len(), 1);
    }
}
