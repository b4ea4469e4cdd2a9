//! What a correction notice (更正通知) says: cause, old → new, and the light. Figures that follow from these stand in the book.

use rust_decimal::Decimal;

use super::headers::one_line;
use super::reader::Reader;
use crate::model::{Correction, IndicatorRow, Month};
use crate::plan::Plan;
use crate::plan::own::own;
use crate::present::captions;
use crate::settings::Captions;

/// The columns told in a mail, with their word in a sentence; the others are in the book.
const TOLD: &[(&str, &str)] = &[(TO_DATE, "累计"), ("累计同比", "同比增速"), ("完成年度目标", "完成率")];
const TO_DATE: &str = "累计";

/// Indicators told in full; a mail that lists forty is not read.
const INDICATORS_MAX: usize = 10;

/// The paragraphs of a correction; empty in version 1.
pub fn words(plan: &Plan, captions: &Captions, month: &Month, reader: Reader<'_>, figures: bool) -> Vec<String> {
    if month.version < 2 {
        return Vec::new();
    }
    let void = format!("第{}版作废。", month.version - 1);
    let mine: Vec<&Correction> = month.corrections.iter().filter(|correction| concerns(month, reader, correction)).collect();
    let mut codes: Vec<&str> = Vec::new();
    for correction in &mine {
        if !codes.contains(&correction.indicator.as_str()) {
            codes.push(&correction.indicator);
        }
    }
    if codes.is_empty() {
        return vec![format!("与第{}版相比，各项指标数值没有变化，报送情况有更新。{void}", month.version - 1)];
    }
    if !figures {
        return vec![format!("共有{}项指标更正，详见附件“更正说明”。{void}", codes.len())];
    }
    let mut lines: Vec<String> = codes.iter().take(INDICATORS_MAX).map(|code| sentence(plan, captions, month, code, &mine)).collect();
    if codes.len() > INDICATORS_MAX {
        lines.push(format!("另有{}项指标更正，详见附件“更正说明”。", codes.len() - INDICATORS_MAX));
    }
    if let Some(last) = lines.last_mut() {
        last.push_str(&void);
    }
    lines
}

/// Whether the reader may be told: it stands in his book, and a restricted figure only in its owner's.
fn concerns(month: &Month, reader: Reader<'_>, correction: &Correction) -> bool {
    let Reader::Department(department) = reader else { return true };
    let row = month.rows().find(|row| row.code == correction.indicator);
    correction.departments.contains(&department.code) && row.is_none_or(|row| !row.restricted || row.owner == department.code)
}

/// `因省经信厅重新报送…，技术改造投资1—3月全省累计由812.30亿元更正为806.15亿元，完成率由23.2%更正为23.0%，亮灯不变。`
fn sentence(plan: &Plan, captions: &Captions, month: &Month, code: &str, all: &[&Correction]) -> String {
    let corrections: Vec<&Correction> = all.iter().copied().filter(|correction| correction.indicator == code).collect();
    let Some(first) = corrections.first() else { return String::new() };
    let row = month.rows().find(|row| row.code == code);
    let data = row.and_then(|row| row.data_period).unwrap_or(month.period);
    // A level's mean is the month's own, whatever the column is called.
    let level = plan.indicator(code).is_some_and(|indicator| indicator.shows_month(plan));
    let span = if level { format!("{}当月均值", captions::month_label(data)) } else { captions::to_date_label(data) };
    let province: Vec<&Correction> = corrections.iter().copied().filter(|correction| correction.region.is_none()).collect();
    let told: Vec<String> = TOLD
        .iter()
        .filter_map(|(item, word)| Some((province.iter().find(|one| one.item == *item && one.earlier.is_none())?, word)))
        .map(|(correction, word)| change(if level && correction.item == TO_DATE { "" } else { word }, correction))
        .collect();
    let mut parts = vec![format!("因{}", one_line(&first.cause).trim_end_matches('。'))];
    let about = format!("{}{span}{}", one_line(&first.title), one_line(&plan.province.short_name));
    if told.is_empty() && corrections.iter().all(|correction| correction.earlier.is_some()) {
        parts.push(format!("{}{}", one_line(&first.title), earlier(&province)));
    } else if province.is_empty() {
        parts.push(format!("{about}数据不变"));
    } else if told.is_empty() {
        parts.push(format!("{about}数据有更正"));
    } else {
        parts.push(format!("{about}{}", told.join("，")));
    }
    parts.push(lights(captions, &province, row));
    let regions = regions(plan, &corrections, if province.is_empty() { "有更正" } else { "相应更正" });
    if !regions.is_empty() {
        parts.push(regions);
    }
    format!("{}。", parts.join("，"))
}

/// `1—4月累计由11.43亿元更正为11.30亿元`, the first months by name.
fn earlier(province: &[&Correction]) -> String {
    const MONTHS_MAX: usize = 3;
    let told = province.iter().filter_map(|one| Some(change(&format!("{}{}", captions::to_date_label(one.earlier?), one.item), one)));
    let told: Vec<String> = told.collect();
    let more = if told.len() > MONTHS_MAX { "等" } else { "" };
    format!("{}{more}", told.get(..MONTHS_MAX).unwrap_or(&told).join("，"))
}

/// `累计由812.30亿元更正为806.15亿元`; a figure that is no more may be one that cannot be judged, and not one that nobody reported.
fn change(word: &str, correction: &Correction) -> String {
    let missing = if correction.item == TO_DATE { "未报送" } else { "“—”" };
    let value = |value: Option<Decimal>| value.map_or(missing.to_owned(), |value| format!("{value}{}", correction.unit));
    format!("{word}由{}更正为{}", value(correction.old), value(correction.new))
}

/// `亮灯不变`, `亮灯由黄灯变为红灯`.
fn lights(words: &Captions, province: &[&Correction], row: Option<&IndicatorRow>) -> String {
    match province.first().map(|correction| (correction.old_light, correction.new_light)) {
        Some((old, new)) if old != new => {
            format!("亮灯由{}变为{}", captions::light_caption(words, old), captions::light_caption(words, new))
        }
        _ if row.is_some_and(|row| row.tracking) => "该指标不亮灯".to_owned(),
        _ => "亮灯不变".to_owned(),
    }
}

/// `杭州、宁波分市数据相应更正`; where the province's figures stay, 有更正.
fn regions(plan: &Plan, corrections: &[&Correction], how: &str) -> String {
    let moved = |code| corrections.iter().any(|correction| correction.region.as_ref() == Some(code));
    let places = plan.regions.iter().chain([own()]).filter(|region| moved(&region.code));
    let names: Vec<String> = places.map(|region| one_line(&region.short_name)).collect();
    match names.len() {
        0 => String::new(),
        1..=3 => format!("{}分市数据{how}", names.join("、")),
        count => format!("{count}个市分市数据{how}"),
    }
}
