//! Yellow and red indicators of last month of which the department has not said why (滞后指标说明).

use super::tasks::LAGGING;
use crate::model::{GreyReason, IndicatorTable, Lagging, Light, Period};
use crate::plan::Plan;
use crate::present::sentences::is_fresh;

/// The codes, in the plan's order: what was yellow or red last month, is so still or was not reported, and stands in no table of words.
///
/// What has turned green needs none, what turned yellow or red this month could not be known, and between two quarters nothing is new.
#[must_use]
pub fn unexplained(plan: &Plan, period: Period, tables: &[IndicatorTable], lagging: &[Lagging]) -> Vec<String> {
    let Some(dataset) = plan.dataset(LAGGING) else { return Vec::new() };
    let behind = |light: Light| matches!(light, Light::Yellow | Light::Red);
    tables
        .iter()
        .flat_map(|table| &table.rows)
        .filter(|row| !row.tracking && dataset.from.contains(&row.owner) && is_fresh(plan, row, period))
        .filter(|row| row.previous_light.is_some_and(behind))
        .filter(|row| behind(row.light) || row.light == Light::Grey(GreyReason::NotReported))
        .filter(|row| !lagging.iter().any(|words| words.indicator == row.code))
        .map(|row| row.code.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::sample;

    #[test]
    fn what_was_behind_and_still_is_wants_words() {
        let (mut plan, month) = (sample::plan(), sample::month());
        let words_on = crate::plan::Dataset { code: LAGGING.to_owned(), measure: None, ..plan.datasets[0].clone() };
        plan.datasets.push(words_on);
        let mut tables = month.tables.clone();
        let told = |tables: &[IndicatorTable], lagging: &[Lagging]| unexplained(&plan, month.period, tables, lagging);
        let row = tables[0].rows.iter_mut().find(|row| row.code == "6.2").unwrap();
        (row.light, row.previous_light) = (Light::Red, Some(Light::Yellow));
        assert!(told(&tables, &[]).contains(&"6.2".to_owned()));
        let words = month.lagging.iter().map(|one| Lagging { indicator: "6.2".to_owned(), ..one.clone() }).collect::<Vec<_>>();
        assert!(!told(&tables, &words).contains(&"6.2".to_owned()), "it said why");
        let with = |light: Light, before: Option<Light>| {
            let mut tables = tables.clone();
            let row = tables[0].rows.iter_mut().find(|row| row.code == "6.2").unwrap();
            (row.light, row.previous_light) = (light, before);
            told(&tables, &[]).contains(&"6.2".to_owned())
        };
        assert!(!with(Light::Green, Some(Light::Red)), "it has caught up");
        assert!(!with(Light::Red, Some(Light::Green)) && !with(Light::Red, None), "nobody could know");
        assert!(with(Light::Grey(GreyReason::NotReported), Some(Light::Red)));
    }
}
