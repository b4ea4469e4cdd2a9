//! Every stage of the conversation × every way to misbehave, against `tests/peers/stage_peer.py`: what ledger and server say.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use rstest::rstest;

use super::*;
use crate::settings::{MailUrl, Tls};

/// A running peer; it ends with the test.
struct Peer {
    child: Child,
    port: u16,
    out: PathBuf,
}

impl Peer {
    fn start(out: PathBuf, arguments: &[&str]) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/stage_peer.py");
        let mut command = Command::new("python3");
        command.arg(script).arg("--out").arg(&out).args(arguments).stdout(Stdio::piped());
        let mut child = command.spawn().expect("missing: python3 (its standard library is enough)");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().parse().unwrap_or_else(|_| panic!("the peer did not name its port: {line:?}"));
        Self { child, port, out }
    }

    fn kept(&self, extension: &str) -> Vec<Vec<u8>> {
        let entries = std::fs::read_dir(&self.out).unwrap().map(|entry| entry.unwrap().path());
        let mut paths: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == extension)).collect();
        paths.sort();
        paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn patience(desk: &mut Desk, seconds: u32) {
    desk.settings.mail.pace.timeout_seconds = seconds;
    desk.settings.mail.pace.final_timeout_seconds = seconds;
}

fn scene(arguments: &[&str], tls: Tls) -> (tempfile::TempDir, Desk, Peer) {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = desk(&dir.path().join("data"));
    let peer = Peer::start(dir.path().join("kept"), arguments);
    let user = arguments.contains(&"AUTH PLAIN").then(|| "office".to_owned());
    desk.settings.mail.transport = MailUrl::Smtp { host: "127.0.0.1".to_owned(), port: peer.port, user, tls };
    desk.settings.mail.password = Some("geheim".to_owned().into());
    // Short only where the peer falls silent: on a busy machine a good one may be slow.
    let silent = arguments.iter().any(|argument| ["stall", "part"].contains(argument));
    patience(&mut desk, if silent { 2 } else { 30 });
    (dir, desk, peer)
}

/// Before a mail is spoken of every refusal is the server's: the mails wait.
const SERVER: &[&str] = &["554 pending", "lines:550 pending", "gbk:554 pending"];

/// Then one for good is that mail's.
const MAIL: &[&str] = &["554 failed", "lines:550 failed", "gbk:554 failed"];

/// What the ledger says, besides, of a conversation that broke or was put off before the server could have the message.
const BEFORE: &[&str] = &[
    "451 pending",
    "lines:421 pending",
    "stall pending",
    "close pending",
    "half pending",
    "reset pending",
    "garbage pending",
    "part pending",
    "part-close pending",
    "flood pending",
    "lines-flood pending",
    "early pending",
    "gbk sent",
    "late sent",
];

/// In the midst of a message that no buffer holds: its dot has not left.
const TEXT: &[&str] = &["close pending", "reset pending", "stall pending", "half pending"];

/// After the dot only its reply tells.
const AFTER: &[&str] = &[
    "gbk sent",
    "gbk:554 failed",
    "early sent",
    "flood uncertain",
    "lines-flood uncertain",
    "452 pending",
    "554 failed",
    "lines:451 pending",
    "lines:554 failed",
    "stall uncertain",
    "close uncertain",
    "half uncertain",
    "reset uncertain",
    "garbage uncertain",
    "part uncertain",
    "part-close uncertain",
    "late sent",
    "354 uncertain",
];

