//! The letter: what a mail says, before it becomes text or HTML. Restricted figures are told to their owner and the leading group.

use chrono::NaiveDate;
use serde::Serialize;

use super::corrections;
use super::headers::one_line;
use crate::model::{IndicatorRow, Month, ReportState, ReportingRow};
use crate::plan::{Department, Plan};
use crate::present::captions::{self, SAMPLE_MARK};
use crate::present::sentences::{self, LightCounts};
use crate::settings::Settings;

/// Working days a department has for its objections.
const REPLY_WORKING_DAYS: u32 = 4;

/// Who reads the letter.
#[derive(Debug, Clone, Copy)]
pub enum Reader<'a> {
    Department(&'a Department),
    LeadingGroup,
}

/// A letter, ready for its templates. Every text is one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// 内部资料　注意保存.
    pub mark: String,
    /// 样例数据　非真实数据.
    pub sample: Option<&'static str>,
    pub title: String,
    pub greeting: String,
    pub opening: Vec<String>,
    /// What differs from the version before; empty in the first.
    pub corrections: Vec<String>,
    /// Counts by light; `None` where no indicator is counted.
    pub tiles: Option<Tiles>,
    pub attention: Vec<Attention>,
    /// What has not been handed in.
    pub owed: Vec<String>,
    pub closing: String,
    pub note: String,
    pub office: String,
    pub date: String,
}

/// Counts by light.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tiles {
    pub green: usize,
    pub yellow: usize,
    pub red: usize,
    pub grey: usize,
}

/// One red or yellow indicator (需关注指标).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attention {
    /// `red | yellow`.
    pub light: &'static str,
    /// 红, 黄.
    pub word: &'static str,
    pub title: String,
    /// `（六）`; for the leading group with the department answerable.
    pub place: String,
    pub sentence: String,
    /// The department's own words on it.
    pub reason: Option<String>,
}

impl Letter {
    /// Writes the letter of `month` for `reader`.
    pub fn new(plan: &Plan, settings: &Settings, month: &Month, reader: Reader<'_>) -> Self {
        let rows: Vec<&IndicatorRow> = month.rows().filter(|row| reader.answers_for(row)).collect();
        let counts = sentences::count(rows.iter().copied());
        let figures = settings.appearance.figures_in_mail;
        let attention = if figures { sentences::attention(rows.iter().copied()) } else { Vec::new() };
        Self {
            mark: one_line(&settings.appearance.mark),
            sample: settings.appearance.sample.then_some(SAMPLE_MARK),
            title: format!("{}主要指标进展情况", captions::period_label(month.period)),
            greeting: match reader {
                Reader::Department(department) => format!("{}：", one_line(&department.name)),
                Reader::LeadingGroup => "各位领导：".to_owned(),
            },
            opening: opening(plan, settings, month, reader, &rows, &counts),
            corrections: corrections::words(plan, month, reader, figures),
            tiles: (counts.total > 0).then(|| Tiles { green: counts.green, yellow: counts.yellow, red: counts.red, grey: counts.grey() }),
            attention: attention.into_iter().map(|row| attention_to(plan, month, reader, row)).collect(),
            owed: owed(plan, settings, month, reader),
            closing: closing(plan, settings, month, reader),
            note: format!("{}。", one_line(&settings.appearance.note).trim_end_matches('。')),
            office: one_line(&settings.office.name),
            date: format!("{}年{}", chrono::Datelike::year(&month.now), captions::day(month.now.date_naive())),
        }
    }
}

impl Reader<'_> {
    /// Whether the reader is told of an indicator: a department of its own, the leading group of all.
    pub fn answers_for(self, row: &IndicatorRow) -> bool {
        match self {
            Self::Department(department) => row.owner == department.code,
            Self::LeadingGroup => true,
        }
    }
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

fn attention_to(plan: &Plan, month: &Month, reader: Reader<'_>, row: &IndicatorRow) -> Attention {
    let ordinal = captions::ordinal(row.measure);
    let place = match reader {
        Reader::Department(_) => ordinal,
        Reader::LeadingGroup => format!("{ordinal}{}", plan.department_name(&row.owner)),
    };
    let reason = month.lagging.iter().find(|lagging| lagging.indicator == row.code).map(|lagging| {
        let parts = [("原因：", &lagging.reason), ("下一步：", &lagging.next_steps), ("预计达到序时进度：", &lagging.expected)];
        let said = parts.into_iter().map(|(word, text)| (word, one_line(text))).filter(|(_, text)| !text.is_empty());
        said.map(|(word, text)| format!("{word}{}。", text.trim_end_matches(['。', '.', '；']))).collect::<Vec<_>>().concat()
    });
    Attention {
        light: row.light.code(),
        word: row.light.word(),
        title: one_line(&row.title),
        place: one_line(&place),
        sentence: one_line(&sentences::indicator(plan, row, month.period)),
        reason: reason.filter(|reason| !reason.is_empty()),
    }
}

/// What is not there yet: a department's own list by due day; for the leading group one line a department.
fn owed(plan: &Plan, settings: &Settings, month: &Month, reader: Reader<'_>) -> Vec<String> {
    let open = |row: &&ReportingRow| matches!(row.state, ReportState::Missing | ReportState::Returned);
    let Reader::Department(department) = reader else {
        let lines = plan.reporting_departments().map(|department| {
            let titles: Vec<_> = month.reporting.iter().filter(open).filter(|row| row.department == department.code).collect();
            (&department.name, titles)
        });
        return lines.filter(|(_, rows)| !rows.is_empty()).map(|(name, rows)| format!("{}：{}。", one_line(name), titles(&rows))).collect();
    };
    let mine: Vec<&ReportingRow> = month.reporting.iter().filter(open).filter(|row| row.department == department.code).collect();
    let mut groups: Vec<(ReportState, NaiveDate, Vec<&ReportingRow>)> = Vec::new();
    for row in mine {
        match groups.iter_mut().find(|(state, due, _)| (*state, *due) == (row.state, row.due)) {
            Some((_, _, rows)) => rows.push(row),
            None => groups.push((row.state, row.due, vec![row])),
        }
    }
    groups.sort_by_key(|(state, due, _)| (*due, *state == ReportState::Returned));
    groups.iter().map(|(state, due, rows)| owed_sentence(settings, month, *state, *due, &titles(rows))).collect()
}

fn titles(rows: &[&ReportingRow]) -> String {
    rows.iter().map(|row| one_line(&row.title)).collect::<Vec<_>>().join("、")
}

fn owed_sentence(settings: &Settings, month: &Month, state: ReportState, due: NaiveDate, titles: &str) -> String {
    let hour = settings.schedule.deadline_hour;
    let now = month.now.naive_local();
    let open = (now.date(), chrono::Timelike::hour(&now)) < (due, hour);
    match (state, open) {
        (ReportState::Returned, true) => format!("{titles}已退回修改，请于{}前按标注修改后重新报送。", captions::due(due, hour)),
        (ReportState::Returned, false) => {
            format!("{titles}应于{}前报送，已退回修改，目前尚未收到修改件，请尽快重新报送。", captions::weekday(due))
        }
        (_, true) => format!("{titles}请于{}前报送。", captions::due(due, hour)),
        (_, false) => format!("{titles}应于{}前报送，目前尚未收到，请尽快报送。", captions::weekday(due)),
    }
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
