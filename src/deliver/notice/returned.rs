//! A file goes back (退回修改): what must be mended and what must be explained, by when, with the marked workbook.

use chrono::{DateTime, FixedOffset};

use super::page::{self, Page, Section};
use super::{Envelope, build, subject};
use crate::deliver::headers::one_line;
use crate::deliver::{Attachment, DeliverError};
use crate::model::{MailKind, Message, Period};
use crate::plan::Department;
use crate::present::captions;
use crate::settings::Settings;

/// What the letter says of a returned file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returned {
    pub to_mend: usize,
    pub to_explain: usize,
    /// `7月8日（星期五）17时`; `None` where that has passed.
    pub due: Option<String>,
    /// Each finding as a line, 须修改 first.
    pub mend: Vec<String>,
    pub explain: Vec<String>,
    /// The file as it was named.
    pub file: String,
    /// The cells are marked in the department's own file; `false`: the list goes alone.
    pub is_marked: bool,
}

/// So many findings of a kind stand in the letter itself.
const LINES_MAX: usize = 10;

/// The mail to `department` with its returned files, each with its workbook.
///
/// # Errors
/// A department without address, or with one that is none; workbooks larger than mailboxes take.
pub fn compose(
    settings: &Settings,
    department: &Department,
    period: Period,
    files: &[(&Returned, Attachment<'_>)],
    now: DateTime<FixedOffset>,
) -> Result<Message, DeliverError> {
    let bytes: u64 = files.iter().map(|(_, workbook)| workbook.bytes.len() as u64).sum();
    let max = settings.mail.attachment_bytes_max;
    if bytes > max {
        return Err(DeliverError::TooLarge { department: department.code.clone(), bytes, max });
    }
    let month = format!("{}年{}", period.year(), captions::month_label(period));
    let mut page = Page::new(settings, &format!("{month}调度表退回修改"), now);
    page.greeting = format!("{}：", one_line(&department.name));
    page.opening = files.iter().map(|(file, _)| opening(file)).collect();
    if files.iter().any(|(file, _)| file.is_marked) {
        page.opening.push(IN_PLACE.to_owned());
    }
    if files.iter().any(|(file, _)| !file.is_marked) {
        page.opening.push(BY_LIST.to_owned());
    }
    for (file, _) in files {
        let of = if files.len() > 1 { format!("“{}”", one_line(&file.file).trim()) } else { String::new() };
        let sections = [("须修改", &file.mend), ("请说明（填错的请改正；数据无误的，请写明原因）", &file.explain)];
        let sections = sections.into_iter().filter(|(_, lines)| !lines.is_empty());
        page.sections.extend(sections.map(|(heading, lines)| section(&format!("{of}{heading}"), lines)));
    }
    page.closing = vec![format!("如有疑问，请与我们联系。{}", page::contact(settings))];
    let (to_mend, to_explain) = files.iter().fold((0, 0), |(mend, explain), (file, _)| (mend + file.to_mend, explain + file.to_explain));
    let counts = counts(to_mend, to_explain);
    let subject = subject(&settings.appearance, format!("【退回修改】{month}调度表（{}：{counts}）", one_line(&department.name)));
    let envelope = Envelope { kind: MailKind::Return, ..Envelope::to_department(department, period, now)? };
    let workbooks: Vec<Attachment<'_>> = files.iter().map(|(_, workbook)| *workbook).collect();
    build(settings, &envelope, &subject, &page, &workbooks)
}

const IN_PLACE: &str = "请直接在附件里改：第一张表“数据审核意见”列出全部意见，点“单元格”即跳到该处；数据无误、需要说明的，写在黄色的“情况说明”栏。标注和该表都不必删除。";
const BY_LIST: &str = "附件只是清单的，请在原文件里改。数据无误、需要说明的，写在清单黄色的“情况说明”栏后，把该表复制到原文件里一并报送。";

fn opening(file: &Returned) -> String {
    let by = file.due.as_ref().map_or_else(|| "尽快".to_owned(), |due| format!("于{due}前"));
    let marked = if file.is_marked { "已在原表标注（见附件）" } else { "审核意见清单见附件" };
    format!(
        "“{}”已收悉，经审核有{}，{marked}，请{by}重新报送；此前已通过的数据仍然有效。",
        one_line(&file.file).trim(),
        counts(file.to_mend, file.to_explain)
    )
}

/// `5处须修改、1处请说明`.
fn counts(to_mend: usize, to_explain: usize) -> String {
    let counts = [(to_mend, "须修改"), (to_explain, "请说明")];
    counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count}处{word}")).collect::<Vec<_>>().join("、")
}

fn section(heading: &str, lines: &[String]) -> Section {
    let more = lines.len().saturating_sub(LINES_MAX);
    let mut shown: Vec<String> = lines.iter().take(LINES_MAX).map(|line| one_line(line)).collect();
    if more > 0 {
        shown.push(format!("其余{more}条见附件。"));
    }
    Section { heading: heading.to_owned(), lines: shown, numbered: true, sentence: false }
}
