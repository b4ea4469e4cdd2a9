//! A month of virtual time: the schedule's slots and their conduct, driven without a clock and without sleeping.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use chrono::{DateTime, Duration, FixedOffset};
use wenjin::model::Period;
use wenjin::plan::compile;
use wenjin::run::kit::progress::Silent;
use wenjin::run::kit::{Cause, Clock, Desk, SlotState};
use wenjin::run::recovery;
use wenjin::run::schedule::poll::Memory;
use wenjin::run::schedule::{due, job};
use wenjin::settings::JobKind;

use crate::harness::{Workspace, files, lay};

const STEP_MINUTES: i64 = 10;

/// A daemon without a bell: the test is its clock.
struct Office {
    workspace: Workspace,
    desk: Desk,
    /// What the polls of this process remember.
    memory: Memory,
    /// Files still under way, by the time they come and where they go.
    under_way: BTreeMap<DateTime<FixedOffset>, Vec<(PathBuf, PathBuf)>>,
    /// Keeps the data folder, which `var` leads to.
    _memory: Option<tempfile::TempDir>,
    performed: BTreeSet<(JobKind, String)>,
    /// Words and failures of the slots that did something, in order.
    log: Vec<String>,
}

fn at(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(&format!("2022-{text}:00+08:00")).unwrap()
}

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

fn open(workspace: &Workspace, now: DateTime<FixedOffset>) -> Desk {
    let (settings, plan) = compile::workspace(workspace.path(), None, &|_| None, None).unwrap();
    // Leases are given back, so their clock may stand still.
    Desk::open(settings, plan, Clock { now, wall: || 0 }, env!("CARGO_BIN_EXE_wenjin").into()).unwrap()
}

impl Office {
    /// The shipped workspace (May and June of its inbox) on the morning of 1 July, the files of June on their way, each to come when it was received.
    fn new() -> Self {
        let workspace = Workspace::shipped();
        for earlier in ["2022-02", "2022-03", "2022-04"] {
            std::fs::remove_dir_all(workspace.path().join("fixtures/inbox").join(earlier)).unwrap();
        }
        let inbox = workspace.path().join("fixtures/inbox/2022-06");
        let times: toml::Table = std::fs::read_to_string(inbox.join("received.toml")).unwrap().parse().unwrap();
        let stash = workspace.path().join("under-way");
        std::fs::create_dir(&stash).unwrap();
        let mut under_way: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (file, entry) in &times {
            let received = DateTime::parse_from_rfc3339(&entry["received_at"].to_string()).unwrap();
            std::fs::rename(inbox.join(file), stash.join(file)).unwrap();
            under_way.entry(received).or_default().push((stash.join(file), inbox.join(file)));
        }
        // Thousands of commits that each wait for the disk would be all this test waits for.
        let memory = std::path::Path::new("/dev/shm").is_dir().then(|| tempfile::tempdir_in("/dev/shm").unwrap());
        if let Some(memory) = &memory {
            std::os::unix::fs::symlink(memory.path(), workspace.path().join("var")).unwrap();
        }
        let desk = open(&workspace, at("07-01T00:00"));
        Self { workspace, desk, memory: Memory::default(), under_way, _memory: memory, performed: BTreeSet::new(), log: Vec::new() }
    }

    /// Lets a file whose name holds `part` come at another time.
    fn delay(&mut self, part: &str, to: DateTime<FixedOffset>) {
        let is_it = |(_, target): &(PathBuf, PathBuf)| target.to_string_lossy().contains(part);
        let from = *self.under_way.iter().find(|(_, files)| files.iter().any(is_it)).unwrap().0;
        let files = self.under_way.remove(&from).unwrap();
        self.under_way.entry(to).or_default().extend(files);
    }

    /// The correction of `fixtures/later` comes at `to`.
    fn correct(&mut self, to: DateTime<FixedOffset>) {
        let later = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/later/2022-06");
        let file = files(&later).into_iter().find(|path| path.extension().is_some_and(|end| end == "xlsx")).unwrap();
        let target = self.workspace.path().join("fixtures/inbox/2022-06").join(file.file_name().unwrap());
        self.under_way.entry(to).or_default().push((file, target));
    }

