//! The daemon as its service manager, its operator and its monitoring see it: the real binary, real signals, a real notify socket.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, UNIX_EPOCH};

use serde_json::Value;

use crate::harness::{Workspace, files, needs_crash_points, python};
use crate::small::{Small, workbook};

/// The day after the cut-off of 2022-06.
const AFTER_CUT_OFF: &str = "2022-07-21T09:00:00+08:00";
/// How long a condition is waited for; a debug build shares its processor with other tests.
const PATIENCE: Duration = Duration::from_mins(4);

/// A workspace whose poll rings each second and whose other jobs rest.
fn polling() -> Workspace {
    let workspace = Workspace::shipped();
    edit(&workspace, |text| text.replace("cron = \"*/10 * * * *\"", "cron = \"* * * * * *\""));
    workspace
}

fn config(workspace: &Workspace) -> PathBuf {
    workspace.path().join("config/wenjin.toml")
}

fn edit(workspace: &Workspace, change: impl FnOnce(String) -> String) {
    let text = std::fs::read_to_string(config(workspace)).unwrap();
    let changed = change(text.clone());
    assert_ne!(text, changed);
    std::fs::write(config(workspace), changed).unwrap();
}

/// The library that sets a child's calendar.
fn clock_shift(folder: &Path) -> PathBuf {
    let library = folder.join("clock.so");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/clock.c");
    let built = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).arg("-ldl").status();
    assert!(built.is_ok_and(|status| status.success()), "this test needs a C compiler: apt-get install gcc");
    library
}

