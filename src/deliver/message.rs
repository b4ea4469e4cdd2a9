//! A message: who it is from and to, its identity, its letter and its workbooks.

use super::bodies::{self, Said};
use super::headers::Party;
use super::letter::Letter;
use super::picture::{self, Picture};
use super::reader::Reader;
use super::{Attachment, DeliverError, LEADING_GROUP, mime};
use crate::model::{ContentHash, DepartmentCode, IndicatorRow, MailKind, Message, Month};
use crate::plan::{Department, Plan};
use crate::settings::Settings;

/// How much of a hash identifies a message.
const IDENTITY_LENGTH: usize = 32;

/// The message to one department with its own book; `beside` another one of the same version where that says so.
pub fn to_department(
    plan: &Plan,
    settings: &Settings,
    month: &Month,
    books: &[Attachment<'_>],
    (department, beside): (&Department, bool),
) -> Result<Message, DeliverError> {
    if department.to.is_empty() {
        return Err(DeliverError::NoRecipient(department.code.clone()));
    }
    let file = "config/departments.toml";
    let envelope = Envelope {
        beside,
        department: department.code.clone(),
        to: parties(&department.to, &format!("`to` of department `{}`", department.code), file)?,
        cc: parties(&department.cc, &format!("`cc` of department `{}`", department.code), file)?,
    };
    let reader = Reader::Department(department);
    // Bars of completion are figures.
    let picture = if settings.appearance.figures_in_mail {
        let rows: Vec<&IndicatorRow> = month.rows().filter(|row| reader.answers_for(row)).collect();
        picture::of_department(&settings.appearance.captions, &rows)?
    } else {
        None
    };
    let letter = Letter::new(plan, settings, month, reader, picture.as_ref());
    let books = books.iter().filter(|book| book.department == Some(&department.code)).copied().collect::<Vec<_>>();
    build(settings, month, &envelope, &letter, picture.as_ref(), &books)
}

/// The message to the leading group with the whole book.
pub fn to_leading_group(
    plan: &Plan,
    settings: &Settings,
    month: &Month,
    books: &[Attachment<'_>],
    beside: bool,
) -> Result<Message, DeliverError> {
    let file = "config/wenjin.toml";
    let envelope = Envelope {
        beside,
        department: DepartmentCode(LEADING_GROUP.to_owned()),
        to: parties(&settings.mail.leading_to, "mail.leading_to", file)?,
        cc: parties(&settings.mail.leading_cc, "mail.leading_cc", file)?,
    };
    let picture = picture::of_actions(plan, &settings.appearance.captions, month)?;
    let letter = Letter::new(plan, settings, month, Reader::LeadingGroup, picture.as_ref());
    let books = books.iter().filter(|book| book.department.is_none()).copied().collect::<Vec<_>>();
    build(settings, month, &envelope, &letter, picture.as_ref(), &books)
}

/// What stands in the outbox for a mail that could not be built; it never leaves.
pub fn unbuilt(settings: &Settings, month: &Month, department: &DepartmentCode) -> Message {
    let kind = kind(month);
    Message {
        period: month.period,
        version: month.version,
        kind,
        department: department.clone(),
        from: settings.mail.from.clone(),
        recipients: Vec::new(),
        subject: String::new(),
        message_id: format!("<{}.v{}.{}.{department}.unbuilt@localhost>", month.period, month.version, kind.code()),
        bytes: Vec::new(),
    }
}

fn kind(month: &Month) -> MailKind {
    if month.version > 1 { MailKind::Correction } else { MailKind::Report }
}

struct Envelope {
    /// A mail beside another one of the same version to the same reader.
    beside: bool,
    department: DepartmentCode,
    to: Vec<Party>,
    cc: Vec<Party>,
}

fn parties(texts: &[String], place: &str, file: &'static str) -> Result<Vec<Party>, DeliverError> {
    let read = |text: &String| Party::parse(text).ok_or_else(|| DeliverError::Address { place: place.to_owned(), file });
    texts.iter().map(read).collect()
}

fn build(
    settings: &Settings,
    month: &Month,
    envelope: &Envelope,
    letter: &Letter,
    picture: Option<&Picture>,
    books: &[Attachment<'_>],
) -> Result<Message, DeliverError> {
    let department = envelope.department.clone();
    if books.is_empty() {
        return Err(DeliverError::NoBook(department));
    }
    let bytes: u64 = books.iter().map(|book| book.bytes.len() as u64).sum();
    let max = settings.mail.attachment_bytes_max;
    if bytes > max {
        return Err(DeliverError::TooLarge { department, bytes, max });
    }
    let office = |text: &str, place: &str| {
        Party::parse(text).ok_or_else(|| DeliverError::Address { place: place.to_owned(), file: "config/wenjin.toml" })
    };
    let from = office(&settings.mail.from, "mail.from")?;
    let reply_to = settings.mail.reply_to.as_deref().map(|text| office(text, "mail.reply_to")).transpose()?;
    let kind = kind(month);
    let said = bodies::render(&settings.templates, &bodies::LETTER, letter)?;
    let identity = identity(month, kind, envelope, &said, books);
    let beside = if envelope.beside { Message::BESIDE } else { "" };
    let message_id = format!("<{}.v{}.{}.{department}.{beside}{identity}@{}>", month.period, month.version, kind.code(), from.domain());
    let workbooks: Vec<_> = books.iter().map(|book| (book.file_name, book.bytes)).collect();
    let bytes = mime::build(&mime::Parts {
        from: &from,
        reply_to: reply_to.as_ref(),
        to: &envelope.to,
        cc: &envelope.cc,
        subject: &said.subject,
        date: month.now,
        message_id: &message_id,
        kind: kind.code(),
        seed: &identity,
        text: &said.text,
        html: &said.html,
        pictures: picture.map_or(&[], std::slice::from_ref),
        workbooks: &workbooks,
    })?;
    Ok(Message {
        period: month.period,
        version: month.version,
        kind,
        department,
        from: from.address,
        recipients: envelope.to.iter().chain(&envelope.cc).map(|party| party.address.clone()).collect(),
        subject: said.subject,
        message_id,
        bytes,
    })
}

/// What makes a message itself: period, version, kind, recipients, content. The day it is built does not.
fn identity(month: &Month, kind: MailKind, envelope: &Envelope, said: &Said, books: &[Attachment<'_>]) -> String {
    let mut parts: Vec<Vec<u8>> = vec![format!("{} {} {} {}", month.period, month.version, kind.code(), envelope.department).into_bytes()];
    parts.extend(envelope.to.iter().chain(&envelope.cc).map(|party| party.address.clone().into_bytes()));
    // A picture is named in the HTML by its content.
    parts.extend([&said.subject, &said.text, &said.html].map(|text| text.clone().into_bytes()));
    for book in books {
        parts.extend([book.file_name.as_bytes().to_vec(), book.bytes.to_vec()]);
    }
    // Hashes of hashes: no two lists of parts run together to the same bytes.
    let hashes: String = parts.iter().map(|part| ContentHash::of(part).0).collect();
    ContentHash::of(hashes.as_bytes()).0.chars().take(IDENTITY_LENGTH).collect()
}

#[cfg(test)]
mod tests;