    /// Lives from the desk's now to `until`.
    fn live(&mut self, until: DateTime<FixedOffset>) {
        while self.desk.clock.now <= until {
            self.arrive();
            self.tick();
            self.desk.clock.now += Duration::minutes(STEP_MINUTES);
        }
    }

    fn arrive(&mut self) {
        let later = self.under_way.split_off(&(self.desk.clock.now + Duration::seconds(1)));
        for (from, to) in std::mem::replace(&mut self.under_way, later).into_values().flatten() {
            lay(&from, &to);
        }
    }

    fn tick(&mut self) {
        for slot in due::tick(&mut self.desk).unwrap() {
            let key = (slot.job, slot.scheduled_at.to_rfc3339());
            assert!(self.performed.insert(key), "{slot:?} was run twice");
            let now = self.desk.clock.now.format("%m-%d %H:%M");
            match job::perform(&mut self.desk, &slot, &mut self.memory, &Silent) {
                Ok(words) if slot.job == JobKind::Poll && words == "nothing new" => {}
                Ok(words) if matches!(slot.job, JobKind::Poll | JobKind::CutOff) => {
                    self.log.push(format!("{now} {}: {words}", slot.job.code()));
                }
                Ok(_) => {}
                Err(error) => self.log.push(format!("{now} {} failed: {error}", slot.job.code())),
            }
        }
    }

    /// The process ends and another one starts at `now`.
    fn restart(&mut self, now: DateTime<FixedOffset>) {
        self.desk = open(&self.workspace, now);
        self.memory = Memory::default();
        recovery::slots(&mut self.desk).unwrap();
    }

    fn versions(&self, of: &str) -> Vec<u32> {
        self.desk.ledger.versions(period(of)).unwrap()
    }

    /// Mails of a kind that were written, as `2022-06_v1_report_jxt`.
    fn mails(&self, part: &str) -> usize {
        files(&self.workspace.path().join("var/mail")).iter().filter(|path| path.to_string_lossy().contains(part)).count()
    }
}

#[test]
fn a_month_whose_files_are_all_in_before_the_cut_off() {
    let mut office = Office::new();
    office.correct(at("07-15T09:03"));
    office.live(at("07-22T12:00"));
    let before = (office.workspace.hashes("var/mail"), office.workspace.hashes("var/reports"));
    // The clock is put back over the cut-off and over three days of polls, then goes on.
    office.desk.clock.now = at("07-19T12:00");
    office.live(at("07-31T23:50"));
    let said = office.log.iter().filter(|line| line.contains("2022-06")).map(String::as_str).collect::<Vec<_>>();
    assert_eq!(
        said,
        [
            "07-08 11:40 poll: 1 file(s): 1 accepted, 0 returned, 0 refused; 2022-06 version 1 drawn up: all submissions are in",
            "07-15 09:10 poll: 1 file(s): 1 accepted, 0 returned, 0 refused; 2022-06 version 2 drawn up: a late or corrected file came",
            "07-20 18:00 cut-off: 2022-06: nothing new since version 2",
        ]
    );
    assert_eq!((office.versions("2022-05"), office.versions("2022-06")), (vec![], vec![1, 2]), "May was over before the first start");
    assert_eq!((office.mails("2022-05"), office.mails("2022-06_v1_report")), (0, 11));
    assert_eq!(office.mails("2022-06_v2_correction"), 4, "those whose figures moved, and the leading group");
    assert_eq!(before, (office.workspace.hashes("var/mail"), office.workspace.hashes("var/reports")), "nothing after the clock went back");
    assert_eq!(office.desk.ledger.drawn(period("2022-06")).unwrap().unwrap().cause, Cause::Refresh);
    assert!(office.desk.ledger.slots_in(SlotState::Missed).unwrap().is_empty());
}

#[test]
fn a_daemon_that_is_new_over_a_folder_of_old_files_mails_nothing_of_earlier_months() {
    let workspace = Workspace::shipped();
    let mut desk = open(&workspace, at("07-11T09:00"));
    for minutes in [0, 10, 20] {
        desk.clock.now = at("07-11T09:00") + Duration::minutes(minutes);
        for slot in due::tick(&mut desk).unwrap() {
            job::perform(&mut desk, &slot, &mut Memory::default(), &Silent).unwrap();
        }
    }
    let mails: Vec<String> = desk.ledger.outbox(None).unwrap().iter().map(|row| row.message.eml_name()).collect();
    assert!(mails.iter().any(|name| name.starts_with("2022-06_v1_report")), "{mails:?}");
    assert!(mails.iter().all(|name| name.starts_with("2022-06")), "May's cut-off was three weeks ago: {mails:?}");
    assert_eq!(desk.ledger.periods().unwrap(), [period("2022-06")]);
}

