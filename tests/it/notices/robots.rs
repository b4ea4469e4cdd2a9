//! Alerts to robots: a real HTTP server stands for DingTalk and WeCom, records what it is told, and answers as it is bid.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use chrono::TimeDelta;
use serde_json::Value;
use wenjin::deliver::webhook::Patience;
use wenjin::run::alert::{self, robots};
use wenjin::run::kit::Desk;

use super::{desk, edit, name_operator};
use crate::harness::Workspace;

const KEY: &str = "delivery.failed:2022-06:jxt";
const NOW: &str = "2022-07-20T18:00:00+08:00";

/// How the robot answers next; the last answer stays.
#[derive(Debug, Clone, Copy)]
enum Answer {
    Ok,
    Errcode(i64),
    Status(u16),
    Stall,
    Redirect,
    Flood,
}

#[derive(Debug, Default)]
struct Heard {
    calls: Mutex<Vec<(Uri, Value)>>,
    answers: Mutex<Vec<Answer>>,
}

/// A server on a port of its own; its thread ends with the test binary.
struct Robot {
    heard: Arc<Heard>,
    url: String,
}

impl Robot {
    fn start(answers: &[Answer]) -> Self {
        let heard = Arc::new(Heard { answers: Mutex::new(answers.to_vec()), ..Heard::default() });
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}/robot/send?access_token=geheim", listener.local_addr().unwrap());
        let state = Arc::clone(&heard);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let router = Router::new().fallback(hear).with_state(state);
                axum::serve(tokio::net::TcpListener::from_std(listener).unwrap(), router).await.unwrap();
            });
        });
        Self { heard, url }
    }

    fn calls(&self) -> Vec<(Uri, Value)> {
        self.heard.calls.lock().unwrap().clone()
    }

    fn said(&self) -> Vec<String> {
        self.calls().iter().map(|(_, body)| body["text"]["content"].as_str().unwrap().to_owned()).collect()
    }
}

