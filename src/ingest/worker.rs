//! The worker process: limits and confines itself, then reads one workbook after the other from its standard input.
//!
//! Entered before anything else of the program. A workbook that kills it costs only itself: the parent starts another.

pub mod confine;
pub mod probe;

use std::fs;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, setrlimit};

use super::book;
use super::mark;
use super::parse::region::Gazetteer;
use super::protocol::{Header, Reply, Request, Task, read_frame, write_frame, write_reply};

/// The argument by which a worker tries its confinement instead of reading.
pub const PROBE: &str = "probe";

/// The hidden command: serves requests until its standard input ends.
pub fn worker_main() -> ExitCode {
    let (mut from, mut to) = (BufReader::new(io::stdin()), BufWriter::new(io::stdout()));
    let is_probe = std::env::args_os().nth(2).is_some_and(|second| second == PROBE);
    let done = if is_probe { probe::probe().and_then(|found| write_frame(&mut to, &found)) } else { serve(&mut from, &mut to) };
    // The reply to a killed parent has nowhere to go; the code only tells tests apart.
    if done.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn serve(from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    let Some(header) = read_frame::<Header>(from)? else { return Ok(()) };
    limit_memory(&header)?;
    confine::confine()?;
    let gazetteer = Gazetteer::new(&header.province, &header.regions);
    while let Some(request) = read_frame::<Request>(from)? {
        let mut bytes = Vec::with_capacity(usize::try_from(request.bytes).unwrap_or_default());
        from.take(request.bytes).read_to_end(&mut bytes)?;
        let reply = match &request.task {
            Task::Read => book::read(&request, bytes, &header, &gazetteer),
            Task::Mark(wanted) => mark::marked(&bytes, wanted).map_or(Reply::Unmarked, |package| {
                let bytes = u64::try_from(package.len()).unwrap_or_default();
                Reply::Marked { bytes, package }
            }),
        };
        write_reply(to, &reply)?;
    }
    Ok(())
}

fn limit_memory(header: &Header) -> io::Result<()> {
    let now = status_bytes("VmSize:").unwrap_or(0);
    let limit = Some(now.saturating_add(header.limits.worker_bytes_max));
    setrlimit(Resource::As, Rlimit { current: limit, maximum: limit })?;
    Ok(())
}

fn status_bytes(key: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}
