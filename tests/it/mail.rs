//! Mails on the wire: a real SMTP server receives them, once; another parser opens what arrived.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use mail_parser::{MessageParser, MimeHeaders as _};

use crate::harness::{Workspace, files, python};

/// The scriptable SMTP peer of `tests/peers/`; it is ended with the test.
pub struct Peer {
    child: Child,
    pub port: u16,
}

impl Peer {
    pub fn start(folder: &std::path::Path, arguments: &[&str]) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/smtp_peer.py");
        Self::spawn(python(&["aiosmtpd"]).arg(script).arg("--out").arg(folder).args(arguments))
    }

    /// A server behind a certificate of its own authority, `folder/ca.pem`.
    fn start_tls(folder: &std::path::Path, mode: &str) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/tls_peer.py");
        Self::spawn(python(&["aiosmtpd", "trustme"]).arg(script).arg(mode).arg(folder))
    }

    fn spawn(command: &mut std::process::Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().parse().unwrap_or_else(|_| panic!("the SMTP peer did not name its port: {line:?}"));
        Self { child, port }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_real_server_gets_each_mail_once_and_the_attachment_opens() {
    let workspace = Workspace::shipped();
    let received = workspace.path().join("received");
    std::fs::create_dir_all(&received).unwrap();
    let peer = Peer::start(&received, &[]);
    let url = format!("smtp://127.0.0.1:{}", peer.port);
    let run = |expected: &str| {
        let output = workspace.command(&["run", "--period", "2022-06"]).env("WENJIN_MAIL_URL", &url).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stdout).contains(expected));
    };
    run("11 sent or written");
    run("nothing new");
    let mails = files(&received);
    assert_eq!(mails.len(), 11);
    for path in mails {
        let bytes = std::fs::read(&path).unwrap();
        let message = MessageParser::default().parse(&bytes).unwrap();
        assert!(message.subject().unwrap().contains("工业稳进提质"));
        let attachment = message.attachments().find(|part| part.content_id().is_none()).unwrap();
        let name = attachment.attachment_name().unwrap();
        assert!(name.starts_with("2022年6月_") && std::path::Path::new(name).extension().is_some_and(|end| end == "xlsx"), "{name}");
        let book = zip::ZipArchive::new(std::io::Cursor::new(attachment.contents())).unwrap();
        assert!(book.index_for_name("xl/workbook.xml").is_some());
    }
}

#[test]
fn a_refused_mail_is_failed_and_the_exit_says_so() {
    let workspace = Workspace::shipped();
    let received = workspace.path().join("received");
    std::fs::create_dir_all(&received).unwrap();
    let peer = Peer::start(&received, &["--rcpt", "550"]);
    let url = format!("smtp://127.0.0.1:{}", peer.port);
    let output = workspace.command(&["run", "--period", "2022-06", "--json"]).env("WENJIN_MAIL_URL", &url).output().unwrap();
    assert_eq!(output.status.code(), Some(11), "{}", String::from_utf8_lossy(&output.stderr));
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((said["mails"]["failed"].as_u64(), said["mails"]["written"].as_u64()), (Some(11), Some(0)));
    assert!(files(&received).is_empty());
}

#[test]
fn mail_leaves_over_tls_to_a_server_that_can_prove_itself_and_never_in_the_clear() {
    for (mode, scheme, query) in [("starttls", "smtp://office@", "?tls=required"), ("implicit", "smtps://", "")] {
        let workspace = Workspace::shipped();
        let folder = workspace.path().join("peer");
        let peer = Peer::start_tls(&folder, mode);
        let url = format!("{scheme}localhost:{}{query}", peer.port);
        let run = |authority: Option<&std::path::Path>| {
            let mut command = workspace.command(&["run", "--period", "2022-06"]);
            command.env("WENJIN_MAIL_URL", &url).env("WENJIN_MAIL_PASSWORD", "geheim");
            if let Some(path) = authority {
                command.env("SSL_CERT_FILE", path);
            }
            command.output().unwrap()
        };
        let unknown = run(None);
        assert_eq!(unknown.status.code(), Some(11), "{mode}: an unknown authority must not be trusted");
        assert!(files(&folder.join("mail")).is_empty());
        let known = run(Some(&folder.join("ca.pem")));
        assert!(known.status.success(), "{mode}: {}", String::from_utf8_lossy(&known.stderr));
        assert_eq!(files(&folder.join("mail")).len(), 11, "{mode}");
    }
}

/// A server that misbehaves at one stage, byte by byte (`tests/peers/stage_peer.py`).
fn stage_peer(folder: &std::path::Path, arguments: &[&str]) -> Peer {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/stage_peer.py");
    Peer::spawn(python(&[]).arg(script).arg("--out").arg(folder).args(arguments))
}

