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
        let attachment = message.attachments().next().unwrap();
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
