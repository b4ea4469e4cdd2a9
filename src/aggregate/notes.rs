//! Remarks (备注) that follow from the figures: another data period than the report's, part of the reports only, unlike growth.

use rust_decimal::Decimal;

use super::course::{AsReported, Point};
use super::evaluate::Place;
use super::nature::{Build, Nature};
use super::reader::{Reader, year_months};
use super::{AggregateError, deciding, evaluate, exact, growth, standing};
use crate::model::{Fraction, Period};
use crate::plan::{Accumulation, Calculation, Comparison, GrowthBasis, Indicator, Pace, Shape, pace};
use crate::present::captions;

/// Reported and computed growth that lie further apart than this are of unlike 口径.
const UNLIKE_POINTS: Decimal = Decimal::from_parts(5, 0, 0, false, 1);

/// The indicator's own notes, then those that follow from its figures.
pub fn notes(reader: &Reader<'_>, indicator: &Indicator, point: Option<&Point>, nature: Nature) -> Vec<String> {
    let mut notes = indicator.notes.clone();
    let Some(point) = point else { return notes };
    if point.data != reader.period {
        notes.push(format!("数据为{}", span_text(point.data, nature.build != Build::State || is_to_date(reader, indicator))));
    }
    notes.extend(parts(reader, indicator, point));
    if indicator.target.as_ref().is_some_and(|target| target.base.is_some()) && *pace::effective(indicator) != Pace::None {
        notes.push("比序时进度按基期至目标的路程计算".to_owned());
    }
    notes.extend(last_year(reader, indicator, point));
    if indicator.shows_month(reader.plan) {
        notes.push(format!("为{}月当月均值，不是累计", point.data.month()));
    }
    notes.extend(lacking(reader, indicator, point));
    notes.extend(deciding::notes(reader.plan, indicator, point));
    if indicator.growth == Some(GrowthBasis::Reported) && point.province.reported_growth.is_some() {
        notes.push("增速为统计部门口径".to_owned());
    }
    let apart =
        growth::computed(indicator, point.province).zip(point.province.reported_growth).and_then(|(one, other)| one.checked_sub(other));
    if apart.is_some_and(|apart| apart.max(Fraction::ZERO.checked_sub(apart).unwrap_or(apart)) > Fraction::from(UNLIKE_POINTS)) {
        notes.push("公布增速与按上报数计算的增速相差超过0.5个百分点，口径不同".to_owned());
    }
    let growth_wanted = indicator.target.as_ref().is_some_and(|target| target.growth.is_some());
    if point.province.unlike && growth::computed(indicator, point.province).is_none() && indicator.growth.is_some() {
        notes.push("本期与上年同期报送地区不一致，不计算同比".to_owned());
    }
    if point.province.alike.is_some() && growth::computed(indicator, point.province).is_some() {
        notes.push(format!("同比按{}市可比口径计算，不含省本级及跨市", reader.plan.regions.len()));
    }
    match point.months_as_reported {
        Some(AsReported::Basis) => notes.push("本期口径变化（省本级及跨市），当月数取自报送表".to_owned()),
        Some(AsReported::Gap) => notes.push("上期未报齐，当月数取自报送表".to_owned()),
        Some(AsReported::Unknown) => notes.push("本期口径变化（省本级及跨市），当月数不可得".to_owned()),
        None => {}
    }
    let held = indicator.target.as_ref().is_some_and(|target| target.comparison == Comparison::Hold);
    if held && point.province.value.is_some() && point.province.last_year.is_none() {
        notes.push("上年同期未报送，暂不评价".to_owned());
    }
    match (point.province.value, growth::by_basis(indicator, point.province)) {
        (Some(_), None) if growth_wanted => notes.push("增速未报送".to_owned()),
        (None, Some(_)) if growth_wanted => notes.push("完成数未报送".to_owned()),
        _ => {}
    }
    notes
}

/// On which course the pace of `curve` without numbers goes at this month.
fn last_year(reader: &Reader<'_>, indicator: &Indicator, point: &Point) -> Option<String> {
    let target = indicator.target.as_ref().filter(|_| *pace::effective(indicator) == Pace::LastYear)?;
    let is_last = standing::span(reader.plan, target, point.data).last == point.data.year();
    let text = if point.share.is_some() {
        "序时进度按上年各月进度计算"
    } else {
        "上年各月数据不全，序时进度按各月均衡计算"
    };
    is_last.then(|| text.to_owned())
}

/// Who has not reported; of a flow's year to date also who has not reported an earlier month.
fn parts(reader: &Reader<'_>, indicator: &Indicator, point: &Point) -> Vec<String> {
    let coverage = point.cover.coverage();
    if coverage.reported == 0 || coverage.reported == coverage.expected {
        return Vec::new();
    }
    let unit = if shape(reader, indicator) == Some(Shape::Matrix) { "市" } else { "个单位" };
    let (gaps, is_whole) = gaps(reader, indicator, point.data);
    let mut notes = Vec::new();
    if !is_whole {
        notes.push(format!("{}/{}{unit}已报", coverage.reported, coverage.expected));
    }
    notes.extend(gaps);
    notes
}

