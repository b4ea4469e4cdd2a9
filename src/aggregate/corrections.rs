//! Corrections (更正): what a later version prints otherwise than the one before.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::model::{Correction, DepartmentCode, IndicatorRow, IndicatorTable, Period, RegionFigure, SeriesPoint};
use crate::plan::Plan;

type Printed<Row> = (&'static str, fn(&Row) -> Option<Decimal>);

/// The columns of an indicator that are compared: all that are printed. Shares and ranks follow from these and are not listed again.
const PROVINCE: &[Printed<IndicatorRow>] = &[
    ("当月", |row| row.month),
    ("当月环比", |row| row.month_growth_pct),
    ("累计", |row| row.year_to_date),
    ("上年同期", |row| row.last_year),
    ("累计同比", |row| row.growth_pct),
    ("公布同比", |row| row.reported_growth_pct),
    ("计算同比", |row| row.computed_growth_pct),
    ("年度目标", |row| row.target),
    ("完成年度目标", |row| row.completion_pct),
    ("序时进度", |row| row.pace_pct),
    ("比序时进度", |row| row.ahead_points),
    ("后续月均需", |row| row.needed_per_month),
    ("预计全年", |row| row.landing),
    ("报送范围", |row| Some(Decimal::from(row.coverage.reported))),
    ("连续期数", |row| Some(Decimal::from(row.periods_in_row))),
];

const REGION: &[Printed<RegionFigure>] = &[
    ("当月", |region| region.month),
    ("累计", |region| region.year_to_date),
    ("上年同期", |region| region.last_year),
    ("累计同比", |region| region.growth_pct),
    ("年度目标", |region| region.target),
    ("完成年度目标", |region| region.completion_pct),
];

const MONTHS: &[Printed<SeriesPoint>] = &[("累计", |point| point.year_to_date)];
const MONTHS_PACED: &[Printed<SeriesPoint>] = &[("完成进度", |point| point.completion_pct), ("序时进度", |point| point.pace_pct)];

/// Why a row prints otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// Which file replaced which, in Chinese.
    pub cause: String,
    /// No file did.
    pub redefined: bool,
}

/// Every figure (and every light that moved alone) in which `new` differs from `old`; `cause` says which file replaced which.
pub fn corrections(plan: &Plan, old: &[IndicatorTable], new: &[IndicatorTable], cause: &dyn Fn(&IndicatorRow) -> Why) -> Vec<Correction> {
    let mut corrections = Vec::new();
    for row in new.iter().flat_map(|table| &table.rows) {
        let Some(before) = old.iter().flat_map(|table| &table.rows).find(|before| before.code == row.code) else { continue };
        compare(plan, before, row, cause, &mut corrections);
    }
    corrections
}

fn compare(plan: &Plan, old: &IndicatorRow, new: &IndicatorRow, cause: &dyn Fn(&IndicatorRow) -> Why, into: &mut Vec<Correction>) {
    let first = into.len();
    let mut said: Option<(Why, Vec<DepartmentCode>)> = None;
    let mut add =
        |region: Option<&RegionFigure>, item: &str, earlier: Option<Period>, was: Option<Decimal>, is: Option<Decimal>, lights| {
            let (why, departments) = said.get_or_insert_with(|| (cause(new), departments(plan, new))).clone();
            let (old_light, new_light) = lights;
            into.push(Correction {
                indicator: new.code.clone(),
                title: new.title.clone(),
                unit: unit(new, item),
                region: region.map(|region| region.code.clone()),
                item: item.to_owned(),
                earlier,
                old: was,
                new: is,
                old_light,
                new_light,
                cause: why.cause,
                redefined: why.redefined,
                departments,
            });
        };
    let (lights, growth, mut moved) = ((old.light, new.light), (old.growth_pct, new.growth_pct), false);
    for (item, read) in PROVINCE {
        // One of the two growths is the one already told.
        let told = matches!(*item, "公布同比" | "计算同比") && growth == (read(old), read(new));
        if read(old) != read(new) && !told {
            add(None, item, None, read(old), read(new), lights);
            moved = true;
        }
    }
    for (period, item, was, is) in earlier(old, new) {
        add(None, item, Some(period), was, is, lights);
    }
    if let Some(before) = old.previous_light.zip(new.previous_light).filter(|(was, is)| was != is) {
        add(None, "上期亮灯", None, None, None, before);
    }
    for region in &new.regions {
        let Some(before) = old.regions.iter().find(|before| before.code == region.code) else { continue };
        let lights = (before.light.unwrap_or(old.light), region.light.unwrap_or(new.light));
        let changed: Vec<_> = REGION.iter().filter(|(_, read)| read(before) != read(region)).collect();
        for (item, read) in &changed {
            add(Some(region), item, None, read(before), read(region), lights);
        }
        if changed.is_empty() && before.light != region.light {
            add(Some(region), "亮灯", None, None, None, lights);
        }
    }
    for (region, item, was, is) in come_and_gone(old, new) {
        add(Some(region), item, None, was, is, lights);
    }
    if !moved && old.light != new.light {
        add(None, "亮灯", None, None, None, lights);
        // The province stands before its regions.
        if let Some(moved) = into.get_mut(first..) {
            moved.rotate_right(1);
        }
    }
}

