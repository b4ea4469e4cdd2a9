//! What files that are in force no more still decide: an indicator is judged by the file valid for the data month it shows.

use std::collections::{BTreeMap, BTreeSet};

use super::hash::Digest;
use super::pipelines::{self, Mask, Pipeline};
use crate::model::Period;
use crate::plan::{Calculation, Dataset, Indicator, Plan};

/// The data months other than `period` that the plan's indicators show in it, oldest first.
pub fn data_months(plan: &Plan, period: Period) -> BTreeSet<Period> {
    let months = plan.indicators().filter_map(|(_, indicator)| plan.data_month(indicator, period));
    months.filter(|data| *data < period).collect()
}

/// Puts the indicators of `before` in place of those of `plan` that show `data`, where their file is one of `gone`.
///
/// Forms and lists stay those of the period: an indicator whose columns they have no more stays as the period's file has it.
pub fn take_over(plan: &mut Plan, own: &Plan, (period, data): (Period, Period), before: &Plan, gone: &[&Pipeline]) {
    for file in gone {
        let Some(measure) = file.number().and_then(|number| before.measure(number)) else { continue };
        let mut taken = Vec::new();
        for indicator in &measure.indicators {
            let shows = own.indicators().any(|(_, one)| one.code == indicator.code && own.data_month(one, period) == Some(data));
            if !shows || !fits(indicator, own, before) {
                continue;
            }
            let places = plan.measures.iter_mut().flat_map(|measure| &mut measure.indicators);
            for place in places.filter(|place| place.code == indicator.code) {
                place.clone_from(indicator);
                taken.push(indicator.code.as_str());
            }
        }
        if !taken.is_empty() {
            let mut digest = Digest::after(&plan.hash);
            digest.earlier(&taken, &file.parsed.root);
            plan.hash = digest.hex();
            plan.earlier.indicators.extend(taken.into_iter().map(str::to_owned));
        }
    }
}

/// Whether all that an indicator of `before` reads is there in `own` and means the same.
fn fits(indicator: &Indicator, own: &Plan, before: &Plan) -> bool {
    if let Calculation::Derived { terms } = &indicator.calculation {
        return terms.iter().all(|(code, _)| own.indicators().any(|(_, one)| one.code == *code));
    }
    let same = |code: &str, columns: Vec<&String>| {
        let (Some(now), Some(then)) = (own.dataset(code), before.dataset(code)) else { return false };
        is_alike(now, then) && columns.into_iter().all(|name| has_column(now, then, name))
    };
    let expressions = indicator.calculation.expressions();
    let read = expressions.into_iter().flat_map(|expression| &expression.columns);
    let read = read.chain(indicator.counts_in.iter().map(|counts| &counts.column)).collect();
    indicator.reads().is_some_and(|code| same(code, read))
        && indicator.reported_growth.as_ref().is_none_or(|(code, column)| same(code, vec![column]))
}

/// Whether two datasets carry the same months of the same kind of table.
fn is_alike(now: &Dataset, then: &Dataset) -> bool {
    let kind = |one: &Dataset| (one.shape, one.accumulation, one.frequency, one.lag, one.january_merged);
    kind(now) == kind(then)
}

fn has_column(now: &Dataset, then: &Dataset, name: &str) -> bool {
    let kind = |one: &Dataset| one.column(name).map(|column| (column.kind, column.unit.clone()));
    kind(now).is_some() && kind(now) == kind(then)
}

/// By dataset of the set `mask`, the first year of an earlier set that has it.
pub fn datasets(files: &[Pipeline], mask: &Mask, year: i32) -> BTreeMap<String, i32> {
    let mut first: BTreeMap<String, i32> = BTreeMap::new();
    for (_, set) in pipelines::spans(files).into_iter().take_while(|(_, set)| set != mask) {
        let chosen = pipelines::chosen(files, &set);
        let began = pipelines::year(&chosen, year);
        for code in chosen.iter().flat_map(|file| file.datasets()) {
            let known = first.entry(code.to_owned()).or_insert(began);
            *known = began.min(*known);
        }
    }
    first
}
