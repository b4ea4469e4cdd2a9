//! What a look into the sources reads, what it leaves, and what it says of it.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use rustix::fs::inotify;
use serde_json::{Value, json};
use wenjin::plan::compile;
use wenjin::run::intake::explanations::Explanations;
use wenjin::run::intake::{receive, sources};
use wenjin::run::kit::progress::Silent;
use wenjin::run::kit::{Clock, Desk, SubmissionState};

use crate::harness::{NOW, put, python, settle};
use crate::small::{self, Small, workbook};

/// The largest of fifty megabytes: under the limit of 50 MiB.
const LARGE: u64 = 50_000_000;

/// Unix seconds, as these tests let them pass.
static WALL: AtomicI64 = AtomicI64::new(0);

fn real_wall() -> i64 {
    i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap()
}

fn wall() -> i64 {
    real_wall() + WALL.load(Ordering::Relaxed)
}

fn desk(folder: &Path, wall: fn() -> i64) -> Desk {
    desk_with(folder, wall, env!("CARGO_BIN_EXE_wenjin").into())
}

fn desk_with(folder: &Path, wall: fn() -> i64, worker: PathBuf) -> Desk {
    let (settings, plan) = compile::workspace(folder, None, &|_| None, None).map_err(|found| format!("{found:?}")).unwrap();
    Desk::open(settings, plan, Clock { now: NOW.parse().unwrap(), wall }, worker).unwrap()
}

