//! Notices: the mails that belong to no version: reminders (催报) and forms to departments; alerts, drafts and the gate's page to the operator.
//!
//! One page serves them all; each file below only says what stands on it. Who is due what is decided elsewhere.

pub mod alert;
pub mod draft;
pub mod form;
mod page;
pub mod reminder;
pub mod returned;
pub mod review;

#[cfg(test)]
mod tests;

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::headers::Party;
use super::{Attachment, DeliverError, mime};
use crate::model::{ContentHash, DepartmentCode, MailKind, Message, Period};
use crate::plan::Department;
use crate::present::captions::SAMPLE_MARK;
use crate::settings::{Appearance, Settings};

pub use page::{Page, Section};

/// The code that stands for the operator where others bear a department's.
pub const OPERATOR: &str = "operator";

/// How much of a hash identifies a message.
const IDENTITY_LENGTH: usize = 32;

/// Who a notice is for, and what it is about.
#[derive(Debug, Clone)]
struct Envelope {
    kind: MailKind,
    period: Period,
    department: DepartmentCode,
    to: Vec<Party>,
    cc: Vec<Party>,
    now: DateTime<FixedOffset>,
    /// The day its Message-ID and file name bear.
    day: NaiveDate,
    /// What makes it itself besides its words; the day is not among it unless a kind puts it there.
    occasion: String,
}

impl Envelope {
    /// To a department's contacts.
    fn to_department(department: &Department, period: Period, now: DateTime<FixedOffset>) -> Result<Self, DeliverError> {
        if department.to.is_empty() {
            return Err(DeliverError::NoRecipient(department.code.clone()));
        }
        let read = |texts: &[String], key: &str| {
            parties(texts, &format!("`{key}` of department `{}`", department.code), "config/departments.toml")
        };
        Ok(Self {
            kind: MailKind::Reminder,
            period,
            department: department.code.clone(),
            to: read(&department.to, "to")?,
            cc: read(&department.cc, "cc")?,
            now,
            day: now.date_naive(),
            occasion: now.date_naive().to_string(),
        })
    }

    /// To the operator; `None` where `alert.to` is empty.
    fn to_operator(settings: &Settings, period: Period, now: DateTime<FixedOffset>, occasion: &str) -> Result<Option<Self>, DeliverError> {
        if settings.alert.to.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self {
            kind: MailKind::Alert,
            period,
            department: DepartmentCode(OPERATOR.to_owned()),
            to: parties(&settings.alert.to, "alert.to", "config/wenjin.toml")?,
            cc: Vec::new(),
            now,
            day: now.date_naive(),
            occasion: occasion.to_owned(),
        }))
    }
}

fn parties(texts: &[String], place: &str, file: &'static str) -> Result<Vec<Party>, DeliverError> {
    let read = |text: &String| Party::parse(text).ok_or_else(|| DeliverError::Address { place: place.to_owned(), file });
    texts.iter().map(read).collect()
}

/// A subject as samples bear it.
fn subject(appearance: &Appearance, subject: String) -> String {
    if appearance.sample { format!("{subject}【{SAMPLE_MARK}】") } else { subject }
}

/// Builds the mail. Its Message-ID is `<period>.v0.<kind>.<code>.<day>.<identity>@<domain>`.
fn build(settings: &Settings, envelope: &Envelope, subject: &str, page: &Page, books: &[Attachment<'_>]) -> Result<Message, DeliverError> {
    let office = |text: &str, place: &str| {
        Party::parse(text).ok_or_else(|| DeliverError::Address { place: place.to_owned(), file: "config/wenjin.toml" })
    };
    let from = office(&settings.mail.from, "mail.from")?;
    let reply_to = settings.mail.reply_to.as_deref().map(|text| office(text, "mail.reply_to")).transpose()?;
    let (text, html) = page::render(page)?;
    let identity = identity(envelope, &[subject, &text, &html], books);
    let Envelope { period, kind, department, .. } = envelope;
    let day = envelope.day;
    let message_id = format!("<{period}.v0.{}.{department}.{day}.{identity}@{}>", kind.code(), from.domain());
    let workbooks: Vec<_> = books.iter().map(|book| (book.file_name, book.bytes)).collect();
    let bytes = mime::build(&mime::Parts {
        from: &from,
        reply_to: reply_to.as_ref(),
        to: &envelope.to,
        cc: &envelope.cc,
        subject,
        date: envelope.now,
        message_id: &message_id,
        kind: kind.code(),
        seed: &identity,
        text: &text,
        html: &html,
        pictures: &[],
        workbooks: &workbooks,
    })?;
    Ok(Message {
        period: *period,
        version: 0,
        kind: *kind,
        department: department.clone(),
        from: from.address,
        recipients: envelope.to.iter().chain(&envelope.cc).map(|party| party.address.clone()).collect(),
        subject: super::headers::one_line(subject),
        message_id,
        bytes,
    })
}

/// Kind, period, addressee, occasion, recipients, words, books.
fn identity(envelope: &Envelope, texts: &[&str], books: &[Attachment<'_>]) -> String {
    let head = format!("{} {} {} {}", envelope.period, envelope.kind.code(), envelope.department, envelope.occasion);
    let recipients = envelope.to.iter().chain(&envelope.cc).map(|party| party.address.as_bytes());
    let parts = std::iter::once(head.as_bytes())
        .chain(recipients)
        .chain(texts.iter().map(|text| text.as_bytes()))
        .chain(books.iter().flat_map(|book| [book.file_name.as_bytes(), book.bytes]));
    // Hashes of hashes: no two lists of parts run together to the same bytes.
    let hashes: String = parts.map(|part| ContentHash::of(part).0).collect();
    ContentHash::of(hashes.as_bytes()).0.chars().take(IDENTITY_LENGTH).collect()
}
