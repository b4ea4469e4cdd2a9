//! Against `tests/peers/smtp_peer.py`, a real SMTP server that misbehaves as told.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use rstest::rstest;

use crate::deliver::{Outcome, Timeouts, TransmitError, Transport, sample};
use crate::model::{MailKind, Message, Period};
use crate::settings::{MailUrl, Tls};

use super::Duration;

/// A running peer; it ends with the test.
struct Peer {
    child: Child,
    port: u16,
    dir: tempfile::TempDir,
}

impl Peer {
    fn start(arguments: &[&str]) -> Self {
        let found = Command::new("python3").args(["-c", "import aiosmtpd"]).output();
        assert!(
            found.is_ok_and(|output| output.status.success()),
            "missing: python3 with the package aiosmtpd (python3 -m pip install aiosmtpd)"
        );
        let dir = tempfile::tempdir().unwrap();
        let mut child = Command::new("python3")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/smtp_peer.py"))
            .args([Path::new("--out"), &dir.path().join("mail"), Path::new("--envelopes"), &dir.path().join("envelopes")])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().parse().unwrap_or_else(|_| panic!("the peer did not name its port: {line:?}"));
        Self { child, port, dir }
    }

    fn transport(&self, user: Option<&str>, tls: Tls) -> Transport {
        let mut mail = sample::settings().mail;
        mail.transport = MailUrl::Smtp { host: "127.0.0.1".to_owned(), port: self.port, user: user.map(str::to_owned), tls };
        mail.password = Some("s3cret".to_owned().into());
        Transport::new(&mail).unwrap().with_timeouts(Timeouts { command: Duration::from_secs(5), message: Duration::from_secs(5) })
    }

    fn received(&self) -> Vec<Vec<u8>> {
        let Ok(entries) = std::fs::read_dir(self.dir.path().join("mail")) else { return vec![] };
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
    }

