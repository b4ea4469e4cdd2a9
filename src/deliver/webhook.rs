//! Robots: the text formats of DingTalk and WeCom, over HTTP with time-outs. A robot's address is a secret and is never told.

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Client, Url};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::settings::{Webhook, WebhookKind};

/// WeCom takes 2048 bytes of text.
const TEXT_BYTES_MAX: usize = 2000;
/// A robot answers with two short fields.
const ANSWER_BYTES_MAX: usize = 64 << 10;

/// How long a robot is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    pub connect: Duration,
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), total: Duration::from_secs(15) }
    }
}

/// Why a robot was not told. Its words hold no address and no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct WebhookError(String);

/// Tells one robot; `unix_seconds` is the wall's time, which a signature holds.
///
/// # Errors
/// No answer in time, an HTTP status other than 200, or an `errcode` other than 0: robots refuse with HTTP 200.
pub async fn tell(webhook: &Webhook, text: &str, unix_seconds: i64, patience: Patience) -> Result<(), WebhookError> {
    let url = address(webhook, unix_seconds)?;
    let broken = |error: reqwest::Error| WebhookError(words(&error).to_owned());
    let client = Client::builder()
        .connect_timeout(patience.connect)
        .timeout(patience.total)
        // A redirect would carry the token elsewhere.
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(broken)?;
    let mut response = client.post(url).json(&payload(text)).send().await.map_err(broken)?;
    let status = response.status();
    if status != reqwest::StatusCode::OK {
        return Err(WebhookError(format!("the robot answered HTTP {}", status.as_u16())));
    }
    let mut answer = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        answer.extend_from_slice(&chunk);
        if answer.len() > ANSWER_BYTES_MAX {
            return Err(WebhookError("the robot's answer is too long; check the address".to_owned()));
        }
    }
    judge(&answer)
}

/// Both robots read the same text message.
fn payload(text: &str) -> Value {
    let mut end = text.len().min(TEXT_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    json!({ "msgtype": "text", "text": { "content": text.get(..end).unwrap_or_default() } })
}

fn address(webhook: &Webhook, unix_seconds: i64) -> Result<Url, WebhookError> {
    // The parser's own words could quote the address.
    let unsound = || WebhookError("the robot's address is no web address; mend its file or variable".to_owned());
    let mut url = Url::parse(webhook.url.expose_secret().trim()).map_err(|_| unsound())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(unsound());
    }
    if let (WebhookKind::DingTalk, Some(secret)) = (webhook.kind, &webhook.secret) {
        let timestamp = unix_seconds.saturating_mul(1000);
        let sign = signature(secret.expose_secret().trim(), timestamp);
        url.query_pairs_mut().append_pair("timestamp", &timestamp.to_string()).append_pair("sign", &sign);
    }
    Ok(url)
}

/// DingTalk's 加签: base64 of HMAC-SHA256, keyed by the secret, over `<milliseconds>\n<secret>`. The query encodes it.
fn signature(secret: &str, timestamp: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    STANDARD.encode(hmac::sign(&key, format!("{timestamp}\n{secret}").as_bytes()))
}

/// An `errcode` of 0 and nothing else is a success.
fn judge(answer: &[u8]) -> Result<(), WebhookError> {
    let code = serde_json::from_slice::<Value>(answer).ok().and_then(|answer| answer.get("errcode").and_then(Value::as_i64));
    match code {
        Some(0) => Ok(()),
        // Its `errmsg` may quote what it was sent, so only the code is told.
        Some(code) => Err(WebhookError(format!("the robot refused with errcode {code}"))),
        None => Err(WebhookError("the answer is not a robot's; check the address".to_owned())),
    }
}

/// What went wrong, in words that hold no address: the library's own would.
fn words(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "the robot did not answer in time"
    } else if error.is_connect() {
        "the robot cannot be reached"
    } else {
        "the call to the robot broke off"
    }
}

#[cfg(test)]
mod tests;