/// Of a flow's year to date, the cities that lack months and have others, each with those months; and whether all have the last one.
fn gaps(reader: &Reader<'_>, indicator: &Indicator, data: Period) -> (Option<String>, bool) {
    let Calculation::Simple { dataset, value, to_date: true, .. } = &indicator.calculation else { return (None, false) };
    let Some(dataset) = reader.plan.dataset(dataset).filter(|dataset| dataset.shape == Shape::Matrix) else { return (None, false) };
    let (months, mut told, mut is_whole) = (year_months(dataset, data), Vec::new(), true);
    for region in &reader.plan.regions {
        let is_there = |month: &Period| exact::amount(reader, dataset, value, None, *month, Place::Region(&region.code)).is_some();
        let lacking: Vec<String> = months.iter().filter(|month| !is_there(month)).map(|month| captions::month_label(*month)).collect();
        is_whole &= is_there(&data);
        if !lacking.is_empty() && lacking.len() < months.len() {
            told.push(format!("{}缺{}", region.short_name, lacking.join("、")));
        }
    }
    ((!told.is_empty()).then(|| format!("{}，其余月份计入累计", told.join("，"))), is_whole)
}

/// The months whose absence leaves a flow without a year to date: `缺3月、4月，累计不可得`.
fn lacking(reader: &Reader<'_>, indicator: &Indicator, point: &Point) -> Option<String> {
    let Calculation::Simple { dataset, to_date: true, .. } = &indicator.calculation else { return None };
    let dataset = reader.plan.dataset(dataset).filter(|_| point.province.value.is_none() && point.province.month.is_some())?;
    let is_there = |month: &Period| reader.reporting(dataset, *month).is_some_and(|one| !reader.accepted(dataset, one).is_empty());
    let months = year_months(dataset, point.data).into_iter().filter(|month| !is_there(month));
    let names: Vec<String> = months.map(captions::month_label).collect();
    (!names.is_empty()).then(|| format!("缺{}，累计不可得", names.join("、")))
}

/// How many rows the indicator's lists hold that it does not count, and why.
pub fn left_out(reader: &Reader<'_>, indicator: &Indicator, data: Period) -> Result<Vec<String>, AggregateError> {
    let Some(dataset) = dataset_code(indicator).and_then(|code| reader.plan.dataset(code)) else { return Ok(Vec::new()) };
    let Some(reporting) = reader.reporting(dataset, data) else { return Ok(Vec::new()) };
    let (mut another, mut undated, mut outside) = (0_usize, 0_usize, 0_usize);
    for accepted in reader.accepted(dataset, reporting) {
        let left = evaluate::left_out(reader.plan, dataset, &accepted.observations)?;
        let of = |codes: &[String]| usize::from(codes.contains(&indicator.code));
        another += left.another_year.iter().map(|one| of(&one.indicators)).sum::<usize>();
        undated += left.undated.iter().map(|one| of(&one.indicators)).sum::<usize>();
        outside += left.out_of_scope.iter().map(|(_, codes)| of(codes)).sum::<usize>();
    }
    let year = indicator.counts_in.as_ref().map_or(data.year(), |counts| counts.year_at(data));
    let told = [
        (another, format!("清单另有{another}行不属于{year}年，未计入")),
        (undated, format!("清单另有{undated}行未填日期，未计入")),
        (outside, format!("清单另有{outside}行不在统计范围，未计入")),
    ];
    Ok(told.into_iter().filter(|(rows, _)| *rows > 0).map(|(_, text)| text).collect())
}

fn shape(reader: &Reader<'_>, indicator: &Indicator) -> Option<Shape> {
    dataset_code(indicator).and_then(|code| reader.plan.dataset(code)).map(|dataset| dataset.shape)
}

fn is_to_date(reader: &Reader<'_>, indicator: &Indicator) -> bool {
    let dataset = dataset_code(indicator).and_then(|code| reader.plan.dataset(code));
    dataset.is_some_and(|dataset| dataset.accumulation == Accumulation::Cumulative)
}

fn dataset_code(indicator: &Indicator) -> Option<&str> {
    match &indicator.calculation {
        Calculation::Simple { dataset, .. } | Calculation::Ratio { dataset, .. } => Some(dataset),
        Calculation::Derived { .. } => None,
    }
}

/// `一季度（1—3月）`, `1—5月`, or `3月底` for what stands at a moment.
fn span_text(data: Period, to_date: bool) -> String {
    let (year, month) = (data.year(), data.month());
    match (to_date, month) {
        (false, _) => format!("{year}年{month}月底"),
        (true, 1) => format!("{year}年1月"),
        (true, 3) => format!("{year}年一季度（1—3月）"),
        (true, 6) => format!("{year}年上半年（1—6月）"),
        (true, 9) => format!("{year}年前三季度（1—9月）"),
        (true, 12) => format!("{year}年全年（1—12月）"),
        (true, _) => format!("{year}年1—{month}月"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_is_named_as_offices_name_it() {
        let text = |month, to_date| span_text(Period::new(2022, month).unwrap(), to_date);
        assert_eq!(text(3, true), "2022年一季度（1—3月）");
        assert_eq!(text(5, true), "2022年1—5月");
        assert_eq!(text(3, false), "2022年3月底");
    }
}
