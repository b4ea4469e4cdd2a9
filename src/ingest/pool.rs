//! The parent's side: worker processes that are fed files in turn, timed, and replaced when they die.

pub mod process;
pub mod marker;

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, RwLock};
use std::thread;

use crate::crash_point;
use crate::model::{Refusal, Submission};
use crate::settings::Limits;

use super::protocol::{Header, Reply, Request, Task};
use super::secrecy::is_marked_name;
use super::sniff::sniff;
use process::{End, Looks, Worker};

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
    // Held by all that read, or by one that reads a file again, with the memory of all to itself.
    let room = RwLock::new(());
    thread::scope(|scope| {
        for _ in 0..limits.workers.clamp(1, submissions.len().max(1)) {
            scope.spawn(|| {
                let mut process = None;
                while let Some((at, submission)) = take(&next, submissions) {
                    let reply = answer(&mut process, submission, &room, (header, limits, worker));
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

/// What workers are started with.
type Setting<'a> = (&'a Header, &'a Limits, &'a Path);

fn take<'a>(next: &AtomicUsize, submissions: &'a [Submission]) -> Option<(usize, &'a Submission)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    submissions.get(at).map(|submission| (at, submission))
}

fn answer(
    process: &mut Option<Worker>,
    submission: &Submission,
    room: &RwLock<()>,
    (header, limits, worker): Setting,
) -> io::Result<Reply> {
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
    let request = Request {
        task: Task::Read,
        format,
        file: submission.file.clone(),
        folders: submission.folders.clone(),
        bytes: u64::try_from(submission.bytes.len()).map_err(io::Error::other)?,
    };
    let mut ask = |looks: &mut Looks| -> io::Result<Result<Reply, End>> {
        let mut asked = if let Some(running) = process.take() {
            running
        } else {
            let started = Worker::start(worker, header)?;
            crash_point!("parse.worker_started")?;
            started
        };
        let answered = asked.ask(&request, &submission.bytes, limits, looks);
        match &answered {
            Ok(_) => {
                *process = Some(asked);
                crash_point!("parse.answered")?;
            }
            // Dropping it kills what is left; the next file, or the next attempt, gets a fresh one.
            Err(end) => tracing::warn!(file.hash = %submission.hash, end = end.words(), "worker process gave no answer to a file"),
        }
        Ok(answered)
    };
    // Whoever hands in a file waits for the answer: two attempts that fail take no longer than one that does nothing.
    let mut looks = Looks::default();
    let first = {
        let _beside_others = room.read();
        ask(&mut looks)?
    };
    let last = match first {
        Err(end) if end.may_be_another_time() => {
            let _alone = room.write();
            looks.most = Some(limits.worker_seconds_max);
            ask(&mut looks)?
        }
        decided => decided,
    };
    Ok(last.unwrap_or_else(|end| Reply::Refused(end.refusal())))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use super::*;
    use crate::ingest::protocol::write_frame;
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

    /// A worker that ends `deaths` times by `act`, each time noting it down, and then gives the reply.
    fn ending(folder: &Path, act: &str, deaths: usize) -> std::path::PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let mut reply = Vec::new();
        write_frame(&mut reply, &Reply::Refused(Refusal::MacroSheetOnly)).unwrap();
        std::fs::write(folder.join("reply"), reply).unwrap();
        std::fs::write(folder.join("deaths"), "").unwrap();
        let at = folder.display();
        let script = format!(
            "#!/bin/sh\nif [ $(wc -l < {at}/deaths) -lt {deaths} ]; then echo >> {at}/deaths; {act}; fi\ncat {at}/reply\nexec cat > /dev/null\n"
        );
        let path = folder.join("worker");
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        path
    }

    /// What came of a file, and how many workers it cost.
    fn replied(act: &str, deaths: usize) -> (Refusal, usize) {
        let folder = tempfile::tempdir().unwrap();
        let worker = ending(folder.path(), act, deaths);
        let limits = Limits { worker_seconds_max: 1, ..Limits::default() };
        let replies = run(&[submission("a.xlsx", &workbook())], &header(), &limits, &worker, &|_| {}).unwrap();
        let [Reply::Refused(refusal)] = replies.as_slice() else { panic!("{replies:?}") };
        (*refusal, std::fs::read_to_string(folder.path().join("deaths")).unwrap().lines().count())
    }

    #[test]
    fn a_file_whose_worker_was_killed_once_is_read_and_one_that_kills_twice_is_refused() {
        assert_eq!(replied("kill -9 $$", 0), (Refusal::MacroSheetOnly, 0));
        assert_eq!(replied("kill -9 $$", 1), (Refusal::MacroSheetOnly, 1), "the file was not to blame");
        assert_eq!(replied("kill -9 $$", 9), (Refusal::WorkerDied, 2), "twice, and no more");
    }

    #[test]
    fn processor_time_panics_signals_and_stalls_are_told_apart() {
        assert_eq!(replied("kill -XCPU $$", 9), (Refusal::OutOfTime, 1), "more time would not come of another try");
        assert_eq!(replied("exit 101", 9), (Refusal::ReaderFailed, 2));
        assert_eq!(replied("exit 101", 1), (Refusal::MacroSheetOnly, 1));
        assert_eq!(replied("kill -ABRT $$", 9), (Refusal::WorkerDied, 2), "no memory");
        assert_eq!(replied("exec sleep 60", 9), (Refusal::WorkerDied, 1), "no sign of life");
    }

    #[test]
    fn the_second_attempt_has_what_the_first_has_left_of_the_time() {
        let folder = tempfile::tempdir().unwrap();
        // Busy for two seconds and then killed, and busy without end.
        let busy = |seconds: u32| format!("end=$(($(date +%s) + {seconds})); while [ $(date +%s) -lt $end ]; do :; done");
        let act =
            format!("if [ $(wc -l < {0}/deaths) -gt 1 ]; then {1}; else {2}; kill -9 $$; fi", folder.path().display(), busy(20), busy(2));
        let worker = ending(folder.path(), &act, 9);
        let limits = Limits { worker_seconds_max: 4, ..Limits::default() };
        let replies = run(&[submission("a.xlsx", &workbook())], &header(), &limits, &worker, &|_| {}).unwrap();
        assert_eq!(replies, [Reply::Refused(Refusal::WorkerDied)], "busy for longer it would have replied");
    }

    #[test]
    fn work_that_takes_long_is_no_stall() {
        // Three seconds on the wall, with a stall of one allowed.
        let busy = "end=$(($(date +%s) + 3)); while [ $(date +%s) -lt $end ]; do :; done";
        assert_eq!(replied(busy, 1), (Refusal::MacroSheetOnly, 1));
    }

    #[test]
    fn a_worker_that_does_not_even_read_holds_nobody_up() {
        let folder = tempfile::tempdir().unwrap();
        let worker = ending(folder.path(), "exec sleep 60", 9);
        let mut bytes = workbook();
        bytes.resize(1 << 20, 0);
        let limits = Limits { worker_seconds_max: 1, ..Limits::default() };
        let (mut process, request) = (Worker::start(&worker, &header()).unwrap(), request(&bytes));
        assert_eq!(process.ask(&request, &bytes, &limits, &mut Looks::default()), Err(End::Stalled), "a pipe holds 64 KiB");
    }

    fn request(bytes: &[u8]) -> Request {
        Request {
            task: Task::Read,
            format: crate::ingest::sniff::Format::Xlsx,
            file: "a.xlsx".to_owned(),
            folders: vec![],
            bytes: bytes.len() as u64,
        }
    }

    #[test]
    fn no_file_is_blamed_for_a_worker_that_cannot_be_started() {
        let submissions = [submission("a.xlsx", &workbook())];
        assert!(run(&submissions, &header(), &Limits::default(), Path::new("/no/such/program"), &|_| {}).is_err());
    }
}