fn json_of(small: &Small, arguments: &[&str]) -> Value {
    let output = small.run(&[arguments, &["--json"]].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

/// What `status` says of entries that were not read: path and reason.
fn unread(small: &Small) -> Vec<(String, String)> {
    let status = json_of(small, &["status", "--period", "2022-06"]);
    let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    status["unread"].as_array().unwrap().iter().map(|one| (text(one, "path"), text(one, "reason"))).collect()
}

/// Ears on files: whether anybody opened or read one of them.
struct Ears(std::os::fd::OwnedFd);

impl Ears {
    fn on(paths: &[PathBuf]) -> Self {
        let ears = inotify::init(inotify::CreateFlags::NONBLOCK).unwrap();
        for path in paths {
            inotify::add_watch(&ears, path, inotify::WatchFlags::OPEN | inotify::WatchFlags::ACCESS).unwrap();
        }
        Self(ears)
    }

    fn heard(&self) -> usize {
        let mut bytes = [std::mem::MaybeUninit::uninit(); 4096];
        let mut reader = inotify::Reader::new(&self.0, &mut bytes);
        std::iter::from_fn(|| reader.next().ok().map(drop)).count()
    }
}

/// Files of fifty megabytes that take no room on the disk.
fn large(inbox: &Path, count: usize) -> Vec<PathBuf> {
    let paths: Vec<PathBuf> = (0..count).map(|at| inbox.join(format!("附件{at:02}.bin"))).collect();
    for path in &paths {
        fs::File::create(path).unwrap().set_len(LARGE).unwrap();
        settle(path);
    }
    paths
}

#[test]
fn a_known_inbox_of_two_gigabytes_is_looked_at_in_little_memory_and_not_read() {
    let small = Small::new();
    let paths = large(&small.path().join("inbox"), 40);
    small.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let ears = Ears::on(&paths);
    let script = "import resource, subprocess, sys\n\
                  subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n\
                  print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";
    let command = small.command(&["run", "--period", "2022-06", "--no-mail"]);
    let output = python(&[]).args(["-c", script]).arg(command.get_program()).args(command.get_args()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let kibibytes: u64 = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
    assert_eq!(ears.heard(), 0, "known files were opened");
    assert!(kibibytes <= 100 << 10, "{kibibytes} KiB");
}

#[test]
fn a_known_file_is_read_again_once_a_day_and_whenever_it_was_touched() {
    let small = Small::new();
    let path = small.path().join("inbox/省经信厅_2022-06.xlsx");
    let ears = Ears::on(std::slice::from_ref(&path));
    let mut desk = desk(small.path(), wall);
    let look = |desk: &mut Desk, passed: i64| {
        WALL.store(passed, Ordering::Relaxed);
        let received = sources::scheduled(desk, &Silent).unwrap().len();
        (received, ears.heard() > 0)
    };
    assert_eq!(look(&mut desk, 0), (2, true));
    assert_eq!(look(&mut desk, 600), (0, false));
    assert_eq!(look(&mut desk, 24 * 3600), (0, true), "once a day by what it holds");
    assert_eq!(look(&mut desk, 24 * 3600 + 600), (0, false));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(look(&mut desk, 24 * 3600 + 1200), (0, true), "its inode was changed");
    // Another file with the size and the time of the one before it.
    let before = fs::metadata(&path).unwrap().modified().unwrap();
    let mut bytes = fs::read(&path).unwrap();
    bytes.reverse();
    fs::write(&path, bytes).unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(before).unwrap();
    assert_eq!(look(&mut desk, 24 * 3600 + 1800).0, 1, "other bytes are another file");
}

#[test]
fn a_poll_leaves_what_is_being_written_and_takes_it_when_it_has_stayed() {
    let small = Small::new();
    let mut desk = desk(small.path(), real_wall);
    assert_eq!(sources::scheduled(&mut desk, &Silent).unwrap().len(), 2);
    let path = small.path().join("inbox/省经信厅_2022-06（更正）.xlsx");
    let whole = fs::read(workbook(&small.path().join("elsewhere/a.xlsx"), "工业投资", 120)).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    assert!(sources::scheduled(&mut desk, &Silent).unwrap().is_empty(), "half of it is there");
    assert_eq!(unread(&small), [(name.clone(), "being-written".to_owned())]);
    assert_eq!(json_of(&small, &["alerts"])["alerts"], json!([]), "nobody is called for that");
    // Its time lies ahead of the clock: only that it stays as it is tells that it is whole.
    let ahead = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(real_wall()).unwrap() + 3600);
    let file = fs::File::create(&path).unwrap();
    (&file).write_all(&whole).unwrap();
    file.set_modified(ahead).unwrap();
    assert!(sources::scheduled(&mut desk, &Silent).unwrap().is_empty(), "it has grown");
    let received = sources::scheduled(&mut desk, &Silent).unwrap();
    assert_eq!(received.iter().map(|one| one.state).collect::<Vec<_>>(), [SubmissionState::Accepted]);
    assert_eq!(unread(&small), []);
}

#[test]
fn a_run_waits_a_moment_for_a_young_file_and_names_what_it_leaves() {
    let small = Small::new();
    small.ok(&["run", "--period", "2022-06", "--no-mail"]);
    let young = small.path().join("inbox/省经信厅_2022-06（更正）.xlsx");
    let whole = workbook(&small.path().join("elsewhere/a.xlsx"), "工业投资", 120);
    fs::write(&young, fs::read(whole).unwrap()).unwrap();
    let growing = small.path().join("inbox/省发展改革委_2022-06（更正）.xlsx");
    fs::write(&growing, "PK").unwrap();
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let writer = std::thread::spawn(move || {
        let mut file = fs::File::options().append(true).open(growing).unwrap();
        while stopped.recv_timeout(Duration::from_millis(100)).is_err() {
            file.write_all(b"more").unwrap();
        }
    });
    let start = Instant::now();
    let run = json_of(&small, &["run", "--period", "2022-06", "--no-mail"]);
    let took = start.elapsed();
    stop.send(()).unwrap();
    writer.join().unwrap();
    assert_eq!(run["unread"][0]["path"], "省发展改革委_2022-06（更正）.xlsx", "{run}");
    assert_eq!((run["unread"].as_array().unwrap().len(), &run["unread"][0]["reason"]), (1, &json!("being-written")));
    let shown = json_of(&small, &["show", "--period", "2022-06"]);
    let first = &shown["measures"][0]["indicators"][0];
    assert_eq!(first["year_to_date"].as_str(), Some("197.00"), "the young one counts: {first}");
    assert!(took < Duration::from_secs(30), "{took:?}");
    let printed = small.ok(&["status", "--period", "2022-06"]);
    assert!(printed.contains("省发展改革委_2022-06（更正）.xlsx：正在写入，写完后下次收取"), "{printed}");
}

#[test]
fn a_poll_takes_in_so_many_and_the_next_one_the_rest() {
    let small = Small::new();
    let mut desk = desk(small.path(), real_wall);
    desk.settings.limits.poll_files_max = 1;
    assert_eq!(sources::scheduled(&mut desk, &Silent).unwrap().len(), 1);
    assert_eq!(unread(&small).into_iter().map(|(_, reason)| reason).collect::<Vec<_>>(), ["next-look"]);
    assert_eq!(sources::scheduled(&mut desk, &Silent).unwrap().len(), 1);
    assert_eq!((sources::scheduled(&mut desk, &Silent).unwrap().len(), unread(&small)), (0, vec![]));
}

/// Gives all below `path` to somebody.
fn give(path: &Path, user: u32) {
    chown(path, Some(user), Some(user)).unwrap();
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            give(&entry.unwrap().path(), user);
        }
    }
}

