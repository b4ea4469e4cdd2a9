//! Drafts of letters (代拟稿) to departments with repeated reds or missing reports. They go to the operator alone.

use chrono::{DateTime, FixedOffset};
use serde::Serialize;

use super::page::{self, Page, Section};
use super::{Envelope, build, subject};
use crate::deliver::DeliverError;
use crate::deliver::headers::one_line;
use crate::model::{DepartmentCode, IndicatorRow, Message, Period};
use crate::plan::{Department, Plan};
use crate::present::{captions, sentences};
use crate::settings::Settings;

/// Working days a department is given for its answer.
const REPLY_WORKING_DAYS: u32 = 5;

/// A dataset that has not been handed in for several periods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreported {
    pub title: String,
    /// Oldest first; the last is the period at hand.
    pub periods: Vec<Period>,
}

/// What a department is to be written about.
#[derive(Debug, Clone)]
pub struct Grounds<'a> {
    pub department: &'a Department,
    /// Red for so many periods in a row that a letter is due.
    pub reds: Vec<&'a IndicatorRow>,
    pub unreported: Vec<Unreported>,
}

/// A letter, not sent to anyone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Draft {
    pub department: DepartmentCode,
    pub title: String,
    /// Paragraphs, from the form of address to the contact; without date and signature.
    pub lines: Vec<String>,
}

impl Draft {
    /// Writes the letter for `grounds` as of `period`.
    #[must_use]
    pub fn new(plan: &Plan, settings: &Settings, period: Period, grounds: &Grounds<'_>) -> Self {
        let department = grounds.department;
        let you = one_line(&department.address);
        let month = format!("{}年{}", period.year(), captions::month_label(period));
        let mut lines = vec![format!("{}：", one_line(&department.name))];
        if !grounds.reds.is_empty() {
            lines.push(format!("截至{month}底，{you}负责的下列指标持续低于序时进度："));
            lines.extend((1..).zip(&grounds.reds).map(|(number, row)| format!("{number}.{}", red(plan, settings, row, period))));
        }
        if !grounds.unreported.is_empty() {
            lines.push(format!("{you}下列调度数据连续未报送："));
            lines.extend((1..).zip(&grounds.unreported).map(|(number, one)| format!("{number}.{}", unreported(one))));
        }
        let ask = match (grounds.reds.is_empty(), grounds.unreported.is_empty()) {
            (false, false) => "请认真分析原因，提出针对性措施和预计达到序时进度的时间，并尽快补报数据",
            (false, true) => "请认真分析原因，提出针对性措施和预计达到序时进度的时间",
            _ => "请尽快补报数据；确有困难的，请说明原因和预计报送时间",
        };
        lines.push(format!("{ask}，于收到本函后{REPLY_WORKING_DAYS}个工作日内书面反馈。{}", page::contact(settings)));
        let about = match (grounds.reds.is_empty(), grounds.unreported.is_empty()) {
            (false, false) => "加快推进有关指标并补报调度数据",
            (false, true) => "加快推进有关指标",
            _ => "补报调度数据",
        };
        Self { department: department.code.clone(), title: format!("关于商请{about}的函（代拟稿）"), lines }
    }
}

fn red(plan: &Plan, settings: &Settings, row: &IndicatorRow, period: Period) -> String {
    let name = format!("{}{}", one_line(&row.title), captions::ordinal(row.measure));
    if settings.appearance.figures_in_mail {
        format!("{name}：{}", one_line(&sentences::indicator(plan, row, period)))
    } else {
        format!("{name}：连续{}期红灯。", row.periods_in_row)
    }
}

fn unreported(one: &Unreported) -> String {
    let periods: Vec<String> = one.periods.iter().map(|period| format!("{}年{}", period.year(), captions::month_label(*period))).collect();
    format!("{}：连续{}期未报送（{}）。", one_line(&one.title), periods.len(), periods.join("、"))
}

/// The mail to the operator with all drafts of a period; `None` where `alert.to` is empty.
///
/// # Errors
/// An address that is none.
pub fn compose(
    plan: &Plan,
    settings: &Settings,
    period: Period,
    drafts: &[Draft],
    now: DateTime<FixedOffset>,
) -> Result<Option<Message>, DeliverError> {
    let Some(envelope) = Envelope::to_operator(settings, period, now, "drafts")? else { return Ok(None) };
    // Words alone make the mail itself: the same drafts on another day are the same mail.
    let envelope = Envelope { day: period.last_day(), ..envelope };
    let month = format!("{}年{}", period.year(), captions::month_label(period));
    let mut page = Page::new(settings, &format!("{month}代拟稿{}件", drafts.len()), now);
    page.date = String::new();
    page.opening = vec![format!(
        "下列单位有指标连续红灯或者数据连续未报送达到{}期，现代拟函稿{}件，仅供修改使用，系统未发送给有关单位。",
        settings.remind.escalate_after,
        drafts.len()
    )];
    page.sections = drafts
        .iter()
        .map(|draft| Section {
            heading: format!("{}：{}", one_line(plan.department_name(&draft.department)), draft.title),
            lines: draft.lines.clone(),
            numbered: false,
            sentence: false,
        })
        .collect();
    page.closing = vec![format!("再次查看：wenjin drafts --period {period}")];
    let subject = subject(&settings.appearance, format!("【代拟稿】{month}需函询的单位{}家", drafts.len()));
    build(settings, &envelope, &subject, &page, &[]).map(Some)
}
