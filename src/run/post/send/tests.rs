//! Sending with a desk: limits, back-off in virtual time, the operator's acts, and what may never happen to a mail.

mod peer;
mod states;

use std::cell::Cell;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, TimeDelta};

use super::*;
use crate::deliver::{Act, sample};
use crate::model::{MailKind, Message, Period};
use crate::run::kit::progress::Silent;
use crate::run::kit::{Clock, lease};
use crate::run::post::remedy;

thread_local! {
    /// Unix seconds of the wall, as tests let them pass.
    static WALL: Cell<i64> = const { Cell::new(1_000_000) };
}

fn wall() -> i64 {
    WALL.get()
}

fn period() -> Period {
    Period::new(2022, 6).unwrap()
}

fn start() -> DateTime<FixedOffset> {
    "2022-07-20T18:00:00+08:00".parse().unwrap()
}

fn desk(folder: &std::path::Path) -> Desk {
    let mut settings = sample::settings();
    settings.data = folder.to_owned();
    Desk::open(settings, sample::plan(), Clock { now: start(), wall }, "/proc/self/exe".into()).unwrap()
}

/// Stores a mail to one department at that domain; the id it got.
fn store(desk: &mut Desk, number: usize, recipients: &[&str], state: DeliveryState) -> i64 {
    let message = message(number, recipients);
    let at = desk.at();
    assert!(desk.ledger.store_message(&at, &message, state).unwrap());
    desk.ledger.outbox(None).unwrap().last().unwrap().id
}

fn message(number: usize, recipients: &[&str]) -> Message {
    Message {
        period: period(),
        version: 1,
        kind: MailKind::Report,
        department: sample::code(&format!("d{number}")),
        from: "wenjin@example.cn".to_owned(),
        recipients: recipients.iter().map(|&recipient| recipient.to_owned()).collect(),
        subject: "月报".to_owned(),
        message_id: format!("<{number}@example.cn>"),
        bytes: format!("Subject: {number}\r\n\r\n.\r\n..\r\nend\r\n").into_bytes(),
    }
}

fn state(desk: &Desk, id: i64) -> DeliveryState {
    desk.ledger.delivery(id).unwrap().unwrap().state
}

/// One pass of the worker over the memory transport.
fn pass(desk: &mut Desk, transport: &Transport) -> Result<usize, RunError> {
    let own = lease::take(desk, period())?;
    recover(desk, &own)?;
    let (now, pace) = (desk.clock.now.to_utc(), desk.settings.mail.pace);
    let due = desk.ledger.pending(period())?.into_iter().filter(|delivery| retry::is_due(delivery, now, &pace)).collect();
    let tried = send_through(desk, &own, transport, due, &[DeliveryState::Pending], &Silent);
    lease::give_back(desk, &own);
    tried
}

#[test]
fn the_limits_of_connections_and_domains_are_kept_and_used() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = desk(dir.path());
    let (transport, mailbox) = Transport::memory();
    *mailbox.pause.lock().unwrap() = Duration::from_millis(20);
    for number in 0..6 {
        store(&mut desk, number, &["a@one.cn"], DeliveryState::Pending);
    }
    for number in 6..12 {
        store(&mut desk, number, &["a@two.cn", "b@TWO.cn", "c@three.cn"], DeliveryState::Pending);
    }
    assert_eq!(pass(&mut desk, &transport).unwrap(), 12);
    assert_eq!(mailbox.messages().len(), 12);
    let at_once = ["", "one.cn", "two.cn", "three.cn"].map(|domain| mailbox.at_once(domain));
    assert_eq!(at_once, [4, 2, 2, 2], "mails to one domain do not keep those to another waiting");
}

#[test]
fn the_rate_slows_what_is_beyond_its_burst() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = desk(dir.path());
    desk.settings.mail.pace.rate_per_minute = 3;
    // Each look at the wall finds seven seconds gone.
    desk.clock.wall = || WALL.replace(WALL.get() + 7);
    let (transport, mailbox) = Transport::memory();
    for number in 0..5 {
        store(&mut desk, number, &["a@one.cn"], DeliveryState::Pending);
    }
    let before = wall();
    assert_eq!(pass(&mut desk, &transport).unwrap(), 5);
    assert_eq!(mailbox.messages().len(), 5);
    assert!(wall() - before >= 40, "two more than the burst take two tokens of twenty seconds");
}

#[test]
fn a_put_off_mail_waits_for_its_time_and_is_then_sent_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = desk(dir.path());
    let id = store(&mut desk, 0, &["a@one.cn"], DeliveryState::Pending);
    let (transport, mailbox) = Transport::memory();
    mailbox.script(&[Act::PutOff, Act::PutOffAtDot]);
    assert_eq!(pass(&mut desk, &transport).unwrap(), 1);
    assert_eq!(pass(&mut desk, &transport).unwrap(), 0, "not before its time");
    for _ in 0..2 {
        desk.clock.now = desk.ledger.delivery(id).unwrap().unwrap().next_at.unwrap().fixed_offset();
        assert_eq!(pass(&mut desk, &transport).unwrap(), 1);
    }
    let row = desk.ledger.delivery(id).unwrap().unwrap();
    assert_eq!((row.state, row.attempts, row.next_at), (DeliveryState::Sent, 3, None));
    assert_eq!(mailbox.messages().len(), 1);
    assert_eq!(pass(&mut desk, &transport).unwrap(), 0);
}

