//! The form goes out (调度表): what is to be handed in, by when, and the workbook itself.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::page::{self, Page, Section};
use super::{Envelope, build, subject};
use crate::deliver::headers::one_line;
use crate::deliver::{Attachment, DeliverError};
use crate::model::{MailKind, Message, Period};
use crate::plan::{Dataset, Department, Plan};
use crate::present::captions;
use crate::settings::Settings;

/// The mail to `department` with its form for `period`; it is the same mail on whatever day it is made.
///
/// # Errors
/// A department without address, or with one that is none; a workbook larger than mailboxes take.
pub fn compose(
    plan: &Plan,
    settings: &Settings,
    department: &Department,
    period: Period,
    datasets: &[&Dataset],
    form: Attachment<'_>,
    now: DateTime<FixedOffset>,
) -> Result<Message, DeliverError> {
    let (bytes, max) = (form.bytes.len() as u64, settings.mail.attachment_bytes_max);
    if bytes > max {
        return Err(DeliverError::TooLarge { department: department.code.clone(), bytes, max });
    }
    let mut days: BTreeMap<NaiveDate, Vec<String>> = BTreeMap::new();
    for dataset in datasets {
        let name = one_line(dataset.sheets.first().unwrap_or(&dataset.title));
        days.entry(plan.calendar.due(period, dataset.due_day)).or_default().push(name);
    }
    let due = |day: &NaiveDate| captions::due(*day, settings.schedule.deadline_hour);
    let month = format!("{}年{}", period.year(), captions::month_label(period));
    let mut page = Page::new(settings, &format!("{month}调度表"), now);
    page.greeting = format!("{}：", one_line(&department.name));
    page.opening = vec![
        format!("现发去{month}调度表（见附件，共{}张表）。请填好后把附件发回，可以只报部分表，未报的表可另行补报。", datasets.len()),
        "附件已带上上月的清单和累计数；黄色格要填，灰色格供对照，填法见第一张表“填报说明”。".to_owned(),
    ];
    page.sections = days
        .iter()
        .map(|(day, names)| Section {
            heading: format!("{}前报送：", due(day)),
            lines: vec![format!("{}（{}张）。", names.join("、"), names.len())],
            numbered: false,
            sentence: true,
        })
        .collect();
    page.closing = vec!["严禁在附件中填写、附带涉密内容。".to_owned(), page::contact(settings)];
    let first = days.keys().next().map(due).unwrap_or_default();
    let subject = subject(&settings.appearance, format!("【调度表】请于{first}前报送{month}调度数据（{}）", one_line(&department.name)));
    let envelope = Envelope {
        kind: MailKind::Form,
        day: period.next().first_day(),
        occasion: String::new(),
        ..Envelope::to_department(department, period, now)?
    };
    build(settings, &envelope, &subject, &page, &[form])
}
