//! The worker process: limits itself, then reads one workbook after the other from its standard input.
//!
//! Entered before anything else of the program. A workbook that kills it costs only itself: the parent starts another.

use std::fs;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, setrlimit};

use super::book;
use super::parse::region::Gazetteer;
use super::protocol::{Header, Request, read_frame, write_frame};

/// The hidden command: serves requests until its standard input ends.
pub fn worker_main() -> ExitCode {
    // The reply to a killed parent has nowhere to go; the code only tells tests apart.
    if serve(&mut BufReader::new(io::stdin()), &mut BufWriter::new(io::stdout())).is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn serve(from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    let Some(header) = read_frame::<Header>(from)? else { return Ok(()) };
    limit_memory(&header)?;
    let gazetteer = Gazetteer::new(&header.province, &header.regions);
    while let Some(request) = read_frame::<Request>(from)? {
        let mut bytes = Vec::new();
        from.take(request.bytes).read_to_end(&mut bytes)?;
        renew_cpu(&header)?;
        write_frame(to, &book::read(&request, bytes, &header, &gazetteer))?;
    }
    Ok(())
}

fn limit_memory(header: &Header) -> io::Result<()> {
    let now = status_bytes("VmSize:").unwrap_or(0);
    let limit = Some(now.saturating_add(header.limits.worker_bytes_max));
    setrlimit(Resource::As, Rlimit { current: limit, maximum: limit })?;
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    Ok(())
}

/// The soft limit moves with every file; the hard one stays open so that it can.
fn renew_cpu(header: &Header) -> io::Result<()> {
    let used = cpu_seconds().unwrap_or(0);
    let current = Some(used.saturating_add(header.limits.worker_cpu_seconds_max).saturating_add(1));
    setrlimit(Resource::Cpu, Rlimit { current, maximum: None })?;
    Ok(())
}

fn status_bytes(key: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes << 10)
}

/// Whole seconds of processor time used so far.
fn cpu_seconds() -> Option<u64> {
    let nanoseconds: u64 = fs::read_to_string("/proc/self/schedstat").ok()?.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1_000_000_000)
}
