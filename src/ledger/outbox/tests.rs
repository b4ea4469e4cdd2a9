//! The table alone: fences, troubles, and a ledger that was written before mails had a time.

use rusqlite::Connection;

use super::*;
use crate::ledger::Lease;

const AT: &str = "2022-07-20T18:00:00+08:00";

fn message(version: u32, department: &str) -> Message {
    let kind = if version == 0 { MailKind::Reminder } else { MailKind::Report };
    Message {
        period: Period::new(2022, 6).unwrap(),
        version,
        kind,
        department: DepartmentCode(department.to_owned()),
        from: "wenjin@example.cn".to_owned(),
        recipients: vec![format!("{department}@example.cn")],
        subject: "月报".to_owned(),
        message_id: format!("<{version}.{department}@example.cn>"),
        bytes: b"Subject: x\r\n\r\nx\r\n".to_vec(),
    }
}

fn ledger() -> (tempfile::TempDir, Ledger, Lease) {
    let dir = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(&dir.path().join("ledger.sqlite")).unwrap();
    let lease = ledger.acquire(Period::new(2022, 6).unwrap(), "one", 0, 600, &|_| false).unwrap();
    (dir, ledger, lease)
}

fn state(ledger: &Ledger, id: i64) -> DeliveryState {
    ledger.delivery(id).unwrap().unwrap().state
}

#[test]
fn whoever_lost_the_lease_takes_no_step() {
    let (_dir, mut ledger, frozen) = ledger();
    ledger.store_message(AT, &message(1, "jxt"), DeliveryState::Pending).unwrap();
    ledger.advance(&frozen, AT, &[DeliveryState::Pending], &[Step::new(1, DeliveryState::Sending)]).unwrap();
    let second = ledger.acquire(frozen.period, "two", 601, 1200, &|_| false).unwrap();
    assert_eq!(ledger.recover_outbox(&second, AT).unwrap(), (1, 0));
    ledger.advance(&second, AT, &[DeliveryState::Pending], &[Step::new(1, DeliveryState::Sending)]).unwrap();
    // The frozen one wakes: the state is the one it left, the lease is not.
    let woken = ledger.advance(&frozen, AT, &[DeliveryState::Sending], &[Step::new(1, DeliveryState::Transmitting)]);
    assert!(matches!(woken, Err(LedgerError::Fenced { .. })), "{woken:?}");
    assert!(matches!(ledger.recover_outbox(&frozen, AT), Err(LedgerError::Fenced { .. })));
    assert_eq!(state(&ledger, 1), DeliveryState::Sending);
}

#[test]
fn a_newer_version_supersedes_what_waits_but_no_reminder() {
    let (_dir, mut ledger, _) = ledger();
    for version in [0, 1] {
        ledger.store_message(AT, &message(version, "jxt"), DeliveryState::Pending).unwrap();
    }
    let transaction = ledger.connection.transaction().unwrap();
    supersede(&transaction, AT, &message(2, "jxt")).unwrap();
    transaction.commit().unwrap();
    assert_eq!([1, 2].map(|id| state(&ledger, id)), [DeliveryState::Pending, DeliveryState::Cancelled]);
}

#[test]
fn a_trouble_ends_when_a_later_version_arrived_or_the_mail_is_settled() {
    let (_dir, mut ledger, lease) = ledger();
    for (version, department) in [(1, "jxt"), (2, "jxt"), (0, "fgw"), (1, "czt")] {
        ledger.store_message(AT, &message(version, department), DeliveryState::Pending).unwrap();
    }
    let mut step = |id, to| ledger.advance(&lease, AT, &DeliveryState::ALL, &[Step::new(id, to)]).unwrap();
    step(1, DeliveryState::Failed);
    step(3, DeliveryState::Uncertain);
    step(4, DeliveryState::Failed);
    let named = |ledger: &Ledger| -> Vec<(String, bool)> {
        ledger.delivery_troubles().unwrap().into_iter().map(|trouble| (trouble.department.0, trouble.uncertain)).collect()
    };
    let all = [("czt", false), ("fgw", true), ("jxt", false)].map(|(code, uncertain)| (code.to_owned(), uncertain));
    assert_eq!(named(&ledger), all);
    let mut step = |id, to| ledger.advance(&lease, AT, &DeliveryState::ALL, &[Step::new(id, to)]).unwrap();
    step(2, DeliveryState::Sent);
    step(4, DeliveryState::Cancelled);
    assert_eq!(named(&ledger), all[1..2]);
}

