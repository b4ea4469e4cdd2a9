//! When a mail is tried again, and when it is given up.

use proptest::prelude::*;

use super::*;
use crate::model::{DepartmentCode, MailKind, Message, Period};

fn pending(attempts: u32, queued_at: DateTime<Utc>) -> Delivery {
    Delivery {
        id: 1,
        message: Message {
            period: Period::new(2022, 6).unwrap(),
            version: 1,
            kind: MailKind::Report,
            department: DepartmentCode("jxt".to_owned()),
            from: String::new(),
            recipients: vec![],
            subject: String::new(),
            message_id: "<1@example.cn>".to_owned(),
            bytes: vec![],
        },
        state: DeliveryState::Pending,
        attempts,
        outcome: None,
        queued_at: queued_at.fixed_offset(),
        next_at: None,
        reached: vec![],
    }
}

fn start() -> DateTime<Utc> {
    "2022-07-20T10:00:00Z".parse().unwrap()
}

#[test]
fn a_mail_that_is_always_put_off_is_tried_ever_more_seldom_and_given_up_at_the_end_of_its_life() {
    let pace = MailPace::default();
    let (mut now, mut delivery, mut pauses) = (start(), pending(0, start()), Vec::new());
    let last = loop {
        let step = after(&delivery, start(), &Outcome::Deferred("451 later".to_owned()), now, &pace);
        delivery.attempts += 1;
        let Some(next) = step.next_at else { break step };
        assert_eq!(step.to, DeliveryState::Pending);
        delivery.next_at = Some(next);
        assert!(!is_due(&delivery, next - TimeDelta::seconds(1), &pace) && is_due(&delivery, next, &pace));
        pauses.push((next - now).num_minutes());
        now = next;
    };
    assert_eq!(now - start(), TimeDelta::hours(72), "the last attempt falls on the end of the lifetime");
    assert_eq!(last.to, DeliveryState::Failed);
    assert_eq!(last.words.as_deref(), Some("given up: still put off after 72 hours; last: 451 later"));
    let doubling = [5, 10, 20, 40, 80, 160, 240, 240];
    for (pause, whole) in pauses.iter().zip(doubling) {
        assert!((whole * 3 / 4 - 1..=whole).contains(pause), "{pause} of {whole}: {pauses:?}");
    }
    assert!(pauses.len() > 20 && pauses.len() < 32, "{pauses:?}");
}

#[test]
fn a_clock_that_went_back_makes_a_mail_due() {
    let pace = MailPace::default();
    let delivery = Delivery { next_at: Some(start()), ..pending(1, start()) };
    assert!(!is_due(&delivery, start() - TimeDelta::hours(4), &pace));
    assert!(is_due(&delivery, start() - TimeDelta::days(30), &pace));
}

#[test]
fn a_daemon_that_was_down_for_a_week_tries_once_before_it_gives_up() {
    let week = start() + TimeDelta::days(7);
    let delivery = pending(2, start());
    assert!(is_due(&Delivery { next_at: Some(start()), ..delivery.clone() }, week, &MailPace::default()));
    let sent = after(&delivery, start(), &Outcome::Sent("250 ok".to_owned()), week, &MailPace::default());
    assert_eq!(sent.to, DeliveryState::Sent);
}

#[test]
fn who_has_it_is_added_to_who_had_it() {
    let delivery = Delivery { reached: vec!["a@example.cn".to_owned()], ..pending(1, start()) };
    let outcome = Outcome::Partly { reply: "part".to_owned(), reached: vec!["b@example.cn".to_owned()] };
    let step = after(&delivery, start(), &outcome, start(), &MailPace::default());
    assert_eq!((step.to, step.reached), (DeliveryState::Failed, Some(vec!["a@example.cn".to_owned(), "b@example.cn".to_owned()])));
}

proptest! {
    /// The same message and attempt give the same pause; others are spread over a quarter of it.
    #[test]
    fn pauses_are_repeatable_and_bounded(id in "[a-z]{1,20}", attempt in 1_u32..1000, first in 1_u32..100_000, max in 1_u32..100_000) {
        let pace = MailPace { retry_minutes: first, retry_minutes_max: max, ..MailPace::default() };
        let one = pause(&pace, &id, attempt);
        prop_assert_eq!(one, pause(&pace, &id, attempt));
        prop_assert!(one <= longest(&pace));
        prop_assert!(one >= TimeDelta::minutes(i64::from(first.min(max.max(first)))) * 3 / 4 - TimeDelta::seconds(1));
    }
}

#[test]
fn mails_put_off_together_do_not_come_back_together() {
    let pauses: std::collections::BTreeSet<_> = (0..11).map(|at| pause(&MailPace::default(), &format!("<{at}@example.cn>"), 1)).collect();
    assert!(pauses.len() > 5, "{pauses:?}");
}
