//! `[indicator.target]`: level, growth, or both, and the year they are judged in.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::model::RegionCode;
use crate::plan::{Comparison, Target, TargetYear};
use crate::settings::document::At;
use crate::settings::suggest;
use crate::settings::table::Table;

use super::scope::Scope;

const COMPARISONS: [(&str, Comparison); 5] = [
    ("at_least", Comparison::AtLeast),
    ("more_than", Comparison::MoreThan),
    ("about", Comparison::About),
    ("at_most", Comparison::AtMost),
    ("hold", Comparison::Hold),
];

/// Reads a target; what cannot be read is reported and stands as a placeholder, for no plan comes of it.
pub fn read(table: Table<'_>, scope: &Scope<'_>) -> Target {
    let level = table.fraction("level");
    let comparison = table.choice("comparison", &COMPARISONS).map_or(Comparison::AtLeast, |comparison| comparison.value);
    let growth = table.exact("growth");
    let growth_comparison = table.choice("growth_comparison", &COMPARISONS).map_or(Comparison::AtLeast, |comparison| comparison.value);
    if !table.has("level") && !table.has("growth") && comparison != Comparison::Hold {
        table.problem("the target names neither a level nor a growth", "add `level = \"…\"`, `growth = \"…\"` or both");
    }
    if matches!(comparison, Comparison::AtMost | Comparison::MoreThan | Comparison::About) && table.has("growth") && !table.has("level") {
        table
            .place_of("comparison")
            .problem("`comparison` is about the level, and there is none", "write `growth_comparison`, or add `level`");
    }
    if comparison == Comparison::Hold && table.has("level") {
        table
            .place_of("level")
            .problem("`hold` compares with the year before and has no level", "take `level` out, or write another `comparison`");
    }
    let year = read_year(&table);
    let year_from_plan = table.choice("year_source", &[("plan", true), ("inferred", false)]).is_none_or(|source| source.value);
    let text = table.need_text("text");
    let target = Target {
        level: level.map(|level| level.value),
        comparison,
        growth: growth.map(|growth| growth.value),
        growth_comparison,
        year: year.unwrap_or(TargetYear::Every),
        year_from_plan,
        wording: table.text("wording").map(|wording| wording.value),
        text: text.as_ref().map(|text| text.value.clone()).unwrap_or_default(),
        base: table.exact("base").map(|base| base.value),
        grows: table.flag("grows").is_some_and(|flag| flag.value),
        regions: table.table("regions").map(|regions| read_regions(&regions, scope)).unwrap_or_default(),
    };
    table.finish();
    target
}

fn read_year(table: &Table<'_>) -> Option<TargetYear> {
    let year_of = |key| table.small(key, 1900..=2200).and_then(|year| Some(year.with(i32::try_from(year.value).ok()?)));
    let by = year_of("by").map(|by| by.value);
    let since = year_of("since");
    if let (Some(since), Some(by)) = (&since, by)
        && since.value > by
    {
        since.problem(format!("the way to the target begins in {}, after {by}", since.value), "write the first year it is followed in");
    }
    let since = since.map(|since| since.value);
    if table.has("by") {
        if table.has("year") {
            table
                .place_of("by")
                .problem("the target has both `year` and `by`", "keep one: `year` judges within that year, `by` until its end");
        }
        return by.map(|until| TargetYear::By { since, until });
    }
    if table.has("since") {
        table.place_of("since").problem("`since` goes with `by`", "take `since` out: `year` judges within one year");
    }
    if !table.has("year") {
        table.missing("year", "2022` (or `year = \"every\"`, `by = 2023`)");
        return None;
    }
    if table.is_text("year") {
        return table.choice("year", &[("every", TargetYear::Every)]).map(|year| year.value);
    }
    let year = table.small("year", 1900..=2200)?;
    i32::try_from(year.value).ok().map(TargetYear::In)
}

/// 目标分解: the level of each region.
fn read_regions(table: &Table<'_>, scope: &Scope<'_>) -> BTreeMap<RegionCode, Decimal> {
    let mut levels = BTreeMap::new();
    for code in table.open_keys() {
        let level = table.open_exact(&code.value);
        if scope.regions.cities.iter().any(|region| region.code.0 == code.value) {
            levels.extend(level.map(|level: At<Decimal>| (RegionCode(code.value.clone()), level.value)));
        } else if !scope.unread.regions {
            code.problem(
                format!("no region `{}` stands in config/regions.toml", code.value),
                suggest::hint(&code.value, scope.regions.cities.iter().map(|region| region.code.0.as_str())),
            );
        }
    }
    levels
}
