//! Crash points: named places where the fault tests let the program die, abort, or meet an input or output error.
//!
//! Compiled out without the `fault` feature. `WENJIN_FAULT=<name>=<act>[@<n>]` chooses one: at the n-th pass (the first unless
//! said, every one for `*`) of that point the process is killed (`kill`), aborts (`abort`), is frozen until it gets SIGCONT (`stop`), or the step
//! fails (`io`, `full`). The test that walks them reads the names from the source.

/// Passes a crash point: an `io::Result<()>` that is an error only under test.
///
/// ```ignore
/// crash_point!("archive.synced")?;
/// ```
#[macro_export]
macro_rules! crash_point {
    ($name:literal) => {{
        #[cfg(feature = "fault")]
        {
            $crate::fault::pass($name)
        }
        #[cfg(not(feature = "fault"))]
        {
            ::std::io::Result::Ok(())
        }
    }};
}

#[cfg(feature = "fault")]
pub use chosen::pass;

#[cfg(feature = "fault")]
mod chosen {
    use std::io;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    static PASSES: AtomicU32 = AtomicU32::new(0);

    struct Fault {
        point: String,
        act: String,
        /// `None` is every one.
        pass: Option<u32>,
    }

    fn wanted() -> Option<&'static Fault> {
        static WANTED: OnceLock<Option<Fault>> = OnceLock::new();
        WANTED
            .get_or_init(|| {
                let text = std::env::var("WENJIN_FAULT").ok()?;
                let (point, rest) = text.split_once('=')?;
                let (act, pass) = rest.split_once('@').unwrap_or((rest, "1"));
                let pass = (pass != "*").then(|| pass.parse().unwrap_or(1));
                Some(Fault { point: point.to_owned(), act: act.to_owned(), pass })
            })
            .as_ref()
    }

    /// Passes the point `name`.
    ///
    /// # Errors
    /// The error the test asked for.
    pub fn pass(name: &str) -> io::Result<()> {
        note(name);
        let Some(fault) = wanted().filter(|fault| fault.point == name) else { return Ok(()) };
        let passed = PASSES.fetch_add(1, Ordering::SeqCst) + 1;
        if fault.pass.is_some_and(|wanted| wanted != passed) {
            return Ok(());
        }
        match fault.act.as_str() {
            "kill" => {
                let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
                std::process::abort()
            }
            "abort" => std::process::abort(),
            "stop" => Ok(rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::STOP)?),
            "full" => Err(io::Error::from(io::ErrorKind::StorageFull)),
            _ => Err(io::Error::other(format!("planted at {name}"))),
        }
    }

    /// Writes the name to the file `WENJIN_FAULT_LOG` names, so that the test sees which points a run reaches.
    fn note(name: &str) {
        use std::io::Write as _;
        let Some(path) = std::env::var_os("WENJIN_FAULT_LOG") else { return };
        if let Ok(mut file) = std::fs::OpenOptions::new().create(true).append(true).open(path) {
            let _ = writeln!(file, "{name}");
        }
    }
}
