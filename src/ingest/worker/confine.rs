//! What the worker gives up before it opens foreign bytes: files, network, other programs, other processes. Memory, time, and the
//! pipes to its parent are all that is left.
//!
//! Three layers, each by itself enough against most of it; a kernel without one of them still has the others.

use std::io;

use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetStatus, Scope};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, TargetArch, apply_filter,
};
use serde::{Deserialize, Serialize};

/// How far the kernel went along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// Files, TCP, abstract sockets and signals to others are forbidden (Landlock); the error in words where they are not.
    pub landlock: Result<(), String>,
    /// System calls are filtered (seccomp); the error in words where they are not.
    pub filter: Result<(), String>,
}

impl Confinement {
    /// What is missing, in words; empty where nothing is.
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let words = |layer: &str, found: &Result<(), String>| found.as_ref().err().map(|error| format!("{layer}: {error}"));
        [words("Landlock", &self.landlock), words("seccomp", &self.filter)].into_iter().flatten().collect()
    }
}

/// Confines this process for good. Both layers also forbid it new privileges (`no_new_privs`).
///
/// # Errors
/// When the process may not lower its own limits. A kernel without a layer is no error.
pub fn confine() -> io::Result<Confinement> {
    // Landlock's rules come as a file, so they stand before the limit on these.
    let landlock = landlock();
    let nothing = Rlimit { current: Some(0), maximum: Some(0) };
    // No file is opened, none grows, no memory is written out.
    for resource in [Resource::Nofile, Resource::Fsize, Resource::Core] {
        setrlimit(resource, nothing)?;
    }
    Ok(Confinement { landlock, filter: filter() })
}

/// Handles every right that Landlock knows and grants none.
fn landlock() -> Result<(), String> {
    const NEWEST: ABI = ABI::V6;
    let restricted = Ruleset::default()
        .handle_access(AccessFs::from_all(NEWEST))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(NEWEST)))
        .and_then(|rules| rules.scope(Scope::from_all(NEWEST)))
        .and_then(Ruleset::create)
        .and_then(landlock::RulesetCreated::restrict_self)
        .map_err(|error| error.to_string())?;
    match restricted.ruleset {
        RulesetStatus::FullyEnforced => Ok(()),
        RulesetStatus::PartiallyEnforced => Err("this kernel knows it in part: files are closed to the worker".to_owned()),
        RulesetStatus::NotEnforced => Err("this kernel does not have it, or does not enable it".to_owned()),
    }
}

/// Lets through what reading needs. Anything else fails with EPERM: a library that asks for more than it needs can do without.
fn filter() -> Result<(), String> {
    let arch = TargetArch::try_from(std::env::consts::ARCH).map_err(|error| error.to_string())?;
    let rules = rules().map_err(|error| error.to_string())?;
    let refused = SeccompAction::Errno(u32::try_from(libc::EPERM).unwrap_or(1));
    let filter = SeccompFilter::new(rules.into_iter().collect(), refused, SeccompAction::Allow, arch);
    let program: BpfProgram = filter.and_then(TryInto::try_into).map_err(|error| error.to_string())?;
    apply_filter(&program).map_err(|error| error.to_string())
}

type Rules = Vec<(i64, Vec<SeccompRule>)>;

fn rules() -> Result<Rules, seccompiler::BackendError> {
    let is = |argument, value: i32| {
        let value = u64::from(value.unsigned_abs());
        SeccompRule::new(vec![SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value)?])
    };
    // Memory is never code.
    let data = |argument| {
        let executable = u64::from(libc::PROT_EXEC.unsigned_abs());
        SeccompRule::new(vec![SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(executable), 0)?])
    };
    let own = rustix::process::getpid().as_raw_nonzero().get();
    let mut rules = vec![
        // Requests come by standard input; replies, and what a panic says, leave by the others.
        (libc::SYS_read, vec![is(0, 0)?]),
        (libc::SYS_write, vec![is(0, 1)?, is(0, 2)?]),
        (libc::SYS_writev, vec![is(0, 1)?, is(0, 2)?]),
        (libc::SYS_mmap, vec![data(2)?]),
        (libc::SYS_mprotect, vec![data(2)?]),
        // An abort is a signal to itself.
        (libc::SYS_tgkill, vec![is(0, own)?]),
    ];
    rules.extend(FREE.iter().map(|call| (*call, Vec::new())));
    Ok(rules)
}

/// Calls that reach nothing but the process itself: memory, time, random numbers, signals, its end.
const FREE: [i64; 22] = [
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_futex,
    libc::SYS_getrandom,
    libc::SYS_clock_gettime,
    libc::SYS_gettimeofday,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_close,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io::ErrorKind;
    use std::net::{TcpListener, UdpSocket};
    use std::process::Command;
    use std::thread;

    use super::*;

    /// Both layers hold for the thread that asks for them, so each is tried in one of its own.
    fn in_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
        thread::spawn(work).join().unwrap()
    }

    #[test]
    fn landlock_alone_closes_files_and_tcp() {
        let (confined, opened, listed, written, listens) = in_a_thread(|| {
            let confined = landlock();
            let path = std::env::temp_dir().join(format!("wenjin-confine-{}", std::process::id()));
            let opened = File::open("/etc/passwd").map(drop).map_err(|error| error.kind());
            let listed = fs::read_dir("/").map(drop).map_err(|error| error.kind());
            let written = File::create(path).map(drop).map_err(|error| error.kind());
            let listens = TcpListener::bind("127.0.0.1:0").map(drop).map_err(|error| error.kind());
            (confined, opened, listed, written, listens)
        });
        if confined.as_ref().is_err_and(|error| error.contains("does not have it")) {
            return;
        }
        assert_eq!(confined, Ok(()));
        for denied in [opened, listed, written, listens] {
            assert_eq!(denied, Err(ErrorKind::PermissionDenied));
        }
    }

    #[test]
    fn the_filter_alone_lets_nothing_out_and_lets_reading_go_on() {
        let (filtered, outcomes, sum) = in_a_thread(|| {
            let filtered = filter();
            let outcomes = [
                File::open("/etc/passwd").map(drop),
                UdpSocket::bind("127.0.0.1:0").map(drop),
                std::os::unix::net::UnixDatagram::unbound().map(drop),
                Command::new("/bin/true").status().map(drop),
                thread::Builder::new().spawn(|| ()).map(drop),
            ];
            let outcomes = outcomes.map(|outcome| outcome.map_err(|error| error.raw_os_error()));
            // Memory, random numbers and unwinding are left.
            let many: std::collections::HashSet<usize> = (0..200_000).collect();
            let caught = std::panic::catch_unwind(|| std::panic::resume_unwind(Box::new(7_usize)));
            let seven = *caught.unwrap_err().downcast::<usize>().unwrap();
            (filtered, outcomes, many.len() + seven)
        });
        assert_eq!(filtered, Ok(()));
        assert_eq!(sum, 200_007);
        for outcome in outcomes {
            assert_eq!(outcome, Err(Some(libc::EPERM)));
        }
    }
}
