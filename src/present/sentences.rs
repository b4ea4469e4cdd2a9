//! Whole Chinese sentences on lights and indicators, for the overview sheet and the mails.
//!
//! 同比增长/下降 in words, no plus sign, no thousands separators, full-width punctuation.

use rust_decimal::Decimal;

use super::captions;
use crate::model::{GreyReason, IndicatorRow, Light, Month, Period, quantity};
use crate::plan::{Accumulation, Calculation, Dataset, Indicator, Plan};

/// How a note begins that gives a figure to the digit its light hangs on.
pub const UNROUNDED: &str = "按未舍入的数";

/// How many names a list of changes spells out.
const NAMES_MAX: usize = 3;

/// Indicators by light; figures that are only followed (tracking) are not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LightCounts {
    /// All with a target.
    pub total: usize,
    /// 应评价: green, yellow and red.
    pub judged: usize,
    pub green: usize,
    pub yellow: usize,
    pub red: usize,
    pub not_reported: usize,
    pub not_due: usize,
    pub not_judged: usize,
}

impl LightCounts {
    /// All that are not judged, for whatever reason.
    #[must_use]
    pub fn grey(&self) -> usize {
        self.not_reported + self.not_due + self.not_judged
    }
}

/// Counts lights over `rows`.
#[must_use]
pub fn count<'a>(rows: impl IntoIterator<Item = &'a IndicatorRow>) -> LightCounts {
    let mut counts = LightCounts::default();
    for row in rows.into_iter().filter(|row| !row.tracking) {
        counts.total += 1;
        counts.judged += usize::from(row.light.is_judged());
        *match row.light {
            Light::Green => &mut counts.green,
            Light::Yellow => &mut counts.yellow,
            Light::Red => &mut counts.red,
            Light::Grey(GreyReason::NotReported) => &mut counts.not_reported,
            Light::Grey(GreyReason::NotDue) => &mut counts.not_due,
            Light::Grey(GreyReason::NotJudged) => &mut counts.not_judged,
        } += 1;
    }
    counts
}

/// The paragraph that opens the overview: how many lights of each colour, what changed since last month.
#[must_use]
pub fn overview<'a>(plan: &Plan, month: &Month, rows: impl IntoIterator<Item = &'a IndicatorRow>) -> String {
    let rows: Vec<_> = rows.into_iter().collect();
    let counts = count(rows.iter().copied());
    let mut text = format!("截至{}月底，{}。", month.period.month(), standing(&counts));
    text.push_str(&changes(plan, month.period, &rows));
    text
}

/// How many lights of each colour, and how many not judged; a part that is nought is not told.
fn standing(counts: &LightCounts) -> String {
    if counts.total == 0 {
        return "没有应评价的指标".to_owned();
    }
    let grey = grey_words(counts);
    if counts.judged == 0 {
        let words = [counts.not_reported, counts.not_due, counts.not_judged].into_iter().zip(GREY_WORDS);
        return match words.filter(|(n, _)| *n > 0).collect::<Vec<_>>().as_slice() {
            [(_, reason)] => format!("{}项指标{}{}", counts.total, all(counts.total), reason.word()),
            _ => format!("{}项指标均暂无评价结果，其中{grey}", counts.total),
        };
    }
    let other = if grey.is_empty() { String::new() } else { format!("；另有{grey}") };
    let judged = format!("应评价的{}项指标", counts.judged);
    let all = all(counts.judged);
    let colours = [("绿灯", counts.green), ("黄灯", counts.yellow), ("红灯", counts.red)];
    match colours.iter().filter(|(_, n)| *n > 0).collect::<Vec<_>>().as_slice() {
        [(colour, _)] => format!("{judged}{all}为{colour}{other}"),
        _ => format!("{judged}中，{}{other}", joined(colours)),
    }
}

/// `均` before what all of several do.
fn all(count: usize) -> &'static str {
    if count > 1 { "均" } else { "" }
}

const GREY_WORDS: [GreyReason; 3] = [GreyReason::NotReported, GreyReason::NotDue, GreyReason::NotJudged];

/// `4项未报送、1项暂不评价`, leaving out what does not occur.
fn grey_words(counts: &LightCounts) -> String {
    let parts = [counts.not_reported, counts.not_due, counts.not_judged].into_iter().zip(GREY_WORDS);
    parts.filter(|(n, _)| *n > 0).map(|(n, reason)| format!("{n}项{}", reason.word())).collect::<Vec<_>>().join("、")
}

fn joined<const N: usize>(parts: [(&str, usize); N]) -> String {
    parts.into_iter().filter(|(_, n)| *n > 0).map(|(word, n)| format!("{word}{n}项")).collect::<Vec<_>>().join("、")
}

