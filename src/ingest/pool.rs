//! The parent's side: worker processes that are fed files in turn, timed, and replaced when they die.

use std::io::{self, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::crash_point;
use crate::model::{Refusal, Submission};
use crate::settings::Limits;

use super::protocol::{Header, Reply, Request, read_frame, write_frame};
use super::secrecy::is_marked_name;
use super::sniff::{Format, sniff};

/// Reads every submission, in order; files go side by side through `limits.workers` processes.
///
/// # Errors
/// A worker process cannot be started: no file is to blame for that, so none is refused.
pub fn run(
    submissions: &[Submission],
    header: &Header,
    limits: &Limits,
    worker: &Path,
    progress: &(dyn Fn(usize) + Sync),
) -> io::Result<Vec<Reply>> {
    let next = AtomicUsize::new(0);
    let done = AtomicUsize::new(0);
    let replies = Mutex::new(submissions.iter().map(|_| None).collect::<Vec<_>>());
    thread::scope(|scope| {
        for _ in 0..limits.workers.clamp(1, submissions.len().max(1)) {
            scope.spawn(|| {
                let mut process = None;
                while let Some((at, submission)) = take(&next, submissions) {
                    let reply = answer(&mut process, submission, header, limits, worker);
                    if let Ok(mut replies) = replies.lock()
                        && let Some(slot) = replies.get_mut(at)
                    {
                        *slot = Some(reply);
                    }
                    progress(done.fetch_add(1, Ordering::Relaxed) + 1);
                }
            });
        }
    });
    let replies = replies.into_inner().unwrap_or_default();
    replies.into_iter().map(|reply| reply.unwrap_or_else(|| Err(io::Error::other("a file was not read")))).collect()
}

fn take<'a>(next: &AtomicUsize, submissions: &'a [Submission]) -> Option<(usize, &'a Submission)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    submissions.get(at).map(|submission| (at, submission))
}

fn answer(process: &mut Option<Worker>, submission: &Submission, header: &Header, limits: &Limits, worker: &Path) -> io::Result<Reply> {
    crash_point!("parse.claimed")?;
    if is_marked_name(&submission.file) {
        return Ok(Reply::Refused(Refusal::SuspectedSecret));
    }
    if let Some(refusal) = submission.unread {
        return Ok(Reply::Refused(refusal));
    }
    let format = match sniff(&submission.bytes, limits) {
        Ok(format) => format,
        Err(refusal) => return Ok(Reply::Refused(refusal)),
    };
    for attempt in 1..=ATTEMPTS {
        let mut asked = if let Some(running) = process.take() {
            running
        } else {
            let started = Worker::start(worker, header)?;
            crash_point!("parse.worker_started")?;
            started
        };
        match asked.ask(submission, format, Duration::from_secs(limits.worker_seconds_max)) {
            Ok(reply) => {
                *process = Some(asked);
                crash_point!("parse.answered")?;
                return Ok(reply);
            }
            // Dropping it kills what is left; the next file, or the next attempt, gets a fresh one.
            Err(Failed::Died) => tracing::warn!(file.hash = %submission.hash, attempt, "worker process died on a file"),
            Err(Failed::OutOfTime) => {
                tracing::warn!(file.hash = %submission.hash, "worker process ran out of time on a file");
                break;
            }
        }
    }
    Ok(Reply::Refused(Refusal::WorkerDied))
}

/// So often a file is tried: a process may be killed from outside, for want of memory, and the file is not to blame.
const ATTEMPTS: u32 = 2;

/// Why there is no reply.
enum Failed {
    Died,
    OutOfTime,
}

/// A running worker process.
struct Worker {
    child: Child,
    to: BufWriter<ChildStdin>,
    replies: Receiver<Reply>,
}

