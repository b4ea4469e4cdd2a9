//! 需关注指标 in a letter: in full to the department answerable, on one page to the leading group.

use super::parts::Attention;
use crate::deliver::headers::one_line;
use crate::deliver::reader::Reader;
use crate::model::{IndicatorRow, Light, Month};
use crate::plan::Plan;
use crate::present::{captions, sentences};
use crate::settings::Settings;

/// Reds the leading group reads with figures and reasons, and yellows it reads in a line each; the rest stands in the book.
const REDS_MAX: usize = 8;
const YELLOWS_MAX: usize = 10;

/// The reds and yellows among `rows`, and a word on those left out.
pub fn of(plan: &Plan, settings: &Settings, month: &Month, reader: Reader<'_>, rows: &[&IndicatorRow]) -> (Vec<Attention>, Option<String>) {
    let all = sentences::attention(rows.iter().copied());
    let told = |row: &&IndicatorRow, brief| one(plan, settings, month, reader, row, brief);
    if let Reader::Department(_) = reader {
        return (all.iter().map(|row| told(row, false)).collect(), None);
    }
    let (reds, yellows): (Vec<_>, Vec<_>) = all.into_iter().partition(|row| row.light == Light::Red);
    let mut items: Vec<Attention> = reds.iter().take(REDS_MAX).map(|row| told(row, false)).collect();
    items.extend(yellows.iter().take(YELLOWS_MAX).map(|row| told(row, true)));
    let left = [("红灯", reds.len().saturating_sub(REDS_MAX)), ("黄灯", yellows.len().saturating_sub(YELLOWS_MAX))];
    let left: Vec<String> = left.iter().filter(|(_, count)| *count > 0).map(|(word, count)| format!("{word}{count}项")).collect();
    let overview = settings.appearance.captions.sheet("总览");
    let more = match (left.is_empty(), yellows.is_empty()) {
        (false, _) => Some(format!("另有{}，见附件“{overview}”。", left.join("、"))),
        (true, false) if yellows.iter().any(|row| reason(month, row).is_some()) => {
            Some(format!("黄灯指标的滞后原因和下一步措施见附件“{overview}”。"))
        }
        (true, false) => Some("黄灯指标的责任单位尚未报送滞后原因和下一步措施。".to_owned()),
        (true, true) => None,
    };
    (items, more)
}

/// One of them; `brief` leaves values and reasons to the book.
fn one(plan: &Plan, settings: &Settings, month: &Month, reader: Reader<'_>, row: &IndicatorRow, brief: bool) -> Attention {
    let ordinal = captions::ordinal(row.measure);
    let place = match reader {
        Reader::Department(_) => ordinal,
        Reader::LeadingGroup => format!("{ordinal}{}", plan.department_name(&row.owner)),
    };
    let sentence = if brief { sentences::brief(plan, row, month.period) } else { sentences::indicator(plan, row, month.period) };
    Attention {
        light: row.light.code(),
        word: settings.appearance.captions.light(row.light.word()).to_owned(),
        title: one_line(&row.title),
        place: one_line(&place),
        sentence: one_line(&sentence),
        reason: if brief { None } else { reason(month, row) },
        brief,
    }
}

/// 滞后原因, 下一步措施 and 预计达到时间 in the department's own words.
fn reason(month: &Month, row: &IndicatorRow) -> Option<String> {
    let lagging = month.lagging.iter().find(|lagging| lagging.indicator == row.code)?;
    let parts = [("原因：", &lagging.reason), ("下一步：", &lagging.next_steps), ("预计达到序时进度：", &lagging.expected)];
    let said = parts.into_iter().map(|(word, text)| (word, one_line(text))).filter(|(_, text)| !text.is_empty());
    let reason = said.map(|(word, text)| format!("{word}{}。", text.trim_end_matches(['。', '.', '；']))).collect::<Vec<_>>().concat();
    (!reason.is_empty()).then_some(reason)
}
