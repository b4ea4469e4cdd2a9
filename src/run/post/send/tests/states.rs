//! Whatever servers, crashes and operators do: no mail is lost, none arrives twice unasked, `sent` is sent.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::prelude::*;

use super::*;
use crate::deliver::Mailbox;

/// What happens next to the outbox.
#[derive(Debug, Clone)]
enum Event {
    /// The worker's pass, with what the server does to its messages.
    Pass(Vec<Act>),
    /// Hours go by.
    Wait(i64),
    /// The operator's act on the period, as far as the states go; the next pass sends.
    Release,
    Retry,
    /// He sends one uncertain mail again.
    RetryOne(usize),
}

fn act() -> impl Strategy<Value = Act> {
    use Act::{
        Accept, AcceptForOthers, DieAccepted, DieConnecting, DieTransmitting, KeepAndBreak, LoseAndBreak, PutOff, PutOffAtDot, Refuse,
        RefuseAtDot,
    };
    prop::sample::select(vec![
        Accept,
        PutOff,
        Refuse,
        PutOffAtDot,
        RefuseAtDot,
        AcceptForOthers,
        KeepAndBreak,
        LoseAndBreak,
        DieConnecting,
        DieTransmitting,
        DieAccepted,
    ])
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => prop::collection::vec(act(), 0..5).prop_map(Event::Pass),
        3 => (0_i64..100).prop_map(Event::Wait),
        1 => Just(Event::Release),
        1 => Just(Event::Retry),
        1 => (0_usize..4).prop_map(Event::RetryOne),
    ]
}

const MAILS: usize = 4;

/// How often each recipient of each mail got it.
fn copies(mailbox: &Mailbox, number: usize) -> [usize; 2] {
    let id = format!("<{number}@example.cn>");
    let count = |who: &str| {
        mailbox.messages().iter().filter(|message| message.message_id == id && message.recipients.iter().any(|one| one == who)).count()
    };
    [count("a@one.cn"), count("b@one.cn")]
}

fn by_hand(desk: &mut Desk, from: &[DeliveryState], only: Option<usize>) -> Result<(), RunError> {
    let own = lease::take(desk, period())?;
    recover(desk, &own)?;
    let rows = desk.ledger.outbox(None)?;
    let chosen = rows.iter().enumerate().filter(|(at, _)| only.is_none_or(|number| number == *at));
    let steps: Vec<_> = chosen
        .map(|(_, row)| crate::ledger::outbox::Step { requeued: true, ..crate::ledger::outbox::Step::new(row.id, DeliveryState::Pending) })
        .collect();
    let at = desk.at();
    desk.ledger.advance(&own, &at, from, &steps)?;
    lease::give_back(desk, &own);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn no_mail_is_lost_or_doubled_and_sent_stays_sent(events in prop::collection::vec(event(), 1..25)) {
        let dir = tempfile::tempdir().unwrap();
        let mut desk = desk(dir.path());
        desk.settings.mail.pace.rate_per_minute = 10_000;
        let (transport, mailbox) = Transport::memory();
        for number in 0..MAILS {
            let state = if number == 0 { DeliveryState::Held } else { DeliveryState::Pending };
            store(&mut desk, number, &["a@one.cn", "b@one.cn"], state);
        }
        // How often the operator sent an uncertain mail again: he alone may double it.
        let mut asked = [0; MAILS];
        let mut before = vec![DeliveryState::Held; MAILS];
        for event in events {
            match event {
                Event::Wait(hours) => desk.clock.now += TimeDelta::hours(hours),
                Event::Release => by_hand(&mut desk, &[DeliveryState::Held], None).unwrap(),
                Event::Retry => by_hand(&mut desk, &[DeliveryState::Failed, DeliveryState::Pending], None).unwrap(),
                Event::RetryOne(number) => {
                    asked[number] += usize::from(desk.ledger.outbox(None).unwrap()[number].state == DeliveryState::Uncertain);
                    by_hand(&mut desk, &[DeliveryState::Uncertain], Some(number)).unwrap();
                }
                Event::Pass(acts) => {
                    mailbox.script(&acts);
                    if catch_unwind(AssertUnwindSafe(|| pass(&mut desk, &transport))).is_err() {
                        // The process died with its lease; the next one begins when that has run out.
                        WALL.set(wall() + 601);
                        let own = lease::take(&mut desk, period()).unwrap();
                        recover(&mut desk, &own).unwrap();
                        lease::give_back(&mut desk, &own);
                    }
                }
            }
            let rows = desk.ledger.outbox(None).unwrap();
            prop_assert_eq!(rows.len(), MAILS);
            for (number, row) in rows.iter().enumerate() {
                let got = copies(&mailbox, number);
                prop_assert!(got.iter().all(|count| *count <= 1 + asked[number]), "mail {number} came {got:?} times");
                prop_assert!(!matches!(row.state, DeliveryState::Sending | DeliveryState::Transmitting));
                match row.state {
                    DeliveryState::Sent => prop_assert!(got.iter().all(|count| *count >= 1), "mail {number} is called sent: {got:?}"),
                    DeliveryState::Held => prop_assert_eq!(got, [0, 0]),
                    DeliveryState::Pending | DeliveryState::Failed if asked[number] == 0 => {
                        prop_assert_eq!(got, ["a@one.cn", "b@one.cn"].map(|who| usize::from(row.reached.iter().any(|one| one == who))));
                    }
                    _ => {}
                }
                if before[number] == DeliveryState::Sent {
                    prop_assert_eq!(row.state, DeliveryState::Sent);
                }
            }
            before = rows.into_iter().map(|row| row.state).collect();
        }
        // In the end the server is well and the operator retries what failed: everything arrived, or is openly uncertain.
        mailbox.script(&[]);
        by_hand(&mut desk, &[DeliveryState::Held, DeliveryState::Failed], None).unwrap();
        desk.clock.now += TimeDelta::days(1);
        pass(&mut desk, &transport).unwrap();
        for (number, row) in desk.ledger.outbox(None).unwrap().iter().enumerate() {
            prop_assert!(matches!(row.state, DeliveryState::Sent | DeliveryState::Uncertain), "mail {number} is {:?}", row.state);
            prop_assert!(row.state == DeliveryState::Uncertain || copies(&mailbox, number).iter().all(|count| *count >= 1));
        }
    }
}