#[rstest]
#[case("greeting", &[BEFORE, SERVER])]
#[case("ehlo", &[BEFORE, SERVER])]
#[case("auth", &[BEFORE, SERVER])]
#[case("mail", &[BEFORE, MAIL])]
#[case("rcpt", &[BEFORE, MAIL])]
#[case("data", &[BEFORE, MAIL])]
#[case("text", &[TEXT])]
#[case("dot", &[AFTER])]
fn every_stage_and_every_fault(#[case] stage: &str, #[case] tables: &[&[&str]]) {
    let mut wrong = Vec::new();
    for row in tables.iter().copied().flatten().copied().chain(["dribble sent"].into_iter().filter(|_| stage != "text")) {
        let (act, expected) = row.split_once(' ').unwrap();
        let (dir, mut desk, peer) = scene(&["--at", stage, "--do", act, "--times", "1", "--offer", "AUTH PLAIN"], Tls::None);
        let id = store(&mut desk, 0, &["jxt@example.cn", "cc@example.cn"], DeliveryState::Pending);
        if stage == "text" {
            desk.settings.mail.pace.final_timeout_seconds = 5;
            enlarge(&dir, id);
        }
        due(&mut desk, &Silent).unwrap();
        let first = desk.ledger.delivery(id).unwrap().unwrap();
        let words = first.outcome.clone().unwrap_or_default();
        let waits = first.next_at.is_some();
        // The server is well again: the worker sends what may be sent, and nothing else.
        patience(&mut desk, 30);
        desk.clock.now += TimeDelta::hours(1);
        due(&mut desk, &Silent).unwrap();
        let second = desk.ledger.delivery(id).unwrap().unwrap();
        let (last, attempts) = match expected {
            "pending" => (DeliveryState::Sent, 2),
            _ => (first.state, 1),
        };
        let kept = peer.kept("eml").len();
        let copies = match (stage, expected) {
            // One recipient was refused; the other has it.
            ("rcpt", "failed") => 1,
            (_, "failed") => 0,
            ("dot", "uncertain") => usize::from(act != "354"),
            _ => 1,
        };
        let right = first.state.code() == expected
            && first.attempts == 1
            && waits == (expected == "pending")
            && (second.state, second.attempts) == (last, attempts)
            && kept == copies
            && !words.contains('@');
        if !right {
            wrong.push(format!(
                "{stage} {act}: {} then {} after {} attempts, {kept} kept, waits {waits}: {words}",
                first.state.code(),
                second.state.code(),
                second.attempts
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Makes a stored message larger than the buffers between two processes.
fn enlarge(dir: &tempfile::TempDir, id: i64) {
    let ledger = rusqlite::Connection::open(dir.path().join("data/ledger.sqlite")).unwrap();
    let bytes = format!("{}\r\n", "x".repeat(990)).repeat(16_000).into_bytes();
    ledger.execute("UPDATE outbox SET bytes = ?2 WHERE id = ?1", rusqlite::params![id, bytes]).unwrap();
}

/// STARTTLS that fails in whatever way sends nothing in the clear.
#[test]
fn a_starttls_that_fails_sends_nothing_in_the_clear() {
    for act in ["454", "554", "stall", "close", "reset", "garbage", "half", "late", "early"] {
        let (_dir, mut desk, peer) = scene(&["--at", "starttls", "--do", act, "--offer", "STARTTLS"], Tls::StartTls);
        let id = store(&mut desk, 0, &["jxt@example.cn"], DeliveryState::Pending);
        due(&mut desk, &Silent).unwrap();
        let row = desk.ledger.delivery(id).unwrap().unwrap();
        assert_eq!((row.state, peer.kept("eml").len()), (DeliveryState::Pending, 0), "{act}: {:?}", row.outcome);
    }
}

/// A wrong password is no mail's fault: one login, one alert, and every mail leaves when it is mended.
#[test]
fn a_refused_login_is_one_alert_and_all_mails_wait() {
    let (_dir, mut desk, _peer) = scene(&["--at", "auth", "--do", "535", "--times", "1", "--offer", "AUTH PLAIN"], Tls::None);
    desk.settings.mail.pace.connections_max = 1;
    let ids: Vec<i64> = (0..5).map(|at| store(&mut desk, at, &["jxt@example.cn"], DeliveryState::Pending)).collect();
    due(&mut desk, &Silent).unwrap();
    // Had a second mail tried, the peer, which refuses but once, would have let it in.
    for id in &ids {
        let row = desk.ledger.delivery(*id).unwrap().unwrap();
        assert_eq!((row.state, row.outcome.as_deref().map(|words| &words[..17])), (DeliveryState::Pending, Some("server: AUTH: 535")));
    }
    assert_eq!(alerts(&desk), ["delivery.server"]);
    desk.clock.now += TimeDelta::hours(1);
    due(&mut desk, &Silent).unwrap();
    assert!(ids.iter().all(|id| desk.ledger.delivery(*id).unwrap().unwrap().state == DeliveryState::Sent));
    assert!(alerts(&desk).is_empty());
}

fn alerts(desk: &Desk) -> Vec<String> {
    desk.ledger.open_alerts().unwrap().into_iter().map(|alert| alert.key).collect()
}

/// How many alerts are open after each of four passes, twenty minutes apart.
fn told_over_an_hour(desk: &mut Desk) -> Vec<usize> {
    let pass = |desk: &mut Desk| {
        due(desk, &Silent).unwrap();
        desk.clock.now += TimeDelta::minutes(20);
        alerts(desk).len()
    };
    (0..4).map(|_| pass(desk)).collect()
}

/// A server that is away for a moment is no alert; one that stays away, or puts everybody's mail off, is one.
#[rstest]
#[case("greeting", "close")]
#[case("greeting", "554")]
#[case("mail", "451")]
#[case("rcpt", "450")]
#[case("dot", "452")]
fn a_server_that_lets_nothing_through_is_told_once(#[case] stage: &str, #[case] act: &str) {
    let (_dir, mut desk, peer) = scene(&["--at", stage, "--do", act], Tls::None);
    for (at, reader) in ["jxt@example.cn", "fgw@example.cn", "kjt@example.cn"].into_iter().enumerate() {
        store(&mut desk, at, &[reader], DeliveryState::Pending);
    }
    assert_eq!((told_over_an_hour(&mut desk), peer.kept("eml").len()), (vec![0, 0, 1, 1], 0));
    assert_eq!(alerts(&desk), ["delivery.server"]);
}

/// One reader whose mailbox is full is nobody's trouble but his.
#[test]
fn a_single_reader_who_is_put_off_is_no_server_that_is_away() {
    let (_dir, mut desk, _peer) = scene(&["--at", "rcpt", "--do", "452", "--only", "jxt@"], Tls::None);
    for (at, reader) in ["jxt@example.cn", "fgw@example.cn"].into_iter().enumerate() {
        store(&mut desk, at, &[reader], DeliveryState::Pending);
    }
    assert_eq!(told_over_an_hour(&mut desk), [0; 4]);
}

/// A server that refuses every mail of a version for good is one alert, not one a reader.
#[test]
fn a_version_that_is_refused_as_a_whole_is_one_alert() {
    let (_dir, mut desk, _peer) = scene(&["--at", "mail", "--do", "554"], Tls::None);
    for (at, reader) in ["jxt@example.cn", "fgw@example.cn", "kjt@example.cn"].into_iter().enumerate() {
        store(&mut desk, at, &[reader], DeliveryState::Pending);
    }
    due(&mut desk, &Silent).unwrap();
    assert_eq!(alerts(&desk), ["delivery.failed:2022-06"]);
}

/// The mail that tells the end of a condition waits for the one that tells its beginning.
#[test]
fn no_recovery_goes_out_before_its_alert() {
    let (dir, mut desk, _away) = scene(&["--at", "greeting", "--do", "421"], Tls::None);
    desk.settings.alert.to = vec!["zhiban@example.cn".to_owned()];
    crate::run::alert::raise(&mut desk, "disk.reserve", "满了").unwrap();
    due(&mut desk, &Silent).unwrap();
    crate::run::alert::recover(&mut desk, "disk.reserve", "有空间了").unwrap();
    let rows: Vec<i64> = desk.ledger.outbox(None).unwrap().into_iter().map(|row| row.id).collect();
    let [beginning, end] = rows[..] else { panic!("two mails: {rows:?}") };
    let well = Peer::start(dir.path().join("well"), &[]);
    desk.settings.mail.transport = MailUrl::Smtp { host: "127.0.0.1".to_owned(), port: well.port, user: None, tls: Tls::None };
    let mut states = Vec::new();
    for _ in 0..3 {
        desk.clock.now += TimeDelta::minutes(3);
        due(&mut desk, &Silent).unwrap();
        states.push((state(&desk, beginning), state(&desk, end)));
    }
    let (pending, sent) = (DeliveryState::Pending, DeliveryState::Sent);
    assert_eq!(states, [(pending, pending), (sent, pending), (sent, sent)]);
}

#[rstest]
#[case("451", "pending", &[])]
#[case("550", "failed", &["jxt@example.cn"])]
#[case("close", "pending", &[])]
fn one_of_several_recipients(#[case] act: &str, #[case] expected: &str, #[case] reached: &[&str]) {
    let (_dir, mut desk, peer) = scene(&["--at", "rcpt", "--do", act, "--times", "1", "--only", "cc@"], Tls::None);
    let id = store(&mut desk, 0, &["jxt@example.cn", "cc@example.cn"], DeliveryState::Pending);
    due(&mut desk, &Silent).unwrap();
    let row = desk.ledger.delivery(id).unwrap().unwrap();
    assert_eq!((row.state.code(), peer.kept("eml").len()), (expected, reached.len()));
    assert_eq!(row.reached, reached);
    remedy::outbox(&mut desk, period(), remedy::OutboxAct::Retry, &Silent).unwrap();
    assert_eq!((state(&desk, id), peer.kept("eml").len()), (DeliveryState::Sent, 1 + reached.len()));
}

#[test]
fn lines_that_begin_with_a_dot_are_stuffed_on_the_wire_and_none_ends_the_message() {
    let (_dir, mut desk, peer) = scene(&[], Tls::None);
    let id = store(&mut desk, 0, &["jxt@example.cn"], DeliveryState::Pending);
    due(&mut desk, &Silent).unwrap();
    assert_eq!(state(&desk, id), DeliveryState::Sent);
    assert_eq!(peer.kept("wire"), [b"Subject: 0\r\n\r\n..\r\n...\r\nend\r\n"]);
    assert_eq!(peer.kept("eml"), [desk.ledger.delivery(id).unwrap().unwrap().message.bytes]);
}
