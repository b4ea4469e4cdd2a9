use super::*;

const AT: &str = "2022-07-20T18:00:03+08:00";

fn ledger() -> (tempfile::TempDir, Ledger) {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Ledger::open(&dir.path().join("ledger.sqlite")).unwrap();
    (dir, ledger)
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn slot(job: JobKind, scheduled_at: &str) -> Slot {
    Slot { job, scheduled_at: at(scheduled_at), period: Period::new(2022, 6).unwrap() }
}

fn due(slot: &Slot) -> Decision {
    Decision { job: slot.job, slots: vec![(slot.clone(), SlotState::Due)] }
}

fn audited(ledger: &Ledger) -> Vec<String> {
    let mut statement = ledger.connection.prepare("SELECT action || ' ' || subject || ' ' || detail FROM audit ORDER BY id").unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn codes(ledger: &Ledger, state: SlotState) -> Vec<(&'static str, String)> {
    ledger.slots_in(state).unwrap().into_iter().map(|row| (row.slot.job.code(), text(row.slot.scheduled_at))).collect()
}

#[test]
fn a_slot_that_was_run_is_never_due_again() {
    let (_dir, mut ledger) = ledger();
    let cut_off = slot(JobKind::CutOff, "2022-07-20T10:00:00Z");
    ledger.decide(AT, cut_off.scheduled_at, &[due(&cut_off)]).unwrap();
    assert!(ledger.move_slot(AT, &cut_off, SlotState::Due, SlotState::Running, None).unwrap());
    assert!(!ledger.move_slot(AT, &cut_off, SlotState::Due, SlotState::Running, None).unwrap(), "another one took it");
    assert!(ledger.move_slot(AT, &cut_off, SlotState::Running, SlotState::Done, Some("version 1")).unwrap());
    // The clock goes back a day, and the slot comes once more.
    ledger.decide(AT, at("2022-07-19T10:00:00Z"), &[Decision { job: JobKind::CutOff, slots: Vec::new() }]).unwrap();
    ledger.decide(AT, cut_off.scheduled_at, &[due(&cut_off)]).unwrap();
    assert!(ledger.slots_in(SlotState::Due).unwrap().is_empty());
    assert_eq!(ledger.last_slot(JobKind::CutOff).unwrap().unwrap().outcome.as_deref(), Some("version 1"));
    let subject = "cut-off 2022-07-20T10:00:00Z 2022-06";
    let expected = [format!("slot.due {subject}"), format!("slot.running {subject}"), format!("slot.done {subject} version 1")];
    assert_eq!(audited(&ledger), expected);
}

#[test]
fn a_future_that_did_not_come_is_undecided() {
    let (_dir, mut ledger) = ledger();
    let [june, july] = ["2022-06-20T10:00:00Z", "2022-07-20T10:00:00Z"].map(|at| slot(JobKind::CutOff, at));
    let slots = vec![(june.clone(), SlotState::Missed), (july.clone(), SlotState::Missed)];
    ledger.decide(AT, at("2030-01-01T00:00:00Z"), &[Decision { job: JobKind::CutOff, slots }]).unwrap();
    ledger.decide(AT, at("2022-07-01T00:00:00Z"), &[Decision { job: JobKind::CutOff, slots: Vec::new() }]).unwrap();
    assert_eq!(codes(&ledger, SlotState::Missed), [("cut-off", "2022-06-20T10:00:00Z".to_owned())]);
    assert_eq!(ledger.decided_until(JobKind::CutOff).unwrap(), Some(at("2022-07-01T00:00:00Z")));
    assert!(audited(&ledger).iter().any(|line| line.starts_with("slot.undecided cut-off 1 slots")), "{:?}", audited(&ledger));
}

#[test]
fn a_later_poll_does_the_work_of_an_earlier_one_and_reminders_wait() {
    let (_dir, mut ledger) = ledger();
    for scheduled_at in ["2022-07-08T01:00:00Z", "2022-07-08T01:10:00Z"] {
        for job in [JobKind::Remind, JobKind::Poll] {
            let one = slot(job, scheduled_at);
            ledger.decide(AT, one.scheduled_at, &[due(&one)]).unwrap();
        }
    }
    let [first, second] = ["2022-07-08T01:00:00Z", "2022-07-08T01:10:00Z"].map(str::to_owned);
    assert_eq!(codes(&ledger, SlotState::Due), [("remind", first.clone()), ("poll", second.clone()), ("remind", second)]);
    assert_eq!(codes(&ledger, SlotState::Skipped), [("poll", first)]);
    assert!(audited(&ledger).iter().all(|line| line.contains("remind")), "polls that go well are not audited: {:?}", audited(&ledger));
}

#[test]
fn old_polls_are_forgotten_and_old_cut_offs_are_not() {
    let (_dir, mut ledger) = ledger();
    for job in [JobKind::Poll, JobKind::CutOff] {
        let old = slot(job, "2022-05-20T10:00:00Z");
        ledger.decide(AT, old.scheduled_at, &[due(&old)]).unwrap();
        ledger.move_slot(AT, &old, SlotState::Due, SlotState::Running, None).unwrap();
        ledger.move_slot(AT, &old, SlotState::Running, SlotState::Done, None).unwrap();
        ledger.decide(AT, at("2022-07-20T10:00:00Z"), &[Decision { job, slots: Vec::new() }]).unwrap();
    }
    assert_eq!(codes(&ledger, SlotState::Done), [("cut-off", "2022-05-20T10:00:00Z".to_owned())]);
}