/// Root may read everything: then the program is run as somebody else.
struct Somebody(Option<u32>);

impl Somebody {
    fn of(small: &Small) -> Self {
        let somebody = rustix::process::getuid().is_root().then_some(65_534);
        if let Some(user) = somebody {
            give(small.path(), user);
        }
        Self(somebody)
    }

    /// The program as he runs it: the build's own folder may be closed to him, so it stands beside the workspace.
    fn command(&self, small: &Small, arguments: &[&str]) -> Command {
        let Self(Some(user)) = self else { return small.command(arguments) };
        let program = small.path().join("wenjin-of-somebody");
        if !program.exists() {
            fs::copy(env!("CARGO_BIN_EXE_wenjin"), &program).unwrap();
        }
        let known = small.command(arguments);
        let mut command = Command::new(program);
        command.args(known.get_args()).uid(*user).gid(*user);
        for (name, value) in known.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        if let Some(folder) = known.get_current_dir() {
            command.current_dir(folder);
        }
        command
    }
}

#[test]
fn whatever_is_not_read_has_a_row_and_its_reason_and_the_rest_counts() {
    use std::os::unix::ffi::OsStrExt as _;
    let small = Small::new();
    let inbox = small.path().join("inbox");
    let extra = |name: &str| inbox.join(name);
    put(&extra("省经信厅_2022-06（密）.xlsx"), b"x");
    put(&extra("汇总表.xlsx"), &fs::read(extra("省经信厅_2022-06.xlsx")).unwrap());
    put(&extra("省发展改革委_2022-06.xlsx"), &vec![7; 200_000]);
    let deep = (0..=16).fold(inbox.join("2022-06"), |path, at| path.join(format!("第{at}层")));
    fs::create_dir_all(deep).unwrap();
    let closed = extra("省发展改革委2022年6月");
    fs::create_dir(&closed).unwrap();
    let (gbk, _, _) = encoding_rs::GBK.encode("省经信厅_2022-06（密）.xlsx");
    let twin = inbox.join(std::ffi::OsStr::from_bytes(&gbk));
    put(&twin, b"y");
    let (gbk, _, _) = encoding_rs::GBK.encode("省经信厅_2022-06（旧系统）.xlsx");
    fs::rename(extra("省经信厅_2022-06.xlsx"), inbox.join(std::ffi::OsStr::from_bytes(&gbk))).unwrap();
    let somebody = Somebody::of(&small);
    for path in [&extra("省经信厅_2022-06（密）.xlsx"), &twin, &closed] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
        chown(path, Some(rustix::process::getuid().as_raw()), None).unwrap();
    }
    let run = |arguments: &[&str]| {
        let output = somebody.command(&small, arguments).env("WENJIN_LIMITS_FILE_BYTES_MAX", "100000").output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let printed = run(&["run", "--period", "2022-06", "--no-mail"]);
    assert!(
        printed.contains("submissions: 1 accepted, 0 returned, 2 received but unreadable (省发展改革委)"),
        "the rest counts, an old system's name among it: {printed}"
    );
    assert!(printed.contains("not read: folder 1 未读取 省经信厅_2022-06（密）.xlsx：没有读取权限"), "{printed}");

    let status: Value = serde_json::from_str(&run(&["status", "--period", "2022-06", "--json"])).unwrap();
    let rows: Vec<(&str, &str)> =
        status["unread"].as_array().unwrap().iter().map(|one| (one["path"].as_str().unwrap(), one["reason"].as_str().unwrap())).collect();
    let denied = |path: &str| rows.iter().filter(|row| **row == (path, "permission-denied")).count();
    assert_eq!(denied("省经信厅_2022-06（密）.xlsx"), 2, "two names that look alike: {rows:?}");
    assert_eq!(denied("省发展改革委2022年6月"), 1, "{rows:?}");
    assert!(rows.iter().any(|(path, reason)| path.contains("第14层") && *reason == "nested-too-deep"), "{rows:?}");
    let refused: Vec<(&Value, &str)> = status["submissions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["state"] == "refused")
        .map(|one| (&one["department"], one["reason"].as_str().unwrap()))
        .collect();
    assert!(refused.contains(&(&json!("fgw"), "too-large")) && refused.contains(&(&Value::Null, "unknown-department")), "{refused:?}");
    let alerts = run(&["alerts"]);
    assert!(alerts.contains("source.unread:1") && alerts.matches("submission.refused:").count() == 2, "{alerts}");

    // Once nothing is left that cannot be read, the alert is over.
    fs::remove_dir_all(inbox.join("2022-06")).unwrap();
    for path in [&extra("省经信厅_2022-06（密）.xlsx"), &twin, &closed] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        fs::remove_file(path).or_else(|_| fs::remove_dir(path)).unwrap();
    }
    run(&["run", "--period", "2022-06", "--no-mail"]);
    assert!(!run(&["alerts"]).contains("source.unread"));
}

