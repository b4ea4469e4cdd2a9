//! The letter: what a mail says, before it becomes text or HTML. Restricted figures are told to their owner and the leading group.

use chrono::NaiveDate;
use serde::Serialize;

use super::corrections;
use super::headers::one_line;
use super::picture::Picture;
use super::reader::Reader;
use crate::model::{GreyReason, IndicatorRow, Light, Month};
use crate::plan::Plan;
use crate::present::captions::{self, SAMPLE_MARK};
use crate::present::sentences::{self, LightCounts};
use crate::present::theme::GREY;
use crate::settings::{Captions, Settings};

mod parts;
mod attention;
mod owed;

pub use parts::{Attention, Chart, Tile};

/// Working days a department has for its objections.
const REPLY_WORKING_DAYS: u32 = 4;

/// A letter, ready for its templates. Every text is one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// The plan's short name.
    pub plan: String,
    /// 2022年1—6月.
    pub period: String,
    pub version: u32,
    /// 省经信厅; for the leading group 全省.
    pub recipient: String,
    /// 内部资料　注意保存.
    pub mark: String,
    /// 样例数据　非真实数据.
    pub sample: Option<&'static str>,
    pub title: String,
    pub greeting: String,
    pub opening: Vec<String>,
    /// What differs from the version before; empty in the first.
    pub corrections: Vec<String>,
    /// Counts by light, those that occur.
    pub tiles: Vec<Tile>,
    pub chart: Option<Chart>,
    pub attention: Vec<Attention>,
    /// What `attention` leaves to the book.
    pub more: Option<String>,
    /// What has not been handed in.
    pub owed: Vec<String>,
    pub closing: String,
    pub note: String,
    pub office: String,
    pub date: String,
}

impl Letter {
    /// Writes the letter of `month` for `reader`, with the picture that goes with it.
    pub fn new(plan: &Plan, settings: &Settings, month: &Month, reader: Reader<'_>, picture: Option<&Picture>) -> Self {
        let rows: Vec<&IndicatorRow> = month.rows().filter(|row| reader.answers_for(row)).collect();
        let counts = sentences::count(rows.iter().copied());
        let figures = settings.appearance.figures_in_mail;
        let (attention, more) = if figures { attention::of(plan, settings, month, reader, &rows) } else { (Vec::new(), None) };
        Self {
            plan: one_line(&plan.short_name),
            period: captions::period_label(month.period),
            version: month.version,
            recipient: match reader {
                Reader::Department(department) => one_line(&department.name),
                Reader::LeadingGroup => captions::WHOLE.to_owned(),
            },
            mark: one_line(&settings.appearance.mark),
            sample: settings.appearance.sample.then_some(SAMPLE_MARK),
            title: title(month),
            greeting: match reader {
                Reader::Department(department) => format!("{}：", one_line(&department.name)),
                Reader::LeadingGroup => "各位领导：".to_owned(),
            },
            opening: opening(plan, settings, month, reader, &rows, &counts),
            corrections: corrections::words(plan, &settings.appearance.captions, month, reader, figures),
            tiles: tiles(&settings.appearance.captions, &counts),
            chart: picture.map(|picture| Chart {
                cid: picture.cid.clone(),
                title: picture.title.clone(),
                lines: picture.lines.clone(),
                alt: picture.alt(),
                width: picture.width,
                height: picture.height,
                above: matches!(reader, Reader::LeadingGroup),
            }),
            attention,
            more,
            owed: owed::of(plan, settings, month, reader),
            closing: closing(plan, settings, month, reader),
            note: format!("{}。", one_line(&settings.appearance.note).trim_end_matches('。')),
            office: one_line(&settings.office.name),
            date: format!("{}年{}", chrono::Datelike::year(&month.now), captions::day(month.now.date_naive())),
        }
    }
}

/// `2022年1—6月主要指标进展情况`; a later version says which it is.
fn title(month: &Month) -> String {
    let version = if month.version > 1 { format!("　{}", captions::version_label(month.version)) } else { String::new() };
    format!("{}主要指标进展情况{version}", captions::period_label(month.period))
}

fn opening(
    plan: &Plan,
    settings: &Settings,
    month: &Month,
    reader: Reader<'_>,
    rows: &[&IndicatorRow],
    counts: &LightCounts,
) -> Vec<String> {
    let label = captions::period_label(month.period);
    let again = if month.version > 1 { "更正后的" } else { "" };
    match reader {
        Reader::Department(department) if counts.total == 0 => vec![format!(
            "现将{again}{label}{you}参与举措的进展情况反馈如下，详见附件。本期没有由{you}负责的评价指标。",
            you = one_line(&department.address)
        )],
        Reader::Department(department) => vec![format!(
            "现将{again}{label}{}负责指标进展情况反馈如下，详见附件。{}",
            one_line(&department.address),
            sentences::department_counts(counts)
        )],
        Reader::LeadingGroup => {
            // The overview's share and names are figures too.
            let overview = if settings.appearance.figures_in_mail {
                sentences::overview(plan, month, rows.iter().copied())
            } else {
                sentences::department_counts(counts)
            };
            vec![format!("现将{again}{label}全省主要指标进展情况报告如下，详见附件。"), one_line(&overview)]
        }
    }
}

fn tiles(captions: &Captions, counts: &LightCounts) -> Vec<Tile> {
    let reasons =
        [(counts.not_reported, GreyReason::NotReported), (counts.not_due, GreyReason::NotDue), (counts.not_judged, GreyReason::NotJudged)];
    let grey =
        reasons.into_iter().find(|(count, _)| *count > 0 && *count == counts.grey()).map_or(GREY.word(), |(_, reason)| reason.word());
    [
        (Light::Green, Light::Green.word(), counts.green),
        (Light::Yellow, Light::Yellow.word(), counts.yellow),
        (Light::Red, Light::Red.word(), counts.red),
        (GREY, grey, counts.grey()),
    ]
    .into_iter()
    .filter(|(_, _, count)| *count > 0)
    .map(|(light, word, count)| Tile { light: light.code(), word: captions.light(word).to_owned(), count })
    .collect()
}

fn closing(plan: &Plan, settings: &Settings, month: &Month, reader: Reader<'_>) -> String {
    let office = &settings.office;
    let contact = format!("联系人：{}，电话：{}。", one_line(&office.contact), one_line(&office.phone));
    match reader {
        Reader::Department(_) => {
            format!("如对数据有异议，请于{}前修改原表重新报送。{contact}", captions::day(reply_day(plan, month)))
        }
        Reader::LeadingGroup => contact,
    }
}

/// The last day for objections, in working days from the day of the letter.
fn reply_day(plan: &Plan, month: &Month) -> NaiveDate {
    let next = |day: NaiveDate| plan.calendar.on_or_after(day.succ_opt().unwrap_or(day));
    (0..REPLY_WORKING_DAYS).fold(month.now.date_naive(), |day, _| next(day))
}

#[cfg(test)]
mod tests;
