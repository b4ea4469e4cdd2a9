//! Short Chinese labels: periods, days, ordinals, versions, lights, file names.
//!
//! Labels only; whole sentences stand in `sentences`.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Timelike};

use crate::model::{Light, Period};
use crate::plan::{Department, Plan};
use crate::settings::{Appearance, Captions};

/// What every page, subject and file of a sample bears.
pub const SAMPLE_MARK: &str = "样例数据　非真实数据";

/// What the whole book is named after, where a department's bears the department's name.
pub const WHOLE: &str = "全省";

/// Months from January on, as the period is titled: `2022年1—6月`, January `2022年1月`.
#[must_use]
pub fn period_label(period: Period) -> String {
    format!("{}年{}", period.year(), to_date_label(period))
}

/// The month alone: `6月`; February, which is followed together with January, `1—2月`.
#[must_use]
pub fn month_label(period: Period) -> String {
    if period.month() == 2 { "1—2月".to_owned() } else { format!("{}月", period.month()) }
}

/// The months to date: `1—6月`; January `1月`.
#[must_use]
pub fn to_date_label(period: Period) -> String {
    if period.month() == 1 { "1月".to_owned() } else { format!("1—{}月", period.month()) }
}

/// The day and hour figures are as of: `2022年7月11日9时`, with minutes where there are any.
#[must_use]
pub fn as_of(now: DateTime<FixedOffset>) -> String {
    let minutes = if now.minute() == 0 { String::new() } else { format!("{}分", now.minute()) };
    format!("{}年{}月{}日{}时{minutes}", now.year(), now.month(), now.day(), now.hour())
}

/// A day of the current year: `7月8日`.
#[must_use]
pub fn day(day: NaiveDate) -> String {
    format!("{}月{}日", day.month(), day.day())
}

/// A day with its weekday: `7月8日（星期五）`.
#[must_use]
pub fn weekday(date: NaiveDate) -> String {
    let weekday = match date.weekday() {
        chrono::Weekday::Mon => "一",
        chrono::Weekday::Tue => "二",
        chrono::Weekday::Wed => "三",
        chrono::Weekday::Thu => "四",
        chrono::Weekday::Fri => "五",
        chrono::Weekday::Sat => "六",
        chrono::Weekday::Sun => "日",
    };
    format!("{}（星期{weekday}）", day(date))
}

/// A due day with its hour: `7月8日（星期五）17时`.
#[must_use]
pub fn due(date: NaiveDate, hour: u32) -> String {
    format!("{}{hour}时", weekday(date))
}

/// When a file was received: `7月8日10:12`.
#[must_use]
pub fn received(at: DateTime<FixedOffset>) -> String {
    format!("{}{:02}:{:02}", day(at.date_naive()), at.hour(), at.minute())
}

/// A measure's ordinal as the plan prints it: `（六）`, `（十七）`.
#[must_use]
pub fn ordinal(number: u32) -> String {
    format!("（{}）", numeral(number))
}

/// A Chinese numeral for 0–99; larger numbers stay in digits.
#[must_use]
pub fn numeral(number: u32) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |at: u32| DIGITS.get(at as usize).copied().unwrap_or_default();
    match (number / 10, number % 10) {
        (0, ones) => digit(ones).to_owned(),
        (tens @ 1..=9, ones) => {
            let tens = if tens == 1 { "" } else { digit(tens) };
            let ones = if ones == 0 { "" } else { digit(ones) };
            format!("{tens}十{ones}")
        }
        _ => number.to_string(),
    }
}

/// `第1版`; from the second on `第2版（更正）`.
#[must_use]
pub fn version_label(version: u32) -> String {
    if version > 1 { format!("第{version}版（更正）") } else { format!("第{version}版") }
}

/// A light with its run of periods: `绿（3）`; a grey one is its word: `未报送`.
#[must_use]
pub fn light_label(light: Light, periods_in_row: u32) -> String {
    match light.grey_reason() {
        Some(reason) => reason.word().to_owned(),
        None if periods_in_row == 0 => light.word().to_owned(),
        None => format!("{}（{periods_in_row}）", light.word()),
    }
}

/// A light without its run: `绿`; a grey one is its word.
#[must_use]
pub fn light_word(light: Light) -> &'static str {
    light.grey_reason().map_or(light.word(), |reason| reason.word())
}

/// A light's word as the office calls it.
#[must_use]
pub fn light_caption(captions: &Captions, light: Light) -> &str {
    captions.light(light_word(light))
}

