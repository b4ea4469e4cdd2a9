//! One worker process as its parent has it: started with nothing of ours, limited anew for each file, asked, and its end told.

use std::fs;
use std::io::{self, BufReader, BufWriter, Write};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};

use crate::ingest::protocol::{Header, Reply, Request, WORKER_COMMAND, read_frame, read_reply, write_frame};
use crate::ingest::worker::PROBE;
use crate::ingest::worker::probe::Probe;
use crate::model::Refusal;
use crate::settings::Limits;

/// How a worker came to give no reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It used up its processor time.
    OutOfTime,
    /// It used no processor time for so long that nothing is to be waited for.
    Stalled,
    /// It had not answered when whoever waits had to be told.
    Late,
    /// The reader panicked.
    Panicked,
    /// A signal, for instance for want of memory; `None` where it left without one.
    Killed(Option<i32>),
}

impl End {
    /// For the log.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::OutOfTime => "out of processor time".to_owned(),
            Self::Stalled => "no sign of life".to_owned(),
            Self::Late => "no answer in what the first attempt had left of the time".to_owned(),
            Self::Panicked => "the reader panicked".to_owned(),
            Self::Killed(Some(signal)) => format!("signal {signal}"),
            Self::Killed(None) => "left without a reply".to_owned(),
        }
    }

    /// Whether the same file may be read all the same by a fresh worker: the machine may be to blame, and not the file.
    #[must_use]
    pub fn may_be_another_time(self) -> bool {
        matches!(self, Self::Panicked | Self::Killed(_))
    }

    /// What the sender is told of it.
    #[must_use]
    pub fn refusal(self) -> Refusal {
        match self {
            Self::OutOfTime => Refusal::OutOfTime,
            Self::Panicked => Refusal::ReaderFailed,
            Self::Stalled | Self::Late | Self::Killed(_) => Refusal::WorkerDied,
        }
    }

    fn of(status: ExitStatus) -> Self {
        /// What a Rust program that panicked leaves with.
        const PANIC: i32 = 101;
        match status.signal() {
            Some(libc::SIGXCPU) => Self::OutOfTime,
            None if status.code() == Some(PANIC) => Self::Panicked,
            signal => Self::Killed(signal),
        }
    }
}

/// Tries a worker's confinement from inside.
///
/// # Errors
/// When it cannot be started, or does not answer.
pub fn probe(program: &Path) -> io::Result<Probe> {
    let output = command(program).arg(PROBE).stdin(Stdio::null()).output()?;
    read_frame(&mut output.stdout.as_slice())?.ok_or_else(|| io::Error::other(End::of(output.status).words()))
}

/// A worker gets nothing of ours: no environment (which holds the mail password), no folder, no words on our terminal.
fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    // A panic message could quote a cell.
    command.arg(WORKER_COMMAND).env_clear().current_dir("/").stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// A running worker process.
pub struct Worker {
    child: Child,
    to: BufWriter<ChildStdin>,
    replies: Receiver<Reply>,
}

impl Worker {
    /// Starts one and tells it the plan.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(program: &Path, header: &Header) -> io::Result<Self> {
        let mut child = command(program).stdin(Stdio::piped()).spawn()?;
        let (to, from) = child.stdin.take().zip(child.stdout.take()).ok_or_else(|| io::Error::other("worker without pipes"))?;
        let (sender, replies) = mpsc::channel();
        thread::spawn(move || {
            let mut from = BufReader::new(from);
            while let Ok(Some(reply)) = read_reply(&mut from) {
                if sender.send(reply).is_err() {
                    break;
                }
            }
        });
        let mut worker = Self { child, to: BufWriter::new(to), replies };
        // One that died already is found out, and blamed on the file in hand, when it is asked.
        drop(write_frame(&mut worker.to, header));
        Ok(worker)
    }

    /// Sends one file and waits for its reply, as long as `looks` allow.
    ///
    /// # Errors
    /// How the worker ended instead; it is of no more use then.
    pub fn ask(&mut self, request: &Request, bytes: &[u8], limits: &Limits, looks: &mut Looks) -> Result<Reply, End> {
        let process = Process(Pid::from_child(&self.child));
        process.renew_cpu(limits.worker_cpu_seconds_max);
        let (to, replies, child) = (&mut self.to, &self.replies, &mut self.child);
        thread::scope(|scope| {
            // A worker that does not read would hold up whoever writes; its end, which `wait` sees to, lets the writer go.
            scope.spawn(move || write_frame(to, request).and_then(|()| to.write_all(bytes)).and_then(|()| to.flush()));
            wait(replies, &process, limits, looks).map_err(|waited| end(child, waited))
        })
    }
}

