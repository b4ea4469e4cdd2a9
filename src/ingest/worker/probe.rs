//! Tries from inside the worker's confinement what foreign bytes would try: `doctor` and the tests read what came of it.

use std::fs::File;
use std::io;
use std::net::{TcpListener, UdpSocket};
use std::os::unix::net::UnixDatagram;
use std::process::Command;
use std::thread;

use rustix::process::Pid;
use serde::{Deserialize, Serialize};

use super::confine::{Confinement, confine};

/// What a confined worker is left with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    pub confinement: Confinement,
    /// The folder it works in.
    pub folder: String,
    /// The names of the variables in its environment.
    pub environment: Vec<String>,
    /// Deeds that were not stopped.
    pub possible: Vec<String>,
}

/// Confines this process and tries each deed once.
///
/// # Errors
/// When the process cannot be confined.
pub fn probe() -> io::Result<Probe> {
    let folder = std::env::current_dir()?.to_string_lossy().into_owned();
    let parent = rustix::process::getppid();
    let confinement = confine()?;
    let environment = std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned()).collect();
    let written = format!("/tmp/wenjin-probe-{}", std::process::id());
    let deeds: [(&str, io::Result<()>); 10] = [
        ("open a file", File::open("/etc/passwd").map(drop)),
        ("open its own program", File::open("/proc/self/exe").map(drop)),
        ("list a folder", std::fs::read_dir("/").map(drop)),
        ("write a file", File::create(written).map(drop)),
        ("listen", TcpListener::bind("127.0.0.1:0").map(drop)),
        ("send datagrams", UdpSocket::bind("127.0.0.1:0").map(drop)),
        ("open a local socket", UnixDatagram::unbound().map(drop)),
        ("start a program", Command::new("/bin/true").status().map(drop)),
        ("start a thread", thread::Builder::new().spawn(|| ()).map(drop)),
        ("signal its parent", signal(parent)),
    ];
    let possible = deeds.into_iter().filter(|(_, outcome)| outcome.is_ok()).map(|(name, _)| name.to_owned()).collect();
    Ok(Probe { confinement, folder, environment, possible })
}

/// Asks whether a process may be signalled, without a signal.
fn signal(process: Option<Pid>) -> io::Result<()> {
    rustix::process::test_kill_process(process.ok_or(io::ErrorKind::NotFound)?).map_err(io::Error::from)
}