/// How far its calendar is put back, in seconds.
fn shift() -> i64 {
    let then = chrono::DateTime::parse_from_rfc3339(AFTER_CUT_OFF).unwrap().timestamp();
    then - i64::try_from(UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap()
}

struct Daemon {
    child: Child,
    /// What the service manager was told, in order, and how much of it a test has heard.
    told: Arc<Mutex<Vec<String>>>,
    heard: usize,
    log: PathBuf,
    _folder: tempfile::TempDir,
}

impl Daemon {
    fn start(workspace: &Path, environment: &[(&str, &str)]) -> Self {
        Self::start_by(command(workspace), environment)
    }

    fn start_by(mut command: Command, environment: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = UnixDatagram::bind(folder.path().join("notify")).unwrap();
        let told = Arc::new(Mutex::new(Vec::new()));
        let ears = Arc::clone(&told);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(length) = socket.recv(&mut bytes) {
                ears.lock().unwrap().push(String::from_utf8_lossy(&bytes[..length]).into_owned());
            }
        });
        let log = folder.path().join("log");
        let shift = shift();
        let child = command
            .args(["--log-format", "json", "daemon"])
            .env("NOTIFY_SOCKET", folder.path().join("notify"))
            .env("LD_PRELOAD", clock_shift(folder.path()))
            .env("CLOCK_SHIFT_SECONDS", shift.to_string())
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        Self { child, told, heard: 0, log, _folder: folder }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Waits until `found` gives something.
    fn until<T>(&mut self, what: &str, mut found: impl FnMut(&mut Self) -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(found) = found(self) {
                return found;
            }
            if self.child.try_wait().unwrap().is_some() {
                std::thread::sleep(Duration::from_millis(100));
                return found(self).unwrap_or_else(|| panic!("it ended while {what} was waited for\n{}", self.log()));
            }
            assert!(start.elapsed() < PATIENCE, "{what}: waited in vain\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The next message to the service manager that holds `words`.
    fn hear(&mut self, words: &str) -> String {
        self.until(words, |daemon| {
            let told = daemon.told.lock().unwrap();
            let at = told.iter().skip(daemon.heard).position(|message| message.contains(words))?;
            daemon.heard += at + 1;
            told.get(daemon.heard - 1).cloned()
        })
    }

    fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Waits for its end.
    fn ended(&mut self, within: Duration) -> ExitStatus {
        let start = Instant::now();
        while start.elapsed() < within {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("still there after {within:?}\n{}", self.log());
    }

    /// Where its pages are.
    fn address(&mut self) -> String {
        self.until("its port", |daemon| {
            let log = daemon.log();
            let (_, rest) = log.split_once("\"web.listen\":\"")?;
            Some(rest.split('"').next()?.to_owned())
        })
    }

    /// Status code and body of a page.
    fn get(&mut self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// The samples of `/metrics`, read by Prometheus's own client.
    fn metrics(&mut self) -> Value {
        let (code, body) = self.get("/metrics");
        assert_eq!(code, 200);
        let mut reader = python(&["prometheus_client"])
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/metrics.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        reader.stdin.take().unwrap().write_all(body.as_bytes()).unwrap();
        let output = reader.wait_with_output().unwrap();
        assert!(output.status.success(), "{body}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(workspace: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wenjin"));
    command.arg("--workspace").arg(workspace).env("NO_COLOR", "1").env_remove("RUST_LOG");
    // Any free port; only 2022-06 lies in the window.
    command.env("WENJIN_WEB_LISTEN", "127.0.0.1:0").env("WENJIN_SCHEDULE_CATCH_UP_DAYS", "5");
    command
}

fn reports(workspace: &Workspace) -> usize {
    files(&workspace.path().join("var/mail")).iter().filter(|path| path.to_string_lossy().contains("2022-06_v1_report")).count()
}

#[test]
fn a_month_is_drawn_up_and_mailed_and_the_end_is_clean() {
    let workspace = polling();
    let mut daemon = Daemon::start(workspace.path(), &[]);
    daemon.hear("READY=1");
    assert_eq!(daemon.get("/healthz"), (200, "ok\n".to_owned()));
    let (code, words) = daemon.get("/readyz");
    assert_eq!((code, words.lines().count()), (200, 5), "{words}");
    daemon.hear("STATUS=poll of 2022-06");
    daemon.until("eleven mails", |_| (reports(&workspace) == 11).then_some(()));

    let metrics = daemon.until("a finished poll", |daemon| {
        let metrics = daemon.metrics();
        (metrics["wenjin_runs_total{outcome=new}"] == 1.0 && metrics["wenjin_deliveries{state=written}"].as_f64() >= Some(11.0))
            .then_some(metrics)
    });
    assert!(metrics["wenjin_submissions{state=accepted}"].as_f64() > Some(0.0), "{metrics}");
    assert!(metrics["wenjin_jobs_total{job=poll,outcome=done}"].as_f64() >= Some(1.0), "{metrics}");
    assert!(metrics["wenjin_stage_duration_seconds_count{stage=aggregate}"].as_f64() >= Some(1.0), "{metrics}");
    assert!(metrics["wenjin_stage_duration_seconds_bucket{le=600,stage=report}"].as_f64() >= Some(1.0), "{metrics}");
    assert_eq!(metrics["wenjin_oldest_pending_mail_seconds{}"], 0.0);
    // Nothing that lay before the first start is caught up: the cut-off of the 20th is not there.
    assert!(metrics.as_object().unwrap().keys().all(|name| !name.contains("cut-off")), "{metrics}");

    daemon.signal("TERM");
    daemon.hear("STOPPING=1");
    assert_eq!(daemon.ended(Duration::from_mins(1)).code(), Some(0));
    let log = daemon.log();
    assert!(log.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{log}");
    let committed = log.lines().find(|line| line.contains("version committed")).unwrap();
    assert!(committed.contains("\"job\":\"poll\"") && committed.contains("\"run.period\":\"2022-06\""), "{committed}");
    assert!(!log.contains("@example.cn"), "an address in the log");
    assert!(workspace.ok(&["verify", "--period", "2022-06"]).contains("digest"));
}

#[test]
fn killed_in_the_middle_it_goes_on_at_the_next_start() {
    let workspace = polling();
    let mut first = Daemon::start(workspace.path(), &[]);
    first.hear("STATUS=poll of 2022-06 (aggregate)");
    first.signal("KILL");
    assert!(!first.ended(Duration::from_secs(10)).success());
    let mut second = Daemon::start(workspace.path(), &[]);
    second.hear("READY=1");
    second.until("eleven mails", |_| (reports(&workspace) == 11).then_some(()));
    second.signal("INT");
    assert_eq!(second.ended(Duration::from_mins(1)).code(), Some(0));
    let versions: Vec<_> =
        std::fs::read_dir(workspace.path().join("var/reports/2022-06")).unwrap().map(|v| v.unwrap().file_name()).collect();
    assert_eq!(versions, ["v1"]);
    workspace.ok(&["verify", "--period", "2022-06"]);
}

#[test]
fn a_silent_mail_server_holds_up_neither_the_poll_nor_the_end() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("smtp://{}", silent.local_addr().unwrap());
    let workspace = polling();
    let mut daemon = Daemon::start(workspace.path(), &[("WENJIN_MAIL_URL", &url), ("WENJIN_SCHEDULE_GRACE_SECONDS", "1")]);
    let connection = daemon.until("a connection", |_| {
        silent.set_nonblocking(true).unwrap();
        silent.accept().ok()
    });
    let polls = |daemon: &mut Daemon| daemon.metrics()["wenjin_slots{job=poll,state=done}"].as_f64().unwrap_or_default();
    let before = polls(&mut daemon);
    daemon.until("two more polls", |daemon| (polls(daemon) >= before + 2.0).then_some(()));
    daemon.signal("TERM");
    assert_eq!(daemon.ended(Duration::from_secs(20)).code(), Some(0));
    drop(connection);
    // What was under way is pending again, and nothing is called sent.
    let rows = workspace.json(&["outbox", "list", "--period", "2022-06"]);
    let states: Vec<&str> = rows["messages"].as_array().unwrap().iter().map(|row| row["state"].as_str().unwrap()).collect();
    assert!(states.len() >= 11 && states.iter().all(|state| matches!(*state, "pending" | "sending")), "{states:?}");
}

#[test]
fn a_valid_config_replaces_the_old_and_a_bad_one_does_not() {
    let workspace = Workspace::shipped();
    let mut daemon = Daemon::start(workspace.path(), &[("WATCHDOG_USEC", "400000")]);
    daemon.hear("READY=1");
    daemon.hear("WATCHDOG=1");
    daemon.hear("STATUS=next: ");

    let good = std::fs::read_to_string(config(&workspace)).unwrap();
    edit(&workspace, |text| text.replace("cron = \"*/10 * * * *\"", "cron = \"*/10 * * * *\"\nwhen = \"soon\""));
    daemon.signal("HUP");
    assert!(daemon.hear("RELOADING=1").contains("MONOTONIC_USEC="));
    daemon.hear("READY=1");
    let (code, words) = daemon.get("/readyz");
    assert!(code == 503 && words.contains("FAIL config: 1 problem(s)"), "{words}");
    assert_eq!(daemon.metrics()["wenjin_config_valid{}"], 0.0);
    assert!(daemon.log().contains("config/wenjin.toml:"), "{}", daemon.log());
    let alerts = || {
        // The bad file is what the command line would read as well.
        let database = rusqlite::Connection::open(workspace.path().join("var/ledger.sqlite")).unwrap();
        let mut statement = database.prepare("SELECT key FROM alerts WHERE recovered_at IS NULL").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<Vec<String>, _>>().unwrap()
    };
    daemon.until("the alert", |_| (alerts() == ["config.invalid"]).then_some(()));

    // Texts that cannot be drawn are as bad.
    std::fs::write(config(&workspace), &good).unwrap();
    let captions = workspace.path().join("config/captions.toml");
    std::fs::write(&captions, "[headings]\n\"没有这一栏\" = \"甲\"\n").unwrap();
    daemon.signal("HUP");
    daemon.hear("RELOADING=1");
    daemon.hear("READY=1");
    assert!(daemon.get("/readyz").1.contains("FAIL config: 1 problem(s)"), "{}", daemon.log());
    std::fs::remove_file(&captions).unwrap();

    std::fs::write(config(&workspace), good.replace("cron = \"*/10 * * * *\"", "cron = \"* * * * * *\"")).unwrap();
    daemon.signal("HUP");
    daemon.hear("RELOADING=1");
    daemon.hear("READY=1");
    assert_eq!(daemon.get("/readyz").0, 200);
    daemon.until("its end", |_| alerts().is_empty().then_some(()));
    daemon.hear("STATUS=poll of 2022-06");
}

#[test]
fn there_is_one_daemon_a_data_folder_and_it_lives_in_real_time() {
    let workspace = Workspace::shipped();
    let mut daemon = Daemon::start(workspace.path(), &[]);
    daemon.hear("READY=1");
    let second = command(workspace.path()).arg("daemon").output().unwrap();
    let words = String::from_utf8_lossy(&second.stderr).into_owned();
    assert_eq!(second.status.code(), Some(75), "{words}");
    assert!(words.contains(&format!("process {} since 2022-07-21", daemon.child.id())), "{words}");

    let copy = workspace.path().join("copy.sqlite");
    std::fs::copy(workspace.path().join("var/ledger.sqlite"), &copy).unwrap();
    let restore = command(workspace.path()).arg("restore").arg(&copy).output().unwrap();
    assert_eq!(restore.status.code(), Some(75), "its ledger is not exchanged under it: {}", String::from_utf8_lossy(&restore.stderr));

    let fixed = command(workspace.path()).args(["--now", AFTER_CUT_OFF, "daemon"]).output().unwrap();
    assert_eq!(fixed.status.code(), Some(2));

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let other = tempfile::tempdir().unwrap();
    let refused =
        command(workspace.path()).arg("--data").arg(other.path()).arg("daemon").env("WENJIN_WEB_LISTEN", &address).output().unwrap();
    let words = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{words}");
    assert!(words.contains(&format!("cannot listen on {address}")) && words.contains("web.listen"), "{words}");
}

#[test]
fn man_pages_and_completions_are_drawn_from_the_arguments() {
    let workspace = Workspace::shipped();
    let out = workspace.path().join("generated");
    workspace.ok(&["generate", "--out", out.to_str().unwrap()]);
    let made: Vec<String> = files(&out).iter().map(|path| path.strip_prefix(&out).unwrap().to_string_lossy().into_owned()).collect();
    for wanted in ["man/wenjin.1", "man/wenjin-daemon.1", "bash/wenjin.bash", "zsh/_wenjin", "fish/wenjin.fish"] {
        assert!(made.iter().any(|name| name == wanted), "{wanted} is not among {made:?}");
    }
    let page = std::fs::read_to_string(out.join("man/wenjin-daemon.1")).unwrap();
    assert!(page.contains("SIGHUP"));
    assert!(page.contains("\"wenjin 0.1.0\""), "the program is the source: {}", page.lines().take(5).collect::<String>());
    assert!(!workspace.ok(&["--help"]).contains("generate"));
}

fn is_stopped(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| stat.contains(") T "))
}

/// Lets a process that stops itself go on after half a second, until it is gone.
fn wake_after_a_while(pid: u32) {
    let process = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    while Path::new(&format!("/proc/{pid}")).exists() {
        let stopped = is_stopped(pid);
        std::thread::sleep(Duration::from_millis(if stopped { 500 } else { 20 }));
        if stopped {
            let _ = rustix::process::kill_process(process, rustix::process::Signal::CONT);
        }
    }
}

/// A file comes a hundred times; each time a person asks for the month when the daemon's poll has just begun, or is adding up.
#[test]
fn a_daemon_and_a_run_by_hand_started_together_a_hundred_times() {
    const ROUNDS: u32 = 100;
    let small = Small::new();
    let settings = small.path().join("config/wenjin.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    let fast = text.replace("cron = \"*/10 * * * *\"", "cron = \"* * * * * *\"").replace("refreshes_max = 3", "refreshes_max = 1000");
    assert_ne!(text, fast);
    std::fs::write(&settings, fast).unwrap();
    let (library, shift) = (clock_shift(small.path()), shift().to_string());
    // A small month is added up before another process has started; it is held there as long as a large one takes.
    needs_crash_points();
    let mut daemon = Daemon::start(small.path(), &[("WENJIN_FAULT", "run.aggregated=stop@*")]);
    let pid = daemon.child.id();
    std::thread::spawn(move || wake_after_a_while(pid));
    let count = |query: &str| {
        let ledger = rusqlite::Connection::open(small.path().join("var/ledger.sqlite")).unwrap();
        ledger.query_row(query, [], |row| row.get::<_, i64>(0)).unwrap()
    };
    daemon.hear("READY=1");
    let (mut told, mut ran) = (0, 0);
    for round in 1..=ROUNDS {
        daemon.until("the version before", |_| (count("SELECT COUNT(*) FROM runs") == i64::from(round)).then_some(()));
        daemon.heard = daemon.told.lock().unwrap().len();
        let (next, place) = (small.path().join("next.xlsx"), small.path().join("inbox/省经信厅_2022-06.xlsx"));
        workbook(&next, "工业投资", 100 + round);
        std::fs::rename(next, place).unwrap();
        if round % 2 == 0 {
            daemon.hear("STATUS=poll of 2022-06");
        } else {
            daemon.until("adding up", |_| is_stopped(pid).then_some(()));
        }
        // Both live in one time: leases are judged by it.
        let run = command(small.path())
            .args(["run", "--period", "2022-06"])
            .env("LD_PRELOAD", &library)
            .env("CLOCK_SHIFT_SECONDS", &shift)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stderr);
        match run.status.code() {
            Some(0) => ran += 1,
            Some(75) => {
                assert!(said.contains(&format!("is held by process {}", daemon.child.id())), "round {round}: {said}");
                told += 1;
            }
            other => panic!("round {round}: {other:?}: {said}\n{}", daemon.log()),
        }
    }
    daemon.until("the last version", |_| (count("SELECT COUNT(*) FROM runs") == i64::from(ROUNDS) + 1).then_some(()));
    daemon.until("the last mails", |_| (count("SELECT COUNT(*) FROM outbox WHERE state = 'pending'") == 0).then_some(()));
    daemon.signal("TERM");
    assert_eq!(daemon.ended(Duration::from_mins(1)).code(), Some(0));
    let put_off = daemon.log().lines().filter(|line| line.contains("put off") && line.contains("is held by process")).count();
    println!(
        "of {ROUNDS} runs by hand {told} were told that the daemon holds the period, {ran} ran; the daemon put its own off {put_off} times"
    );
    assert!(told >= 10 && put_off >= 10, "they hardly ever met");
    assert_eq!(count("SELECT COUNT(*) FROM runs"), i64::from(ROUNDS) + 1, "one version a file");
    // A mail that still waited when the next version was published gave way to that one's.
    let once = "(state = 'written' AND attempts = 1) OR (state = 'cancelled' AND attempts = 0)";
    let ledger = rusqlite::Connection::open(small.path().join("var/ledger.sqlite")).unwrap();
    let query = format!("SELECT version || ' ' || state || ' ' || attempts || ' ' || COALESCE(outcome, '') FROM outbox WHERE NOT ({once})");
    let other: Vec<String> = ledger.prepare(&query).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(other, [""; 0], "each mail once");
    assert_eq!(count("SELECT COUNT(*) FROM outbox WHERE version = (SELECT MAX(version) FROM runs) AND state <> 'written'"), 0);
    let raised: Vec<_> = daemon.log().lines().filter(|line| line.contains("alert raised")).map(str::to_owned).collect();
    assert_eq!((count("SELECT COUNT(*) FROM alerts"), raised), (0, Vec::new()));
}

/// Half-open visits: connected, and silent behind the first words of a request.
fn half_open(address: &str, count: u64) -> Vec<TcpStream> {
    let visit = |_| {
        let mut stream = TcpStream::connect(address).unwrap();
        let _ = stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: ");
        stream
    };
    (0..count).map(visit).collect()
}

#[test]
fn a_thousand_half_open_visits_hold_up_neither_the_month_nor_the_next_visitor() {
    // Each visit is an open file on our side too.
    let visits = 1_200;
    let own = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    if own.current.is_some_and(|current| current < 2 * visits) {
        let wider = rustix::process::Rlimit { current: Some(2 * visits), maximum: own.maximum };
        rustix::process::setrlimit(rustix::process::Resource::Nofile, wider).unwrap();
    }

    let workspace = polling();
    // The daemon may open 1,024 files and no more: what it cannot raise must do.
    let program = command(workspace.path());
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -n 1024 && exec \"$0\" \"$@\""]).arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let mut daemon = Daemon::start_by(shell, &[]);
    daemon.hear("READY=1");
    let address = daemon.address();
    let open = half_open(&address, visits);
    daemon.until("eleven mails", |_| (reports(&workspace) == 11).then_some(()));
    assert_eq!(daemon.get("/healthz"), (200, "ok\n".to_owned()), "while they are there");
    assert!(!daemon.log().contains("Too many open files"), "{}", daemon.log());
    drop(open);
    assert_eq!(daemon.get("/metrics").0, 200);
}

#[test]
fn a_visit_that_does_not_end_is_ended() {
    let workspace = polling();
    let mut daemon = Daemon::start(workspace.path(), &[]);
    daemon.hear("READY=1");
    let mut open = half_open(&daemon.address(), 1).pop().unwrap();
    open.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut said = Vec::new();
    open.read_to_end(&mut said).expect("the daemon closes it by itself");
    assert!(!said.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&said));
}