#[test]
fn a_limit_that_is_raised_lets_a_large_file_in() {
    let small = Small::new();
    let run = |most: &str| {
        let mut command = small::command(small.path(), &["run", "--period", "2022-06", "--no-mail", "--json"]);
        let output = command.env("WENJIN_LIMITS_FILE_BYTES_MAX", most).output().unwrap();
        serde_json::from_slice::<Value>(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
    };
    let length = fs::metadata(small.path().join("inbox/省经信厅_2022-06.xlsx")).unwrap().len();
    let other = fs::metadata(small.path().join("inbox/省发展改革委_2022-06.xlsx")).unwrap().len();
    let between = u64::midpoint(length, other);
    assert_ne!(length, other);
    let narrow = run(&between.to_string());
    assert_eq!((&narrow["submissions"]["accepted"], &narrow["submissions"]["refused"]), (&json!(1), &json!(1)), "{narrow}");
    let wide = run("1000000");
    assert_eq!(wide["submissions"]["accepted"], json!(2), "{wide}");
}

/// A worker that is killed as long as the file beside it is there.
fn mortal(folder: &Path) -> (PathBuf, PathBuf) {
    let (worker, dying) = (folder.join("worker"), folder.join("dying"));
    put(&dying, b"");
    let script = format!("#!/bin/sh\n[ -e {} ] && kill -9 $$\nexec {} \"$@\"\n", dying.display(), env!("CARGO_BIN_EXE_wenjin"));
    put(&worker, script.as_bytes());
    fs::set_permissions(&worker, fs::Permissions::from_mode(0o700)).unwrap();
    (worker, dying)
}

fn states(desk: &mut Desk) -> Vec<SubmissionState> {
    sources::scheduled(desk, &Silent).unwrap().iter().map(|one| one.state).collect()
}

#[test]
fn a_file_whose_worker_died_is_read_again_at_the_next_looks_and_keeps_its_arrival() {
    use SubmissionState::{Accepted, Refused};
    let small = Small::new();
    let (worker, dying) = mortal(small.path());
    let mut desk = desk_with(small.path(), real_wall, worker);
    assert_eq!(states(&mut desk), [Refused, Refused]);
    let alerts = json_of(&small, &["alerts"]);
    assert!(alerts.to_string().contains("以后几次查收时还会再读"), "{alerts}");
    assert_eq!(states(&mut desk), [Refused, Refused]);
    fs::remove_file(&dying).unwrap();
    desk.clock.now += chrono::TimeDelta::hours(1);
    assert_eq!(states(&mut desk), [Accepted, Accepted]);
    assert!(states(&mut desk).is_empty());
    let status = json_of(&small, &["status", "--period", "2022-06"]).to_string();
    assert!(status.contains("2022-07-11T09:00:00"), "they came when they came: {status}");
    assert!(!status.contains("2022-07-11T10:00:00"), "{status}");
}

#[test]
fn a_file_that_kills_every_worker_is_read_at_three_more_looks_and_then_when_it_is_handed_in_again() {
    let small = Small::new();
    let (worker, _dying) = mortal(small.path());
    let mut desk = desk_with(small.path(), real_wall, worker);
    let read: Vec<usize> = (0..6).map(|_| states(&mut desk).len()).collect();
    assert_eq!(read, [2, 2, 2, 2, 0, 0]);
    let path = small.path().join("inbox/省经信厅_2022-06.xlsx");
    let received = receive::from_files(&mut desk, &[path], None, None, &Explanations::default(), (false, &Silent)).unwrap();
    assert_eq!(received.len(), 1);
    let read: Vec<usize> = (0..5).map(|_| states(&mut desk).len()).collect();
    assert_eq!(read, [1, 1, 1, 0, 0]);
}
