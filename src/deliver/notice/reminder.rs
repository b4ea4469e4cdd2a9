//! Reminders (催报): what a department still owes for a period, by when, and whom it may ask.

use chrono::{DateTime, FixedOffset, NaiveDate, Timelike as _};

use super::page::{self, Page, Section};
use super::{Envelope, build, subject};
use crate::deliver::DeliverError;
use crate::deliver::headers::one_line;
use crate::model::{Message, Period, ReportState, ReportingRow};
use crate::plan::{Department, Plan};
use crate::present::captions;
use crate::settings::Settings;

/// One dataset that is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed<'a> {
    /// Missing, returned or unreadable.
    pub row: &'a ReportingRow,
    /// Defects that must be mended (须修改) in the returned file.
    pub to_mend: usize,
    /// And that must be explained (请说明).
    pub to_explain: usize,
    /// The returned workbook was sent with its cells marked.
    pub is_marked: bool,
}

/// The mail to `department` about everything it owes for `period`, as of `now`: tables, and words on the indicators (by title) that
/// were yellow or red last month.
///
/// # Errors
/// A department without address, or with one that is none.
pub fn compose(
    plan: &Plan,
    settings: &Settings,
    department: &Department,
    period: Period,
    (owed, unexplained): (&[Owed<'_>], &[String]),
    now: DateTime<FixedOffset>,
) -> Result<Message, DeliverError> {
    let hour = settings.schedule.deadline_hour;
    let month = format!("{}年{}", period.year(), captions::month_label(period));
    let groups = groups(owed, now, hour);
    let mut page = Page::new(settings, &format!("关于报送{month}调度数据的提醒"), now);
    page.greeting = format!("{}：", one_line(&department.name));
    let (as_of, you) = (captions::as_of(now), one_line(&department.address));
    page.opening = vec![if owed.is_empty() {
        format!("截至{as_of}，{you}{month}调度数据已收到，滞后指标说明尚不完整。")
    } else {
        format!("截至{as_of}，{you}{month}调度数据尚有{}项未完成报送，具体如下：", owed.len())
    }];
    page.sections = groups.iter().map(|group| group.section(plan, period, hour)).collect();
    page.sections.extend(wanted(plan, unexplained));
    page.closing = vec![
        "数据确为零的请填报0，暂缺的请留空并说明。如已报送，请忽略本提醒。".to_owned(),
        format!("如有疑问，请与我们联系。{}", page::contact(settings)),
    ];
    let words =
        if owed.is_empty() { format!("【报送提醒】请补报{month}滞后指标说明") } else { subject_of(&groups, &month, hour) };
    let subject = subject(&settings.appearance, words);
    build(settings, &Envelope::to_department(department, period, now)?, &subject, &page, &[])
}

/// The indicators that want a word on why they are behind; `None` where none does.
fn wanted(plan: &Plan, titles: &[String]) -> Option<Section> {
    let sheet = plan.dataset(WORDS_ON).map_or("滞后指标说明", |dataset| dataset.title.as_str());
    let heading = format!(
        "下列指标上月为黄灯或红灯，请在“{}”表中填报滞后原因、下一步措施和预计达到序时进度时间（可单独报送这一张表；已达到进度的不需填报）：",
        one_line(sheet)
    );
    let lines = titles.iter().map(|title| one_line(title)).collect();
    (!titles.is_empty()).then_some(Section { heading, lines, numbered: true, sentence: true })
}

/// The shared dataset of words on what is behind.
pub const WORDS_ON: &str = "lagging";

/// What is owed alike: by the same day, equally returned, unreadable or missing.
#[derive(Debug)]
struct Group<'a> {
    due: NaiveDate,
    state: ReportState,
    /// Whether the deadline is still ahead.
    open: bool,
    owed: Vec<Owed<'a>>,
}

fn groups<'a>(owed: &[Owed<'a>], now: DateTime<FixedOffset>, hour: u32) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for one in owed {
        let (due, state) = (one.row.due, one.row.state);
        match groups.iter_mut().find(|group| (group.due, group.state) == (due, state)) {
            Some(group) => group.owed.push(*one),
            None => groups.push(Group { due, state, open: (now.date_naive(), now.hour()) < (due, hour), owed: vec![*one] }),
        }
    }
    groups.sort_by_key(|group| (group.due, group.state != ReportState::Missing, group.state == ReportState::Returned));
    groups
}

impl Group<'_> {
    fn section(&self, plan: &Plan, period: Period, hour: u32) -> Section {
        let due = captions::due(self.due, hour);
        let as_marked = if self.owed.iter().all(|one| one.is_marked) { "按标注" } else { "" };
        let heading = match (self.state, self.open) {
            (ReportState::Returned, true) => format!("下列数据已退回修改，请于{due}前{as_marked}修改后重新报送："),
            (ReportState::Returned, false) => format!("下列数据应于{due}前报送，已退回修改，目前尚未收到修改件，请尽快重新报送："),
            (ReportState::Refused, true) => format!("下列数据已收到但无法读取，请于{due}前重新报送："),
            (ReportState::Refused, false) => format!("下列数据应于{due}前报送，已收到但无法读取，请尽快重新报送："),
            (_, true) => format!("下列数据请于{due}前报送："),
            (_, false) => format!("下列数据应于{due}前报送，目前尚未收到，请尽快报送："),
        };
        let lines = self.owed.iter().map(|one| line(plan, period, one)).collect();
        Section { heading, lines, numbered: true, sentence: true }
    }
}

/// `技改项目（2处须修改、1处请说明）`; data of another month than the period's says which.
fn line(plan: &Plan, period: Period, one: &Owed<'_>) -> String {
    let data = plan.dataset(&one.row.dataset).and_then(|dataset| dataset.data_period(period)).filter(|data| *data != period);
    let mut notes: Vec<String> = data.map(|data| format!("{}年{}数据", data.year(), captions::month_label(data))).into_iter().collect();
    let defects: Vec<String> = [(one.to_mend, "须修改"), (one.to_explain, "请说明")]
        .into_iter()
        .filter(|(count, _)| *count > 0 && one.row.state == ReportState::Returned)
        .map(|(count, word)| format!("{count}处{word}"))
        .collect();
    if !defects.is_empty() {
        notes.push(defects.join("、"));
    }
    let notes = if notes.is_empty() { String::new() } else { format!("（{}）", notes.join("，")) };
    format!("{}{notes}", one_line(&one.row.title))
}

/// The next deadline that is ahead decides; only where none is, the mail says that it has passed.
fn subject_of(groups: &[Group<'_>], month: &str, hour: u32) -> String {
    let all = |state: ReportState| groups.iter().all(|group| group.state == state);
    let unread = groups.iter().any(|group| group.state == ReportState::Refused);
    let again = if groups.iter().all(|group| group.state != ReportState::Missing) { "重新" } else { "" };
    match groups.iter().find(|group| group.open) {
        _ if groups.iter().any(|group| !group.open) => {
            let waited = match unread {
                true if again.is_empty() => "尚未完成报送",
                true => "已收到但无法读取",
                false if all(ReportState::Returned) => "退回修改后尚未收到",
                false => "尚未收到",
            };
            format!("【报送提醒】{month}调度数据{waited}，请尽快{again}报送")
        }
        Some(group) => format!("【报送提醒】请于{}前{again}报送{month}调度数据", captions::due(group.due, hour)),
        None => format!("【报送提醒】请尽快{again}报送{month}调度数据"),
    }
}