#[test]
fn a_month_with_a_late_file_and_a_daemon_that_was_down_at_the_cut_off() {
    let mut office = Office::new();
    office.delay("省科技厅", at("07-25T10:04"));
    office.live(at("07-01T00:10"));
    for (from, until) in [("07-08T11:00", "07-09T10:00"), ("07-20T06:00", "07-20T12:00")] {
        office.restart(at(from));
        office.live(at(until));
        assert!(office.versions("2022-06").is_empty(), "{:?}", office.log);
    }
    office.restart(at("07-21T08:00"));
    office.live(at("07-26T08:00"));
    let said = office.log.iter().filter(|line| line.contains("2022-06")).map(String::as_str).collect::<Vec<_>>();
    assert_eq!(
        said,
        [
            "07-21 08:00 cut-off: 2022-06 version 1 drawn up: the cut-off has come",
            "07-25 10:10 poll: 1 file(s): 1 accepted, 0 returned, 0 refused; 2022-06 version 2 drawn up: a late or corrected file came",
        ]
    );
    assert_eq!((office.versions("2022-06"), office.mails("2022-06_v1_report")), (vec![1, 2], 11));
    assert!(office.mails("2022-06_v2_correction") > 0);
    // Of each down time's reminders, one a day, the newest is run; the cut-off is the newest of its own.
    let missed = office.desk.ledger.slots_in(SlotState::Missed).unwrap();
    let days: Vec<String> = missed.iter().map(|row| format!("{} {}", row.slot.job.code(), row.slot.scheduled_at.format("%d"))).collect();
    let expected: Vec<String> = (1..=7).chain(10..=18).map(|day| format!("remind {day:02}")).collect();
    assert_eq!(days, expected);
}

#[test]
fn a_slot_that_was_running_when_the_process_died_is_run_again_and_does_nothing_twice() {
    let mut office = Office::new();
    office.live(at("07-01T00:10"));
    office.restart(at("07-19T12:00"));
    office.arrive();
    office.tick();
    office.desk.clock.now = at("07-20T18:00");
    let slots = due::tick(&mut office.desk).unwrap();
    let slot = slots.iter().find(|slot| slot.job == JobKind::CutOff).unwrap();
    assert!(office.desk.ledger.move_slot("", slot, SlotState::Due, SlotState::Running, None).unwrap());
    assert!(job::perform(&mut office.desk, slot, &mut office.memory, &Silent).unwrap().contains("already"));
    let versions = office.versions("2022-06");
    office.restart(at("07-20T18:00"));
    let again = due::tick(&mut office.desk).unwrap();
    assert_eq!(again.iter().find(|slot| slot.job == JobKind::CutOff), Some(slot));
    let words = job::perform(&mut office.desk, slot, &mut office.memory, &Silent).unwrap();
    assert_eq!((words.as_str(), office.versions("2022-06")), ("2022-06: nothing new since version 1", versions));
    assert!(!due::tick(&mut office.desk).unwrap().contains(slot));
}

#[test]
fn too_many_corrections_wait_for_a_person_and_a_held_period_is_put_off() {
    let mut office = Office::new();
    office.desk.settings.schedule.refreshes_max = 0;
    office.live(at("07-01T00:10"));
    office.desk.clock.now = at("07-15T09:00");
    office.arrive();
    office.tick();
    assert_eq!(office.versions("2022-06"), [1], "{:?}", office.log);
    office.correct(at("07-15T09:03"));
    office.live(at("07-15T09:20"));
    assert_eq!(office.versions("2022-06"), [1]);
    assert!(office.log.last().unwrap().contains("`wenjin run --period 2022-06` draws it up"), "{:?}", office.log);

    office.desk.settings.schedule.refreshes_max = 1;
    let lease = office.desk.ledger.acquire(period("2022-06"), "somebody", 0, 100, &|_| false).unwrap();
    let now = office.desk.clock.now;
    let slots = due::tick(&mut office.desk).unwrap();
    let poll = slots.iter().find(|slot| slot.job == JobKind::Poll).unwrap();
    let words = job::perform(&mut office.desk, poll, &mut office.memory, &Silent).unwrap();
    assert!(words.contains("put off: period 2022-06 is held by somebody"), "{words}");
    office.desk.ledger.release(&lease).unwrap();
    office.desk.clock.now = now + Duration::minutes(1);
    assert!(due::tick(&mut office.desk).unwrap().contains(poll), "it is taken up at the next tick");
    job::perform(&mut office.desk, poll, &mut office.memory, &Silent).unwrap();
    assert_eq!(office.versions("2022-06"), [1, 2]);
}

