//! The `[mail]` table: transport, sender, gate, the leading group, and how fast mails leave.

use std::path::Path;

use rust_decimal::{Decimal, dec};

use super::environment::Lookup;
use super::mail_url::{self, MailUrl};
use super::secret;
use super::table::Table;

/// How mails leave.
#[derive(Debug, Clone)]
pub struct Mail {
    pub transport: MailUrl,
    pub from: String,
    pub reply_to: Option<String>,
    /// `true`: a run's mails wait as held until released.
    pub hold: bool,
    pub leading_to: Vec<String>,
    pub leading_cc: Vec<String>,
    pub password: Option<secrecy::SecretString>,
    pub attachment_bytes_max: u64,
    pub pace: MailPace,
    pub review: Review,
}

/// What the operator looks at and signs before held mails leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Review {
    /// A release needs 拟稿、审核、签发 by name.
    pub sign_off: bool,
    /// A change of so many percent, against the month before or the year before, is shown as a jump.
    pub jump_pct: Decimal,
    /// For figures in %: so many percentage points.
    pub jump_points: Decimal,
}

impl Default for Review {
    fn default() -> Self {
        Self { sign_off: false, jump_pct: dec!(50), jump_points: dec!(10) }
    }
}

/// How fast mails leave, and how long a put-off one is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailPace {
    /// Messages a minute, all together.
    pub rate_per_minute: u32,
    /// Connections at once, all together.
    pub connections_max: u32,
    /// Connections at once to recipients of one domain.
    pub per_domain_max: u32,
    /// The first pause after a temporary refusal; it doubles with each attempt.
    pub retry_minutes: u32,
    pub retry_minutes_max: u32,
    /// After so long a mail that is still put off has failed.
    pub lifetime_hours: u32,
    /// When no mail has got through for so long, the operator is told.
    pub alert_after_minutes: u32,
    /// How long a server may take over each reply.
    pub timeout_seconds: u32,
    /// How long it may take over the message, and once more over its last reply (RFC 5321 §4.5.3.2.6 asks for 10 minutes).
    pub final_timeout_seconds: u32,
}

impl Default for MailPace {
    fn default() -> Self {
        Self {
            rate_per_minute: 60,
            connections_max: 4,
            per_domain_max: 2,
            retry_minutes: 5,
            retry_minutes_max: 240,
            lifetime_hours: 72,
            alert_after_minutes: 30,
            timeout_seconds: 60,
            final_timeout_seconds: 600,
        }
    }
}

/// Reads the table.
pub fn read(table: Table<'_>, workspace: &Path, data: &Path, lookup: Lookup<'_>) -> Mail {
    let mut mail = Mail {
        transport: MailUrl::File(data.join("mail")),
        from: String::new(),
        reply_to: None,
        hold: false,
        leading_to: Vec::new(),
        leading_cc: Vec::new(),
        password: None,
        attachment_bytes_max: 20 << 20,
        pace: read_pace(&table),
        review: read_review(&table),
    };
    if let Some(url) = table.text("url").and_then(|url| mail_url::read(&url, data)) {
        mail.transport = url;
    }
    if table.has("from") {
        mail.from = table.address("from").map(|from| from.value).unwrap_or_default();
    } else {
        table.missing("from", "\"省协调办公室 <wenjin@example.cn>\"");
    }
    mail.reply_to = table.address("reply_to").map(|address| address.value);
    mail.hold = table.choice("gate", &[("auto", false), ("hold", true)]).is_some_and(|gate| gate.value);
    mail.leading_to = table.addresses("leading_to");
    mail.leading_cc = table.addresses("leading_cc");
    mail.password = secret::password(table.text("password_file").as_ref(), workspace, lookup);
    if let Some(bytes) = table.integer("attachment_bytes_max", 1 << 16..=1 << 30) {
        mail.attachment_bytes_max = bytes.value;
    }
    table.finish();
    mail
}

fn read_review(table: &Table<'_>) -> Review {
    let mut review = Review::default();
    if let Some(flag) = table.flag("sign_off") {
        review.sign_off = flag.value;
    }
    for (key, field) in [("jump_pct", &mut review.jump_pct), ("jump_points", &mut review.jump_points)] {
        match table.exact(key) {
            Some(value) if value.value > Decimal::ZERO => *field = value.value,
            Some(value) => value.problem(format!("`{key}` is not above zero"), "write how large a change is shown: `\"50\"`"),
            None => {}
        }
    }
    review
}

fn read_pace(table: &Table<'_>) -> MailPace {
    let mut pace = MailPace::default();
    let fields = [
        ("rate_per_minute", &mut pace.rate_per_minute),
        ("connections_max", &mut pace.connections_max),
        ("per_domain_max", &mut pace.per_domain_max),
        ("retry_minutes", &mut pace.retry_minutes),
        ("retry_minutes_max", &mut pace.retry_minutes_max),
        ("lifetime_hours", &mut pace.lifetime_hours),
        ("alert_after_minutes", &mut pace.alert_after_minutes),
        ("timeout_seconds", &mut pace.timeout_seconds),
        ("final_timeout_seconds", &mut pace.final_timeout_seconds),
    ];
    for (key, field) in fields {
        if let Some(value) = table.small(key, 1..=100_000) {
            *field = value.value;
        }
    }
    pace
}
