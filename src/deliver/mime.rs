//! The bytes of a message: headers, letter as text and as HTML, embedded pictures, attachments. The same parts give the same bytes.
//!
//! `mixed( alternative( text, related( HTML, pictures ) ), workbooks )`; a level with nothing of its own to hold is left out.
//!
//! Every body is base64, so that no part can hold a bare CR or LF (RUSTSEC-2026-0561) or a line that ends the message.

use std::time::SystemTime;

use chrono::{DateTime, FixedOffset};
use lettre::message::header::{ContentDisposition, ContentId, ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Mailboxes, Message, MultiPart, SinglePart};

use super::DeliverError;
use super::headers::{self, Party};
use super::picture::Picture;
use crate::model::MailKind;

/// Everything a message is made of.
#[derive(Debug)]
pub struct Parts<'a> {
    pub from: &'a Party,
    pub reply_to: Option<&'a Party>,
    pub to: &'a [Party],
    pub cc: &'a [Party],
    pub subject: &'a str,
    pub date: DateTime<FixedOffset>,
    /// With angle brackets.
    pub message_id: &'a str,
    /// The word of X-Wenjin-Kind.
    pub kind: &'a str,
    /// Letters and digits that no other message shares; the boundaries are made of it.
    pub seed: &'a str,
    pub text: &'a str,
    pub html: &'a str,
    /// Shown in the HTML; may be empty.
    pub pictures: &'a [Picture],
    /// File name and bytes of each workbook; may be empty.
    pub workbooks: &'a [(&'a str, &'a [u8])],
}

/// Puts the parts together.
pub fn build(parts: &Parts<'_>) -> Result<Vec<u8>, DeliverError> {
    let mut builder = Message::builder()
        .date(SystemTime::from(parts.date))
        .from(mailbox(parts.from)?)
        .subject(headers::one_line(parts.subject))
        .message_id(Some(parts.message_id.to_owned()))
        .raw_header(raw("X-Wenjin-Kind", parts.kind))
        .raw_header(raw("Auto-Submitted", if parts.kind == MailKind::Return.code() { "auto-replied" } else { "auto-generated" }))
        .raw_header(raw("List-Id", &format!("<wenjin.{}>", parts.from.domain())));
    if let Some(reply_to) = parts.reply_to {
        builder = builder.reply_to(mailbox(reply_to)?);
    }
    builder = builder.mailbox(lettre::message::header::To::from(mailboxes(parts.to)?));
    if !parts.cc.is_empty() {
        builder = builder.mailbox(lettre::message::header::Cc::from(mailboxes(parts.cc)?));
    }
    let message = builder.multipart(body(parts)?).map_err(|error| DeliverError::Build(error.to_string()))?;
    Ok(message.formatted())
}

/// All parts in their nesting. `-` does not occur in base64: a boundary cannot stand in a body.
fn body(parts: &Parts<'_>) -> Result<MultiPart, DeliverError> {
    let html = text_part(ContentType::TEXT_HTML, parts.html)?;
    let letter = MultiPart::alternative()
        .boundary(format!("wenjin-{}-letter", parts.seed))
        .singlepart(text_part(ContentType::TEXT_PLAIN, parts.text)?);
    let letter = if parts.pictures.is_empty() { letter.singlepart(html) } else { letter.multipart(related(parts, html)?) };
    if parts.workbooks.is_empty() {
        return Ok(letter);
    }
    let mut body = MultiPart::mixed().boundary(format!("wenjin-{}-parts", parts.seed)).multipart(letter);
    for (file_name, bytes) in parts.workbooks {
        let part = SinglePart::builder()
            .header(WorkbookType(headers::workbook_type(file_name)))
            .header(ContentDisposition::attachment(&headers::one_line(file_name)));
        body = body.singlepart(part.body(base64(bytes.to_vec())?));
    }
    Ok(body)
}

/// The HTML and the pictures it names by their Content-ID.
fn related(parts: &Parts<'_>, html: SinglePart) -> Result<MultiPart, DeliverError> {
    // RFC 2387 asks for the type of the root part, which the library's own multipart/related leaves out.
    let kind = media_type(&format!("multipart/related; type=\"text/html\"; boundary=\"wenjin-{}-shown\"", parts.seed))?;
    let mut related = MultiPart::builder().header(kind).singlepart(html);
    for (number, picture) in (1..).zip(parts.pictures) {
        let part = SinglePart::builder()
            .header(media_type("image/png")?)
            .header(ContentId::from(format!("<{}>", picture.cid)))
            .header(ContentDisposition::inline_with_name(&format!("chart-{number}.png")));
        related = related.singlepart(part.body(base64(picture.png.clone())?));
    }
    Ok(related)
}

fn media_type(text: &str) -> Result<ContentType, DeliverError> {
    ContentType::parse(text).map_err(|_| DeliverError::Build("a media type is none".to_owned()))
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), headers::one_line(value))
}

fn mailbox(party: &Party) -> Result<Mailbox, DeliverError> {
    let address = party.address.parse().map_err(|_| DeliverError::Build("an address is none".to_owned()))?;
    Ok(Mailbox::new(party.name.clone(), address))
}

fn mailboxes(parties: &[Party]) -> Result<Mailboxes, DeliverError> {
    parties.iter().map(mailbox).collect()
}

fn text_part(kind: ContentType, text: &str) -> Result<SinglePart, DeliverError> {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n");
    Ok(SinglePart::builder().header(kind).body(base64(lines.into_bytes())?))
}

fn base64(bytes: Vec<u8>) -> Result<Body, DeliverError> {
    Body::new_with_encoding(bytes, ContentTransferEncoding::Base64).map_err(|_| DeliverError::Build("a part cannot be encoded".to_owned()))
}

/// A Content-Type that is encoded and folded already.
#[derive(Clone)]
struct WorkbookType(String);

impl Header for WorkbookType {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-Type")
    }

    fn parse(value: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(value.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::dangerous_new_pre_encoded(Self::name(), self.0.clone(), self.0.clone())
    }
}

#[cfg(test)]
mod tests;
