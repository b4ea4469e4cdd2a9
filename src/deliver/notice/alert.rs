//! Alerts to the operator: what a condition is called, what a robot may be told of it, and the mail.
//!
//! A key is `<kind>` or `<kind>:<place>[:<place>]`; kinds are listed in `docs/notices.md`. Robots stand in groups of people:
//! they are told the name of the kind, period, department and time, never the free text, so that no figure, address or cell can leave.

use chrono::{DateTime, FixedOffset};

use super::page::{Page, Section};
use super::{Envelope, build, subject};
use crate::deliver::DeliverError;
use crate::deliver::headers::one_line;
use crate::model::{DepartmentCode, Message, Period};
use crate::plan::Plan;
use crate::present::captions;
use crate::settings::{JobKind, Settings};

/// Kinds of conditions and their names. What is not listed is a 运行异常.
pub const KINDS: [(&str, &str); 17] = [
    ("job", "定时任务未完成"),
    ("slot.missed", "定时任务漏执行"),
    ("period.late", "收到逾期数据，需人工汇总"),
    ("delivery.failed", "邮件发送失败"),
    ("delivery.uncertain", "邮件是否送达不明，需人工核实"),
    ("delivery.server", "邮件服务器不可用，邮件暂缓发送"),
    ("backup.failed", "台账备份失败"),
    ("disk.reserve", "磁盘剩余空间不足，暂停接收"),
    ("source.unreachable", "数据来源无法访问"),
    ("source.unread", "来源中有文件无法读取"),
    ("submission.refused", "报送文件无法读取"),
    ("reading.review", "重新读取结果不同，请复核"),
    ("figures.left_out", "有报送数据未能汇总"),
    ("ledger.damaged", "台账完整性检查未通过"),
    ("config.invalid", "配置有误，沿用原配置"),
    ("secret.suspected", "疑似涉密文件，请立即停止传输并按保密规定处理"),
    ("test", "测试消息"),
];

/// One thing to be told.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    pub key: &'a str,
    /// Without figures, addresses, cell values; stands in the mail alone.
    pub text: &'a str,
    /// `true`: the condition is over.
    pub over: bool,
    pub now: DateTime<FixedOffset>,
}

impl Told<'_> {
    /// The name of the kind.
    #[must_use]
    pub fn name(&self) -> &'static str {
        let kind = self.key.split(':').next().unwrap_or_default();
        KINDS.iter().find(|(known, _)| *known == kind).map_or("运行异常", |(_, name)| name)
    }

    /// The period the key names, if it names one.
    #[must_use]
    pub fn period(&self) -> Option<Period> {
        self.places().find_map(|place| place.parse().ok())
    }

    fn places(&self) -> impl Iterator<Item = &str> {
        self.key.split(':').skip(1)
    }

    /// Period, department and job of the key in words; anything else in a key is left out.
    fn place_words(&self, plan: &Plan) -> String {
        let word = |place: &str| {
            if let Ok(period) = place.parse::<Period>() {
                return Some(format!("{}年{}", period.year(), captions::month_label(period)));
            }
            if let Some(department) = plan.department(&DepartmentCode(place.to_owned())) {
                return Some(one_line(&department.name));
            }
            if place == crate::deliver::LEADING_GROUP {
                return Some("领导小组".to_owned());
            }
            JobKind::parse(place).map(|kind| job_name(kind).to_owned())
        };
        self.places().filter_map(word).collect::<Vec<_>>().join("，")
    }

    fn headline(&self, plan: &Plan) -> String {
        let state = if self.over { "恢复" } else { "告警" };
        let place = self.place_words(plan);
        let place = if place.is_empty() { String::new() } else { format!("（{place}）") };
        let over = if self.over { "，已恢复正常" } else { "" };
        format!("【{state}】{}{place}{over}", self.name())
    }
}

fn job_name(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Poll => "收取数据",
        JobKind::Remind => "报送提醒",
        JobKind::Forms => "下发调度表",
        JobKind::CutOff => "截止汇总",
        JobKind::Retry => "邮件重发",
        JobKind::Backup => "台账备份",
    }
}

/// What a robot says. The plan's short name stands in it, for robots that ask for a keyword.
#[must_use]
pub fn notice(plan: &Plan, told: &Told<'_>) -> String {
    format!(
        "{}\n系统：{}调度\n时间：{}\n详情请在服务器上执行 wenjin alerts 查看。",
        told.headline(plan),
        one_line(&plan.short_name),
        captions::as_of(told.now)
    )
}

/// The mail to the operator; `None` where `alert.to` is empty.
///
/// # Errors
/// An address that is none.
pub fn compose(plan: &Plan, settings: &Settings, period: Period, told: &Told<'_>) -> Result<Option<Message>, DeliverError> {
    // The time makes it itself: the same condition may arise again on the same day.
    let occasion = format!("{} {} {}", told.key, told.over, told.now.to_rfc3339());
    let Some(envelope) = Envelope::to_operator(settings, period, told.now, &occasion)? else { return Ok(None) };
    let headline = told.headline(plan);
    let mut page = Page::new(settings, &headline, told.now);
    let detail = one_line(told.text);
    page.opening = vec![format!("时间：{}。", captions::as_of(told.now))];
    page.sections = vec![Section {
        heading: "情况".to_owned(),
        lines: vec![if detail.is_empty() { told.name().to_owned() } else { detail }, format!("编号：{}", one_line(told.key))],
        numbered: false,
        sentence: false,
    }];
    page.closing = vec![if told.over {
        "本提示仅发送一次，无需处理。".to_owned()
    } else {
        "处理完成后系统将自动发送恢复提示。可执行 wenjin alerts、wenjin outbox、wenjin status 查看情况。".to_owned()
    }];
    let subject = subject(&settings.appearance, format!("{headline}——{}", one_line(&plan.short_name)));
    build(settings, &envelope, &subject, &page, &[]).map(Some)
}