/// What changed since last month; empty in the first month.
fn changes(plan: &Plan, period: Period, rows: &[&IndicatorRow]) -> String {
    let fresh: Vec<_> = rows
        .iter()
        .copied()
        .filter(|row| !row.tracking && is_fresh(plan, row, period))
        .filter_map(|row| row.previous_light.map(|before| (row, before)))
        .collect();
    if fresh.is_empty() {
        return String::new();
    }
    let pick = |wanted: &dyn Fn(Light, Light) -> bool| -> Vec<&str> {
        fresh.iter().filter(|(row, before)| wanted(row.light, *before)).map(|(row, _)| row.title.as_str()).collect()
    };
    let red = pick(&|now, before| now == Light::Red && before != Light::Red);
    let yellow = pick(&|now, before| now == Light::Yellow && !matches!(before, Light::Yellow | Light::Red));
    let eased = pick(&|now, before| now == Light::Yellow && before == Light::Red);
    let green = pick(&|now, before| now == Light::Green && matches!(before, Light::Yellow | Light::Red));
    let fresh_green = pick(&|now, before| now == Light::Green && !before.is_judged());
    let gone = pick(&|now, before| !now.is_judged() && before.is_judged());
    let moves =
        [("新增红灯", red), ("新增黄灯", yellow), ("新增绿灯", fresh_green), ("红灯转黄", eased), ("转绿", green), ("转为未评价", gone)];
    let parts: Vec<_> = moves
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(word, names)| format!("{word}{}项（{}）", names.len(), listed(&names)))
        .collect();
    if parts.is_empty() {
        "与上月相比，亮灯情况没有变化。".to_owned()
    } else {
        format!("与上月相比，{}。", parts.join("，"))
    }
}

/// The first few names, `等` for the rest.
fn listed(names: &[&str]) -> String {
    let more = if names.len() > NAMES_MAX { "等" } else { "" };
    format!("{}{more}", names.iter().take(NAMES_MAX).copied().collect::<Vec<_>>().join("、"))
}

/// 需关注指标: reds first, then yellows, the furthest behind pace first.
#[must_use]
pub fn attention<'a>(rows: impl IntoIterator<Item = &'a IndicatorRow>) -> Vec<&'a IndicatorRow> {
    let mut rows: Vec<_> = rows.into_iter().filter(|row| !row.tracking && matches!(row.light, Light::Red | Light::Yellow)).collect();
    // Those without points (ratios, growth alone) follow; the sort is stable, so the plan's order breaks ties.
    rows.sort_by_key(|row| (row.light != Light::Red, row.ahead_points.is_none(), row.ahead_points));
    rows
}

/// One indicator in one sentence: value, growth, completion, pace, how long it has been red, what is needed.
///
/// `period` titles a row that has no data period of its own.
#[must_use]
pub fn indicator(plan: &Plan, row: &IndicatorRow, period: Period) -> String {
    let data = row.data_period.unwrap_or(period);
    let Some(value) = row.year_to_date else {
        return match row.light.grey_reason() {
            Some(GreyReason::NotDue) => "未到报送期。".to_owned(),
            _ => format!("{}数据未报送。", captions::to_date_label(data)),
        };
    };
    let mut parts = vec![format!("{}{value}{}", value_words(plan, row, data), row.unit)];
    parts.extend(growth(row));
    if let Some(completion) = row.completion_pct {
        parts.push(format!("完成{}目标的{completion}%", year_words(plan, row)));
    }
    parts.extend(row.ahead_points.map(pace));
    parts.extend(row.notes.iter().find(|note| note.starts_with(UNROUNDED)).cloned());
    parts.extend(run(row));
    let needed = needed(row, data).map_or(String::new(), |needed| format!("；{needed}"));
    format!("{}{needed}。", parts.join("，"))
}

/// The same on half a line: pace (growth where there is no pace, else the value), and how long it has been red or yellow.
#[must_use]
pub fn brief(plan: &Plan, row: &IndicatorRow, period: Period) -> String {
    let Some(standing) = row.ahead_points.map(pace).or_else(|| growth(row)) else { return indicator(plan, row, period) };
    let parts: Vec<_> = [standing].into_iter().chain(run(row)).collect();
    format!("{}。", parts.join("，"))
}

/// How the value is introduced: an amount is 完成, a list is counted, a ratio or stock simply stands.
fn value_words(plan: &Plan, row: &IndicatorRow, data: Period) -> String {
    let ratio = find(plan, row).is_some_and(|indicator| matches!(indicator.calculation, Calculation::Ratio { .. }));
    let to_date = captions::to_date_label(data);
    match dataset_of(plan, row).map(|dataset| dataset.accumulation) {
        // A ratio of what one month reports is that month's.
        Some(Accumulation::Flow) if ratio => format!("{}为", captions::month_label(data)),
        _ if ratio => format!("{to_date}为"),
        Some(Accumulation::Stock) => format!("{}月末为", data.month()),
        Some(Accumulation::Snapshot) | None => format!("{to_date}累计"),
        Some(Accumulation::Flow | Accumulation::Cumulative) => format!("{to_date}累计完成"),
    }
}