#[test]
fn a_long_down_time_catches_up_the_latest_and_records_the_rest() {
    let mut office = Office::new();
    office.live(at("07-01T00:10"));
    // Two cut-offs and weeks of reminders are passed; the newest of each is run, the rest are missed.
    office.restart(DateTime::parse_from_rfc3339("2022-08-20T20:00:00+08:00").unwrap());
    office.tick();
    let missed = office.desk.ledger.slots_in(SlotState::Missed).unwrap();
    let cut_offs: Vec<_> = missed.iter().filter(|row| row.slot.job == JobKind::CutOff).map(|row| row.slot.period).collect();
    assert_eq!(cut_offs, [period("2022-06")]);
    assert_eq!(missed.iter().filter(|row| row.slot.job == JobKind::Remind).count(), 50);
    assert_eq!(
        missed.iter().filter(|row| row.slot.job == JobKind::Forms).map(|row| row.slot.period).collect::<Vec<_>>(),
        [period("2022-06")]
    );
    assert!(missed.iter().all(|row| row.slot.job.is_per_period()));
    // Nothing came for July; the cut-off of June is past, but inside the window: the poll would draw it up.
    assert!(office.log.iter().any(|line| line.contains("cut-off failed: no submission for 2022-07")), "{:?}", office.log);
    let status = office.workspace.json(&["status"]);
    assert_eq!(status["missed"].as_array().unwrap().len(), 52);
    assert_eq!(status["missed"][0]["job"], "forms");
    let printed = office.workspace.ok(&["doctor"]);
    assert!(printed.contains("slot cut-off: missed 2022-07-20 18:00 (period 2022-06)"), "{printed}");
}

#[test]
fn a_merged_january_is_skipped_without_a_word() {
    let mut office = Office::new();
    let new_year = |text: &str| DateTime::parse_from_rfc3339(text).unwrap();
    office.desk.clock.now = new_year("2022-02-20T17:50:00+08:00");
    office.tick();
    office.desk.clock.now = new_year("2022-02-20T18:00:00+08:00");
    office.tick();
    let skipped = office.desk.ledger.slots_in(SlotState::Skipped).unwrap();
    let cut_offs: Vec<_> = skipped.iter().filter(|row| row.slot.job == JobKind::CutOff).map(|row| row.slot.period).collect();
    assert_eq!(cut_offs, [period("2022-01")]);
    assert!(!office.log.iter().any(|line| line.contains("2022-01")), "{:?}", office.log);
}

#[test]
fn check_tells_each_job_in_words_with_its_next_times() {
    let workspace = Workspace::shipped();
    let printed = workspace.ok(&["check"]);
    let expected = "job cut-off: at 18:00, on day 20 in Asia/Shanghai (`0 18 20 * *`), about the month before\n  \
                    next: 2022-07-20 18:00, 2022-08-20 18:00, 2022-09-20 18:00, 2022-10-20 18:00, 2022-11-20 18:00\n";
    assert!(printed.contains(expected), "{printed}");
    for job in ["poll", "remind", "retry", "backup"] {
        assert!(printed.contains(&format!("\njob {job}: ")), "{printed}");
    }
    let settings = workspace.path().join("config/wenjin.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, text.replace("zone = \"Asia/Shanghai\"", "zone = \"Europe/Berlin\"")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_wenjin"))
        .arg("--workspace")
        .arg(workspace.path())
        .args(["--now", "2022-10-29T23:00:00+08:00", "check"])
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("  next: 2022-10-30 02:30, 2022-10-31 02:30, 2022-11-01 02:30"), "a doubled time is one: {printed}");
}