async fn hear(State(heard): State<Arc<Heard>>, uri: Uri, body: String) -> (StatusCode, [(&'static str, &'static str); 1], String) {
    heard.calls.lock().unwrap().push((uri, serde_json::from_str(&body).unwrap()));
    let answer = {
        let mut answers = heard.answers.lock().unwrap();
        if answers.len() > 1 { answers.remove(0) } else { answers[0] }
    };
    let (status, text) = match answer {
        Answer::Ok => (200, r#"{"errcode":0,"errmsg":"ok"}"#.to_owned()),
        Answer::Errcode(code) => (200, format!(r#"{{"errcode":{code},"errmsg":"no"}}"#)),
        Answer::Status(status) => (status, r#"{"errcode":0}"#.to_owned()),
        Answer::Stall => {
            tokio::time::sleep(Duration::from_secs(30)).await;
            (200, String::new())
        }
        Answer::Redirect => (307, String::new()),
        Answer::Flood => (200, format!(r#"{{"errcode":0,"errmsg":"{}"}}"#, "x".repeat(1 << 20))),
    };
    (StatusCode::from_u16(status).unwrap(), [("location", "http://127.0.0.1:9/elsewhere")], text)
}

/// A workspace with one robot of each kind, the first one's calls signed.
fn with_robots(dingtalk: &Robot, wecom: &Robot) -> (Workspace, Desk) {
    let workspace = Workspace::shipped();
    name_operator(&workspace);
    edit(
        &workspace,
        "# [[webhook]]",
        "[[webhook]]\nkind = \"dingtalk\"\nurl_variable = \"DING\"\nsecret_variable = \"SECRET\"\n\n[[webhook]]\nkind = \"wecom\"\nurl_variable = \"WECOM\"\n# ",
    );
    let desk = desk(&workspace, NOW, &[("DING", &dingtalk.url), ("SECRET", "SECgeheim"), ("WECOM", &wecom.url)]);
    (workspace, desk)
}

fn later(desk: &mut Desk, minutes: i64) {
    desk.clock.now += TimeDelta::minutes(minutes);
}

#[test]
fn a_condition_is_told_once_when_it_arises_and_once_when_it_is_over() {
    let (ding, wecom) = (Robot::start(&[Answer::Ok]), Robot::start(&[Answer::Ok]));
    let (_workspace, mut desk) = with_robots(&ding, &wecom);
    for _ in 0..2 {
        alert::raise(&mut desk, KEY, "发送给省经信厅的邮件未能送达，金额123.45亿元").unwrap();
        robots::due(&mut desk).unwrap();
    }
    later(&mut desk, 10);
    for _ in 0..2 {
        alert::recover(&mut desk, KEY, "已送达").unwrap();
        robots::due(&mut desk).unwrap();
    }
    for robot in [&ding, &wecom] {
        let said = robot.said();
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(said[0].starts_with("【告警】邮件发送失败（2022年6月，省经信厅）\n") && said[0].contains("工业稳进提质"), "{said:?}");
        assert!(said[1].starts_with("【恢复】邮件发送失败（2022年6月，省经信厅），已恢复正常\n"), "{said:?}");
        assert!(said.iter().all(|text| !text.contains("123.45") && !text.contains('@')), "{said:?}");
        assert!(robot.calls().iter().all(|(_, body)| body["msgtype"] == "text"));
    }
    let mails: Vec<_> = desk.ledger.outbox(None).unwrap().into_iter().map(|one| one.message).collect();
    assert_eq!(mails.len(), 2, "and twice by mail");
    assert!(mails.iter().all(|mail| mail.department.0 == "operator" && mail.version == 0 && mail.recipients == ["zhiban@example.cn"]));
    assert_ne!(mails[0].eml_name(), mails[1].eml_name());
    // The same condition on the same day is told anew.
    later(&mut desk, 1);
    alert::raise(&mut desk, KEY, "又未能送达").unwrap();
    assert_eq!(robots::due(&mut desk).unwrap(), 2);
    assert_eq!(desk.ledger.outbox(None).unwrap().len(), 3);
}

#[test]
fn dingtalk_is_signed_and_wecom_is_not() {
    let (ding, wecom) = (Robot::start(&[Answer::Ok]), Robot::start(&[Answer::Ok]));
    let (_workspace, mut desk) = with_robots(&ding, &wecom);
    alert::raise(&mut desk, KEY, "").unwrap();
    robots::due(&mut desk).unwrap();
    let query = |robot: &Robot| robot.calls()[0].0.query().unwrap().to_owned();
    assert!(query(&ding).starts_with("access_token=geheim&timestamp=1657242000000&sign="), "{}", query(&ding));
    assert_eq!(query(&wecom), "access_token=geheim");
}

#[test]
fn a_robot_that_fails_is_tried_again_later_and_keeps_the_other_from_nothing() {
    for answer in [Answer::Errcode(310_000), Answer::Status(500), Answer::Status(404), Answer::Stall, Answer::Redirect, Answer::Flood] {
        let (ding, wecom) = (Robot::start(&[answer, Answer::Ok]), Robot::start(&[Answer::Ok]));
        let (_workspace, mut desk) = with_robots(&ding, &wecom);
        let patience = Patience { connect: Duration::from_millis(300), total: Duration::from_millis(600) };
        alert::raise(&mut desk, KEY, "").unwrap();
        assert_eq!(robots::due_within(&mut desk, patience).unwrap(), 1, "{answer:?}: the other one is told");
        assert_eq!(robots::due_within(&mut desk, patience).unwrap(), 0, "{answer:?}: not at once again");
        assert_eq!(desk.ledger.notice_counts().unwrap(), (1, 0), "{answer:?}");
        later(&mut desk, 1);
        assert_eq!(robots::due_within(&mut desk, patience).unwrap(), 1, "{answer:?}: a minute later");
        assert_eq!((ding.calls().len(), wecom.calls().len()), (2, 1), "{answer:?}");
        let audit = desk.ledger.audit(None, 1000).unwrap();
        assert!(audit.iter().all(|trace| !trace.detail.contains("geheim") && !trace.detail.contains("127.0.0.1")), "{audit:?}");
    }
}

#[test]
fn a_robot_hears_of_the_end_after_it_has_heard_of_the_beginning() {
    let (ding, wecom) = (Robot::start(&[Answer::Status(500), Answer::Ok, Answer::Ok]), Robot::start(&[Answer::Ok]));
    let (_workspace, mut desk) = with_robots(&ding, &wecom);
    alert::raise(&mut desk, KEY, "").unwrap();
    robots::due(&mut desk).unwrap();
    alert::recover(&mut desk, KEY, "").unwrap();
    assert_eq!(robots::due(&mut desk).unwrap(), 1, "the one that has heard");
    assert_eq!((ding.calls().len(), wecom.calls().len()), (1, 2));
    later(&mut desk, 1);
    assert_eq!((robots::due(&mut desk).unwrap(), robots::due(&mut desk).unwrap()), (1, 1));
    let said = ding.said();
    assert!(said[1].starts_with("【告警】") && said[2].starts_with("【恢复】"), "{said:?}");
}

#[test]
fn a_robot_that_never_answers_is_given_up_in_the_end_and_that_is_seen() {
    let ding = Robot { heard: Arc::default(), url: "http://127.0.0.1:9/geheim".to_owned() };
    let wecom = Robot::start(&[Answer::Errcode(-1)]);
    let (_workspace, mut desk) = with_robots(&ding, &wecom);
    alert::raise(&mut desk, KEY, "").unwrap();
    for _ in 0..40 {
        robots::due(&mut desk).unwrap();
        later(&mut desk, 60);
    }
    assert_eq!(desk.ledger.notice_counts().unwrap(), (0, 2));
    assert_eq!(wecom.calls().len(), 16);
}

#[test]
fn a_test_message_says_how_each_robot_answered_and_shows_no_address() {
    let (ding, wecom) = (Robot::start(&[Answer::Ok]), Robot::start(&[Answer::Errcode(93_000)]));
    let (workspace, _desk) = with_robots(&ding, &wecom);
    let mut command = workspace.command(&["-vv", "alerts", "--test"]);
    let output = command.env("DING", &ding.url).env("SECRET", "SECgeheim").env("WECOM", &wecom.url).output().unwrap();
    let (said, logged) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{said}{logged}");
    assert!(said.contains("ok    robot 1\nFAIL  robot 2: the robot refused with errcode 93000\n"), "{said}");
    assert!(!said.contains("geheim") && !logged.contains("geheim"), "{said}{logged}");
    assert!(ding.said()[0].starts_with("【告警】测试消息\n"));
}
