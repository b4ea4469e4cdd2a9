//! The `[alert]` table and the `[[webhook]]` list: who is told when something fails, and when it works again.

use std::path::Path;

use secrecy::SecretString;

use super::environment::Lookup;
use super::secret;
use super::table::Table;

/// Who is told when something fails, and when it works again.
#[derive(Debug, Clone, Default)]
pub struct Alert {
    /// The operator's addresses; empty: no alert mails.
    pub to: Vec<String>,
    pub webhooks: Vec<Webhook>,
}

/// A chat robot that is told the same, without figures.
#[derive(Debug, Clone)]
pub struct Webhook {
    pub kind: WebhookKind,
    /// Holds the robot's token, so it is a secret as a whole.
    pub url: secrecy::SecretString,
    /// Signs each call (`DingTalk`'s 加签).
    pub secret: Option<secrecy::SecretString>,
}

/// Whose robot format is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookKind {
    DingTalk,
    WeCom,
}

/// Reads both.
pub fn read(table: Table<'_>, webhooks: Vec<Table<'_>>, workspace: &Path, lookup: Lookup<'_>) -> Alert {
    let to = table.addresses("to");
    table.finish();
    Alert { to, webhooks: webhooks.into_iter().filter_map(|webhook| read_webhook(webhook, workspace, lookup)).collect() }
}

/// A robot's address holds its token: it stands in a file or a variable, never in `config/` itself.
fn read_webhook(table: Table<'_>, workspace: &Path, lookup: Lookup<'_>) -> Option<Webhook> {
    let kind = table.need_choice("kind", &[("dingtalk", WebhookKind::DingTalk), ("wecom", WebhookKind::WeCom)]);
    let url = secret_of(&table, ["url_file", "url_variable"], workspace, lookup);
    let secret = secret_of(&table, ["secret_file", "secret_variable"], workspace, lookup);
    if url.is_none() && !table.has("url_file") && !table.has("url_variable") {
        table.missing("url_file", "\"secrets/robot-url\"");
    }
    table.finish();
    Some(Webhook { kind: kind?.value, url: url?, secret })
}

fn secret_of(table: &Table<'_>, [file, variable]: [&'static str; 2], workspace: &Path, lookup: Lookup<'_>) -> Option<SecretString> {
    if let Some(name) = table.text(variable) {
        let found = lookup(&name.value);
        if found.is_none() {
            name.problem(format!("the variable `{}` is not set", name.value), "set it where wenjin is started");
        }
        return found.map(Into::into);
    }
    secret::from_file(&table.text(file)?, workspace)
}
