//! Deliveries: one stored message to one recipient, and the states it goes through.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{DepartmentCode, Period};

/// How much of an identity a file name shows.
const IDENTITY_SHOWN: usize = 8;

/// What a message is for; the `X-Wenjin-Kind` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    Report,
    Correction,
    Return,
    Form,
    Reminder,
    Alert,
}

impl MailKind {
    /// The word in headers, file names and `--json`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Correction => "correction",
            Self::Return => "return",
            Self::Form => "form",
            Self::Reminder => "reminder",
            Self::Alert => "alert",
        }
    }
}

/// The state of a delivery.
///
/// `held → pending → sending → transmitting → sent | failed | uncertain | cancelled`; with the file transport, `written`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    Held,
    Pending,
    Sending,
    Transmitting,
    Sent,
    Written,
    Failed,
    Uncertain,
    Cancelled,
}

impl DeliveryState {
    /// Every state, in the order a delivery meets them.
    pub const ALL: [Self; 9] = [
        Self::Held,
        Self::Pending,
        Self::Sending,
        Self::Transmitting,
        Self::Sent,
        Self::Written,
        Self::Failed,
        Self::Uncertain,
        Self::Cancelled,
    ];

    /// The word in the ledger and in `--json`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Pending => "pending",
            Self::Sending => "sending",
            Self::Transmitting => "transmitting",
            Self::Sent => "sent",
            Self::Written => "written",
            Self::Failed => "failed",
            Self::Uncertain => "uncertain",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A message as built: bytes that are stored and sent as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub period: Period,
    pub version: u32,
    pub kind: MailKind,
    /// The department's code, `all` for the leading group.
    pub department: DepartmentCode,
    pub from: String,
    /// The envelope's recipients.
    pub recipients: Vec<String>,
    pub subject: String,
    /// With angle brackets.
    pub message_id: String,
    /// The complete RFC 5322 message.
    pub bytes: Vec<u8>,
}

impl Message {
    /// The name of its `.eml`: `<period>_v<N>_<kind>_<code>.eml`.
    ///
    /// Mails of no version (`v0`) are several a period: they add the day and the start of their identity. So does, without the day, a
    /// mail that tells later what earlier versions withheld, beside the version's own.
    #[must_use]
    pub fn eml_name(&self) -> String {
        let stem = format!("{}_v{}_{}_{}", self.period, self.version, self.kind.code(), self.department);
        match self.occasion() {
            Some((day, identity)) => format!("{stem}_{day}_{}.eml", identity.get(..IDENTITY_SHOWN).unwrap_or(identity)),
            None => match self.beside() {
                Some(identity) => format!("{stem}_{}.eml", identity.get(..IDENTITY_SHOWN).unwrap_or(identity)),
                None => format!("{stem}.eml"),
            },
        }
    }

    /// Stands in the Message-ID of a mail beside another one of the same version to the same reader.
    pub const BESIDE: &'static str = "beside.";

    /// The identity of such a mail.
    fn beside(&self) -> Option<&str> {
        let prefix = format!("<{}.v{}.{}.{}.{}", self.period, self.version, self.kind.code(), self.department, Self::BESIDE);
        Some(self.message_id.strip_prefix(&prefix)?.split_once('@')?.0)
    }

    /// The day a mail of no version is of.
    #[must_use]
    pub fn day(&self) -> Option<NaiveDate> {
        self.occasion()?.0.parse().ok()
    }

    /// Day and identity, as the Message-ID of a mail of no version bears them: `<period>.v0.<kind>.<code>.<day>.<identity>@`.
    fn occasion(&self) -> Option<(&str, &str)> {
        let prefix = format!("<{}.v0.{}.{}.", self.period, self.kind.code(), self.department);
        let (day, rest) = self.message_id.strip_prefix(&prefix)?.split_once('.')?;
        Some((day, rest.split_once('@')?.0))
    }
}

/// An outbox row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub id: i64,
    pub message: Message,
    pub state: DeliveryState,
    pub attempts: u32,
    /// The last reply or reason, without addresses.
    pub outcome: Option<String>,
    /// When it was stored, or released or retried by hand: its lifetime counts from here.
    pub queued_at: DateTime<FixedOffset>,
    /// A put-off one is not tried before; `None`: at once.
    pub next_at: Option<DateTime<Utc>>,
    /// The recipients that have it already although others of the envelope were refused.
    pub reached: Vec<String>,
}
