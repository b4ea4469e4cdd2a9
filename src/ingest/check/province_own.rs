//! `province-own`: 省本级及跨市 appears in a table of cities, or goes: figures before and after stand on another basis.
//!
//! Asked once a table, against the last accepted table of the year; in the year's first month nothing is known to compare with.

use crate::ingest::check::table::Table;
use crate::ingest::check::wording::amount;
use crate::model::{Finding, FindingCode, Observations};
use crate::plan::own::settle;
use crate::plan::{ColumnSpec, TotalRule};

/// Finds the first column whose basis differs from last time's.
pub fn check(table: &Table) -> Vec<Finding> {
    let Some((previous, _)) = table.previous_of_year().filter(|_| table.dataset.total_rule != TotalRule::Independent) else {
        return Vec::new();
    };
    let own = |observations: &Observations, spec: &ColumnSpec| Some(settle(table.plan, table.dataset, observations, spec)?.beyond()?.own());
    // The year to date says more than the month or last year's.
    let (first, rest): (Vec<_>, Vec<_>) = table.amounts().partition(|spec| spec.month_of.is_none() && spec.last_year_of.is_none());
    let changed = first.into_iter().chain(rest).find_map(|spec| {
        let (now, then) = (own(table.now, spec)?, own(previous, spec)?);
        (now.is_some() != then.is_some()).then_some((spec, now, then))
    });
    let Some((spec, now, then)) = changed else { return Vec::new() };
    let (caption, before) = (table.caption(spec), table.previous_word());
    let message = match (now, then) {
        (Some(now), _) => format!("{caption}含省本级及跨市{}，{before}没有；口径有变化，请核对，确有的请说明。", amount(spec, now)),
        (None, then) => {
            let then = then.map(|then| amount(spec, then)).unwrap_or_default();
            format!("{caption}不再含省本级及跨市，{before}为{then}；口径有变化，请核对，确无的请说明。")
        }
    };
    let found = now.map(|now| amount(spec, now));
    vec![Finding { row_key: Some("own".to_owned()), found, ..table.at_column(FindingCode::ProvinceOwn, spec, message) }]
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{Past, sample};
    use crate::plan::TotalRule;

    #[test]
    fn its_first_month_is_asked_and_its_last() {
        let mut dataset = sample::matrix();
        dataset.total_rule = TotalRule::AtLeast;
        let mut now = sample::investment();
        // Of all columns that differ the year to date is named.
        let total = |value: &str| vec![sample::total("全省", 8, &[("paid", "900"), ("paid_total", value)])];
        now.totals = total("700");
        let mut may = [sample::investment_of_may()];
        let told = |now: &crate::model::Observations, may: &[crate::model::Observations]| -> Vec<String> {
            let told = sample::told(&dataset, now, &Past { previous: may.iter().collect(), ..Past::default() });
            told.into_iter().filter(|told| told.starts_with("province-own")).collect()
        };
        assert_eq!(told(&now, &may), ["province-own C5 1—6月累计含省本级及跨市67.25亿元，上月没有；口径有变化，请核对，确有的请说明。"]);
        assert!(told(&now, &[]).is_empty(), "nothing is known to compare with");
        may[0].totals = total("520");
        assert!(told(&now, &may).is_empty(), "it was there before");
        now.totals.clear();
        assert_eq!(told(&now, &may), ["province-own C5 1—6月累计不再含省本级及跨市，上月为37.25亿元；口径有变化，请核对，确无的请说明。"]);
    }
}
