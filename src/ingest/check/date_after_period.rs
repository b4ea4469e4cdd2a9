//! `date-after-period`: a date of something done that lies after the end of the data month.
//!
//! Dates that look ahead (计划, 预计, 时限 …) may lie after it; they are known by their heading.

use chrono::Datelike;

use crate::ingest::check::table::Table;
use crate::ingest::check::wording;
use crate::model::{Finding, FindingCode, Values};
use crate::plan::ColumnSpec;

/// Words in a heading that mark a date as a plan.
const AHEAD: &[&str] = &["计划", "预计", "预期", "拟", "时限", "截止", "期限", "到期", "目标"];

/// Names of the columns of the shared datasets that look ahead.
const AHEAD_NAMES: &[&str] = &["due", "expected"];

/// Finds dates after the data month's last day.
pub fn check(table: &Table) -> Vec<Finding> {
    let last = table.data().last_day();
    let mut findings = Vec::new();
    for spec in table.dataset.columns.iter().filter(|spec| !looks_ahead(spec)) {
        let Some(Values::Date(dates)) = table.now.column(&spec.name).map(|column| &column.values) else { continue };
        for (row, date) in dates.iter().enumerate() {
            let Some(date) = date.filter(|date| *date > last) else { continue };
            let message = format!(
                "{}{}年{}月{}日，晚于数据期末{}年{}月{}日，请核对修改。",
                table.caption(spec),
                date.year(),
                date.month(),
                date.day(),
                last.year(),
                last.month(),
                last.day()
            );
            let finding = table.at_cell(FindingCode::DateAfterPeriod, row, spec, message);
            findings.push(Finding { expected: Some(format!("不晚于{last}")), ..finding });
        }
    }
    findings
}

fn looks_ahead(spec: &ColumnSpec) -> bool {
    AHEAD_NAMES.contains(&spec.name.as_str()) || AHEAD.iter().any(|word| wording::label(spec).contains(word))
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};

    #[test]
    fn the_last_day_of_the_month_is_still_in_it() {
        let mut dataset = sample::records();
        let now = sample::table(
            &dataset,
            &[&["P-1", "甲", "330100", "", "", "", "2022-07-01"], &["P-2", "乙", "330200", "", "", "", "2022-06-30"]],
        );
        assert_eq!(
            sample::told(&dataset, &now, &Past::default()),
            ["date-after-period G5 开工时间2022年7月1日，晚于数据期末2022年6月30日，请核对修改。"]
        );
        dataset.columns[6].labels = vec!["计划开工时间".to_owned()];
        assert!(sample::told(&dataset, &now, &Past::default()).is_empty());
    }
}
