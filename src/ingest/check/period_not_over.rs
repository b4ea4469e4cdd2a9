//! `period-not-over`: the data month had not ended when the file came: the month of sending was taken for the month of the data.

use chrono::NaiveDate;

use crate::model::{Finding, FindingCode, Observations, Period, Place};
use crate::plan::Plan;

/// Judges a file of `period` that came on `received`.
#[must_use]
pub fn find(plan: &Plan, period: Period, file: &str, tables: &[Observations], received: NaiveDate) -> Option<Finding> {
    let lags = tables.iter().filter_map(|table| plan.dataset(&table.dataset)).map(|dataset| dataset.lag);
    let data = period.back(lags.min().unwrap_or(0));
    if data.last_day() < received {
        return None;
    }
    let before = period.previous();
    let message = format!(
        "数据期为{}年{}月，收到时（{}）该月尚未结束：如为{}月数据，请在文件名中写明“{before}”（表样须为该月的）后重新报送；如确为{}月数据，请于月末以后报送。",
        data.year(),
        data.month(),
        received.format("%-m月%-d日"),
        before.month(),
        data.month()
    );
    let place = Place { file: file.to_owned(), ..Place::default() };
    let (found, expected) = (Some(data.to_string()), Some(before.to_string()));
    Some(Finding { found, expected, ..Finding::new(FindingCode::PeriodNotOver, place, message) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::check::sample;

    #[test]
    fn a_month_is_over_on_the_day_after_its_last() {
        let (dataset, table) = (sample::matrix(), sample::investment());
        let plan = sample::plan(&dataset);
        let on = |month, day| {
            find(&plan, sample::june(), "表.xlsx", std::slice::from_ref(&table), NaiveDate::from_ymd_opt(2022, month, day).unwrap())
        };
        assert!(on(6, 20).is_some_and(|finding| finding.returns_file() && finding.message.contains("6月20日")));
        assert!(on(6, 30).is_some() && on(7, 1).is_none());
        let mut lagging = sample::plan(&dataset);
        lagging.datasets[0].lag = 1;
        let received = NaiveDate::from_ymd_opt(2022, 6, 20).unwrap();
        assert!(find(&lagging, sample::june(), "表.xlsx", std::slice::from_ref(&table), received).is_none(), "data of May");
    }
}
