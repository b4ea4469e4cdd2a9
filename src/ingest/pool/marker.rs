//! Marking, seen from the parent: foreign bytes are opened in a worker for it, as they are for reading.

use std::io;
use std::path::{Path, PathBuf};

use super::process::{Looks, Worker};
use crate::ingest::mark::wanted::Wanted;
use crate::ingest::protocol::{Header, Reply, Request, Task};
use crate::ingest::sniff::{Format, sniff};
use crate::settings::Limits;

/// Marks one file after the other in one worker process, which is started when it is first wanted.
pub struct Marker {
    header: Header,
    limits: Limits,
    worker: PathBuf,
    process: Option<Worker>,
}

impl Marker {
    pub(in crate::ingest) fn new(header: Header, limits: &Limits, worker: &Path) -> Self {
        Self { header, limits: limits.clone(), worker: worker.to_owned(), process: None }
    }

    /// The file with its marks; `None` where it is of another format than `.xlsx`, or cannot be marked.
    ///
    /// # Errors
    /// The worker process cannot be started.
    pub fn mark(&mut self, file: &str, bytes: &[u8], wanted: &Wanted) -> io::Result<Option<Vec<u8>>> {
        if sniff(bytes, &self.limits) != Ok(Format::Xlsx) {
            return Ok(None);
        }
        let request = Request {
            task: Task::Mark(wanted.clone()),
            format: Format::Xlsx,
            file: file.to_owned(),
            folders: Vec::new(),
            bytes: u64::try_from(bytes.len()).map_err(io::Error::other)?,
        };
        let mut process = match self.process.take() {
            Some(running) => running,
            None => Worker::start(&self.worker, &self.header)?,
        };
        match process.ask(&request, bytes, &self.limits, &mut Looks::default()) {
            Ok(reply) => {
                self.process = Some(process);
                Ok(if let Reply::Marked { package, .. } = reply { Some(package) } else { None })
            }
            Err(end) => {
                tracing::warn!(end = end.words(), "a returned file could not be marked; its list goes alone");
                Ok(None)
            }
        }
    }
}
