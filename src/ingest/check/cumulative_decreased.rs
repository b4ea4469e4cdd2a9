//! `cumulative-decreased`: a figure that runs up over the year is lower than in the last data period of the same year.
//!
//! 核减 happens, so it is never 须修改. The total row is asked about only where no part explains it, and a value of another
//! unit is told as `unit-factor` alone.

use rust_decimal::Decimal;

use crate::ingest::check::spelling::unified;
use crate::ingest::check::table::{Table, number, total_value};
use crate::ingest::check::wording::{self, amount};
use crate::model::{Finding, FindingCode, Observations, Period};
use crate::plan::ColumnSpec;
use crate::plan::heading::{headings, months};

/// Compares every cumulative figure with the previous one.
pub fn check(table: &Table) -> Vec<Finding> {
    let Some((previous, _)) = table.previous_of_year() else { return Vec::new() };
    let matched = table.matched(previous);
    let mut findings = Vec::new();
    for spec in table.cumulative() {
        let before = findings.len();
        for (row, earlier) in &matched {
            let (Some(now), Some(was)) = (table.value(*row, spec), number(previous, *earlier, spec)) else { continue };
            if now < was {
                let message = message(table, spec, (now, was), previous.period);
                let finding = table.at_cell(FindingCode::CumulativeDecreased, *row, spec, message);
                findings.push(Finding { expected: Some(format!("不少于{}", wording::number(spec, was))), ..finding });
            }
        }
        if findings.len() == before {
            findings.extend(of_total(table, spec, previous));
        }
    }
    findings
}

fn of_total(table: &Table, spec: &ColumnSpec, previous: &Observations) -> Option<Finding> {
    table.now.totals.iter().find_map(|total| {
        let label = unified(&total.label);
        // Of several subtotals none can be told from the other.
        let earlier = previous.totals.iter().filter(|other| unified(&other.label) == label);
        let [earlier] = earlier.collect::<Vec<_>>()[..] else { return None };
        let (now, was) = (total_value(total, spec)?, total_value(earlier, spec)?);
        (now < was).then(|| {
            let message = message(table, spec, (now, was), previous.period);
            let finding = table.at_total(FindingCode::CumulativeDecreased, total, spec, message);
            Finding { expected: Some(format!("不少于{}", wording::number(spec, was))), ..finding }
        })
    })
}

fn message(table: &Table, spec: &ColumnSpec, (now, was): (Decimal, Decimal), then: Period) -> String {
    let caption = table.caption(spec);
    let earlier = headings(table.dataset, spec, then).shown;
    let (now, was) = (amount(spec, now), amount(spec, was));
    // A heading without months is told apart by the months themselves.
    let earlier = if earlier == caption { format!("{}的", months(then.back(table.dataset.lag))) } else { earlier };
    format!("{caption}{now}，少于{earlier}{was}，如属核减请说明原因。")
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};
    use crate::model::Period;

    #[test]
    fn a_city_below_last_month_is_asked_why() {
        let dataset = sample::matrix();
        let now = sample::investment();
        let mut may = [sample::investment_of_may()];
        assert!(sample::told(&dataset, &now, &Past { previous: may.iter().collect(), ..Past::default() }).is_empty());
        may[0] = sample::table(&dataset, &[&["330100", "", "268", ""], &["330200", "", "200.50", ""]]);
        may[0].period = sample::june().previous();
        let expected = ["cumulative-decreased C5 1—6月累计262.00亿元，少于1—5月累计268.00亿元，如属核减请说明原因。"];
        assert_eq!(sample::told(&dataset, &now, &Past { previous: may.iter().collect(), ..Past::default() }), expected);
        // December's figures say nothing about the new year's.
        may[0].period = Period::new(2021, 12).unwrap();
        assert!(sample::told(&dataset, &now, &Past { previous: may.iter().collect(), ..Past::default() }).is_empty());
    }

    #[test]
    fn a_project_s_paid_total_never_shrinks_unasked() {
        let dataset = sample::records();
        let mut may = [sample::table(&dataset, &[&["Ｐ-1", "甲", "", "", "9900", "5100", ""]])];
        may[0].period = sample::june().previous();
        assert_eq!(
            sample::told(&dataset, &sample::projects(), &Past { previous: may.iter().collect(), ..Past::default() }),
            ["cumulative-decreased F5 累计完成投资5000万元，少于1—5月的5100万元，如属核减请说明原因。"]
        );
    }

    #[test]
    fn a_total_is_asked_about_where_no_city_explains_it() {
        let mut dataset = sample::matrix();
        dataset.total_rule = crate::plan::TotalRule::Independent;
        let mut now = sample::investment();
        now.totals = vec![sample::total("合计", 8, &[("paid_total", "640")])];
        let mut may = [sample::investment_of_may()];
        may[0].totals = vec![sample::total("合　计", 4, &[("paid_total", "650")])];
        assert_eq!(
            sample::told(&dataset, &now, &Past { previous: may.iter().collect(), ..Past::default() }),
            ["cumulative-decreased C8 1—6月累计640.00亿元，少于1—5月累计650.00亿元，如属核减请说明原因。"]
        );
    }
}
