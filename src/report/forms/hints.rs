//! What a cell tells whoever stands on it: what goes there, in which unit, within which limits.

use super::columns::{decimals, is_number};
use super::request::Request;
use crate::plan::heading::{headings, months};
use crate::plan::{Accumulation, ColumnSpec, ColumnType, Dataset};
use crate::present::captions;

/// The title and the message of a cell, within what Excel takes.
pub fn message(request: &Request, dataset: &Dataset, spec: &ColumnSpec, has_past: bool) -> (String, String) {
    let title = headings(dataset, spec, request.period).shown;
    let mut said = vec![what(request, dataset, spec)];
    said.extend(beside(request, dataset, spec, has_past));
    said.push(if spec.required { "必填。".to_owned() } else { "可不填。".to_owned() });
    (cut(&title, TITLE_MAX), cut(&said.concat(), MESSAGE_MAX))
}

/// What the program says to whom types something else.
pub fn refusal(request: &Request, dataset: &Dataset, spec: &ColumnSpec) -> String {
    cut(&format!("{}粘贴时请用“只粘贴数值”。", what(request, dataset, spec)), MESSAGE_MAX)
}

/// Excel's own limits, in UTF-16 units; everything written here is in the basic plane.
const TITLE_MAX: usize = 32;
const MESSAGE_MAX: usize = 255;

fn cut(text: &str, max: usize) -> String {
    text.chars().take(max).collect()
}

fn what(request: &Request, dataset: &Dataset, spec: &ColumnSpec) -> String {
    let data = request.period.back(dataset.lag);
    match spec.kind {
        ColumnType::Integer | ColumnType::Decimal => number(spec),
        ColumnType::Region => "从下拉列表中选择设区市。".to_owned(),
        ColumnType::Flag => "从下拉列表中选择“是”或“否”。".to_owned(),
        ColumnType::Choice => format!("从下拉列表中选择：{}。", spec.choices.join("、")),
        ColumnType::Date => {
            let last = data.last_day();
            format!("填日期，如{}；不晚于{}年{}。", last.format("%Y-%m-%d"), data.year(), captions::day(last))
        }
        ColumnType::Text if dataset.key.contains(&spec.name) && spec.pattern.is_some() => "按规定格式填写，各行不重复。".to_owned(),
        ColumnType::Text if dataset.key.contains(&spec.name) => "填全称，各行不重复。".to_owned(),
        ColumnType::Text => "填文字。".to_owned(),
    }
}

fn number(spec: &ColumnSpec) -> String {
    let unit = spec.unit.as_ref().map(|unit| format!("单位：{}，", unit.name())).unwrap_or_default();
    let places = match decimals(spec) {
        0 => "填整数".to_owned(),
        places => format!("{places}位小数"),
    };
    let limits = match (spec.min, spec.max) {
        (Some(min), Some(max)) => format!("，{}至{}之间", min.normalize(), max.normalize()),
        (Some(min), None) => format!("，不小于{}", min.normalize()),
        (None, Some(max)) => format!("，不大于{}", max.normalize()),
        (None, None) => String::new(),
    };
    format!("{unit}{places}{limits}。未报留空，确为零填0。")
}

/// How a figure stands to those beside it.
fn beside(request: &Request, dataset: &Dataset, spec: &ColumnSpec, has_past: bool) -> Option<String> {
    if !is_number(spec) {
        return None;
    }
    if spec.last_year_of.is_some() {
        return Some("填上年同期数。".to_owned());
    }
    let data = request.period.back(dataset.lag);
    if let Some(total) = &spec.month_of {
        let total = dataset.column(total).map(|total| headings(dataset, total, request.period).shown)?;
        return Some(format!("填{}当月数，等于{total}减上月累计。", captions::month_label(data)));
    }
    let is_ratio = spec.unit.as_ref().is_some_and(crate::model::Unit::is_ratio);
    (has_past && dataset.accumulation == Accumulation::Cumulative && !is_ratio)
        .then(|| format!("不少于{}累计；如属核减，请在“情况说明”栏写原因。", months(data.previous())))
}