/// Why waiting ended without a reply.
#[derive(Debug, Clone, Copy)]
enum Waited {
    Gone,
    TooLong(End),
}

/// How often a file's workers were looked at, all attempts together.
#[derive(Debug, Default)]
pub struct Looks {
    taken: u64,
    /// So often, and no more; `None`: as often as it takes.
    pub most: Option<u64>,
}

/// How often the worker's processor time is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Waits for the reply: processor time counts, and the clock on the wall only tells a worker that does nothing any more. Looks are
/// counted and not the time between them, so that a machine that slept blames nobody.
fn wait(replies: &Receiver<Reply>, process: &Process, limits: &Limits, looks: &mut Looks) -> Result<Reply, Waited> {
    let start = process.cpu();
    let (mut used, mut still) = (start, 0);
    loop {
        match replies.recv_timeout(LOOK) {
            Ok(reply) => return Ok(reply),
            Err(RecvTimeoutError::Disconnected) => return Err(Waited::Gone),
            Err(RecvTimeoutError::Timeout) => looks.taken += 1,
        }
        if looks.most.is_some_and(|most| looks.taken >= most) {
            return Err(Waited::TooLong(End::Late));
        }
        let now = process.cpu();
        still = if now > used { 0 } else { still + 1 };
        used = now;
        // The kernel ends it by SIGXCPU first, where it does as it was asked.
        let over = start.zip(now).is_some_and(|(start, now)| now.saturating_sub(start) > budget(limits) + LOOK);
        if over {
            return Err(Waited::TooLong(End::OutOfTime));
        }
        if still >= limits.worker_seconds_max {
            return Err(Waited::TooLong(End::Stalled));
        }
    }
}

fn budget(limits: &Limits) -> Duration {
    Duration::from_secs(limits.worker_cpu_seconds_max.saturating_add(1))
}

/// Sees the process to its end, and tells it.
fn end(child: &mut Child, waited: Waited) -> End {
    /// A worker whose output has ended is about to end itself.
    const GRACE_LOOKS: u32 = 20;
    if let Waited::TooLong(end) = waited {
        drop(child.kill());
        return end;
    }
    for _ in 0..GRACE_LOOKS {
        match child.try_wait() {
            Ok(Some(status)) => return End::of(status),
            Ok(None) => thread::sleep(LOOK / GRACE_LOOKS),
            Err(_) => break,
        }
    }
    drop(child.kill());
    End::Killed(None)
}

impl Drop for Worker {
    fn drop(&mut self) {
        // An idle worker would end by itself at the end of its input; a stuck one would not.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A process seen from outside.
struct Process(Pid);

impl Process {
    /// The processor time it has used; `None` where the kernel does not tell.
    fn cpu(&self) -> Option<Duration> {
        let folder = format!("/proc/{}", self.0.as_raw_nonzero());
        let exact = || fs::read_to_string(format!("{folder}/schedstat")).ok()?.split_whitespace().next()?.parse().ok();
        // Hundredths of a second in user and system mode, fields 14 and 15; the name in field 2 may hold blanks.
        let rough = || {
            let text = fs::read_to_string(format!("{folder}/stat")).ok()?;
            let mut fields = text.rsplit_once(") ")?.1.split_whitespace().skip(11);
            let (user, system): (u64, u64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
            Some(Duration::from_millis(user.saturating_add(system).saturating_mul(10)))
        };
        exact().map(Duration::from_nanos).or_else(rough)
    }

    /// Moves the soft limit ahead by `seconds`: the kernel then ends it by SIGXCPU, also where nobody looks. The hard limit, whatever
    /// it is, stays.
    fn renew_cpu(&self, seconds: u64) {
        let used = self.cpu().unwrap_or_default().as_secs();
        let maximum = getrlimit(Resource::Cpu).maximum;
        let soft = used.saturating_add(seconds).saturating_add(1);
        let current = Some(maximum.map_or(soft, |hard| soft.min(hard)));
        // Where it cannot be set, `wait` counts all the same.
        let _ = prlimit(Some(self.0), Resource::Cpu, Rlimit { current, maximum });
    }
}