#[test]
fn times_and_recipients_survive_the_table() {
    let (_dir, mut ledger, lease) = ledger();
    ledger.store_message(AT, &message(1, "jxt"), DeliveryState::Held).unwrap();
    let next: DateTime<FixedOffset> = "2022-07-20T18:05:00+08:00".parse().unwrap();
    let step = Step {
        next_at: Some(next.to_utc()),
        reached: Some(vec!["jxt@example.cn".to_owned()]),
        requeued: true,
        ..Step::new(1, DeliveryState::Pending).because("451 later")
    };
    let later = "2022-07-20T18:01:00+08:00";
    ledger.advance(&lease, later, &[DeliveryState::Held], &[step]).unwrap();
    let row = ledger.delivery(1).unwrap().unwrap();
    assert_eq!((row.next_at, row.queued_at), (Some(next.to_utc()), later.parse().unwrap()));
    assert_eq!((row.outcome.as_deref(), row.reached), (Some("451 later"), vec!["jxt@example.cn".to_owned()]));
    let due = |from: &str| {
        let from: DateTime<FixedOffset> = from.parse().unwrap();
        ledger.periods_to_send(from.to_utc(), from.to_utc() + chrono::TimeDelta::hours(4)).unwrap().len()
    };
    assert_eq!((due("2022-07-20T18:04:59+08:00"), due("2022-07-20T10:05:00+00:00")), (0, 1));
    assert_eq!(due("2022-07-19T00:00:00+08:00"), 1, "a clock that went back does not keep a mail for days");
}

#[test]
fn a_ledger_of_the_first_schema_keeps_its_mails() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ledger.sqlite");
    let old = Connection::open(&path).unwrap();
    old.execute_batch(include_str!("../migrations/0001-initial.sql")).unwrap();
    old.execute_batch(&format!(
        "PRAGMA user_version = 1;
         INSERT INTO runs VALUES ('2022-06', 1, '', '', '', '{AT}', '[]', '', '[]', '{{}}', '');
         INSERT INTO outbox (period, version, kind, department, sender, recipients, subject, message_id, bytes, state, attempts)
         VALUES ('2022-06', 1, 'report', 'jxt', 'a@example.cn', '[\"b@example.cn\"]', 's', '<1@example.cn>', x'00', 'uncertain', 3);"
    ))
    .unwrap();
    drop(old);
    let row = Ledger::open(&path).unwrap().delivery(1).unwrap().unwrap();
    assert_eq!((row.state, row.attempts, row.queued_at), (DeliveryState::Uncertain, 3, AT.parse().unwrap()));
    assert!(row.next_at.is_none() && row.reached.is_empty());
}

#[test]
fn a_mail_that_could_not_be_built_stands_as_failed_with_its_reason() {
    let (_dir, mut ledger, lease) = ledger();
    let unbuilt = Message { recipients: vec![], bytes: vec![], ..message(1, "jxt") };
    let transaction = ledger.connection.transaction().unwrap();
    insert_failed(&transaction, AT, &unbuilt, "no address").unwrap();
    transaction.commit().unwrap();
    let row = ledger.delivery(1).unwrap().unwrap();
    assert_eq!((row.state, row.outcome.as_deref()), (DeliveryState::Failed, Some("no address")));
    let troubles: Vec<_> = ledger.delivery_troubles().unwrap().into_iter().map(|one| (one.period, one.department, one.uncertain)).collect();
    assert_eq!(troubles, [(lease.period, DepartmentCode("jxt".to_owned()), false)]);
}