#[test]
fn a_put_off_month_names_its_next_attempt_and_leaves_when_asked_to_by_hand() {
    let workspace = Workspace::shipped();
    let received = workspace.path().join("received");
    let peer = stage_peer(&received, &["--at", "dot", "--do", "451", "--times", "11"]);
    let url = format!("smtp://127.0.0.1:{}", peer.port);
    let run = |arguments: &[&str]| {
        let output = workspace.command(arguments).env("WENJIN_MAIL_URL", &url).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, said) = run(&["run", "--period", "2022-06"]);
    assert_eq!((code, said.contains("11 pending")), (Some(11), true), "{said}");
    assert!(files(&received).is_empty());
    let (_, list) = run(&["outbox", "list", "--period", "2022-06"]);
    // The tests' clock stands at nine; the first pause is five minutes, less up to a quarter.
    assert_eq!(list.lines().filter(|line| line.contains("pending") && line.contains("next attempt 2022-07-11 09:0")).count(), 11, "{list}");
    assert_eq!(run(&["outbox", "retry", "--period", "2022-06"]).0, Some(0));
    assert_eq!(files(&received).iter().filter(|path| path.extension().is_some_and(|end| end == "eml")).count(), 11);
    assert!(run(&["outbox", "list"]).1.lines().all(|line| line.contains("sent") && !line.contains("next attempt")));
}

#[test]
fn an_uncertain_mail_is_sent_again_only_by_its_number_with_a_reason() {
    let workspace = Workspace::shipped();
    let received = workspace.path().join("received");
    let peer = stage_peer(&received, &["--at", "dot", "--do", "close", "--times", "1"]);
    let url = format!("smtp://127.0.0.1:{}", peer.port);
    let run = |arguments: &[&str]| workspace.command(arguments).env("WENJIN_MAIL_URL", &url).output().unwrap();
    assert_eq!(run(&["run", "--period", "2022-06"]).status.code(), Some(11));
    let kept = || files(&received).iter().filter(|path| path.extension().is_some_and(|end| end == "eml")).count();
    assert_eq!(kept(), 11, "the server has all of them, one without having said so");
    assert_eq!(run(&["run", "--period", "2022-06"]).status.code(), Some(11));
    assert_eq!(run(&["outbox", "retry", "--period", "2022-06"]).status.code(), Some(11));
    assert_eq!(kept(), 11);
    let rows = workspace.json(&["outbox", "list", "--period", "2022-06"]);
    let uncertain = rows["messages"].as_array().unwrap().iter().find(|row| row["state"] == "uncertain").unwrap();
    let id = uncertain["id"].to_string();
    assert_eq!(run(&["outbox", "retry", "--id", &id]).status.code(), Some(1), "not without a reason");
    assert_eq!(run(&["outbox", "retry", "--id", &id, "--reason", "确认未收到"]).status.code(), Some(0));
    assert_eq!(kept(), 12);
    let mails: Vec<Vec<u8>> = files(&received)
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "eml"))
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    assert_eq!(mails.iter().filter(|bytes| *bytes == mails.last().unwrap()).count(), 2, "the same bytes, the same Message-ID");
}

/// What content could use to end a message early (RUSTSEC-2026-0561): a bare CR or LF, or a line that is a dot.
#[test]
fn no_line_on_the_wire_can_end_a_message_early() {
    let workspace = Workspace::shipped();
    let received = workspace.path().join("received");
    let peer = stage_peer(&received, &[]);
    let url = format!("smtp://127.0.0.1:{}", peer.port);
    let output = workspace.command(&["run", "--period", "2022-06"]).env("WENJIN_MAIL_URL", &url).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let wires: Vec<_> = files(&received).into_iter().filter(|path| path.extension().is_some_and(|end| end == "wire")).collect();
    assert_eq!(wires.len(), 11);
    for path in wires {
        let text = String::from_utf8(std::fs::read(path).unwrap()).unwrap();
        assert!(text.is_ascii() && text.ends_with("\r\n"));
        for line in text.trim_end_matches("\r\n").split("\r\n") {
            assert!(!line.contains(['\r', '\n', '\0']) && line.len() <= 998, "{line:?}");
            assert!(!line.starts_with('.') || line.starts_with(".."), "{line:?}");
        }
        let encodings = text.lines().filter(|line| line.starts_with("Content-Transfer-Encoding:"));
        assert!(encodings.clone().count() >= 3 && encodings.clone().all(|line| line.ends_with("base64") || line.ends_with("7bit")));
    }
}