impl Worker {
    fn start(program: &Path, header: &Header) -> io::Result<Self> {
        let mut child = Command::new(program)
            .arg(super::WORKER_COMMAND)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // A panic message could quote a cell.
            .stderr(Stdio::null())
            .spawn()?;
        let (to, from) = child.stdin.take().zip(child.stdout.take()).ok_or_else(|| io::Error::other("worker without pipes"))?;
        let (sender, replies) = mpsc::channel();
        thread::spawn(move || {
            let mut from = BufReader::new(from);
            while let Ok(Some(reply)) = read_frame(&mut from) {
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

    /// Sends one file and waits for its reply.
    fn ask(&mut self, submission: &Submission, format: Format, time: Duration) -> Result<Reply, Failed> {
        let request = Request {
            format,
            file: submission.file.clone(),
            folders: submission.folders.clone(),
            bytes: u64::try_from(submission.bytes.len()).map_err(|_| Failed::Died)?,
        };
        write_frame(&mut self.to, &request).map_err(|_| Failed::Died)?;
        self.to.write_all(&submission.bytes).and_then(|()| self.to.flush()).map_err(|_| Failed::Died)?;
        self.replies.recv_timeout(time).map_err(|error| match error {
            RecvTimeoutError::Timeout => Failed::OutOfTime,
            RecvTimeoutError::Disconnected => Failed::Died,
        })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // An idle worker would end by itself at the end of its input; a stuck one would not.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::model::{ContentHash, RegionCode};
    use crate::plan::Region;

    fn submission(file: &str, bytes: &[u8]) -> Submission {
        Submission {
            file: file.to_owned(),
            folders: vec![],
            received_at: None,
            hash: ContentHash::of(bytes),
            bytes: bytes.to_vec(),
            unread: None,
        }
    }

    fn header() -> Header {
        let name = String::new;
        Header {
            limits: Limits { worker_bytes_max: 1 << 20, worker_cpu_seconds_max: 1, ..Limits::default() },
            year: 2022,
            departments: vec![],
            province: Region { code: RegionCode(name()), name: name(), short_name: name(), aliases: vec![], counties: vec![] },
            regions: vec![],
            datasets: vec![],
            counted: std::collections::BTreeSet::new(),
            department: None,
            period: None,
        }
    }

    fn workbook() -> Vec<u8> {
        let mut workbook = zip::ZipWriter::new(Cursor::new(Vec::new()));
        workbook.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
        workbook.write_all(b"<workbook/>").unwrap();
        workbook.finish().unwrap().into_inner()
    }

    #[test]
    fn each_file_has_its_own_outcome_in_order_even_when_every_worker_dies() {
        let workbook = workbook();
        let submissions = [
            submission("a.xlsx", &workbook),
            submission("b.xls", b"<html>"),
            submission("c.xlsx", &workbook),
            submission("机密★.xlsx", &workbook),
        ];
        let done = AtomicUsize::new(0);
        let progress = |count: usize| {
            done.fetch_max(count, Ordering::Relaxed);
        };
        let replies = run(&submissions, &header(), &Limits::default(), Path::new("/bin/false"), &progress).unwrap();
        let refused = [Refusal::WorkerDied, Refusal::HtmlRenamed, Refusal::WorkerDied, Refusal::SuspectedSecret].map(Reply::Refused);
        assert_eq!(replies, refused);
        assert_eq!(done.into_inner(), 4);
    }

    /// A worker that dies `deaths` times, each time noting it down, and then gives the reply.
    fn dying(folder: &Path, deaths: usize) -> std::path::PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let mut reply = Vec::new();
        write_frame(&mut reply, &Reply::Refused(Refusal::MacroSheetOnly)).unwrap();
        std::fs::write(folder.join("reply"), reply).unwrap();
        std::fs::write(folder.join("deaths"), "").unwrap();
        let at = folder.display();
        let script = format!(
            "#!/bin/sh\nif [ $(wc -l < {at}/deaths) -lt {deaths} ]; then echo >> {at}/deaths; kill -9 $$; fi\ncat {at}/reply\nexec cat > /dev/null\n"
        );
        let path = folder.join("worker");
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        path
    }

    #[test]
    fn a_file_whose_worker_was_killed_once_is_read_and_one_that_kills_twice_is_refused() {
        let submissions = [submission("a.xlsx", &workbook())];
        let replied = |deaths: usize| {
            let folder = tempfile::tempdir().unwrap();
            let worker = dying(folder.path(), deaths);
            let replies = run(&submissions, &header(), &Limits::default(), &worker, &|_| {}).unwrap();
            (replies, std::fs::read_to_string(folder.path().join("deaths")).unwrap().lines().count())
        };
        assert_eq!(replied(0), (vec![Reply::Refused(Refusal::MacroSheetOnly)], 0));
        assert_eq!(replied(1), (vec![Reply::Refused(Refusal::MacroSheetOnly)], 1), "the file was not to blame");
        assert_eq!(replied(9), (vec![Reply::Refused(Refusal::WorkerDied)], 2), "twice, and no more");
    }

    #[test]
    fn no_file_is_blamed_for_a_worker_that_cannot_be_started() {
        let submissions = [submission("a.xlsx", &workbook())];
        assert!(run(&submissions, &header(), &Limits::default(), Path::new("/no/such/program"), &|_| {}).is_err());
    }
}