    fn envelopes(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("envelopes")).unwrap_or_default()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn message() -> Message {
    Message {
        period: Period::new(2022, 6).unwrap(),
        version: 1,
        kind: MailKind::Report,
        department: sample::code("jxt"),
        from: "wenjin@example.cn".to_owned(),
        recipients: vec!["jxt@example.cn".to_owned(), "jxt-cc@example.cn".to_owned()],
        subject: String::new(),
        message_id: "<1@example.cn>".to_owned(),
        // Lines of dots, and more than one chunk of them.
        bytes: format!("Subject: dots\r\n\r\n{}", ".\r\n..\r\n.a\r\n".repeat(20_000)).into_bytes(),
    }
}

/// Sends the message; tells how often `transmitting` was called.
async fn send(transport: &Transport) -> (Outcome, u32) {
    let mut calls = 0;
    let mut transmitting = || {
        calls += 1;
        Ok(())
    };
    let attempt = transport.send(&message(), &mut transmitting).await;
    let outcome = attempt.outcome.clone();
    attempt.leave().await;
    (outcome, calls)
}

#[tokio::test]
async fn an_accepted_message_arrives_byte_for_byte_in_one_envelope() {
    let peer = Peer::start(&[]);
    let (outcome, calls) = send(&peer.transport(None, Tls::None)).await;
    assert_eq!((outcome, calls), (Outcome::Sent("250 2.0.0 OK queued".to_owned()), 1));
    assert_eq!(peer.received(), [message().bytes]);
    assert!(peer.envelopes().contains(r#""from": "wenjin@example.cn", "to": ["jxt@example.cn", "jxt-cc@example.cn"]"#));
}

/// What becomes of a message when the peer misbehaves at one stage, and whether `transmitting` was recorded before.
#[rstest]
#[case::greeting_refused(&["--banner", "554"], "unavailable", 0)]
#[case::sender_put_off(&["--mail", "451"], "deferred", 0)]
#[case::recipient_put_off(&["--rcpt", "451"], "deferred", 0)]
#[case::recipient_refused(&["--rcpt", "550"], "failed", 0)]
#[case::one_of_two_put_off(&["--rcpt", "451", "--only", "jxt-cc"], "deferred", 0)]
#[case::data_put_off(&["--data", "421"], "deferred", 0)]
#[case::data_refused(&["--data", "554"], "failed", 0)]
#[case::refused_after_the_dot(&["--message", "554"], "failed", 1)]
#[case::put_off_after_the_dot(&["--message", "452"], "deferred", 1)]
#[case::closed_at_a_recipient(&["--close", "rcpt"], "deferred", 0)]
#[case::closed_after_the_dot(&["--close", "message"], "uncertain", 1)]
#[tokio::test]
async fn outcomes_are_honest(#[case] arguments: &[&str], #[case] expected: &str, #[case] transmitting: u32) {
    let peer = Peer::start(arguments);
    let (outcome, calls) = send(&peer.transport(None, Tls::None)).await;
    let (state, words) = match outcome {
        Outcome::Deferred(words) => ("deferred", words),
        Outcome::Failed(words) => ("failed", words),
        Outcome::Unavailable { reply, .. } => ("unavailable", reply),
        Outcome::Uncertain(words) => ("uncertain", words),
        other => panic!("{other:?}"),
    };
    assert_eq!((state, calls), (expected, transmitting), "{words}");
    assert!(!words.contains('@'), "an outcome carries no address: {words}");
    if let Some(code) = arguments.get(1).filter(|code| code.parse::<u16>().is_ok()) {
        assert!(words.contains(*code), "{words}");
    }
}

#[tokio::test]
async fn one_refused_recipient_does_not_keep_the_mail_from_the_other_and_is_told() {
    let peer = Peer::start(&["--rcpt", "550", "--only", "jxt-cc"]);
    let (outcome, _) = send(&peer.transport(None, Tls::None)).await;
    let Outcome::Partly { reply: words, reached } = outcome else { panic!("{outcome:?}") };
    assert_eq!(reached, ["jxt@example.cn"]);
    assert!(words.contains("recipient 2 of 2: 550") && words.contains("250 2.0.0 OK queued"), "{words}");
    assert!(peer.envelopes().contains(r#""to": ["jxt@example.cn"]"#));
}

#[rstest]
#[case("rcpt", false)]
#[case("data", false)]
#[case("message", true)]
#[tokio::test]
async fn a_silent_server_is_left_after_the_time_out(#[case] stage: &str, #[case] uncertain: bool) {
    let peer = Peer::start(&["--stall", stage]);
    let short = Timeouts { command: Duration::from_millis(300), message: Duration::from_millis(300) };
    let (outcome, _) = send(&peer.transport(None, Tls::None).with_timeouts(short)).await;
    assert_eq!(matches!(&outcome, Outcome::Uncertain(words) if words.contains("no reply in time")), uncertain, "{outcome:?}");
    assert_eq!(matches!(&outcome, Outcome::Deferred(words) if words.contains("no reply in time")), !uncertain, "{outcome:?}");
}

#[tokio::test]
async fn nothing_leaves_when_transmitting_cannot_be_recorded() {
    let peer = Peer::start(&[]);
    let mut transmitting = || Err(TransmitError("the ledger is read-only".to_owned()));
    let outcome = peer.transport(None, Tls::None).send(&message(), &mut transmitting).await.outcome;
    assert_eq!(outcome, Outcome::Deferred("the ledger is read-only".to_owned()));
    assert!(peer.received().is_empty());
}

#[tokio::test]
async fn a_server_without_starttls_gets_nothing_in_the_clear() {
    let peer = Peer::start(&[]);
    let (outcome, calls) = send(&peer.transport(Some("wenjin"), Tls::StartTls)).await;
    assert!(matches!(&outcome, Outcome::Unavailable { reply, login: false } if reply.starts_with("STARTTLS")), "{outcome:?}");
    assert_eq!((calls, peer.received().len()), (0, 0));
}

#[tokio::test]
async fn nobody_listening_is_tried_again() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut mail = sample::settings().mail;
    mail.transport = MailUrl::Smtp { host: "127.0.0.1".to_owned(), port, user: None, tls: Tls::None };
    let (outcome, _) = send(&Transport::new(&mail).unwrap()).await;
    assert!(matches!(outcome, Outcome::Unavailable { login: false, .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_login_is_given_and_a_wrong_one_is_refused() {
    let peer = Peer::start(&["--login", "wenjin:s3cret"]);
    let (outcome, _) = send(&peer.transport(Some("wenjin"), Tls::None)).await;
    assert!(matches!(outcome, Outcome::Sent(_)), "{outcome:?}");
    assert!(peer.envelopes().contains(r#""login": "wenjin""#));
    let (outcome, _) = send(&peer.transport(Some("nobody"), Tls::None)).await;
    assert!(matches!(&outcome, Outcome::Unavailable { reply, login: true } if reply.starts_with("AUTH: 535")), "{outcome:?}");
    let mut mail = sample::settings().mail;
    mail.transport = MailUrl::Smtp { host: "127.0.0.1".to_owned(), port: peer.port, user: Some("wenjin".to_owned()), tls: Tls::None };
    assert!(matches!(Transport::new(&mail), Err(crate::deliver::DeliverError::NoPassword)));
}

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn neither_address_nor_password_nor_text_reaches_a_log() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || writer.clone()).finish();
    let peer = Peer::start(&["--login", "wenjin:s3cret"]);
    let guard = tracing::subscriber::set_default(subscriber);
    tracing::info!("the log is read");
    let (outcome, _) = send(&peer.transport(Some("wenjin"), Tls::None)).await;
    drop(guard);
    assert!(matches!(outcome, Outcome::Sent(_)), "{outcome:?}");
    let text = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(text.contains("the log is read"));
    for secret in ["example.cn", "AUTH", "dots"] {
        assert!(!text.contains(secret), "{secret} in the log: {text}");
    }
}