/// `同比增长7.1%，低于目标2.9个百分点`; of a % in points.
fn growth(row: &IndicatorRow) -> Option<String> {
    let growth = row.growth_pct?;
    let change = if row.unit == "%" {
        match growth {
            growth if growth.is_zero() => "与上年同期持平".to_owned(),
            growth if growth.is_sign_negative() => format!("比上年同期下降{}个百分点", growth.abs()),
            growth => format!("比上年同期提高{growth}个百分点"),
        }
    } else {
        growth_words(growth)
    };
    let short = row.growth_target_pct.map(|target| target - growth).filter(|short| *short > Decimal::ZERO);
    let short = short.map_or(String::new(), |short| format!("，低于目标{}个百分点", quantity::round(short, 1)));
    Some(format!("{change}{short}"))
}

/// `同比增长7.1%`, `同比下降0.7%`, `与上年同期持平`.
#[must_use]
pub fn growth_words(growth: Decimal) -> String {
    match growth {
        growth if growth.is_zero() => "与上年同期持平".to_owned(),
        growth if growth.is_sign_negative() => format!("同比下降{}%", growth.abs()),
        growth => format!("同比增长{growth}%"),
    }
}

/// `低于序时进度19.6个百分点`.
fn pace(points: Decimal) -> String {
    match points {
        points if points.is_zero() => "与序时进度持平".to_owned(),
        points if points.is_sign_negative() => format!("低于序时进度{}个百分点", points.abs()),
        points => format!("高于序时进度{points}个百分点"),
    }
}

/// `连续3期红灯`, from the second period on.
fn run(row: &IndicatorRow) -> Option<String> {
    let word = match row.light {
        Light::Red => "红灯",
        Light::Yellow => "黄灯",
        Light::Green | Light::Grey(_) => return None,
    };
    (row.periods_in_row >= 2).then(|| format!("连续{}期{word}", row.periods_in_row))
}

/// `后6个月月均需69.60亿元`, until the target is reached.
fn needed(row: &IndicatorRow, data: Period) -> Option<String> {
    let needed = row.needed_per_month.filter(|needed| *needed > Decimal::ZERO)?;
    let years = u32::try_from(row.target_year.unwrap_or(data.year()) - data.year()).unwrap_or(0);
    let months = years * 12 + 12 - data.month();
    Some(match months {
        1 => format!("后1个月需{needed}{}", row.unit),
        months => format!("后{months}个月月均需{needed}{}", row.unit),
    })
}

/// `年度` for a target of the plan's year, else the year it is meant for.
fn year_words(plan: &Plan, row: &IndicatorRow) -> String {
    match row.target_year {
        Some(year) if year != plan.year => format!("{year}年"),
        _ => "年度".to_owned(),
    }
}

/// The sentence of counts in a department's mail: `19项指标中，绿灯14项、黄灯2项、红灯1项，尚未报送2项。`
#[must_use]
pub fn department_counts(counts: &LightCounts) -> String {
    let colours = [("绿灯", counts.green), ("黄灯", counts.yellow), ("红灯", counts.red)];
    let others = [("尚未报送", counts.not_reported), ("未到报送期", counts.not_due), ("暂不评价", counts.not_judged)];
    match colours.iter().chain(&others).filter(|(_, n)| *n > 0).collect::<Vec<_>>().as_slice() {
        [] => "没有应评价的指标。".to_owned(),
        [(word, n)] if n == &counts.total && counts.judged > 0 => format!("{n}项指标{}为{word}。", all(*n)),
        [(word, n)] => format!("{n}项指标{}{word}。", all(*n)),
        _ => {
            let others = others.iter().filter(|(_, n)| *n > 0).map(|(word, n)| format!("{word}{n}项"));
            let parts: Vec<String> = Some(joined(colours)).filter(|text| !text.is_empty()).into_iter().chain(others).collect();
            format!("{}项指标中，{}。", counts.total, parts.join("，"))
        }
    }
}

/// Whether the figure is of this period's own data: a quarter shown again has not changed again.
#[must_use]
pub fn is_fresh(plan: &Plan, row: &IndicatorRow, period: Period) -> bool {
    dataset_of(plan, row).is_none_or(|dataset| dataset.data_period(period).is_some())
}

fn find<'a>(plan: &'a Plan, row: &IndicatorRow) -> Option<&'a Indicator> {
    plan.measure(row.measure)?.indicators.iter().find(|indicator| indicator.code == row.code)
}

/// The dataset an indicator is evaluated from; `None` for derived ones.
fn dataset_of<'a>(plan: &'a Plan, row: &IndicatorRow) -> Option<&'a Dataset> {
    match &find(plan, row)?.calculation {
        Calculation::Simple { dataset, .. } | Calculation::Ratio { dataset, .. } => plan.dataset(dataset),
        Calculation::Derived { .. } => None,
    }
}

#[cfg(test)]
mod tests;
