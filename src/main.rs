//! Parses arguments, calls the command, maps the outcome to an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    // The reading worker handles foreign bytes: it is entered before tokio, tracing and Polars.
    if std::env::args_os().nth(1).is_some_and(|first| first == wenjin::ingest::WORKER_COMMAND) {
        return wenjin::ingest::worker_main();
    }
    wenjin::cli::main()
}