#[test]
fn an_uncertain_mail_leaves_its_state_only_by_its_number_and_a_reason() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = desk(dir.path());
    let id = store(&mut desk, 0, &["a@one.cn"], DeliveryState::Pending);
    let (transport, mailbox) = Transport::memory();
    mailbox.script(&[Act::KeepAndBreak]);
    pass(&mut desk, &transport).unwrap();
    for act in [remedy::OutboxAct::Retry, remedy::OutboxAct::Cancel, remedy::OutboxAct::Release] {
        assert_eq!(remedy::outbox(&mut desk, period(), act, &Silent).unwrap(), 0);
        assert_eq!(state(&desk, id), DeliveryState::Uncertain);
    }
    desk.clock.now += TimeDelta::days(400);
    due(&mut desk, &Silent).unwrap();
    assert_eq!(state(&desk, id), DeliveryState::Uncertain);
    let unknown = remedy::outbox_one(&mut desk, id + 1, remedy::OutboxAct::Retry, "问过", &Silent);
    assert!(matches!(unknown, Err(RunError::Refused(_))));
    // The sample's transport is a folder: what leaves again is written there.
    desk.settings.mail.transport = crate::settings::MailUrl::File(dir.path().join("mail"));
    remedy::outbox_one(&mut desk, id, remedy::OutboxAct::Retry, "收件人确认未收到", &Silent).unwrap();
    assert_eq!(state(&desk, id), DeliveryState::Written);
    let sent = remedy::outbox_one(&mut desk, id, remedy::OutboxAct::Retry, "再发", &Silent);
    assert!(matches!(sent, Err(RunError::Refused(_))), "what has left is not retried: {sent:?}");
}

#[test]
fn those_who_have_it_do_not_get_it_again_when_the_others_are_retried() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = desk(dir.path());
    let id = store(&mut desk, 0, &["a@one.cn", "b@one.cn"], DeliveryState::Pending);
    let (transport, mailbox) = Transport::memory();
    mailbox.script(&[Act::AcceptForOthers]);
    pass(&mut desk, &transport).unwrap();
    assert_eq!(state(&desk, id), DeliveryState::Failed);
    let own = lease::take(&mut desk, period()).unwrap();
    let step = crate::ledger::outbox::Step::new(id, DeliveryState::Pending);
    desk.ledger.advance(&own, "", &[DeliveryState::Failed], &[step]).unwrap();
    lease::give_back(&mut desk, &own);
    pass(&mut desk, &transport).unwrap();
    assert_eq!(state(&desk, id), DeliveryState::Sent);
    let recipients: Vec<Vec<String>> = mailbox.messages().into_iter().map(|message| message.recipients).collect();
    assert_eq!(recipients, [["a@one.cn"], ["b@one.cn"]]);
}

#[test]
fn a_period_that_is_held_is_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = desk(dir.path());
    desk.settings.mail.transport = crate::settings::MailUrl::File(dir.path().join("mail"));
    let id = store(&mut desk, 0, &["a@one.cn"], DeliveryState::Pending);
    let other = lease::take(&mut desk, period()).unwrap();
    assert_eq!(due(&mut desk, &Silent).unwrap(), 0);
    assert_eq!(state(&desk, id), DeliveryState::Pending);
    lease::give_back(&mut desk, &other);
    assert_eq!(due(&mut desk, &Silent).unwrap(), 1);
    assert_eq!(state(&desk, id), DeliveryState::Written);
}

#[test]
fn a_lease_lost_on_the_way_lets_nothing_more_leave() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = desk(dir.path());
    let id = store(&mut desk, 0, &["a@one.cn"], DeliveryState::Pending);
    let frozen = lease::take(&mut desk, period()).unwrap();
    WALL.set(wall() + 601);
    let _other = lease::take(&mut desk, period()).unwrap();
    let (transport, mailbox) = Transport::memory();
    let due = desk.ledger.pending(period()).unwrap();
    let outcome = send_through(&mut desk, &frozen, &transport, due, &[DeliveryState::Pending], &Silent);
    assert!(matches!(outcome, Err(RunError::Ledger(LedgerError::Fenced { .. }))), "{outcome:?}");
    assert_eq!((state(&desk, id), mailbox.messages().len()), (DeliveryState::Pending, 0));
}

#[test]
fn a_mail_that_was_never_built_fails_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = desk(dir.path());
    let (transport, mailbox) = Transport::memory();
    let blank = Message { bytes: Vec::new(), ..message(0, &[]) };
    let at = desk.at();
    desk.ledger.store_message(&at, &blank, DeliveryState::Pending).unwrap();
    let other = store(&mut desk, 1, &["a@one.cn"], DeliveryState::Pending);
    pass(&mut desk, &transport).unwrap();
    let rows = desk.ledger.outbox(None).unwrap();
    assert_eq!((rows[0].state, state(&desk, other)), (DeliveryState::Failed, DeliveryState::Sent));
    assert!(rows[0].outcome.as_deref().unwrap().contains("could not be built"));
    assert_eq!(mailbox.messages().len(), 1);
}
