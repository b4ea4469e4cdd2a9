//! The `[mail]` table: transport, sender, gate, the leading group, and how fast mails leave.

use std::path::Path;

use rust_decimal::Decimal;

use super::environment::Lookup;
use super::table::Table;
use super::{Mail, MailPace, MailUrl, Review, mail_url, secret};

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