/// What the row 省本级及跨市 prints where it appears or goes; cities do neither.
fn come_and_gone<'a>(
    old: &'a IndicatorRow,
    new: &'a IndicatorRow,
) -> Vec<(&'a RegionFigure, &'static str, Option<Decimal>, Option<Decimal>)> {
    let only = |here: &'a [RegionFigure], there: &'a [RegionFigure]| {
        let is_there = move |region: &&RegionFigure| there.iter().any(|other| other.code == region.code);
        here.iter().filter(move |region| !there.is_empty() && !is_there(region))
    };
    let printed = |region: &'a RegionFigure| REGION.iter().filter_map(move |(item, read)| Some((region, *item, read(region)?)));
    let come = only(&new.regions, &old.regions).flat_map(printed).map(|(region, item, is)| (region, item, None, Some(is)));
    let gone = only(&old.regions, &new.regions).flat_map(printed).map(|(region, item, was)| (region, item, Some(was), None));
    come.chain(gone).collect()
}

/// What the year's earlier months (年内各月累计进度) print otherwise: completion and pace where there is a pace, else the value to date.
fn earlier(old: &IndicatorRow, new: &IndicatorRow) -> Vec<(Period, &'static str, Option<Decimal>, Option<Decimal>)> {
    let paced = new.series.iter().any(|point| point.completion_pct.is_some() && point.pace_pct.is_some());
    let items = if paced { MONTHS_PACED } else { MONTHS };
    let at = |row: &IndicatorRow, period, read: fn(&SeriesPoint) -> Option<Decimal>| {
        row.series.iter().find(|point| point.period == period).and_then(read)
    };
    // The latest month stands in the columns above.
    let latest = new.data_period.or(old.data_period);
    let periods: BTreeSet<Period> = old.series.iter().chain(&new.series).map(|point| point.period).collect();
    let mut moved = Vec::new();
    for period in periods.into_iter().filter(|period| Some(*period) != latest) {
        for (item, read) in items {
            let (was, is) = (at(old, period, *read), at(new, period, *read));
            if was != is {
                moved.push((period, *item, was, is));
            }
        }
    }
    moved
}

/// The unit of a corrected column: percentages and points have their own.
fn unit(row: &IndicatorRow, item: &str) -> String {
    match item {
        "比序时进度" => "百分点",
        "累计同比" | "公布同比" | "计算同比" | "当月环比" if row.unit == "%" => "百分点",
        "累计同比" | "公布同比" | "计算同比" | "当月环比" | "完成年度目标" | "完成进度" | "序时进度" => "%",
        "连续期数" => "期",
        "报送范围" => "个",
        "亮灯" | "上期亮灯" => "",
        _ => row.unit.as_str(),
    }
    .to_owned()
}

/// The departments in whose books the indicator stands, in 机构序列; a restricted one stands in its owner's only.
fn departments(plan: &Plan, row: &IndicatorRow) -> Vec<DepartmentCode> {
    let measure = plan.measure(row.measure);
    let concerned = |code: &DepartmentCode| {
        *code == row.owner
            || (!row.restricted
                && measure.is_some_and(|measure| measure.departments.contains(code) || measure.consolidated_by.contains(code)))
    };
    plan.reporting_departments().map(|department| &department.code).filter(|code| concerned(code)).cloned().collect()
}