/// A light's label as the office calls it: `绿（3）` becomes `绿灯（3）`; a text that begins with no light's word stays.
#[must_use]
pub fn worded(captions: &Captions, label: &str) -> String {
    let (word, run) = label.find('（').map_or((label, ""), |at| label.split_at(at));
    format!("{}{run}", captions.light(word))
}

/// A workbook's file name: `2022年6月_工业稳进提质主要指标进展情况_省经信厅_第1版.xlsx`; `None` names the whole book.
///
/// A sample's name ends in `_样例数据`.
#[must_use]
pub fn book_file_name(plan: &Plan, appearance: &Appearance, period: Period, department: Option<&Department>, version: u32) -> String {
    let name = department.map_or(WHOLE, |department| department.name.as_str());
    let sample = if appearance.sample { "_样例数据" } else { "" };
    file_name(&format!(
        "{}年{}_{}主要指标进展情况_{name}_{}{sample}",
        period.year(),
        month_label(period),
        plan.short_name,
        version_label(version)
    ))
}

/// A form's file name: `调度表_2022年7月_省经信厅.xlsx`; month and department are read from it where the hidden sheet is lost.
#[must_use]
pub fn form_file_name(period: Period, department: &str) -> String {
    file_name(&format!("调度表_{}年{}月_{department}", period.year(), period.month()))
}

/// A returned workbook's file name: `退回修改_2022年6月_省经信厅.xlsx`. One that is the department's `own` file ends as that does where
/// it holds macros or is a template: programs refuse it otherwise.
#[must_use]
pub fn returned_file_name(period: Period, department: &str, own: Option<&str>) -> String {
    const ENDS: [&str; 3] = ["xlsm", "xltx", "xltm"];
    let name = file_name(&format!("退回修改_{}年{}月_{department}", period.year(), period.month()));
    let end = own.and_then(|own| own.rsplit_once('.')).map(|(_, end)| end.to_lowercase()).filter(|end| ENDS.contains(&end.as_str()));
    match end {
        Some(end) => name.trim_end_matches("xlsx").to_owned() + &end,
        None => name,
    }
}

/// The name of another file of that name: `退回修改_2022年6月_省经信厅_2.xlsx`.
#[must_use]
pub fn numbered_file_name(name: &str, number: usize) -> String {
    name.rsplit_once('.').map_or_else(|| format!("{name}_{number}"), |(stem, end)| format!("{stem}_{number}.{end}"))
}

/// Names come from config/, but a file name never becomes a path.
fn file_name(stem: &str) -> String {
    let stem: String = stem.chars().map(|c| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c }).collect();
    format!("{stem}.xlsx")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::model::GreyReason;

    fn period(month: u32) -> Period {
        Period::new(2022, month).unwrap()
    }

    #[test]
    fn periods_are_labelled_by_their_months() {
        assert_eq!(period_label(period(6)), "2022年1—6月");
        assert_eq!(period_label(period(1)), "2022年1月");
        assert_eq!(month_label(period(2)), "1—2月");
        assert_eq!(month_label(period(12)), "12月");
        assert_eq!(to_date_label(period(3)), "1—3月");
    }

    #[rstest]
    #[case(1, "（一）")]
    #[case(10, "（十）")]
    #[case(17, "（十七）")]
    #[case(20, "（二十）")]
    #[case(43, "（四十三）")]
    #[case(100, "（100）")]
    fn ordinals_are_chinese(#[case] number: u32, #[case] label: &str) {
        assert_eq!(ordinal(number), label);
    }

    #[test]
    fn days_carry_hour_and_weekday() {
        let now = |text| DateTime::parse_from_rfc3339(text).unwrap();
        assert_eq!(as_of(now("2022-07-11T09:00:00+08:00")), "2022年7月11日9时");
        assert_eq!(as_of(now("2022-07-11T17:30:00+08:00")), "2022年7月11日17时30分");
        assert_eq!(received(now("2022-07-08T10:02:00+08:00")), "7月8日10:02");
        assert_eq!(due(NaiveDate::from_ymd_opt(2022, 7, 8).unwrap(), 17), "7月8日（星期五）17时");
    }

    #[test]
    fn a_light_is_a_word_and_grey_says_why() {
        assert_eq!(light_label(Light::Green, 3), "绿（3）");
        assert_eq!(light_label(Light::Grey(GreyReason::NotDue), 0), "未到报送期");
        assert_eq!(light_word(Light::Red), "红");
        assert_eq!(version_label(1), "第1版");
        assert_eq!(version_label(2), "第2版（更正）");
    }
}
